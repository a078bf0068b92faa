import { css, html } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property, query, queryAll } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { define } from '../base/define.ts';
import { WcsElement } from '../base/element.ts';
import { IntentEvent } from '../base/intent.ts';
import type { TileView } from '../base/view.ts';
import { shared } from '../styles/shared.ts';
import { tokens } from '../styles/tokens.ts';
import { layoutStage } from './stage-layout.ts';
import './tile.ts';
import type { WcsTile } from './tile.ts';

/**
 * @customElement wcs-stage
 * @summary Everybody in the room, as large as the box allows; shared screens largest.
 *
 * @csspart tile - Somebody's tile, one's own included.
 * @csspart local-tile - One's own tile.
 * @csspart screen - A tile that shows a shared screen.
 * @csspart tile-video - The `<video>` in a tile.
 * @csspart tile-name - The name in a tile.
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
    `,
  ];

  /** In the order they are shown; screens come first by themselves. */
  @property({ attribute: false }) tiles: readonly TileView[] = [];

  @query('.scroll') private readonly scroller!: HTMLElement | null;
  @query('.canvas') private readonly canvas!: HTMLElement | null;
  @queryAll('wcs-tile') private readonly tileElements!: NodeListOf<WcsTile>;
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
    return html`<div class="scroll" tabindex="-1" @wcs-intent=${this.#relay}>
      <div class="canvas" role="list" aria-label=${this.localize.term('stage')}>
        ${repeat(
          this.tiles,
          (tile) => tile.id,
          (tile) =>
            html`<wcs-tile
              role="listitem"
              part=${parts(tile)}
              exportparts="tile-video, tile-name"
              .lang=${this.lang}
              .view=${tile}
            ></wcs-tile>`,
        )}
      </div>
    </div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('tiles')) this.#place();
  }

  /** What a tile asks for goes on to the element around the stage; by itself it would end here. */
  readonly #relay = ({ intent }: IntentEvent): void => {
    this.dispatchEvent(new IntentEvent(intent));
  };

  #place(): void {
    const { canvas } = this;
    if (!canvas) return;
    const { width, height } = this.getBoundingClientRect();
    const gap = Number.parseFloat(getComputedStyle(this).rowGap) || 8;
    const screens = this.tiles.filter((tile) => tile.kind === 'screen').length;
    const layout = layoutStage(screens, this.tiles.length - screens, { width, height, gap });
    canvas.style.setProperty('--_height', `${layout.height}px`);
    // Something that scrolls must be reachable by keyboard.
    if (this.scroller) this.scroller.tabIndex = layout.height > height + 1 ? 0 : -1;
    const boxes = { screen: layout.screens[Symbol.iterator](), camera: layout.cameras[Symbol.iterator]() };
    this.tiles.forEach((tile, index) => {
      const box = boxes[tile.kind].next().value;
      const style = this.tileElements[index]?.style;
      if (!box || !style) return;
      style.setProperty('--_x', `${box.x}px`);
      style.setProperty('--_y', `${box.y}px`);
      style.setProperty('--_w', `${box.width}px`);
      style.setProperty('--_h', `${box.height}px`);
    });
    // Only from the second time on do tiles glide: at first they stand where they belong.
    requestAnimationFrame(() => canvas.classList.add('placed'));
  }
}

function parts(tile: TileView): string {
  if (tile.kind === 'screen') return 'tile screen';
  return tile.own ? 'tile local-tile' : 'tile';
}

define('wcs-stage', WcsStage);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-stage': WcsStage;
  }
}
