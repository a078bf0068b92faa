import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import { define } from '../../base/element/define.ts';
import { WcsElement } from '../../base/element/element.ts';
import { IntentEvent } from '../../base/element/intent.ts';
import type { Intent } from '../../base/element/intent.ts';
import type { TileView } from '../../base/view.ts';
import { shared } from '../../styles/shared.ts';
import { tokens } from '../../styles/tokens.ts';
import { icon } from '../icon.ts';
import { isolate } from '../isolate.ts';
import type { Enlarged } from './enlarge.ts';
import { standBeside } from './beside.ts';
import { drawing } from './tile-icons.ts';
import { tileMenuStyles } from './tile-menu.styles.ts';

export interface TileMenuView {
  view: TileView;
  pinnable: boolean;
  pinned: boolean;
  fullScreen: Enlarged;
  pictureInPicture: Enlarged;
  /** Whether there is something to tell about the connection. */
  details: boolean;
}

/** The step of the volume; on an iPhone pages can only silence. */
const VOLUME_STEP = 5;

/**
 * @customElement wcs-tile-menu
 * @summary What one can do with a tile, for oneself: how loud it is, whether and how large it is seen.
 *
 * @csspart tile-menu - The box.
 * @csspart volume-slider - How loud it is.
 */
export class WcsTileMenu extends WcsElement {
  static override styles = [tokens, shared, tileMenuStyles];

  @state() private view: TileMenuView | undefined;
  @query('.menu') private readonly box!: HTMLElement;
  #anchor: HTMLElement | undefined;
  /** The button, when it is pressed while the menu is open. */
  #pressed: HTMLElement | undefined;
  #hadFocus = false;
  /** While it is open: what would leave it standing apart from its tile closes it. */
  #open: AbortController | undefined;

  /** Opens beside the button that asks for it; the focus goes in, and back when it closes. */
  show(anchor: HTMLElement, view: TileMenuView): void {
    const isAnswer = this.#pressed === anchor;
    this.#pressed = undefined;
    // The press on the button that it belongs to has closed it.
    if (isAnswer) return;
    this.#anchor = anchor;
    this.view = view;
    void this.updateComplete.then(() => {
      if (!this.#isOpen) this.box.showPopover();
      standBeside(this.box, anchor);
      this.#buttons[0]?.focus();
    });
  }

  /** Closes it. */
  hide(): void {
    if (this.#isOpen) this.box.hidePopover();
  }

  /** The tiles have changed: shows what is new of this one, or closes when it is gone. */
  refresh(tiles: readonly TileView[], pinned: string | undefined): void {
    const { view } = this;
    if (!view || !this.#isOpen) return;
    const now = tiles.find(({ id }) => id === view.view.id);
    if (now) this.view = { ...view, view: now, pinned: now.id === pinned };
    else this.hide();
  }

  override render(): TemplateResult {
    const { view } = this;
    const name = view ? this.localize.term('tileOptions', isolate(view.view.name)) : nothing;
    return html`<div
      class="menu"
      part="tile-menu"
      role="dialog"
      aria-label=${name}
      popover
      @beforetoggle=${() => (this.#hadFocus = this.shadowRoot?.activeElement != null)}
      @toggle=${this.#toggled}
      @keydown=${this.#key}
    >
      ${view ? this.#items(view) : nothing}
    </div>`;
  }

  #items({ view, pinnable, pinned, fullScreen, pictureInPicture, details }: TileMenuView): TemplateResult {
    const tile = view.id;
    const { localize } = this;
    return html`${view.volume === undefined ? nothing : this.#volume(tile, view.volume)}
    ${pinnable ? this.#item({ do: 'pin', tile }, icon('pin'), localize.term(pinned ? 'unpin' : 'pin', isolate(view.name))) : nothing}
    ${
      !view.own && (view.video || view.stopped)
        ? this.#item(
            { do: 'watch', tile, on: view.stopped === true },
            drawing(view.stopped ? 'picture' : 'picture-off'),
            localize.term(view.stopped ? 'pictureShow' : 'pictureStop'),
          )
        : nothing
    }
    ${
      fullScreen === 'impossible'
        ? nothing
        : this.#item(
            { do: 'full-screen', tile },
            icon('full-screen'),
            localize.term(fullScreen === 'on' ? 'fullScreenEnd' : 'fullScreen'),
          )
    }
    ${
      pictureInPicture === 'impossible'
        ? nothing
        : this.#item(
            { do: 'picture-in-picture', tile },
            icon('picture-in-picture'),
            localize.term(pictureInPicture === 'on' ? 'pictureInPictureEnd' : 'pictureInPicture'),
          )
    }
    ${details ? this.#item({ do: 'details', tile }, drawing('details'), localize.term('connectionDetails')) : nothing}`;
  }

  #item(intent: Intent, sign: TemplateResult, text: string): TemplateResult {
    const act = () => {
      this.hide();
      this.dispatchEvent(new IntentEvent({ ...intent }));
    };
    return html`<button type="button" class="quiet" @click=${act}>${sign}<span>${text}</span></button>`;
  }

  #volume(tile: string, volume: number): TemplateResult {
    const label = this.localize.term('volume');
    const set = ({ currentTarget }: Event) =>
      this.dispatchEvent(
        new IntentEvent({ do: 'volume', tile, volume: (currentTarget as HTMLInputElement).valueAsNumber }),
      );
    return html`<label class="volume" title=${label}>
      ${icon('sound')}<span class="visually-hidden">${label}</span>
      <input
        type="range"
        part="volume-slider"
        min="0"
        max="100"
        step=${canSetVolume() ? VOLUME_STEP : 100}
        .value=${String(volume)}
        aria-valuetext=${this.localize.number(volume / 100, { style: 'percent' })}
        @input=${set}
      />
      <output aria-hidden="true">${this.localize.number(volume / 100, { style: 'percent' })}</output>
    </label>`;
  }

