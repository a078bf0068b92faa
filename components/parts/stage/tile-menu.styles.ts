import { css } from 'lit';

export const tileMenuStyles = css`
  .menu {
    position: fixed;
    inset: auto;
    top: var(--_y, 0);
    left: var(--_x, 0);
    display: none;
    flex-direction: column;
    width: max-content;
    min-width: 13em;
    max-width: min(20em, 100vw - 0.5em);
    max-height: calc(100dvh - 0.5em);
    margin: 0;
    padding: 0.375em;
    overflow: hidden auto;
    border: 0;
    border-radius: min(var(--_radius), 0.875em);
    background: var(--_surface);
    color: var(--_text);
    box-shadow: var(--_shadow);
  }

  .menu:popover-open {
    display: flex;
  }

  .menu > * {
    flex: none;
  }

  button {
    justify-content: start;
    gap: 0.75em;
    width: 100%;
    padding-inline: 0.75em;
    border-radius: 0.625em;
    font-size: 0.9375em;
    font-weight: 500;
  }

  button:focus-visible {
    outline-offset: -2px;
    box-shadow: none;
  }

  button span {
    overflow: hidden;
    text-overflow: ellipsis;
  }

  button svg,
  .volume svg {
    width: 1.25em;
    height: 1.25em;
    color: var(--_text-muted);
  }

  .volume {
    display: flex;
    align-items: center;
    gap: 0.75em;
    min-height: 2.75em;
    padding-inline: 0.75em;
    font-size: 0.9375em;
  }

  .volume input {
    flex: 1;
    width: 100%;
    min-width: 6em;
    height: 1.75em;
    margin: 0;
    accent-color: var(--_accent);
    cursor: pointer;
  }

  .volume output {
    min-width: 3em;
    color: var(--_text-muted);
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
    text-align: end;
  }

  @media (pointer: coarse) {
    .volume,
    .volume input {
      min-height: 44px;
    }
  }
`;
