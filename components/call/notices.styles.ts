import { css } from 'lit';

/** Notices lie over the stage, and over the form before joining. */
export const noticesStyles = css`
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
`;
