import type { LocalizeController } from '@shoelace-style/localize';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Intent } from '../../base/element/intent.ts';
import type { TileView } from '../../base/view.ts';
import type { Dictionary } from '../../locales/dictionary.ts';
import { icon } from '../icon.ts';
import { isolate } from '../isolate.ts';
import { drawing } from './tile-icons.ts';

type Localize = LocalizeController<Dictionary>;

interface ButtonsView {
  view: TileView;
  pinned: boolean;
  pinnable: boolean;
  options: boolean;
  ask: (intent: Intent) => void;
}

/** The buttons in the corner of a tile. */
export function tileButtons(localize: Localize, view: ButtonsView): TemplateResult {
  return html`<div class="buttons">
    ${view.pinnable ? pinButton(localize, view) : nothing} ${view.options ? optionsButton(localize, view) : nothing}
  </div>`;
}

function pinButton(localize: Localize, { view, pinned, ask }: ButtonsView): TemplateResult {
  const label = localize.term(pinned ? 'unpin' : 'pin', isolate(view.name));
  return html`<button
    type="button"
    part="pin-button"
    class="pin"
    aria-label=${label}
    title=${label}
    aria-pressed=${pinned}
    @click=${() => ask({ do: 'pin', tile: view.id })}
  >
    ${icon('pin')}
  </button>`;
}

function optionsButton(localize: Localize, { view, ask }: ButtonsView): TemplateResult {
  const label = localize.term('tileOptions', isolate(view.name));
  return html`<button
    type="button"
    part="tile-button"
    aria-label=${label}
    title=${label}
    aria-haspopup="dialog"
    @click=${() => ask({ do: 'options', tile: view.id })}
  >
    ${drawing('more')}
  </button>`;
}
