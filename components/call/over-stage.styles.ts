import { css } from 'lit';

/** What lies over the stage: notices and the invite link. */
export const overStageStyles = css`
  .notices {
    position: absolute;
    z-index: 3;
    top: 0.25em;
    left: 0;
    right: 0;
    display: grid;
    justify-items: center;
    gap: 0.5em;
    padding-inline: 0.75em;
    pointer-events: none;
  }

  .notices > div {
    display: grid;
    justify-items: center;
    gap: inherit;
    min-width: 0;
  }

  wcs-notice {
    max-width: min(100%, 38em);
    pointer-events: auto;
  }

  .invite {
    position: absolute;
    z-index: 2;
    bottom: 0.75em;
    inset-inline-end: 1.5em;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.625em;
    max-height: calc(100% - 1em);
    overflow: hidden auto;
    width: min(27em, 100% - 3em);
    padding: 0.875em 1em 1em;
    border-radius: var(--_radius);
    background: var(--_surface);
    box-shadow: var(--_shadow);
  }

  .invite .heading {
    display: flex;
    align-items: start;
    justify-content: space-between;
    gap: 1em;
  }

  .invite h2 {
    margin: 0.15em 0 0;
    font-size: 1em;
    font-weight: 650;
  }

  .invite p {
    margin: 0;
    color: var(--_text-muted);
    font-size: 0.875em;
  }

  .invite .round {
    width: 2.125em;
    height: 2.125em;
    margin-block-start: -0.25em;
    margin-inline-end: -0.375em;
  }
`;
