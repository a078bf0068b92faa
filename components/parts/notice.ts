import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { define } from '../base/element/define.ts';
import { WcsElement } from '../base/element/element.ts';
import { askFor } from '../base/element/intent.ts';
import type { Intent } from '../base/element/intent.ts';
import { shared } from '../styles/shared.ts';
import { tokens } from '../styles/tokens.ts';
import { icon } from './icon.ts';
import type { IconName } from './icon.ts';

/**
 * @customElement wcs-notice
 * @summary One thing that somebody should know, with the button that helps and one that sends it away.
 *
 * @slot - The text.
 */
export class WcsNotice extends WcsElement {
  static override styles = [
    tokens,
    shared,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: end;
        gap: 0.25em 0.75em;
        padding-block: 0.5em;
        padding-inline: 0.875em 0.5em;
        border-radius: var(--_radius);
        background: var(--_surface);
        color: var(--_text);
        box-shadow: var(--_shadow);
        font-size: 0.9375em;
        line-height: 1.35;
      }

      svg {
        color: var(--_tone);
      }

      button svg {
        color: inherit;
      }

      .text {
        flex: 1;
        min-width: min(9em, 100%);
        padding-block: 0.25em;
        overflow-wrap: anywhere;
      }

      .round {
        width: 2.25em;
        height: 2.25em;
      }

      /* The button below, so that there is room for the words. */
      @container (max-width: 34rem) {
        :host {
          flex-wrap: wrap;
        }

        .text {
          flex: 1 1 calc(100% - 7em);
        }

        .primary {
          order: 1;
          margin-inline-start: auto;
        }
      }

      :host {
        --_tone: var(--_accent);
      }

      :host([tone='error']) {
        --_tone: var(--_danger-text);
      }

      :host([tone='warning']) {
        --_tone: var(--_warning);
      }
    `,
  ];

  /** How grave it is. */
  @property({ reflect: true }) tone: 'info' | 'warning' | 'error' = 'info';
  /** Which icon stands beside the text. */
  @property() icon: IconName = 'warning';
  /** The button that helps. */
  @property({ attribute: false }) action: { label: string; intent: Intent } | undefined;
  /** Another button, beside the one that helps. */
  @property({ attribute: false }) alternative: { label: string; intent: Intent } | undefined;
  /** Whether it can be sent away. */
  @property({ attribute: false }) dismiss: (() => void) | undefined;

  override render(): TemplateResult {
    const { action, alternative } = this;
    const act = ({ intent }: { intent: Intent }) => askFor(this, intent);
    return html`${icon(this.icon)}
      <div class="text"><slot></slot></div>
      ${
        alternative
          ? html`<button type="button" @click=${() => act(alternative)}>${alternative.label}</button>`
          : nothing
      }
      ${
        action
          ? html`<button type="button" class="primary" @click=${() => act(action)}>${action.label}</button>`
          : nothing
      }
      ${
        this.dismiss
          ? html`<button
              type="button"
              class="round quiet"
              aria-label=${this.localize.term('dismiss')}
              title=${this.localize.term('dismiss')}
              @click=${this.dismiss}
            >
              ${icon('close')}
            </button>`
          : nothing
      }`;
  }
}

define('wcs-notice', WcsNotice);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-notice': WcsNotice;
  }
}
