import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property, query, queryAll, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { define } from '../../base/element/define.ts';
import { WcsElement } from '../../base/element/element.ts';
import { IntentEvent } from '../../base/element/intent.ts';
import { PageFunctions } from '../../base/tile-layout.ts';
import type { TileLayout, TileOrder } from '../../base/tile-layout.ts';
import type { ConnectionDetails, TileView } from '../../base/view.ts';
import { shared } from '../../styles/shared.ts';
import { tokens } from '../../styles/tokens.ts';
import { arrange, arrangeByPage, floatingTile, keepsPlace, mainTiles } from './arrange.ts';
import type { Arranged, Arrangement, Scene } from './arrange.ts';
import type { WcsConnection } from './connection.ts';
import { FloatingTile } from './floating-tile.ts';
import { pager } from './pager.ts';
import type { Box } from './stage-layout.ts';
import type { Layout } from './stage-order.ts';
import { stageStyles } from './stage.styles.ts';
import './tile.ts';
import type { WcsTile } from './tile.ts';
import type { WcsTileMenu } from './tile-menu.ts';

const CORNER_TERMS = {
  'top-left': 'cornerTopLeft',
  'top-right': 'cornerTopRight',
  'bottom-left': 'cornerBottomLeft',
  'bottom-right': 'cornerBottomRight',
} as const;

/** Menus need them (HTML §6.12); a browser without goes without. */
const HAS_POPOVERS = typeof HTMLElement !== 'undefined' && 'popover' in HTMLElement.prototype;

/**
 * @customElement wcs-stage
 * @summary Everybody in the room, as large as the box allows; shared screens largest.
 *
 * @slot - What stands in the place of a screen while there is none (`presentation` only).
 *
 * @csspart tile - Somebody's tile, one's own included.
 * @csspart local-tile - One's own tile.
 * @csspart speaking - The tile of the one who speaks.
 * @csspart screen - A tile that shows a shared screen.
 * @csspart tile-video - The `<video>` in a tile.
 * @csspart tile-name - The name in a tile.
 * @csspart tile-note - Words in a tile about a picture that is missing.
 * @csspart tile-overlay - What the page lays over a picture.
 * @csspart pin-button - Makes a tile large for oneself, or lets it go.
 * @csspart tile-button - Opens what can be done with a tile.
 * @csspart tile-menu - What can be done with a tile.
 * @csspart volume-slider - How loud a tile is, in its menu.
 * @csspart connection - How somebody's connection is.
 * @csspart move-button - Lies over one's own small tile and moves it (`spotlight` only).
 * @csspart pager - Turns the pages when not everybody fits.
 */
export class WcsStage extends WcsElement {
  static override styles = [tokens, shared, stageStyles];

  /** In the order they are shown; screens come first by themselves. */
  @property({ attribute: false }) tiles: readonly TileView[] = [];

  /** What the page lays over every picture. */
  @property({ attribute: false }) overlay: readonly Element[] = [];

  /** How the tiles are laid out. */
  @property({ attribute: false }) arrangement: Arrangement = 'grid';
  /** Whether somebody else plays the sound of what is shown. */
  @property({ type: Boolean }) silent = false;
  /** Who is large. */
  @property({ attribute: false }) layout: Layout = 'auto';
  /** In which order the page wants the tiles. */
  @property({ attribute: false }) order: TileOrder | undefined;
  /** Where the page wants the tiles, instead of arrangement and layout. */
  @property({ attribute: false }) place: TileLayout | undefined;
  /** Tells how the connection of a tile is just now. Without it nobody can ask. */
  @property({ attribute: false }) measure: ((tile: string) => Promise<ConnectionDetails | undefined>) | undefined;

  @state() private page = 0;
  @state() private pages = 1;
  @state() private pinned: string | undefined;
  /** Tile whose connection is shown. */
  @state() private inspected: string | undefined;
  /** Whether the tiles stand where the page wants them. */
  @state() private isPlaced = false;
  /** Tile of who spoke last, oneself aside. */
  #speaker: string | undefined;

  @query('.frame') private readonly frame!: HTMLElement | null;
  @query('.pager') private readonly pager!: HTMLElement | null;
  @query('.empty-screen') private readonly emptyScreen!: HTMLElement | null;
  @query('.move') private readonly moveButton!: HTMLElement | null;
  @query('wcs-tile-menu') private readonly menu!: WcsTileMenu;
  @query('wcs-connection') private readonly connection!: WcsConnection | null;
  @queryAll('wcs-tile') private readonly tileElements!: NodeListOf<WcsTile>;
  #floatingBox: Box | undefined;
  readonly #floating = new FloatingTile(this);
  readonly #pageFunctions = new PageFunctions();
  #ordered: readonly TileView[] = [];
  readonly #resize = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(() => this.#place());

