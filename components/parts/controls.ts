import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import type { Reaction } from '../../protocol/model.ts';
import { define } from '../base/element/define.ts';
import { WcsElement } from '../base/element/element.ts';
import { askFor } from '../base/element/intent.ts';
import type { IntentEvent } from '../base/element/intent.ts';
import { SHORTCUTS } from '../base/element/shortcuts.ts';
import { shared } from '../styles/shared.ts';
import { tokens } from '../styles/tokens.ts';
import { BarFit } from './bar-fit.ts';
import { controlsOf, leaveControl } from './control-buttons.ts';
import type { Control, ControlsView } from './control-buttons.ts';
import { controlsStyles } from './controls.styles.ts';
import { forwardIcons, icon } from './icon.ts';
import type { MenuItem, WcsMenu } from './menu/menu.ts';
import { REACTIONS, reactionSign } from './reactions.ts';

const MENU_ICONS = ['publish', 'stop', 'share', 'unshare', 'hand', 'people', 'chat', 'check'] as const;

/**
 * @customElement wcs-controls
 * @summary The bar of buttons: microphone, camera, publish, share, hand, reactions, people, chat, leave. What finds no room goes
 *   into a menu.
 *
 * @slot controls-start - Before the buttons.
 * @slot controls-end - Between the buttons and the leave button.
 * @csspart controls - The bar.
 * @csspart microphone-button - Switches the microphone.
 * @csspart camera-button - Switches the camera.
 * @csspart publish-button - Publishes camera and microphone, or stops.
 * @csspart share-button - Shares a screen, or stops.
 * @csspart hand-button - Raises one's hand, or lowers it.
 * @csspart reactions-button - Opens the reactions.
 * @csspart people-button - Opens and closes the list of people.
 * @csspart chat-button - Opens and closes the chat.
 * @csspart more-button - Opens the menu of the buttons that find no room.
 * @csspart leave-button - Leaves the room.
 * @csspart menu - The menu of those buttons, or of reactions.
 * @csspart menu-item - One thing in it.
 */
export class WcsControls extends WcsElement {
  static override styles = [tokens, shared, controlsStyles];

  /** Whether keys do the same, so that the buttons tell which. */
  @property({ type: Boolean }) shortcuts = false;
  /** Which buttons there are, and the state of each. */
  @property({ attribute: false }) view: ControlsView = { microphone: 'off', camera: 'off', publishing: 'off' };

  @query('.reactions') private readonly reactionsMenu!: WcsMenu | null;
  @query('.more') private readonly moreMenu!: WcsMenu | null;
  readonly #fit = new BarFit(this);
  /** Part of the button that had the focus. */
  #focused: string | undefined;

  /** Puts the focus on a button by its part, or on the menu that holds it. */
  focusOn(part: string): void {
    const button = (name: string) => this.renderRoot.querySelector<HTMLElement>(`[part=${name}]`);
    (button(part) ?? button('more-button'))?.focus();
  }

  override render(): TemplateResult {
    const { view, localize } = this;
    const { inBar, inMenu } = this.#divided;
    return html`<div
        class="bar"
        part="controls"
        role="group"
        aria-label=${localize.term('controls')}
        @slotchange=${() => this.#fit.measure()}
      >
        <slot name="controls-start"></slot>
        ${inBar.map((control) => this.#button(control))} ${inMenu.length > 0 ? this.#moreButton(inMenu) : nothing}
        <slot name="controls-end"></slot>
        ${view.leave === false ? nothing : this.#button(leaveControl(localize))}
      </div>
      ${inBar.some(({ act }) => act === 'reactions') ? this.#menu('reactions', this.#reactions) : nothing}
      ${inMenu.length > 0 ? this.#menu('more', this.#entries(inMenu)) : nothing}`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    this.#focused = this.shadowRoot?.activeElement?.getAttribute('part') ?? undefined;
  }

