import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Box, Corner } from './stage-layout.ts';

/** CSS pixels that a pointer moves before it drags; less is a click. */
const DRAG_FROM = 4;

const CLOCKWISE: Record<Corner, Corner> = {
  'top-left': 'top-right',
  'top-right': 'bottom-right',
  'bottom-right': 'bottom-left',
  'bottom-left': 'top-left',
};

const SIDES: Partial<Record<string, 'left' | 'right' | 'top' | 'bottom'>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'top',
  ArrowDown: 'bottom',
};

/**
 * Where a tile floats: in a corner, and while it is dragged under the pointer. It can be dragged, moved to a side by the
 * arrow keys, and moved on to the next corner by a click.
 */
export class FloatingTile implements ReactiveController {
  corner: Corner = 'bottom-left';
  /** Whether somebody has moved it: only then is its place worth telling. */
  moved = false;
  /** How far it is from its corner while it is dragged. */
  offset: { x: number; y: number } | undefined;

  readonly #host: ReactiveControllerHost;
  #start: { x: number; y: number } | undefined;
  /** Whether the click to come ends a drag. */
  #dragged = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {}

  readonly press = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#start = { x: event.clientX, y: event.clientY };
    this.#dragged = false;
  };

  readonly drag = (event: PointerEvent): void => {
    if (!this.#start) return;
    const offset = { x: event.clientX - this.#start.x, y: event.clientY - this.#start.y };
    if (!this.offset && Math.hypot(offset.x, offset.y) < DRAG_FROM) return;
    this.offset = offset;
    this.#host.requestUpdate();
  };

  /** Lets it go over `stage`, where it was at `box`: it goes to the nearest corner. */
  drop(box: Box, stage: { width: number; height: number }): void {
    const { offset } = this;
    this.#start = undefined;
    this.#dragged = offset !== undefined;
    if (!offset) return;
    const isLeft = box.x + offset.x + box.width / 2 < stage.width / 2;
    const isTop = box.y + offset.y + box.height / 2 < stage.height / 2;
    this.#move(`${isTop ? 'top' : 'bottom'}-${isLeft ? 'left' : 'right'}`);
  }

  /** The browser has taken the pointer away: everything as before. */
  readonly cancel = (): void => {
    this.#start = undefined;
    this.offset = undefined;
    this.#host.requestUpdate();
  };

  /** A click, also by Enter or the space bar; the one that ends a drag is none. */
  readonly click = (event: Event): void => {
    event.stopPropagation();
    if (!this.#dragged) this.#move(CLOCKWISE[this.corner]);
    this.#dragged = false;
  };

  readonly key = (event: KeyboardEvent): void => {
    const side = SIDES[event.key];
    if (!side || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const [vertical, horizontal] = this.corner.split('-') as ['top' | 'bottom', 'left' | 'right'];
    if (side === 'left' || side === 'right') this.#move(`${vertical}-${side}`);
    else this.#move(`${side}-${horizontal}`);
  };

  #move(corner: Corner): void {
    this.corner = corner;
    this.moved = true;
    this.offset = undefined;
    this.#host.requestUpdate();
  }
}
