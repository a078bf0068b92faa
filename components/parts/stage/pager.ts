import type { LocalizeController } from '@shoelace-style/localize';
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { Dictionary } from '../../locales/dictionary.ts';
import { icon } from '../icon.ts';

interface PagerView {
  /** From 0. */
  page: number;
  pages: number;
  turn: (to: number) => void;
}

/** Turns the pages when not everybody fits. */
export function pager(localize: LocalizeController<Dictionary>, { page, pages, turn }: PagerView): TemplateResult {
  const button = (label: 'previousPage' | 'nextPage', to: number) =>
    html`<button
      type="button"
      class="quiet"
      aria-label=${localize.term(label)}
      title=${localize.term(label)}
      ?disabled=${to < 0 || to >= pages}
      @click=${() => turn(to)}
    >
      ${icon(label === 'nextPage' ? 'next' : 'previous')}
    </button>`;
  return html`<div class="pager" part="pager" role="group" aria-label=${localize.term('pages')}>
    ${button('previousPage', page - 1)}
    <span role="status"><span class="visually-hidden">${localize.term('pages')}</span> ${page + 1} / ${pages}</span>
    ${button('nextPage', page + 1)}
  </div>`;
}