  /** A button that goes into the menu gives the focus on. */
  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.#focused && !this.shadowRoot?.activeElement) this.focusOn(this.#focused);
  }

  /** Which buttons find room; the most important ones stay. */
  get #divided(): { inBar: Control[]; inMenu: Control[] } {
    const all = controlsOf(this.localize, this.view);
    const room = this.#fit.fitting;
    if (all.length <= room) return { inBar: all, inMenu: [] };
    const byRank = [...all].sort((a, b) => a.rank - b.rank);
    const kept = new Set(byRank.slice(0, Math.max(0, room - 1)));
    return { inBar: all.filter((one) => kept.has(one)), inMenu: all.filter((one) => !kept.has(one)) };
  }

  #button(control: Control): TemplateResult {
    const { act, label, busy, held, badge } = control;
    const key = this.shortcuts && control.shortcut ? SHORTCUTS[control.shortcut] : undefined;
    const isMenu = act === 'reactions';
    return html`<button
      type="button"
      class=${`round ${label ? 'named' : ''} ${held ? 'held' : ''} ${control.className ?? ''}`}
      part=${control.part}
      title=${key ? `${control.hint} (${key})` : control.hint}
      aria-label=${label ?? control.name}
      aria-keyshortcuts=${key ?? nothing}
      aria-pressed=${label ? nothing : (control.pressed ?? nothing)}
      aria-busy=${busy || nothing}
      aria-disabled=${busy || held || nothing}
      aria-haspopup=${isMenu ? 'menu' : nothing}
      aria-expanded=${isMenu ? this.reactionsMenu?.isOpen === true : nothing}
      @click=${({ currentTarget }: Event) => busy || this.#act(act, currentTarget as HTMLElement)}
    >
      ${icon(control.icon)}${label ? html`<span class="label">${label}</span>` : nothing}
      ${badge ? html`<span class=${`badge ${badge.tone}`} aria-hidden="true">${badge.text}</span>` : nothing}
    </button>`;
  }

  #moreButton(inMenu: readonly Control[]): TemplateResult {
    const name = this.localize.term('more');
    const hasNews = inMenu.some(({ badge }) => badge?.tone === 'loud');
    return html`<button
      type="button"
      class="round"
      part="more-button"
      title=${name}
      aria-label=${name}
      aria-haspopup="menu"
      aria-expanded=${this.moreMenu?.isOpen === true}
      @click=${({ currentTarget }: Event) => void this.#toggle(this.moreMenu, currentTarget as HTMLElement)}
    >
      ${icon('more')}${hasNews ? html`<span class="badge dot" aria-hidden="true"></span>` : nothing}
    </button>`;
  }

  #menu(name: 'reactions' | 'more', items: MenuItem[]): TemplateResult {
    return html`<wcs-menu
      class=${name}
      exportparts="menu, menu-item"
      .lang=${this.lang}
      .label=${this.localize.term(name)}
      .items=${items}
      @wcs-intent=${({ intent }: IntentEvent) => askFor(this, intent)}
      @wcs-menu-toggle=${() => this.requestUpdate()}
      >${forwardIcons(MENU_ICONS)}</wcs-menu
    >`;
  }

  #entries(controls: readonly Control[]): MenuItem[] {
    return controls.flatMap(({ act, hint, icon, pressed, badge }) => {
      if (act === 'reactions') return this.#reactions;
      const count = badge?.tone === 'loud' ? badge.text : undefined;
      return [{ label: hint, icon, act, count, checked: 'open' in act ? pressed : undefined }];
    });
  }

  get #reactions(): MenuItem[] {
    return (Object.keys(REACTIONS) as Reaction[]).map((reaction) => ({
      label: this.localize.term(REACTIONS[reaction].name),
      sign: reactionSign(reaction),
      act: { do: 'react', reaction },
    }));
  }

  #act(act: Control['act'], button: HTMLElement): void {
    if (act === 'reactions') void this.#toggle(this.reactionsMenu, button);
    else askFor(this, act);
  }

  /** Its code is loaded for the first one who opens it; where that fails nothing opens. */
  async #toggle(menu: WcsMenu | null, button: HTMLElement): Promise<void> {
    await import('./menu/menu.ts').catch(() => undefined);
    menu?.toggle?.(button);
  }
}

define('wcs-controls', WcsControls);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-controls': WcsControls;
  }
}
