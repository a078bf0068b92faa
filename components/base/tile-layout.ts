/** What a page may decide about tiles: in which order they stand, and where. */
import type { TileView } from './view.ts';

/** One tile, as a page is told of it: plain data, with no way back. */
export interface TileInfo {
  /** Login of whose tile it is; several tiles have the same where somebody shares a screen. */
  readonly username: string;
  /** What is shown of them. */
  readonly name: string;
  readonly kind: 'camera' | 'screen';
  /** Whether it is ourselves. */
  readonly own: boolean;
  /** Whether they are the one who speaks just now. */
  readonly speaking: boolean;
  /** Whether they can be heard. */
  readonly audio: boolean;
  /** Whether there is a picture; without it the initials are shown. */
  readonly video: boolean;
  /** Whether this viewer has pinned it. */
  readonly pinned: boolean;
}

/** Compares two tiles as in `Array.prototype.sort`: below 0, and the first of them comes first. */
export type TileOrder = (a: TileInfo, b: TileInfo) => number;

/** Where a tile stands, in CSS pixels from the upper left corner of the stage. */
export interface TileBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Where tiles stand: a box for each, in the order they came; a tile without one is not shown, and its picture not received. Nothing at all: the
 * element lays them out itself.
 */
export type TileLayout = (
  tiles: readonly TileInfo[],
  stage: { width: number; height: number; gap: number },
) => readonly (TileBox | null | undefined)[] | null | undefined;

function tileInfo(tile: TileView, pinned: string | undefined): TileInfo {
  const { id, login, name, kind, own, speaking = false, audio, video } = tile;
  return Object.freeze({ username: login ?? name, name, kind, own, speaking, audio, video, pinned: id === pinned });
}

/**
 * Calls what a page has given. Where that throws, or answers with something that cannot be used, it does not count, and
 * the page's author is told once of each function.
 */
export class PageFunctions {
  readonly #complained = new WeakSet<object>();

  /** The tiles in the page's order; in their own where it has none. Equal ones stay as they are. */
  ordered(tiles: readonly TileView[], order: TileOrder | undefined, pinned: string | undefined): readonly TileView[] {
    if (!order) return tiles;
    const infos = new Map(tiles.map((tile) => [tile, tileInfo(tile, pinned)]));
    const compare = (a: TileView, b: TileView) => number(order(infos.get(a)!, infos.get(b)!));
    return this.#guard('tileOrder', order, () => tiles.toSorted(compare)) ?? tiles;
  }

  /** Where the page puts the tiles; undefined where it leaves that to the element. */
  boxes(
    tiles: readonly TileView[],
    layout: TileLayout | undefined,
    { pinned, ...stage }: { pinned: string | undefined; width: number; height: number; gap: number },
  ): readonly (TileBox | undefined)[] | undefined {
    if (!layout) return undefined;
    const infos = tiles.map((tile) => tileInfo(tile, pinned));
    return this.#guard('tileLayout', layout, () => layout(infos, stage)?.map((one) => (one ? box(one) : undefined)));
  }

  #guard<T>(name: string, given: object, run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      if (!this.#complained.has(given)) console.warn(`${name} does not work, and is not used:`, error);
      this.#complained.add(given);
      return undefined;
    }
  }
}

function box({ x, y, width, height }: TileBox): TileBox {
  return { x: number(x), y: number(y), width: Math.max(0, number(width)), height: Math.max(0, number(height)) };
}

function number(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new TypeError(`${String(value)} is not a number that can be used.`);
}
