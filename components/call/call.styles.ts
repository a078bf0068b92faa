import { css } from 'lit';

export const callStyles = css`
  /* Any size the page gives; without one, as wide as there is room and of a height that shows a meeting well. */
  :host {
    /* What a page says about its own text is not about ours; whether and how it can be used comes from the page. */
    all: initial;
    visibility: inherit;
    pointer-events: inherit;
    color-scheme: inherit;
    display: block;
    position: relative;
    height: 100%;
    overflow: hidden;
    container-type: size;
    contain-intrinsic-size: 40rem min(36rem, 100svh);
    font: normal 400 medium / 1.45 var(--_font);
    font-size: var(--wcs-font-size, medium);
    -webkit-font-smoothing: antialiased;
    -webkit-text-size-adjust: 100%;
  }

  :host([hidden]) {
    display: none;
  }

  /* Until its code is there, icons that are meant for it would lie about. */
  wcs-settings:not(:defined) {
    display: none;
  }

  .frame {
    position: absolute;
    inset: 0;
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    outline: none;
    /* On a wall everything is read from farther away. */
    font-size: max(1em, min(0.75cqi, 1.4cqb));
    background: var(--_stage-background);
    color: var(--_text);
  }

  .follows-system {
    color-scheme: light dark;
  }

  .bar {
    display: flex;
    align-items: center;
    gap: 0.625em;
    min-height: 3.25em;
    padding: 0.375em 0.75em;
  }

  .bar > * {
    flex: none;
  }

  .bar .space {
    flex: 1;
  }

  .bar button {
    min-height: 2.5em;
    padding-inline: 0.875em;
    font-size: 0.9375em;
  }

  .bar button svg {
    width: 1.25em;
    height: 1.25em;
  }

  .bar .status {
    flex: 0 1 auto;
    overflow: hidden;
    display: flex;
    align-items: center;
    gap: 0.5em;
    min-width: 0;
    color: var(--_text-muted);
    font-size: 0.6875em;
    font-weight: 600;
    letter-spacing: 0.045em;
    line-height: 1.5;
    white-space: nowrap;
  }

  .status span + span {
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .dot {
    flex: none;
    width: 0.75em;
    height: 0.75em;
    border-radius: 50%;
    background: var(--_text-muted);
  }

  .dot.good {
    background: var(--_success);
  }

  .dot.wait {
    background: var(--_warning);
    animation: pulse 1.2s ease-in-out infinite;
  }

  .dot.bad {
    background: var(--_danger-text);
  }

  @keyframes pulse {
    50% {
      opacity: 0.3;
    }
  }

  .recording {
    display: flex;
    align-items: center;
    gap: 0.4em;
    font-size: 0.8125em;
    font-weight: 600;
    color: var(--_danger-text);
  }

  .recording svg {
    width: 1.25em;
    height: 1.25em;
  }

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

  wcs-controls {
    z-index: 5;
  }

  .prejoin {
    position: relative;
    min-height: 0;
  }

  wcs-waiting {
    min-height: 0;
  }

  /* Until their code is there. */
  wcs-people:not(:defined),
  wcs-waiting:not(:defined) {
    display: none;
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
    .bar {
      padding-inline: 0.5em;
    }

    .bar .label,
    .bar .picture-in-picture {
      display: none;
    }

    .bar button {
      width: 2.75em;
      height: 2.75em;
      padding: 0;
    }

    .main {
      padding-inline: 0.5em;
    }

    wcs-controls {
      padding: 0.5em;
    }

    wcs-notice {
      font-size: 0.875em;
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

  /* The menu of a tile has it, too. */
  @container (max-width: 26rem) {
    .bar .full-screen {
      display: none;
    }
  }

  @container (max-width: 24rem) {
    .bar {
      gap: 0.25em;
    }

    /* A phone with two cameras has no keys. */
    .bar:has([part='flip-button']) .help {
      display: none;
    }
  }

  /* The key does the same. */
  @container (max-width: 18rem) {
    .bar .help {
      display: none;
    }
  }

  /* A phone on its side, a strip in a page: no air to spare. */
  @container (max-height: 26rem) {
    .bar {
      min-height: 2.5em;
      padding-block: 0.125em;
    }

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

  @media (prefers-reduced-motion: reduce) {
    .dot.wait {
      animation: none;
    }
  }
`;
