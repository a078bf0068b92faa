import { css, html } from 'lit';
import type { TemplateResult } from 'lit';
import { define } from '../base/element/define.ts';
import { WcsElement } from '../base/element/element.ts';
import { IntentEvent } from '../base/element/intent.ts';
import { shared } from '../styles/shared.ts';
import { tokens } from '../styles/tokens.ts';
import { icon } from './icon.ts';

/**
 * @customElement wcs-waiting
 * @summary What is shown to somebody who waits before a room until a moderator lets them in.
 *
 * @csspart waiting - The words.
 * @csspart cancel-button - Gives up.
 */
export class WcsWaiting extends WcsElement {
  static override styles = [
    tokens,
    shared,
    css`
      :host {
        display: grid;
        place-content: safe center;
        justify-items: center;
        gap: 1.25em;
        height: 100%;
        padding: 1.5em;
        overflow: hidden auto;
        text-align: center;
      }

      .sign {
        display: grid;
        place-items: center;
        width: 4.5em;
        height: 4.5em;
        border-radius: 50%;
        background: var(--_surface);
        box-shadow: var(--_shadow);
        color: var(--_accent);
        animation: breathe 2.4s ease-in-out infinite;
      }

      .sign svg {
        width: 2em;
        height: 2em;
      }

      @keyframes breathe {
        50% {
          scale: 1.06;
        }
      }

      button {
        background: var(--_surface);
        box-shadow: 0 0 0 1px var(--_border);
      }

      h2 {
        margin: 0;
        font-size: 1.25em;
        font-weight: 650;
        line-height: 1.3;
      }

      p {
        max-width: 30em;
        margin: 0.5em 0 0;
        color: var(--_text-muted);
      }
    `,
  ];

  /** Puts the focus on the way out. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector('button')?.focus(options);
  }

  override render(): TemplateResult {
    return html`<div class="sign" aria-hidden="true">${icon('lock')}</div>
      <div part="waiting" role="status">
        <h2>${this.localize.term('waitTitle')}</h2>
        <p>${this.localize.term('waitHint')}</p>
      </div>
      <button type="button" part="cancel-button" @click=${() => this.dispatchEvent(new IntentEvent({ do: 'leave' }))}>
        ${this.localize.term('cancel')}
      </button>`;
  }
}

define('wcs-waiting', WcsWaiting);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-waiting': WcsWaiting;
  }
}
