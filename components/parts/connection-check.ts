import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { WcsError } from '../../protocol/errors.ts';
import { define } from '../base/element/define.ts';
import { WcsElement } from '../base/element/element.ts';
import { errorText } from '../base/error-text.ts';
import type { CheckTexts } from '../locales/dictionary.ts';
import { shared } from '../styles/shared.ts';
import { tokens } from '../styles/tokens.ts';
import { callIcons } from './call-icons.ts';
import { addIcons, icon } from './icon.ts';

type WayState = 'open' | 'blocked' | 'absent';

export interface ConnectionFound {
  /** Milliseconds after which the server answers; undefined: it does not. */
  roundTrip: number | undefined;
  error: WcsError | undefined;
  udp: WayState;
  tcp: WayState;
  relay: WayState;
}

export interface ConnectionCheckView {
  /** What was found; undefined while the test runs. */
  found: ConnectionFound | undefined;
  again: () => void;
}

const STATES = { open: 'checkOpen', blocked: 'checkClosed', absent: 'checkAbsent' } as const satisfies Record<
  WayState,
  keyof CheckTexts
>;

/**
 * @customElement wcs-connection-check
 * @summary Says before joining whether sound and picture will get through, and what to do where they do not.
 *
 * @csspart connection-check - The box around it.
 * @csspart check-button - Tests again.
 */
export class WcsConnectionCheck extends WcsElement {
  static override styles = [
    tokens,
    shared,
    css`
      :host {
        display: block;
        font-size: 0.875em;
        line-height: 1.4;
      }

      .verdict {
        display: flex;
        align-items: start;
        gap: 0.625em;
        margin: 0;
      }

      /* A page's own icon takes its colour from here, too. */
      .verdict slot {
        color: var(--_tone);
      }

      .verdict svg {
        flex: none;
      }

      .good {
        --_tone: var(--_accent);
      }

      .poor {
        --_tone: var(--_warning);
      }

      .blocked {
        --_tone: var(--_danger-text);
      }

      .running {
        color: var(--_text-muted);
      }

      summary {
        width: fit-content;
        min-height: 1.5rem;
        margin-top: 0.25em;
        border-radius: 0.25em;
        color: var(--_text-muted);
        cursor: pointer;
      }

      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0.25em 1em;
        margin: 0.5em 0 0.75em;
      }

      dt {
        color: var(--_text-muted);
      }

      dd {
        margin: 0;
      }

      button {
        min-height: 2.25rem;
      }

      @media (pointer: coarse) {
        summary {
          padding-block: 0.625rem;
        }

        button {
          min-height: 2.75rem;
        }
      }
    `,
  ];

  /** What there is to say. */
  @property({ attribute: false }) view: ConnectionCheckView = { found: undefined, again: () => undefined };

  override render(): TemplateResult {
    const { found } = this.view;
    const title = this.localize.term('checkTitle');
    return html`<section part="connection-check" aria-label=${title} aria-busy=${found ? nothing : 'true'}>
      <div role="status">${found ? this.#verdict(found) : this.#running()}</div>
      ${found ? this.#details(found) : nothing}
    </section>`;
  }

  #running(): TemplateResult {
    return html`<p class="verdict running">${icon('signal')}<span>${this.localize.term('checkRunning')}</span></p>`;
  }

  #verdict(found: ConnectionFound): TemplateResult {
    const grade = gradeOf(found);
    const words = found.error
      ? `${this.localize.term('checkFailed')} ${errorText(this.localize, found.error)}`
      : this.localize.term(({ good: 'checkGood', poor: 'checkPoor', blocked: 'checkBlocked' } as const)[grade]);
    const sign = icon(grade === 'good' ? 'check' : 'warning');
    return html`<p class=${`verdict ${grade}`}>${sign}<span>${words}</span></p>`;
  }

  #details({ roundTrip, udp, tcp, relay }: ConnectionFound): TemplateResult {
    const { localize } = this;
    const row = (name: 'checkUdp' | 'checkTcp' | 'checkRelay', state: WayState) =>
      html`<dt>${localize.term(name)}</dt>
        <dd>${localize.term(STATES[state])}</dd>`;
    return html`<details>
      <summary>${localize.term('checkDetails')}</summary>
      <dl>
        <dt>${localize.term('checkServer')}</dt>
        <dd>${roundTrip === undefined ? localize.term('checkNoAnswer') : localize.term('checkAnswers', roundTrip)}</dd>
        ${row('checkUdp', udp)} ${row('checkTcp', tcp)} ${row('checkRelay', relay)}
      </dl>
      <button type="button" part="check-button" @click=${() => this.view.again()}>
        ${localize.term('checkAgain')}
      </button>
    </details>`;
  }
}

function gradeOf({ error, udp, tcp, relay }: ConnectionFound): 'good' | 'poor' | 'blocked' {
  if (error) return 'blocked';
  if (udp === 'open') return 'good';
  return tcp === 'open' || relay === 'open' ? 'poor' : 'blocked';
}

addIcons(callIcons);
define('wcs-connection-check', WcsConnectionCheck);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-connection-check': WcsConnectionCheck;
  }
}
