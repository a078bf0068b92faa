import type { LocalizeController } from '@shoelace-style/localize';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Waiting } from '../../../protocol/model.ts';
import type { Intent } from '../../base/element/intent.ts';
import type { Dictionary } from '../../locales/dictionary.ts';
import { icon } from '../icon.ts';
import { isolate } from '../isolate.ts';

type Localize = LocalizeController<Dictionary>;
type Ask = (intent: Intent) => void;

/** Who waits to be let in, longest first. */
export function waitingList(
  localize: Localize,
  waiting: readonly Waiting[],
  ask: Ask,
): TemplateResult | typeof nothing {
  if (waiting.length === 0) return nothing;
  return html`<section class="waiting" aria-labelledby="waiting">
    <div class="subheading">
      <h3 id="waiting">${localize.term('waitingPeople')} <span class="count">${waiting.length}</span></h3>
      ${
        waiting.length > 1
          ? html`<button type="button" part="admit-button" class="small" @click=${() => ask({ do: 'admit', on: true })}>
              ${localize.term('admitAll')}
            </button>`
          : nothing
      }
    </div>
    <ul role="list">
      ${repeat(
        waiting,
        ({ login }) => login,
        ({ login }) => waitingRow(localize, login, ask),
      )}
    </ul>
  </section>`;
}

function waitingRow(localize: Localize, login: string, ask: Ask): TemplateResult {
  return html`<li part="waiting-item" class="person">
    <span class="who"><bdi class="name">${login}</bdi></span>
    <button
      type="button"
      part="refuse-button"
      class="small"
      aria-label=${localize.term('refuseNamed', isolate(login))}
      @click=${() => ask({ do: 'admit', login, on: false })}
    >
      ${localize.term('refuse')}
    </button>
    <button
      type="button"
      part="admit-button"
      class="small primary"
      aria-label=${localize.term('admitNamed', isolate(login))}
      @click=${() => ask({ do: 'admit', login, on: true })}
    >
      ${localize.term('admit')}
    </button>
  </li>`;
}

/** What moderators decide over the meeting as a whole. */
export function meetingSwitches(
  localize: Localize,
  { locked, lobby }: { locked: boolean; lobby: boolean },
  ask: Ask,
): TemplateResult {
  return html`<details class="meeting" part="meeting">
    <summary part="meeting-summary">
      ${icon('lock')}<span>${localize.term('moderation')}</span
      ><svg class="arrow" viewBox="0 0 24 24" aria-hidden="true"><path d="M9.5 5.5l6.5 6.5-6.5 6.5" /></svg>
    </summary>
    ${toggle('lock-switch', { on: locked, name: localize.term('lock'), hint: localize.term('lockHint') }, (on) => ask({ do: 'guard', locked: on }))}
    ${toggle('lobby-switch', { on: lobby, name: localize.term('lobby'), hint: localize.term('lobbyHint') }, (on) => ask({ do: 'guard', lobby: on }))}
    <div class="actions">
      <button type="button" part="mute-all-button" @click=${() => ask({ do: 'mute-all' })}>
        ${icon('microphone-off')}${localize.term('muteAll')}
      </button>
      <button type="button" part="end-button" class="grave" @click=${() => ask({ do: 'end' })}>
        ${icon('leave')}${localize.term('endForAll')}
      </button>
    </div>
  </details>`;
}

function toggle(
  part: string,
  { on, name, hint }: { on: boolean; name: string; hint: string },
  change: (on: boolean) => void,
): TemplateResult {
  return html`<button
    type="button"
    role="switch"
    part=${part}
    class="switch"
    aria-checked=${on}
    @click=${() => change(!on)}
  >
    <span class="words">${name}<span class="hint">${hint}</span></span
    ><span class="track" aria-hidden="true"></span>
  </button>`;
}