  get #hasFocusElsewhere(): boolean {
    const root = this.getRootNode() as Document | ShadowRoot;
    return root.activeElement !== null && root.activeElement !== this && root.activeElement !== document.body;
  }

  get #isOpen(): boolean {
    return this.hasUpdated && this.box.matches(':popover-open');
  }

  get #buttons(): HTMLElement[] {
    return [...this.box.querySelectorAll<HTMLElement>('button, input')];
  }

  readonly #toggled = ({ newState }: ToggleEvent): void => {
    if (newState === 'open') {
      this.#open = new AbortController();
      const options = { signal: this.#open.signal, capture: true, passive: true };
      for (const change of ['scroll', 'resize']) window.addEventListener(change, () => this.hide(), options);
      const press = (event: Event) =>
        (this.#pressed = this.#anchor && event.composedPath().includes(this.#anchor) ? this.#anchor : undefined);
      window.addEventListener('pointerdown', press, options);
      return;
    }
    this.#open?.abort();
    this.#open = undefined;
    // Where a click elsewhere has closed it, the focus may be there already.
    if (this.#hadFocus && !this.#hasFocusElsewhere) this.#anchor?.focus();
  };

  /** Keys in here are for this menu only; the arrows go from one line to the next, but in the slider they set it. */
  readonly #key = (event: KeyboardEvent): void => {
    event.stopPropagation();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const buttons = this.#buttons;
    const at = buttons.findIndex((button) => button === this.shadowRoot?.activeElement);
    if (step === undefined || buttons[at] instanceof HTMLInputElement) return;
    event.preventDefault();
    buttons.at((at + step) % buttons.length)?.focus();
  };
}

/** Whether pages can set how loud a video is: on an iPhone only the buttons at its side do. */
function canSetVolume(): boolean {
  const probe = document.createElement('video');
  probe.volume = 0.5;
  return probe.volume === 0.5;
}

define('wcs-tile-menu', WcsTileMenu);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-tile-menu': WcsTileMenu;
  }
}
