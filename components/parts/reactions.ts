import { html, svg } from 'lit';
import type { SVGTemplateResult, TemplateResult } from 'lit';
import type { Reaction } from '../../protocol/model.ts';
import type { Dictionary } from '../locales/dictionary.ts';

const INK = '#5b3a00';
const face = svg`<circle cx="12" cy="12" r="9.75" fill="#ffc83d" />`;
const palm = svg`<path d="M8 12.5V6.4a1.3 1.3 0 0 1 2.6 0V11h.3V4.8a1.3 1.3 0 0 1 2.6 0V11h.3V5.9a1.3 1.3 0 0 1 2.6 0v6h.3V8.6a1.25 1.25 0 0 1 2.5 0v6c0 3.7-2.3 5.9-5.6 5.9-2.5 0-4-1-5.2-3.2L5 13.6c-.8-1.5 1.1-2.8 2.2-1.4z" />`;

/** What each reaction looks like, drawn by us so that it looks the same everywhere, and the key of what it is called. */
export const REACTIONS = {
  like: {
    name: 'reactionLike',
    drawing: svg`<path fill="#ffc83d" d="M8 10.6l3.4-6.9c.3-.6 1-.9 1.6-.7 1.2.4 1.8 1.6 1.6 2.8l-.6 3.6h4.5c1.4 0 2.4 1.3 2.1 2.6l-1.3 6c-.3 1.4-1.5 2.5-3 2.5H8z" />
      <rect x="3" y="10.4" width="4" height="10.2" rx="1.2" fill="#4a7dff" />`,
  },
  love: {
    name: 'reactionLove',
    drawing: svg`<path fill="#e8314f" d="M12 21C5.4 16 2.5 12.9 2.5 9A5 5 0 0 1 12 6.7 5 5 0 0 1 21.5 9c0 3.9-2.9 7-9.5 12z" />`,
  },
  applause: {
    name: 'reactionApplause',
    drawing: svg`<g fill="#e0a31f" transform="translate(2.2 2.6) rotate(24 12 12) scale(.86)">${palm}</g>
      <g fill="#ffc83d" transform="translate(-.6 3.4) rotate(-24 12 12) scale(.86)">${palm}</g>
      <path stroke="#e0a31f" stroke-width="1.5" d="M12 1.2v2.3M17 1.9l-1.1 2M7 1.9l1.1 2" />`,
  },
  laugh: {
    name: 'reactionLaugh',
    drawing: svg`${face}<path fill=${INK} d="M6 12.6h12a6 6 0 0 1-12 0z" /><path fill="#f2707f" d="M8.6 17.2a4.6 4.6 0 0 1 6.8 0 6 6 0 0 1-6.8 0z" />
      <path fill="none" stroke=${INK} stroke-width="1.4" d="M6.4 9.8a1.9 1.9 0 0 1 3.6 0M14 9.8a1.9 1.9 0 0 1 3.6 0" />`,
  },
  surprise: {
    name: 'reactionSurprise',
    drawing: svg`${face}<g fill=${INK}><ellipse cx="12" cy="16" rx="2.6" ry="3.2" /><circle cx="8.5" cy="9.8" r="1.3" /><circle cx="15.5" cy="9.8" r="1.3" /></g>
      <path fill="none" stroke=${INK} stroke-width="1.2" d="M6.9 6.9c.7-.7 1.7-1 2.6-.8M17.1 6.9c-.7-.7-1.7-1-2.6-.8" />`,
  },
  party: {
    name: 'reactionParty',
    drawing: svg`<path fill="#ffc83d" d="M2.8 21.2L7.6 8.6l7.8 7.8z" /><path fill="#e8314f" d="M6 12.8l5.2 5.2-2.6 1-3.6-3.6z" />
      <path fill="none" stroke="#4a7dff" stroke-width="1.6" d="M11 8.5c1.2-1 1.5-2.6.6-4.2M15.5 13c1-1.2 2.7-1.4 4.3-.5" />
      <path fill="none" stroke="#1d9e63" stroke-width="1.6" d="M13.5 10.5c2-.6 3.6-2.2 4.3-4.3" />
      <g><circle cx="16.2" cy="3.6" r="1.1" fill="#e8314f" /><circle cx="20.6" cy="8.6" r="1.1" fill="#ffc83d" /><circle cx="7.2" cy="4.8" r="1" fill="#1d9e63" /><circle cx="19.6" cy="16.8" r="1" fill="#4a7dff" /></g>`,
  },
} as const satisfies Record<Reaction, { name: keyof Dictionary; drawing: SVGTemplateResult }>;

/** A reaction as a picture; it says nothing to screen readers. */
export function reactionSign(reaction: Reaction): TemplateResult {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true" class="emoji" stroke="none">
    <g stroke="none">${REACTIONS[reaction].drawing}</g>
  </svg>`;
}
