import { css } from 'lit';

/** How a room stands in the element: the stage with the invite link over it, the buttons, the panels beside it. Comes with those. */
export const roomStyles = css`
  .call {
    position: relative;
    display: grid;
    grid-template: minmax(0, 1fr) auto / minmax(0, 1fr);
    min-height: 0;
    padding-block-end: var(--_keyboard, 0);
  }

  .main {
    position: relative;
    min-height: 0;
    padding-inline: 0.75em;
  }

  wcs-stage {
    width: 100%;
    height: 100%;
    row-gap: var(--_gap);
  }

  wcs-controls {
    grid-row: 2;
    grid-column: 1;
    padding: 0.75em;
    container-type: inline-size;
    z-index: 5;
  }

  .side {
    grid-row: 1 / -1;
    grid-column: 2;
    display: flex;
    flex-direction: column;
    gap: 0.75em;
    min-width: 0;
    min-height: 0;
    margin-block-end: 0.75em;
    margin-inline-end: 0.75em;
  }

  .side > * {
    flex: 1;
    min-height: 0;
    border-radius: var(--_radius);
    overflow: hidden;
    box-shadow: 0 0 0 1px var(--_border);
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

  /* Room for the chat beside the stage. */
  @container (min-width: 52rem) {
    .call.with-side {
      grid-template-columns: minmax(0, 1fr) var(--_chat-width);
    }
  }

  /* Else it lies over the stage: the buttons stay in sight, and so does the focus on them. */
  @container (max-width: 51.99rem) {
    .side {
      position: absolute;
      z-index: 4;
      grid-area: 1 / 1 / 2 / -1;
      inset-block: 0;
      inset-inline: auto 0;
      width: min(100%, 26em);
      margin: 0;
      border-radius: var(--_radius);
      box-shadow: var(--_shadow);
    }

    .with-people wcs-chat {
      display: none;
    }
  }

  /* Too low for two panels, one above the other. */
  @container (max-height: 31.99rem) {
    .with-people wcs-chat {
      display: none;
    }
  }

  @container (max-width: 34rem) {
    .main {
      padding-inline: 0.5em;
    }

    wcs-controls {
      padding: 0.5em;
    }

    .invite {
      bottom: 3.25em;
      inset-inline: 1em;
      width: auto;
    }

    /* Too small for both. */
    .side {
      grid-area: 1 / 1 / -1 / -1;
      width: 100%;
    }

    .with-side wcs-controls {
      visibility: hidden;
    }
  }

  /* A phone on its side, a strip in a page: no air to spare. */
  @container (max-height: 26rem) {
    wcs-controls {
      padding-block: 0.375em;
    }

    .invite {
      bottom: 0.5em;
      padding-block: 0.5em;
    }

    .invite p {
      display: none;
    }
  }

  /* Low and wide enough: the buttons stand beside the picture. */
  @container (max-height: 27rem) and (min-width: 34rem) {
    .call {
      grid-template: minmax(0, 1fr) / minmax(0, 1fr) auto auto;
    }

    .call.with-side {
      grid-template-columns: minmax(0, 1fr) auto minmax(0, var(--_chat-column, 0));
    }

    .main {
      margin-block-end: 0.5em;
    }

    wcs-controls {
      grid-area: 1 / 2;
      display: grid;
      align-content: center;
      width: 4.25em;
      padding: 0;
      padding-inline-end: 0.5em;
      --_controls-flow: column;
      --_controls-gap: 0.125em;
    }

    .side {
      grid-column: 1 / 2;
    }
  }

  @container (max-height: 27rem) and (min-width: 52rem) {
    .call {
      --_chat-column: var(--_chat-width);
    }

    .side {
      grid-column: 3;
    }
  }
`;