  /** Starts the sound of every tile, in answer to a click. */
  allowSound(): void {
    for (const tile of this.tileElements) tile.allowSound();
  }

  /** Shows the main picture in a window of its own, or no longer; in answer to a click. */
  popOut(): void {
    const main = mainTiles(this.#scene, this.#size);
    const candidates = [...main, ...this.tiles.filter(({ own, speaking }) => speaking && !own), ...this.tiles];
    const view = candidates.find(({ own, video }) => video && !own);
    const already = [...this.tileElements].find((tile) => tile.inWindow);
    void (already ?? (view && this.#element(view.id)))?.togglePictureInPicture();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resize?.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize?.disconnect();
  }

  override render(): TemplateResult {
    const floats = this.#floats;
    const dragged = this.#floating.offset ? 'dragged' : '';
    return html`<div class="frame" @wcs-intent=${this.#relay}>
      <div class="canvas" role="list" aria-label=${this.localize.term('stage')}>
        ${repeat(
          this.tiles,
          (tile) => tile.id,
          (tile) => this.#tile(tile, floats, dragged),
        )}
      </div>
      <div class="empty-screen" ?hidden=${!this.#keepsPlace}><slot></slot></div>
      ${floats ? this.#moveButton(dragged) : nothing} ${this.pages > 1 ? this.#pageTurner() : nothing}
      <wcs-tile-menu exportparts="tile-menu, volume-slider" .lang=${this.lang}></wcs-tile-menu>
      ${this.#connection()}
    </div>`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('tiles')) this.#takeTiles();
    this.#ordered = this.#pageFunctions.ordered(this.tiles, this.order, this.pinned);
  }

  protected override updated(): void {
    this.#place();
    // Only once it is loaded has it anything to do.
    this.menu.refresh?.(this.tiles, this.pinned);
  }

  #takeTiles(): void {
    this.#speaker = this.tiles.find(({ speaking, own }) => speaking && !own)?.id ?? this.#speaker;
    const has = (id: string | undefined) => this.tiles.some((tile) => tile.id === id);
    if (!has(this.pinned)) this.pinned = undefined;
    if (!has(this.inspected)) this.inspected = undefined;
  }

  get #size(): { width: number; height: number; gap: number } {
    const { width, height } = this.getBoundingClientRect();
    return { width, height, gap: Number.parseFloat(getComputedStyle(this).rowGap) || 8 };
  }

