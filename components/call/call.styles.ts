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

  .prejoin {
    position: relative;
    min-height: 0;
  }

  wcs-waiting {
    min-height: 0;
  }

  /* Until their code is there, icons that are meant for them would lie about. */
  wcs-settings:not(:defined),
  wcs-people:not(:defined),
  wcs-waiting:not(:defined) {
    display: none;
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

    wcs-notice {
      font-size: 0.875em;
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
  }

  @media (prefers-reduced-motion: reduce) {
    .dot.wait {
      animation: none;
    }
  }
`;
