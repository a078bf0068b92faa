import { css, html } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { define } from '../base/element/define.ts';
import { WcsElement } from '../base/element/element.ts';
import { shared } from '../styles/shared.ts';
import { tokens } from '../styles/tokens.ts';
import { icon } from './icon.ts';

/** Milliseconds for which the button says that it has copied. */
const COPIED_FOR = 2500;

/**
 * @customElement wcs-invite
 * @summary The link that brings others into the room, with a button that copies it.
 *
 * @csspart invite-link - The link.
 * @csspart copy-button - Copies the link.
 */
export class WcsInvite extends WcsElement {
  static override styles = [
    tokens,
    shared,
    css`
      :host {
        display: block;
      }

      .row {
        display: flex;
        align-items: center;
        gap: 0.5em;
        padding-block: 0.25em;
        padding-inline: 0.875em 0.25em;
        border-radius: 99em;
        background: var(--_surface-2);
      }

      a {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        color: var(--_text);
        font-size: 0.875em;
        line-height: 2;
        text-decoration: none;
        direction: ltr;
      }

      a:hover {
        text-decoration: underline;
      }

      button {
        min-height: 2.5em;
        font-size: 0.875em;
      }

      button svg {
        width: 1.2em;
        height: 1.2em;
      }

      p {
        margin: 0.5em 0 0;
        color: var(--_text-muted);
        font-size: 0.8125em;
      }
    `,
  ];

  /** What to share. */
  @property() url = '';

  @state() private result: 'none' | 'copied' | 'by-hand' = 'none';
  @query('a') private readonly link!: HTMLAnchorElement | null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override render(): TemplateResult {
    const copied = this.result === 'copied';
    return html`<div class="row">
        <a
          part="invite-link"
          href=${this.url}
          target="_blank"
          rel="noopener"
          aria-label=${`${this.localize.term('inviteLink')}: ${this.url}`}
          >${this.url}</a
        >
        <button type="button" part="copy-button" class="primary" @click=${this.#copy}>
          ${icon(copied ? 'check' : 'copy')}<span>${this.localize.term(copied ? 'copied' : 'copy')}</span>
        </button>
      </div>
      <div role="status">
        ${this.result === 'by-hand' ? html`<p>${this.localize.term('copyByHand')}</p>` : ''}
        ${copied ? html`<span class="visually-hidden">${this.localize.term('copied')}</span>` : ''}
      </div>`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('url')) this.result = 'none';
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.url);
      this.#show('copied');
    } catch {
      // No permission, or not a secure page: mark the link, so that the keyboard can copy it.
      if (this.link) getSelection()?.selectAllChildren(this.link);
      this.#show('by-hand');
    }
  }

  #show(result: 'copied' | 'by-hand'): void {
    this.result = result;
    clearTimeout(this.#timer);
    if (result === 'copied') this.#timer = setTimeout(() => (this.result = 'none'), COPIED_FOR);
  }
}

define('wcs-invite', WcsInvite);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-invite': WcsInvite;
  }
}