  get #scene(): Scene {
    const { arrangement, layout, pinned, page } = this;
    return {
      tiles: this.#ordered,
      arrangement,
      layout,
      pinned,
      speaker: this.#speaker,
      page,
      corner: this.#floating.corner,
    };
  }

  get #floats(): TileView | undefined {
    return this.isPlaced ? undefined : floatingTile(this.#scene);
  }

  get #keepsPlace(): boolean {
    return !this.isPlaced && keepsPlace(this.#scene);
  }

  #tile(tile: TileView, floats: TileView | undefined, dragged: string): TemplateResult {
    return html`<wcs-tile
      role="listitem"
      part=${parts(tile)}
      class=${tile === floats ? `floating ${dragged}` : nothing}
      exportparts="tile-video, tile-name, tile-note, tile-overlay, pin-button, tile-button"
      .lang=${this.lang}
      .overlay=${this.overlay}
      .view=${tile}
      .silent=${this.silent}
      .options=${tile !== floats && HAS_POPOVERS}
      .pinnable=${this.#pinnable(tile)}
      .pinned=${tile.id === this.pinned}
      .nameAt=${floats && tile !== floats && this.#floating.corner === 'bottom-left' ? 'right' : 'start'}
    ></wcs-tile>`;
  }

  /** Where there is nobody to choose from there is nothing to pin. */
  #pinnable(tile: TileView): boolean {
    return this.tiles.length > 2 || tile.id === this.pinned;
  }

  #pageTurner(): TemplateResult {
    return pager(this.localize, { page: this.page, pages: this.pages, turn: (page) => (this.page = page) });
  }

  #moveButton(dragged: string): TemplateResult {
    const place = this.localize.term(CORNER_TERMS[this.#floating.corner]);
    const floating = this.#floating;
    return html`<button
        type="button"
        part="move-button"
        class=${`move ${dragged}`}
        aria-label=${`${this.localize.term('moveSelf')} (${place})`}
        title=${this.localize.term('moveSelf')}
        @pointerdown=${floating.press}
        @pointermove=${floating.drag}
        @pointerup=${this.#drop}
        @pointercancel=${floating.cancel}
        @click=${floating.click}
        @keydown=${floating.key}
      ></button>
      <div class="visually-hidden" role="status">${floating.moved ? place : ''}</div>`;
  }

  readonly #drop = (): void => {
    if (this.#floatingBox) this.#floating.drop(this.#floatingBox, this.getBoundingClientRect());
  };

  #connection(): TemplateResult | typeof nothing {
    const tile = this.tiles.find(({ id }) => id === this.inspected);
    if (!tile) return nothing;
    return html`<wcs-connection
      exportparts="connection"
      .lang=${this.lang}
      .tile=${tile}
      .measure=${this.measure}
      @close=${() => this.#closeConnection()}
    ></wcs-connection>`;
  }

  #closeConnection(): void {
    const tile = this.inspected;
    this.inspected = undefined;
    if (tile !== undefined) this.#element(tile)?.focus();
  }

  /** What a tile asks for goes on to the element around the stage; by itself it would end here. What is about the tile itself is done here. */
  readonly #relay = ({ intent }: IntentEvent): void => {
    switch (intent.do) {
      case 'pin':
        this.pinned = this.pinned === intent.tile ? undefined : intent.tile;
        return;
      case 'options':
        return void this.#showOptions(intent.tile);
      case 'full-screen':
        return this.#element(intent.tile)?.toggleFullScreen();
      case 'picture-in-picture':
        return void this.#element(intent.tile)?.togglePictureInPicture();
      case 'details':
        return void this.#inspect(intent.tile);
      default:
        this.dispatchEvent(new IntentEvent(intent));
    }
  };

  #element(tile: string): WcsTile | undefined {
    return [...this.tileElements].find(({ view }) => view?.id === tile);
  }

  /** The menu is loaded when somebody asks for it; where that fails it does not open. */
  async #showOptions(tile: string): Promise<void> {
    await import('./tile-menu.ts').catch(() => undefined);
    const [view, element] = [this.tiles.find(({ id }) => id === tile), this.#element(tile)];
    if (!view || !element) return;
    const { pinnable, pinned, fullScreen, pictureInPicture } = element;
    const details = this.measure !== undefined;
    this.menu.show?.(element.optionsButton, { view, pinnable, pinned, fullScreen, pictureInPicture, details });
  }

  /** The panel is loaded when somebody asks for it; where that fails it does not open. */
  async #inspect(tile: string): Promise<void> {
    await import('./connection.ts').catch(() => undefined);
    this.inspected = tile;
    await this.updateComplete;
    this.connection?.show?.(this.#element(tile));
  }

  #place(): void {
    const size = this.#size;
    if (size.width === 0 || size.height === 0) return;
    const scene = this.#scene;
    const ofPage = this.#pageFunctions.boxes(scene.tiles, this.place, { ...size, pinned: this.pinned });
    const arranged = ofPage ? arrangeByPage(scene.tiles, ofPage) : arrange(scene, size);
    const floats = this.#floats;
    this.#floatingBox = floats && arranged.boxes.get(floats);
    this.tiles.forEach((tile, index) => {
      const element = this.tileElements[index];
      const box = arranged.boxes.get(tile);
      element?.classList.toggle('elsewhere', !box);
      element?.style.setProperty('reading-order', String(scene.tiles.indexOf(tile)));
      setBox(element, box, tile === floats ? this.#floating.offset : undefined);
    });
    setBox(this.moveButton, this.#floatingBox, this.#floating.offset);
    setBox(this.emptyScreen, arranged.emptyScreen);
    this.#takePages(arranged);
    this.isPlaced = ofPage !== undefined;
    // Only from the second time on do tiles glide: at first they stand where they belong.
    requestAnimationFrame(() => this.frame?.classList.add('placed'));
  }

  /** The pages stand below the small tiles, wherever those are. */
  #takePages({ pages, page, pager }: Arranged): void {
    this.pages = pages;
    this.page = page;
    setBox(this.pager, pager && { y: 0, height: 0, ...pager });
  }
}

function setBox(element: HTMLElement | null | undefined, box: Box | undefined, offset = { x: 0, y: 0 }): void {
  if (!element || !box) return;
  element.style.setProperty('--_x', `${box.x + offset.x}px`);
  element.style.setProperty('--_y', `${box.y + offset.y}px`);
  element.style.setProperty('--_w', `${box.width}px`);
  element.style.setProperty('--_h', `${box.height}px`);
}

function parts(tile: TileView): string {
  if (tile.kind === 'screen') return 'tile screen';
  return `tile ${tile.own ? 'local-tile' : ''} ${tile.speaking ? 'speaking' : ''}`;
}

define('wcs-stage', WcsStage);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-stage': WcsStage;
  }
}
