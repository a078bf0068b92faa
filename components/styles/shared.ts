import { css } from 'lit';

/** What every element of the kit stands on: box model, typography, buttons, fields, focus. */
export const shared = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  [hidden] {
    display: none !important;
  }

  button,
  input,
  textarea {
    font: inherit;
    letter-spacing: inherit;
    color: inherit;
  }

  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5em;
    margin: 0;
    padding: 0 1em;
    min-height: 2.625em;
    border: 0;
    border-radius: 99em;
    background: var(--_button-background);
    color: var(--_button-text);
    font-weight: 550;
    white-space: nowrap;
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
    transition:
      background-color 0.15s,
      color 0.15s,
      scale 0.1s;
  }

  button:hover:not(:disabled) {
    background: color-mix(in oklab, var(--_button-background), var(--_text) 8%);
  }

  button:active:not(:disabled) {
    scale: 0.96;
  }

  button:disabled {
    opacity: 0.5;
    cursor: default;
  }

  button.primary {
    background: var(--_accent);
    color: var(--_on-accent);
  }

  button.primary:hover:not(:disabled) {
    background: color-mix(in oklab, var(--_accent), var(--_text) 14%);
  }

  button.quiet {
    background: transparent;
  }

  button.quiet:hover:not(:disabled) {
    background: var(--_surface-2);
  }

  button.round {
    flex: none;
    width: var(--_button-size);
    height: var(--_button-size);
    min-height: 0;
    padding: 0;
  }

  button.off,
  button.off:hover:not(:disabled),
  button.danger {
    background: var(--_danger);
    color: var(--_on-danger);
  }

  button.danger:hover:not(:disabled),
  button.off:hover:not(:disabled) {
    background: color-mix(in oklab, var(--_danger), #000 12%);
  }

  /* Two rings, so that one of them stands out from whatever is behind, a picture included. */
  :focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
    box-shadow: 0 0 0 2px var(--_surface);
  }

  input[type='text'],
  textarea {
    width: 100%;
    min-height: 2.75em;
    margin: 0;
    padding: 0.6em 0.875em;
    border: 1px solid color-mix(in oklab, var(--_text-muted), var(--_surface) 35%);
    border-radius: 0.75em;
    background: var(--_surface);
    color: var(--_text);
    line-height: 1.4;
  }

  input[type='text']:focus-visible,
  textarea:focus-visible {
    outline-offset: -1px;
    box-shadow: none;
  }

  ::placeholder {
    color: var(--_text-muted);
    opacity: 1;
  }

  svg {
    flex: none;
    width: 1.375em;
    height: 1.375em;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  /* Room for a finger, whatever else a button is. */
  @media (pointer: coarse) {
    button {
      min-width: 44px !important;
      min-height: 44px !important;
    }
  }

  @media (forced-colors: active) {
    button {
      border: 1px solid ButtonText;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      transition: none !important;
      animation: none !important;
    }
  }
`;
