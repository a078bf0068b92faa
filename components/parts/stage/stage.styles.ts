import { css } from 'lit';

export const stageStyles = css`
  :host {
    display: block;
    position: relative;
  }

  .canvas {
    position: absolute;
    inset: 0;
    overflow: clip;
    border-radius: var(--_tile-radius);
    reading-flow: source-order;
  }

  wcs-tile {
    position: absolute;
    top: 0;
    left: 0;
    width: var(--_w, 0);
    height: var(--_h, 0);
    translate: var(--_x, 0) var(--_y, 0);
  }

  .placed wcs-tile {
    transition:
      translate 0.25s ease,
      width 0.25s ease,
      height 0.25s ease;
  }

  wcs-tile:fullscreen {
    translate: none;
    transition: none;
  }

  wcs-tile:not([style]) {
    visibility: hidden;
  }

  wcs-tile[part~='screen'] {
    background: none;
  }

  .empty-screen {
    position: absolute;
    top: 0;
    left: 0;
    display: grid;
    width: var(--_w, 0);
    height: var(--_h, 0);
  }

  /* Still there: what is not on this page is heard all the same. */
  wcs-tile.elsewhere {
    display: none;
  }

  .pager {
    position: absolute;
    bottom: 0.25em;
    left: var(--_x, 0);
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 0.25em;
    width: var(--_w, 100%);
    color: var(--_text-muted);
    font-variant-numeric: tabular-nums;
  }

  .pager button {
    width: 2.25em;
    height: 2.25em;
    min-width: 0;
    min-height: 0;
  }

  .pager [dir='rtl'] svg,
  :dir(rtl) .pager svg {
    scale: -1 1;
  }

  .visually-hidden {
    top: 0;
  }

  .floating {
    z-index: 1;
    border-radius: min(var(--_tile-radius), 0.75em);
    box-shadow:
      0 0 0 2px #ffffffd9,
      0 0.25em 1.25em #00000073;
  }

  .move,
  .move:hover:not(:disabled) {
    position: absolute;
    z-index: 2;
    top: 0;
    left: 0;
    width: var(--_w, 0);
    height: var(--_h, 0);
    min-width: 0;
    min-height: 0;
    padding: 0;
    border-radius: min(var(--_tile-radius), 0.75em);
    background: transparent;
    translate: var(--_x, 0) var(--_y, 0);
    cursor: grab;
    touch-action: none;
  }

  .move:active:not(:disabled) {
    scale: none;
    cursor: grabbing;
  }

  .placed .dragged {
    transition: none;
  }

  .placed .move {
    transition: translate 0.25s ease;
  }
`;
