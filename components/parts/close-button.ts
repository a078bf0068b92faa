import type { LocalizeController } from '@shoelace-style/localize';
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { Dictionary } from '../locales/dictionary.ts';
import { icon } from './icon.ts';

/** The cross at the end of a heading. */
export function closeButton(localize: LocalizeController<Dictionary>, close: () => void): TemplateResult {
  const name = localize.term('close');
  return html`<button type="button" class="round quiet close" aria-label=${name} title=${name} @click=${close}>
    ${icon('close')}
  </button>`;
}
