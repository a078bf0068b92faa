import type { LocalizeController } from '@shoelace-style/localize';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { RecordingState } from '../../protocol/model.ts';
import { IntentEvent } from '../base/element/intent.ts';
import type { Intent } from '../base/element/intent.ts';
import { SHORTCUTS } from '../base/element/shortcuts.ts';
import type { Dictionary } from '../locales/dictionary.ts';
import { icon } from '../parts/icon.ts';
import { screenButtons, type ScreenButtonsView } from './screen-buttons.ts';
import { statusLine } from '../parts/status-line.ts';

interface TopBarView {
  /** A SESSION_STATUS. */
  session: string;
  /** The own stream's STREAM_STATUS; undefined outside a room. */
  stream: string | undefined;
  statusHidden: boolean;
  recording: RecordingState;
  /** Whether the recording can be switched here. */
  mayRecord: boolean;
  /** Absent: the button is left out. */
  invite: { open: boolean; toggle: () => void } | undefined;
  /** Absent: there is one camera, or none. */
  flip: boolean;
  /** In a room only. */
  screen: ScreenButtonsView | undefined;
  /** Whether devices can be chosen. */
  settings: boolean;
  /** Absent: there are no keyboard shortcuts. */
  showHelp: (() => void) | undefined;
}

type Localize = LocalizeController<Dictionary>;

/** The bar above everything: the page's logo, states, recording, invite. */
export function topBar(localize: Localize, view: TopBarView): TemplateResult {
  return html`<div class="bar">
    <slot name="logo"></slot>
    ${statusLine(localize, { session: view.session, stream: view.stream, hidden: view.statusHidden })}
    <span class="space"></span>
    ${
      view.recording === 'on'
        ? html`<span class="recording">${icon('record')}${localize.term('recording')}</span>`
        : nothing
    }
    ${view.mayRecord ? recordButton(localize, view.recording === 'on') : nothing}
    ${view.invite ? inviteButton(localize, view.invite) : nothing}
    ${view.flip ? iconButton(localize, 'flip', FLIP) : nothing}
    ${view.screen ? screenButtons(localize, view.screen) : nothing}
    ${view.settings ? iconButton(localize, 'settings', { do: 'settings' }) : nothing}
    ${view.showHelp ? helpButton(localize, view.showHelp) : nothing}
  </div>`;
}

function recordButton(localize: Localize, on: boolean): TemplateResult {
  const name = localize.term(on ? 'recordStop' : 'recordStart');
  return html`<button
    type="button"
    class="quiet"
    part="record-control"
    aria-label=${name}
    @click=${(event: Event) => event.target?.dispatchEvent(new IntentEvent({ do: 'record', on: !on }))}
  >
    ${icon(on ? 'stop' : 'record')}<span class="label">${name}</span>
  </button>`;
}

function inviteButton(localize: Localize, { open, toggle }: NonNullable<TopBarView['invite']>): TemplateResult {
  return html`<button
    type="button"
    class="quiet"
    part="invite-button"
    aria-label=${localize.term('invite')}
    aria-expanded=${open}
    @click=${toggle}
  >
    ${icon('invite')}<span class="label">${localize.term('invite')}</span>
  </button>`;
}

const FLIP: Intent = { do: 'device', ask: { flip: true } };

function iconButton(localize: Localize, name: 'flip' | 'settings', intent: Intent): TemplateResult {
  const words = localize.term(name);
  return html`<button
    type="button"
    class="quiet"
    part=${`${name}-button`}
    aria-label=${words}
    aria-haspopup=${name === 'settings' ? 'dialog' : nothing}
    title=${words}
    @click=${(event: Event) => event.target?.dispatchEvent(new IntentEvent(intent))}
  >
    ${icon(name)}
  </button>`;
}

function helpButton(localize: Localize, show: () => void): TemplateResult {
  return html`<button
    type="button"
    class="quiet help"
    part="help-button"
    aria-label=${localize.term('shortcuts')}
    aria-haspopup="dialog"
    aria-keyshortcuts=${SHORTCUTS.help}
    title=${`${localize.term('shortcuts')} (${SHORTCUTS.help})`}
    @click=${show}
  >
    ${icon('keyboard')}
  </button>`;
}
