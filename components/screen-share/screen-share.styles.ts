import { css } from 'lit';

export const screenShareStyles = css`
  .empty-screen {
    display: grid;
    align-content: center;
    justify-items: center;
    gap: 0.375em;
    padding: 1em;
    overflow: hidden;
    border: 1px dashed color-mix(in oklab, var(--_text-muted), transparent 55%);
    border-radius: var(--_tile-radius);
    background: color-mix(in oklab, var(--_surface), transparent 45%);
    color: var(--_text-muted);
    text-align: center;
  }

  .empty-screen svg {
    width: 2.5em;
    height: 2.5em;
    margin-block-end: 0.25em;
    stroke-width: 1.25;
  }

  .empty-screen p {
    max-width: 26em;
    margin: 0;
    font-size: 0.9375em;
  }

  .empty-screen .title {
    color: var(--_text);
    font-size: 1.0625em;
    font-weight: 650;
  }
`;
