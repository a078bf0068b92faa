import { css } from 'lit';

export const prejoinStyles = css`
  :host {
    display: block;
    height: 100%;
    overflow: hidden auto;
    scrollbar-width: thin;
    container-type: size;
  }

  .sheet {
    display: grid;
    align-content: safe center;
    gap: 1.25em;
    width: min(100%, 26em);
    min-height: 100%;
    margin-inline: auto;
    padding: 1em;
  }

  .preview {
    position: relative;
    overflow: hidden;
    display: grid;
    place-items: center;
    width: 100%;
    aspect-ratio: 16 / 10;
    max-height: max(6em, 45cqb);
    border-radius: var(--_tile-radius);
    background: var(--_tile-background);
    color: var(--_tile-text);
  }

  video {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: cover;
  }

  video.mirrored {
    scale: -1 1;
  }

  /* Under the button that switches what it measures. */
  wcs-meter {
    position: absolute;
    top: calc(100% + 0.25em);
    inset-inline-start: 0;
    width: var(--_button-size);
    --_meter-background: #0b0d1199;
  }

  .no-picture {
    margin: 0 0 2em;
    font-weight: 550;
  }

  .devices {
    position: absolute;
    bottom: 0.875em;
    display: flex;
    gap: 0.75em;
  }

  .glass,
  .glass:hover:not(:disabled) {
    background: #0b0d1199;
    color: #fff;
    backdrop-filter: blur(8px);
  }

  form {
    display: grid;
    gap: 1em;
    align-content: center;
  }

  h2 {
    margin: 0;
    font-size: 1.625em;
    font-weight: 650;
    letter-spacing: -0.015em;
    line-height: 1.2;
    text-wrap: balance;
  }

  p {
    margin: 0;
  }

  .room {
    margin-top: 0.375em;
    color: var(--_text-muted);
    overflow-wrap: anywhere;
  }

  .as {
    overflow-wrap: anywhere;
  }

  label {
    display: block;
    margin-bottom: 0.375em;
    font-size: 0.875em;
    font-weight: 600;
  }

  .check {
    display: flex;
    align-items: center;
    gap: 0.625em;
    min-height: 1.75rem;
    margin: 0;
    font-weight: 450;
    cursor: pointer;
  }

  .check input {
    width: 1.25em;
    height: 1.25em;
    margin: 0;
    accent-color: var(--_accent);
  }

  .problem {
    margin-top: 0.375em;
    color: var(--_danger-text);
    font-size: 0.875em;
  }

  [part='join-button'] {
    min-height: 3em;
    font-size: 1em;
  }

  slot[name='check']::slotted(:not(:defined)) {
    display: none;
  }

  /* Beside each other where there is room, or no other way. */
  @container (min-width: 44em) or ((min-width: 30em) and (max-height: 27em)) {
    .sheet:not(.narrow) {
      grid-template-columns: minmax(0, 1.2fr) minmax(0, 1fr);
      width: min(100%, 64em);
      align-items: center;
    }
  }

  @container (min-width: 44em) {
    .sheet:not(.narrow) {
      grid-template-columns: minmax(0, 1.5fr) minmax(0, 1fr);
      gap: 2.5em;
      padding: 2em;
    }

    .preview {
      max-height: none;
    }
  }
`;
