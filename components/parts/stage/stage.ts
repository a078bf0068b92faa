import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, query, queryAll } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { define } from '../../base/element/define.ts';
import { WcsElement } from '../../base/element/element.ts';
import { IntentEvent } from '../../base/element/intent.ts';
import type { TileView } from '../../base/view.ts';
import { shared } from '../../styles/shared.ts';
import { tokens } from '../../styles/tokens.ts';
import { FloatingTile } from './floating-tile.ts';
import { layoutFloating, layoutStage } from './stage-layout.ts';
import type { Box } from './stage-layout.ts';
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
 * @csspart tile-overlay - What the page lays over a picture.
 */
export class WcsStage extends WcsElement {
  static override styles = [
    tokens,
    shared,
    css`
      :host {
        display: block;
        position: relative;
      }

      .scroll {
        position: absolute;
        inset: 0;
        overflow: hidden auto;
        scrollbar-width: thin;
        border-radius: var(--_tile-radius);
      }

      .canvas {
        position: relative;
        margin: 0;
        padding: 0;
        height: var(--_height);
        /* Tiles on their way do not make it scroll. */
        overflow: clip;
        list-style: none;
      }

      wcs-tile {
        position: absolute;
        top: 0;
        left: 0;
        width: var(--_w, 0);
        height: var(--_h, 0);
        translate: var(--_x, 0) var(--_y, 0);
      }

      .placed wcs-tile {
        transition:
          translate 0.25s ease,
          width 0.25s ease,
          height 0.25s ease;
      }

      wcs-tile:not([style]) {
        visibility: hidden;
      }

      wcs-tile[part~='screen'] {
        background: none;
      }

      .empty-screen {
        position: absolute;
        top: 0;
        left: 0;
        display: grid;
        width: var(--_w, 0);
        height: var(--_h, 0);
      }

      .visually-hidden {
        top: 0;
      }

      .floating {
        z-index: 1;
        border-radius: min(var(--_tile-radius), 0.75em);
        box-shadow:
          0 0 0 2px #ffffffd9,
          0 0.25em 1.25em #00000073;
      }

      .move,
      .move:hover:not(:disabled) {
        position: absolute;
        z-index: 2;
        top: 0;
        left: 0;
        width: var(--_w, 0);
        height: var(--_h, 0);
        min-width: 0;
        min-height: 0;
        padding: 0;
        border-radius: min(var(--_tile-radius), 0.75em);
        background: transparent;
        translate: var(--_x, 0) var(--_y, 0);
        cursor: grab;
        touch-action: none;
      }

      .move:active:not(:disabled) {
        scale: none;
        cursor: grabbing;
      }

      .placed .dragged {
        transition: none;
      }

      .placed .move {
        transition: translate 0.25s ease;
      }
    `,
  ];

  /** In the order they are shown; screens come first by themselves. */
  @property({ attribute: false }) tiles: readonly TileView[] = [];

  /** What the page lays over every picture. */
  @property({ attribute: false }) overlay: readonly Element[] = [];

  /** How the tiles are laid out. */
  @property({ attribute: false }) arrangement: Arrangement = 'grid';
  /** Whether somebody else plays the sound of what is shown. */
  @property({ type: Boolean }) silent = false;

  @query('.scroll') private readonly scroller!: HTMLElement | null;
  @query('.canvas') private readonly canvas!: HTMLElement | null;
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
    return html`<div class="scroll" tabindex="-1" @wcs-intent=${this.#relay}>
      <div class="canvas" role="list" aria-label=${this.localize.term('stage')}>
        ${repeat(
          this.tiles,
          (tile) => tile.id,
          (tile) =>
            html`<wcs-tile
              role="listitem"
              part=${parts(tile)}
              class=${tile === floats ? `floating ${dragged}` : nothing}
              exportparts="tile-video, tile-name, tile-overlay"
              .lang=${this.lang}
              .overlay=${this.overlay}
              .view=${tile}
              .silent=${this.silent}
              .nameAt=${floats && tile !== floats && corner === 'bottom-left' ? 'right' : 'start'}
            ></wcs-tile>`,
        )}
      </div>
      <div class="empty-screen" ?hidden=${!this.#keepsPlace}><slot></slot></div>
      ${floats ? this.#moveButton(dragged) : nothing}
    </div>`;
  }

  protected override updated(): void {
    this.#place();
  }

  /** One's own camera, where it lies over the others. Over a screen it would hide what is to be read. */
  get #floats(): TileView | undefined {
    if (this.arrangement !== 'spotlight' || this.tiles.length < 2 || this.tiles.some(isScreen)) return undefined;
    return this.tiles.find(({ own, kind }) => own && kind === 'camera');
  }

  /** Whether there is no screen where there should be one. */
  get #keepsPlace(): boolean {
    return this.arrangement === 'presentation' && !this.tiles.some(isScreen);
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

  /** What a tile asks for goes on to the element around the stage; by itself it would end here. */
  readonly #relay = ({ intent }: IntentEvent): void => {
    this.dispatchEvent(new IntentEvent(intent));
  };

  #place(): void {
    const { canvas } = this;
    if (!canvas) return;
    const { width, height } = this.getBoundingClientRect();
    const gap = Number.parseFloat(getComputedStyle(this).rowGap) || 8;
    const floats = this.#floats;
    const large = this.tiles.filter((tile) => this.#isLarge(tile)).length;
    const small = this.tiles.length - large - (floats ? 1 : 0);
    const layout = layoutStage(this.#keepsPlace ? 1 : large, small, { width, height, gap });
    canvas.style.setProperty('--_height', `${layout.height}px`);
    // Something that scrolls must be reachable by keyboard.
    if (this.scroller) this.scroller.tabIndex = layout.height > height + 1 ? 0 : -1;
    const boxes = { large: layout.screens[Symbol.iterator](), small: layout.cameras[Symbol.iterator]() };
    if (this.#keepsPlace) setBox(this.emptyScreen, boxes.large.next().value);
    this.#floatingBox = floats && this.#placeFloating([...layout.screens, ...layout.cameras], { width, height, gap });
    this.tiles.forEach((tile, index) => {
      if (tile === floats) return setBox(this.tileElements[index], this.#floatingBox, this.#floating.offset);
      setBox(this.tileElements[index], boxes[this.#isLarge(tile) ? 'large' : 'small'].next().value);
    });
    // Only from the second time on do tiles glide: at first they stand where they belong.
    requestAnimationFrame(() => this.scroller?.classList.add('placed'));
  }

  /** Screens, but one's own only while nobody else's is there: one knows what one shows. */
  #isLarge({ kind, own }: TileView): boolean {
    return kind === 'screen' && !(own && this.tiles.some((other) => isScreen(other) && !other.own));
  }

  #placeFloating(large: readonly Box[], size: { width: number; height: number; gap: number }): Box {
    const box = layoutFloating(this.#floating.corner, large, size);
    setBox(this.moveButton, box, this.#floating.offset);
    return box;
  }
}

function isScreen({ kind }: TileView): boolean {
  return kind === 'screen';
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
