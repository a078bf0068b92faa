import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { TileView } from '../../base/view.ts';
import { icon } from '../icon.ts';
import { reactionSign } from '../reactions.ts';

/** What somebody shows without a word: a raised hand with its place, and reactions. Heard elsewhere. */
export function tileSigns({ hand, reactions = [] }: TileView): TemplateResult {
  return html`${hand === undefined ? nothing : html`<div class="hand" aria-hidden="true">${icon('hand')}${hand}</div>`}
    <div class="reactions" aria-hidden="true">
      ${repeat(
        reactions,
        ({ id }) => id,
        ({ id, reaction }) =>
          html`<span class=${`reaction lane-${id % 3}`} data-reaction=${reaction}>${reactionSign(reaction)}</span>`,
      )}
    </div>`;
}

export const tileSignsStyles = css`
  .hand {
    position: absolute;
    z-index: 1;
    inset-block-start: min(0.625em, 3cqmin);
    inset-inline-start: min(0.625em, 3cqmin);
    display: flex;
    align-items: center;
    gap: 0.3em;
    padding: 0.2em 0.625em;
    border-radius: 99em;
    background: #ffd27a;
    color: #1d1300;
    font-size: clamp(0.6875em, 4cqi, 0.9375em);
    font-weight: 650;
    font-variant-numeric: tabular-nums;
    line-height: 1.5;
    white-space: nowrap;
  }

  .hand svg {
    width: 1.25em;
    height: 1.25em;
  }

  .reaction svg {
    display: block;
    width: 1.25em;
    height: 1.25em;
  }

  .hand ~ .waits {
    inset-block-start: calc(min(0.625em, 3cqmin) + 2.5em);
  }

  .reactions {
    position: absolute;
    inset: 0;
    overflow: hidden;
    pointer-events: none;
  }

  .reaction {
    position: absolute;
    inset-inline-end: 8cqi;
    bottom: min(2.25em, 14cqb);
    font-size: clamp(1.5em, 14cqmin, 3em);
    line-height: 1.2;
    filter: drop-shadow(0 0.05em 0.1em #0008);
    animation: float 4s ease-out both;
  }

  .lane-1 {
    inset-inline-end: calc(8cqi + 1.1em);
  }

  .lane-2 {
    inset-inline-end: calc(8cqi + 2.2em);
  }

  @keyframes float {
    from {
      translate: 0 40%;
      opacity: 0;
      scale: 0.6;
    }
    8% {
      opacity: 1;
      scale: 1.1;
    }
    14% {
      scale: 1;
    }
    70% {
      opacity: 1;
    }
    to {
      translate: 0 -35cqb;
      opacity: 0;
    }
  }
`;
