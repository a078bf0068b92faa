import { css } from 'lit';

export const settingsStyles = css`
  dialog {
    width: min(46em, 100vw - 2em);
    max-width: none;
    max-height: calc(100dvh - 2em);
    padding: 1em 1.25em 1.5em;
    overflow: hidden auto;
  }

  .heading {
    margin-block-end: 0.75em;
  }

  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    gap: 1.5em;
    align-items: start;
  }

  .preview {
    position: relative;
    display: grid;
    place-items: center;
    overflow: hidden;
    aspect-ratio: 4 / 3;
    border-radius: var(--_tile-radius);
    background: var(--_tile-background);
    color: var(--_tile-text);
  }

  video {
    position: absolute;
    width: 100%;
    height: 100%;
    object-fit: cover;
  }

  .mirrored {
    scale: -1 1;
  }

  .preview p {
    margin: 0;
    font-weight: 550;
  }

  .fields {
    display: grid;
    gap: 1em;
    min-width: 0;
  }

  label,
  legend {
    display: block;
    margin: 0 0 0.375em;
    padding: 0;
    font-size: 0.875em;
    font-weight: 600;
  }

  select {
    width: 100%;
    min-width: 0;
    min-height: 2.75rem;
    padding: 0.5em 0.75em;
    border: 1px solid color-mix(in oklab, var(--_text-muted), var(--_surface) 35%);
    border-radius: 0.75em;
    background: var(--_surface);
    color: var(--_text);
    font: inherit;
    text-overflow: ellipsis;
  }

  select:disabled {
    color: var(--_text-muted);
    opacity: 1;
  }

  wcs-meter {
    width: 100%;
    margin-block-start: -0.375em;
  }

  .speaker {
    display: grid;
    gap: 0.625em;
    justify-items: start;
  }

  .speaker > div {
    width: 100%;
  }

  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
  }

  .check {
    display: flex;
    align-items: center;
    gap: 0.625em;
    min-height: 2.25rem;
    margin: 0;
    font-size: 1em;
    font-weight: 450;
    cursor: pointer;
  }

  .check input {
    width: 1.25em;
    height: 1.25em;
    margin: 0;
    accent-color: var(--_accent);
  }

  @media (pointer: coarse) {
    .check {
      min-height: 44px;
    }
  }

  @media (max-width: 40em) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
      gap: 1em;
    }

    .preview {
      max-height: 30dvh;
      width: 100%;
    }
  }
`;
