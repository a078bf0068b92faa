import { css, html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { define } from '../../base/element/define.ts';
import { WcsElement } from '../../base/element/element.ts';
import { askFor } from '../../base/element/intent.ts';
import type { Intent } from '../../base/element/intent.ts';
import { shared } from '../../styles/shared.ts';
import { tokens } from '../../styles/tokens.ts';
import { icon } from '../icon.ts';
import type { IconName } from '../icon.ts';
import { boundsOf, placeMenu } from './place-menu.ts';

export interface MenuItem {
  label: string;
  icon?: IconName | undefined;
  /** A sign instead of an icon, and of the words: such items stand beside each other. */
  sign?: TemplateResult;
  /** What to ask for, or to do. */
  act: Intent | (() => void);
  /** Whether what it switches is on. */
  checked?: boolean | undefined;
  /** What cannot be taken back. */
  grave?: boolean;
  /** What stands at its end: a number of what is new. */
  count?: string | undefined;
}

/**
 * @customElement wcs-menu
 * @summary A menu that opens beside its button: arrow keys, Home, End and Escape work, and the focus goes back to the button.
 *
 * @fires {Event} wcs-menu-toggle - It has opened or closed.
 * @csspart menu - The menu.
 * @csspart menu-item - One thing in it.
 */
export class WcsMenu extends WcsElement {
  static override styles = [
    tokens,
    shared,
    css`
      :host {
        position: absolute;
        z-index: 5;
        left: var(--_x, 0);
        top: var(--_y, 0);
        width: max-content;
        max-width: min(20em, 100cqi);
      }

      .menu {
        display: flex;
        flex-direction: column;
        max-height: var(--_h, none);
        padding: 0.375em;
        overflow: hidden auto;
        scrollbar-width: thin;
        border-radius: min(var(--_radius), 1em);
        background: var(--_surface);
        color: var(--_text);
        box-shadow: var(--_shadow);
        font-size: 0.9375em;
      }

      .item {
        justify-content: start;
        gap: 0.75em;
        width: 100%;
        padding-inline: 0.75em;
        border-radius: 0.625em;
        background: transparent;
        text-align: start;
        white-space: normal;
      }

      .item:hover:not(:disabled),
      .item:focus-visible {
        background: var(--_surface-2);
      }

      .item:focus-visible {
        outline-offset: -2px;
        box-shadow: none;
      }

      .item svg {
        width: 1.25em;
        height: 1.25em;
      }

      .words {
        flex: 1;
      }

      .grave {
        color: var(--_danger-text);
      }

      .count {
        min-width: 1.6em;
        padding-inline: 0.4em;
        border-radius: 99em;
        background: var(--_surface-2);
        font-size: 0.875em;
        text-align: center;
      }

      .signs {
        display: flex;
        flex-wrap: wrap;
      }

      .sign {
        flex: 1;
        justify-content: center;
        min-width: 2.75em;
        width: auto;
        padding: 0 0.5em;
      }

      .sign svg {
        width: 1.75em;
        height: 1.75em;
      }

      .line {
        height: 1px;
        margin: 0.375em 0.5em;
        background: var(--_border);
      }
    `,
  ];

  /** What can be chosen. */
  @property({ attribute: false }) items: readonly MenuItem[] = [];
  /** What it is called. */
  @property() label = '';

  @state() private anchor: HTMLElement | undefined;
  @query('.menu') private readonly menu!: HTMLElement | null;

  /** Whether it is open. */
  get isOpen(): boolean {
    return this.anchor !== undefined;
  }

  /** Opens beside `anchor`, or closes where it was opened by it. */
  toggle(anchor: HTMLElement): void {
    if (this.anchor === anchor) this.close();
    else void this.#open(anchor);
  }

  /** Closes; the focus goes back to the button if it was in here. */
  close(): void {
    const { anchor } = this;
    if (!anchor) return;
    const hadFocus = this.shadowRoot?.activeElement !== null;
    this.#setAnchor(undefined);
    if (hadFocus) anchor.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.anchor) this.#setAnchor(undefined);
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.anchor) return nothing;
    const signs = this.items.filter(({ sign }) => sign !== undefined);
    const others = this.items.filter(({ sign }) => sign === undefined);
    return html`<div
      class="menu"
      part="menu"
      role="menu"
      aria-label=${this.label}
      aria-orientation=${others.length === 0 ? 'horizontal' : 'vertical'}
      @keydown=${this.#key}
    >
      ${
        signs.length > 0
          ? html`<div class="signs" role="group" aria-label=${this.localize.term('reactions')}>
              ${signs.map((item) => this.#item(item))}
            </div>`
          : nothing
      }
      ${signs.length > 0 && others.length > 0 ? html`<div class="line" role="separator"></div>` : nothing}
      ${others.map((item) => this.#item(item))}
    </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.anchor) this.#place(this.anchor);
  }

  #item(item: MenuItem): TemplateResult {
    const { label, sign, checked, grave, count } = item;
    return html`<button
      type="button"
      class=${`item ${sign ? 'sign' : ''} ${grave ? 'grave' : ''}`}
      part="menu-item"
      role=${checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
      tabindex="-1"
      aria-label=${sign ? label : nothing}
      aria-checked=${checked ?? nothing}
      title=${sign ? label : nothing}
      @click=${() => this.#choose(item)}
    >
      ${sign ? sign : html`${item.icon ? icon(item.icon) : nothing}<span class="words">${label}</span>`}
      ${count ? html`<span class="count">${count}</span>` : nothing} ${checked ? icon('check') : nothing}
    </button>`;
  }

  #choose({ act }: MenuItem): void {
    this.close();
    if (typeof act === 'function') act();
    else askFor(this, act);
  }

  async #open(anchor: HTMLElement): Promise<void> {
    this.#setAnchor(anchor);
    await this.updateComplete;
    this.#entries[0]?.focus();
  }

  #setAnchor(anchor: HTMLElement | undefined): void {
    this.anchor = anchor;
    // Not by the focus: some browsers give it to no button that is clicked.
    const change = anchor ? 'addEventListener' : 'removeEventListener';
    document[change]('pointerdown', this.#pressedElsewhere);
    this.dispatchEvent(new Event('wcs-menu-toggle'));
  }

  readonly #pressedElsewhere = (event: Event): void => {
    const path = event.composedPath();
    const { anchor } = this;
    if (!anchor || path.includes(this) || path.includes(anchor)) return;
    this.#setAnchor(undefined);
  };

  /** Keys in here are for the menu only. */
  #key(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === 'Tab') return this.close();
    if (event.key === 'Escape') {
      event.preventDefault();
      return this.close();
    }
    const entries = this.#entries;
    const at = entries.indexOf(event.target as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: -1 }[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    entries.at(to % entries.length)?.focus();
  }

  get #entries(): HTMLElement[] {
    return [...(this.menu?.querySelectorAll<HTMLElement>('.item') ?? [])];
  }

  /** Whatever it is placed in relation to, its own place without an offset says so. */
  #place(anchor: HTMLElement): void {
    for (const name of ['--_x', '--_y', '--_h']) this.style.removeProperty(name);
    const { left, top, width, height } = this.getBoundingClientRect();
    const { x, y, maxHeight } = placeMenu(
      { width, height },
      { anchor: anchor.getBoundingClientRect(), bounds: boundsOf(this), align: this.#align },
    );
    this.style.setProperty('--_x', `${x - left}px`);
    this.style.setProperty('--_y', `${y - top}px`);
    this.style.setProperty('--_h', `${maxHeight}px`);
  }

  get #align(): 'left' | 'right' {
    return getComputedStyle(this).direction === 'rtl' ? 'left' : 'right';
  }
}

define('wcs-menu', WcsMenu);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-menu': WcsMenu;
  }
}
