import { css } from 'lit';

export const menuStyles = css`
  :host {
    position: absolute;
    z-index: 5;
    left: var(--_x, 0);
    top: var(--_y, 0);
    width: max-content;
    max-width: min(20em, 100cqi);
  }

  .menu {
    display: flex;
    flex-direction: column;
    max-height: var(--_h, none);
    padding: 0.375em;
    overflow: hidden auto;
    scrollbar-width: thin;
    border-radius: min(var(--_radius), 1em);
    background: var(--_surface);
    color: var(--_text);
    box-shadow: var(--_shadow);
    font-size: 0.9375em;
  }

  /* Above everything, so that nothing cuts it off. */
  .menu[popover] {
    position: fixed;
    inset: auto;
    top: var(--_y, 0);
    left: var(--_x, 0);
    width: max-content;
    max-width: min(20em, 100vw - 1em);
    margin: 0;
    border: 0;
  }

  .item {
    justify-content: start;
    gap: 0.75em;
    width: 100%;
    padding-inline: 0.75em;
    border-radius: 0.625em;
    background: transparent;
    text-align: start;
    white-space: normal;
  }

  .item:hover:not(:disabled),
  .item:focus-visible {
    background: var(--_surface-2);
  }

  .item:focus-visible {
    outline-offset: -2px;
    box-shadow: none;
  }

  .item svg {
    width: 1.25em;
    height: 1.25em;
  }

  .words {
    flex: 1;
  }

  .grave {
    color: var(--_danger-text);
  }

  .count {
    min-width: 1.6em;
    padding-inline: 0.4em;
    border-radius: 99em;
    background: var(--_surface-2);
    font-size: 0.875em;
    text-align: center;
  }

  .signs {
    display: flex;
    flex-wrap: wrap;
  }

  .sign {
    flex: 1;
    justify-content: center;
    min-width: 2.75em;
    width: auto;
    padding: 0 0.5em;
  }

  .sign svg {
    width: 1.75em;
    height: 1.75em;
  }

  .line {
    height: 1px;
    margin: 0.375em 0.5em;
    background: var(--_border);
  }
`;
