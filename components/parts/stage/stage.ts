import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property, query, queryAll, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { define } from '../../base/element/define.ts';
import { WcsElement } from '../../base/element/element.ts';
import { IntentEvent } from '../../base/element/intent.ts';
import type { TileView } from '../../base/view.ts';
import { shared } from '../../styles/shared.ts';
import { tokens } from '../../styles/tokens.ts';
import { FloatingTile } from './floating-tile.ts';
import { icon } from '../icon.ts';
import { layoutFloating, layoutStage, tilesThatFit } from './stage-layout.ts';
import type { Box, StageLayout } from './stage-layout.ts';
import { isScreen, largeTiles } from './stage-order.ts';
import type { Layout } from './stage-order.ts';
import { stageStyles } from './stage.styles.ts';
import './tile.ts';
import type { WcsTile } from './tile.ts';

const CORNER_TERMS = {
  'top-left': 'cornerTopLeft',
  'top-right': 'cornerTopRight',
  'bottom-left': 'cornerBottomLeft',
  'bottom-right': 'cornerBottomRight',
} as const;

/**
 * `grid`: everybody alike, beside screens in a strip. `spotlight`: oneself small over a corner of the others.
 * `presentation`: like `grid`, with the place of a screen kept while there is none.
 */
export type Arrangement = 'grid' | 'spotlight' | 'presentation';

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
 * @csspart move-button - Lies over one's own small tile and moves it (`spotlight` only).
 * @csspart pin-button - Makes a tile large for oneself, or lets it go.
 * @csspart pager - Turns the pages when not everybody fits.
 * @csspart tile-overlay - What the page lays over a picture.
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

  @state() private page = 0;
  @state() private pages = 1;
  @state() private pinned: string | undefined;
  /** Tile of who spoke last, oneself aside. */
  #speaker: string | undefined;

  @query('.frame') private readonly frame!: HTMLElement | null;
  @query('.pager') private readonly pager!: HTMLElement | null;
  @query('.empty-screen') private readonly emptyScreen!: HTMLElement | null;
  @query('.move') private readonly moveButton!: HTMLElement | null;
  @queryAll('wcs-tile') private readonly tileElements!: NodeListOf<WcsTile>;
  #floatingBox: Box | undefined;
  readonly #floating = new FloatingTile(this);
  readonly #resize = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(() => this.#place());

  /** Starts the sound of every tile, in answer to a click. */
  allowSound(): void {
    for (const tile of this.tileElements) tile.allowSound();
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
    const { corner, offset } = this.#floating;
    const dragged = offset ? 'dragged' : '';
    return html`<div class="frame" @wcs-intent=${this.#relay}>
      <div class="canvas" role="list" aria-label=${this.localize.term('stage')}>
        ${repeat(
          this.tiles,
          (tile) => tile.id,
          (tile) =>
            html`<wcs-tile
              role="listitem"
              part=${parts(tile)}
              class=${tile === floats ? `floating ${dragged}` : nothing}
              exportparts="tile-video, tile-name, tile-overlay, pin-button"
              .lang=${this.lang}
              .overlay=${this.overlay}
              .view=${tile}
              .silent=${this.silent}
              .pinnable=${this.#pinnable(tile)}
              .pinned=${tile.id === this.pinned}
              .nameAt=${floats && tile !== floats && corner === 'bottom-left' ? 'right' : 'start'}
            ></wcs-tile>`,
        )}
      </div>
      <div class="empty-screen" ?hidden=${!this.#keepsPlace}><slot></slot></div>
      ${floats ? this.#moveButton(dragged) : nothing} ${this.pages > 1 ? this.#pager() : nothing}
    </div>`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (!changed.has('tiles')) return;
    this.#speaker = this.tiles.find(({ speaking, own }) => speaking && !own)?.id ?? this.#speaker;
    if (!this.tiles.some(({ id }) => id === this.pinned)) this.pinned = undefined;
  }

  protected override updated(): void {
    this.#place();
  }

  /** One's own camera, where it lies over the others. Over a screen it would hide what is to be read. */
  get #floats(): TileView | undefined {
    if (this.arrangement !== 'spotlight' || this.tiles.length < 2 || this.tiles.some(isScreen)) return undefined;
    return this.tiles.find(({ own, kind, id }) => own && kind === 'camera' && id !== this.pinned);
  }

  /** Whether there is no screen where there should be one. */
  get #keepsPlace(): boolean {
    return this.arrangement === 'presentation' && !this.tiles.some(isScreen) && this.pinned === undefined;
  }

  get #large(): TileView[] {
    const { width, height } = this.getBoundingClientRect();
    const crowded = this.tiles.length > tilesThatFit({ width, height, gap: 8 });
    const follows = this.arrangement === 'grid' && (this.layout === 'speaker' || (this.layout === 'auto' && crowded));
    return largeTiles(this.tiles, { pinned: this.pinned, speaker: this.#speaker, follows });
  }

  /** Where there is nobody to choose from there is nothing to pin. */
  #pinnable(tile: TileView): boolean {
    return this.tiles.length > 2 || tile.id === this.pinned;
  }

  #pager(): TemplateResult {
    const { localize, page, pages } = this;
    const button = (label: 'previousPage' | 'nextPage', to: number) =>
      html`<button
        type="button"
        class="quiet"
        aria-label=${localize.term(label)}
        title=${localize.term(label)}
        ?disabled=${to < 0 || to >= pages}
        @click=${() => (this.page = to)}
      >
        ${icon(label === 'nextPage' ? 'next' : 'previous')}
      </button>`;
    return html`<div class="pager" part="pager" role="group" aria-label=${localize.term('pages')}>
      ${button('previousPage', page - 1)}
      <span role="status"><span class="visually-hidden">${localize.term('pages')}</span> ${page + 1} / ${pages}</span>
      ${button('nextPage', page + 1)}
    </div>`;
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

  /** What a tile asks for goes on to the element around the stage; by itself it would end here. Pinning is for oneself. */
  readonly #relay = ({ intent }: IntentEvent): void => {
    if (intent.do === 'pin') this.pinned = this.pinned === intent.tile ? undefined : intent.tile;
    else this.dispatchEvent(new IntentEvent(intent));
  };

  #place(): void {
    const { width, height } = this.getBoundingClientRect();
    const size = { width, height, gap: Number.parseFloat(getComputedStyle(this).rowGap) || 8 };
    const floats = this.#floats;
    const large = this.#large;
    const small = this.tiles.filter((tile) => tile !== floats && !large.includes(tile));
    const content = { large: this.#keepsPlace ? 1 : large.length, small: small.length, page: this.page };
    const layout = layoutStage(content, size);
    if (this.#keepsPlace) setBox(this.emptyScreen, layout.large[0]);
    this.#floatingBox = floats && this.#placeFloating([...layout.large, ...layout.small], size);
    const first = Math.min(this.page, layout.pages - 1) * layout.perPage;
    this.tiles.forEach((tile, index) => {
      const element = this.tileElements[index];
      if (tile === floats) return setBox(element, this.#floatingBox, this.#floating.offset);
      if (large.includes(tile)) {
        element?.classList.remove('elsewhere');
        return setBox(element, layout.large[large.indexOf(tile)]);
      }
      const place = small.indexOf(tile) - first;
      element?.classList.toggle('elsewhere', place < 0 || place >= layout.perPage);
      setBox(element, layout.small[place]);
    });
    this.#takePages(layout);
    // Only from the second time on do tiles glide: at first they stand where they belong.
    requestAnimationFrame(() => this.frame?.classList.add('placed'));
  }

  /** The pages stand below the small tiles, wherever those are. */
  #takePages({ pages, small }: StageLayout): void {
    this.pages = pages;
    this.page = Math.min(this.page, pages - 1);
    const left = Math.min(...small.map(({ x }) => x));
    const right = Math.max(...small.map(({ x, width }) => x + width));
    setBox(this.pager, { x: left, y: 0, width: right - left, height: 0 });
  }

  #placeFloating(large: readonly Box[], size: { width: number; height: number; gap: number }): Box {
    const box = layoutFloating(this.#floating.corner, large, size);
    setBox(this.moveButton, box, this.#floating.offset);
    return box;
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
