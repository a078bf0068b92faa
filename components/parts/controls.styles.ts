import { css } from 'lit';

export const controlsStyles = css`
  :host {
    display: block;
    position: relative;
    max-width: 100%;
  }

  .bar {
    display: flex;
    flex-flow: var(--_controls-flow, row);
    align-items: center;
    justify-content: center;
    gap: 0.5em;
    width: fit-content;
    max-width: 100%;
    margin-inline: auto;
    padding: 0.5em;
    border-radius: 2em;
    background: var(--_controls-background);
    box-shadow: var(--_shadow);
  }

  button {
    position: relative;
  }

  /* Until its code is there. */
  wcs-menu:not(:defined) {
    display: none;
  }

  .on {
    background: color-mix(in oklab, var(--_accent), var(--_surface) 78%);
    color: color-mix(in oklab, var(--_accent), var(--_text) 35%);
  }

  .leave {
    width: calc(var(--_button-size) * 1.35) !important;
  }

  button.named {
    gap: 0.5em;
    width: auto;
    min-width: var(--_button-size);
    padding-inline: 1em 1.125em;
  }

  .impossible {
    color: var(--_text-muted);
  }

  .badge {
    position: absolute;
    top: -0.15em;
    inset-inline-end: -0.05em;
    min-width: 1.55em;
    padding: 0 0.4em;
    border-radius: 99em;
    background: var(--_accent);
    color: var(--_on-accent);
    font-size: 0.75em;
    font-weight: 650;
    line-height: 1.55em;
    text-align: center;
  }

  .badge.quiet {
    background: var(--_surface);
    color: var(--_text);
    box-shadow: 0 0 0 1px var(--_border);
  }

  .badge.warning {
    min-width: 0;
    width: 1.25em;
    padding: 0;
    background: var(--_warning);
    color: var(--_surface);
    font-weight: 800;
    line-height: 1.25em;
  }

  .badge.dot {
    top: 0.1em;
    inset-inline-end: 0.1em;
    min-width: 0;
    width: 0.875em;
    height: 0.875em;
    padding: 0;
  }

  .held,
  .held:hover:not(:disabled) {
    background: transparent;
    box-shadow: inset 0 0 0 2px var(--_danger-text);
    color: var(--_danger-text);
  }

  @container (max-width: 34rem) {
    button.named {
      width: var(--_button-size);
      padding: 0;
    }

    .named .label {
      display: none;
    }
  }

  @container (max-width: 27rem) {
    .bar {
      gap: 0.375em;
      font-size: 0.9375em;
    }
  }

  @container (max-width: 22rem) {
    .bar {
      gap: var(--_controls-gap, 0.25em);
      padding: 0.375em;
    }

    .leave {
      width: var(--_button-size) !important;
    }
  }
`;
