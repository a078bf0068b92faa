import { html, nothing } from 'lit';
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
import { menuStyles } from './menu.styles.ts';
import { boundsOf, placeMenu } from './place-menu.ts';
import { isLetter, TypeAhead } from './type-ahead.ts';

/** Chrome from 114, Firefox from 125, Safari from 17; elsewhere it stays inside whatever would cut it off. */
const CAN_POP_UP = typeof HTMLElement !== 'undefined' && 'popover' in HTMLElement.prototype;

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
 * @summary A menu that opens beside its button: arrow keys, letters, Home, End and Escape work, and the focus goes back to the button.
 *
 * @fires {Event} wcs-menu-toggle - It has opened or closed.
 * @csspart menu - The menu.
 * @csspart menu-item - One thing in it.
 */
export class WcsMenu extends WcsElement {
  static override styles = [tokens, shared, menuStyles];

  /** What can be chosen. */
  @property({ attribute: false }) items: readonly MenuItem[] = [];
  /** What it is called. */
  @property() label = '';

  @state() private anchor: HTMLElement | undefined;
  @query('.menu') private readonly menu!: HTMLElement | null;
  readonly #typing = new TypeAhead();
  /** While it is open. */
  #open: AbortController | undefined;

  /** Whether it is open. */
  get isOpen(): boolean {
    return this.anchor !== undefined;
  }

  /** Opens beside `anchor`, or closes where it was opened by it. */
  toggle(anchor: HTMLElement): void {
    if (this.anchor === anchor) this.close();
    else void this.#openBeside(anchor);
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
      popover=${CAN_POP_UP ? 'manual' : nothing}
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
    if (!this.anchor) return;
    if (CAN_POP_UP && !this.menu?.matches(':popover-open')) this.menu?.showPopover();
    this.#place(this.anchor);
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

  async #openBeside(anchor: HTMLElement): Promise<void> {
    this.#setAnchor(anchor);
    await this.updateComplete;
    this.#entries[0]?.focus();
  }

  #setAnchor(anchor: HTMLElement | undefined): void {
    this.anchor = anchor;
    this.#open?.abort();
    this.#open = anchor && new AbortController();
    const options = { signal: this.#open?.signal, passive: true };
    // Not by the focus: some browsers give it to no button that is clicked.
    if (anchor) {
      document.addEventListener('pointerdown', (event) => this.#lookElsewhere(event, [this, anchor]), options);
      document.addEventListener('wheel', (event) => this.#lookElsewhere(event, [this]), options);
      for (const change of ['resize', 'scroll']) window.addEventListener(change, () => this.#place(anchor), options);
    }
    this.dispatchEvent(new Event('wcs-menu-toggle'));
  }

  /** Whatever is done beside it closes it. */
  #lookElsewhere(event: Event, within: Element[]): void {
    const path = event.composedPath();
    if (!within.some((element) => path.includes(element))) this.#setAnchor(undefined);
  }

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
    if (isLetter(event)) {
      const meant = this.#typing.find(event.key, this.#labels, { from: at, now: event.timeStamp });
      if (meant !== undefined) entries[meant]?.focus();
      return;
    }
    const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: -1 }[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    entries.at(to % entries.length)?.focus();
  }

  /** The signs stand first. */
  get #labels(): string[] {
    const order = (item: MenuItem) => (item.sign ? 0 : 1);
    return [...this.items].sort((a, b) => order(a) - order(b)).map(({ label }) => label);
  }

  get #entries(): HTMLElement[] {
    return [...(this.menu?.querySelectorAll<HTMLElement>('.item') ?? [])];
  }

  /** Whatever it is placed in relation to, its own place without an offset says so. */
  #place(anchor: HTMLElement): void {
    for (const name of ['--_x', '--_y', '--_h']) this.style.removeProperty(name);
    const { left, top, width, height } = ((CAN_POP_UP && this.menu) || this).getBoundingClientRect();
    const { x, y, maxHeight } = placeMenu(
      { width, height },
      {
        anchor: anchor.getBoundingClientRect(),
        bounds: CAN_POP_UP ? { left: 0, top: 0, right: innerWidth, bottom: innerHeight } : boundsOf(this),
        align: this.#align,
      },
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
