import type { TileBox } from '../../base/tile-layout.ts';
import type { TileView } from '../../base/view.ts';
import { layoutFloating, layoutStage, tilesThatFit, type Box, type Corner } from './stage-layout.ts';
import { isScreen, largeTiles, type Layout } from './stage-order.ts';

/**
 * `grid`: everybody alike, beside screens in a strip. `spotlight`: oneself small over a corner of the others.
 * `presentation`: like `grid`, with the place of a screen kept while there is none.
 */
export type Arrangement = 'grid' | 'spotlight' | 'presentation';

/** What is to be arranged. */
export interface Scene {
  /** In the order they stand. */
  tiles: readonly TileView[];
  arrangement: Arrangement;
  layout: Layout;
  /** Ids of tiles: the pinned one, and that of who spoke last. */
  pinned: string | undefined;
  speaker: string | undefined;
  /** Page of small tiles, from 0. */
  page: number;
  /** Where the floating tile is. */
  corner: Corner;
}

interface StageSize {
  width: number;
  height: number;
  gap: number;
}

/** Where everything stands. */
export interface Arranged {
  /** Of the tiles that are seen now. */
  boxes: ReadonlyMap<TileView, Box>;
  /** In the place of a screen. */
  emptyScreen?: Box | undefined;
  pages: number;
  /** The page that is shown, from 0. */
  page: number;
  /** Below which the pages are turned. */
  pager?: { x: number; width: number };
}

/** One's own camera, where it lies over the others. Over a screen it would hide what is to be read. */
export function floatingTile({ arrangement, tiles, pinned }: Scene): TileView | undefined {
  if (arrangement !== 'spotlight' || tiles.length < 2 || tiles.some(isScreen)) return undefined;
  return tiles.find(({ own, kind, id }) => own && kind === 'camera' && id !== pinned);
}

/** Whether there is no screen where there should be one. */
export function keepsPlace({ arrangement, tiles, pinned }: Scene): boolean {
  return arrangement === 'presentation' && !tiles.some(isScreen) && pinned === undefined;
}

/** The tiles that are large, each in its place. */
export function mainTiles(scene: Scene, size: StageSize): TileView[] {
  const { tiles, arrangement, layout, pinned, speaker } = scene;
  const crowded = tiles.length > tilesThatFit(size);
  const follows = arrangement === 'grid' && (layout === 'speaker' || (layout === 'auto' && crowded));
  return largeTiles(tiles, { pinned, speaker, follows });
}

export function arrange(scene: Scene, size: StageSize): Arranged {
  const floats = floatingTile(scene);
  const large = mainTiles(scene, size);
  const small = scene.tiles.filter((tile) => tile !== floats && !large.includes(tile));
  const keeps = keepsPlace(scene);
  const placed = layoutStage({ large: keeps ? 1 : large.length, small: small.length, page: scene.page }, size);
  const page = Math.min(scene.page, placed.pages - 1);
  const shown = small.slice(page * placed.perPage, (page + 1) * placed.perPage);
  const boxes = new Map([...pair(keeps ? [] : large, placed.large), ...pair(shown, placed.small)]);
  if (floats) boxes.set(floats, layoutFloating(scene.corner, [...placed.large, ...placed.small], size));
  const left = Math.min(...placed.small.map(({ x }) => x));
  const right = Math.max(...placed.small.map(({ x, width }) => x + width));
  const pager = { x: left, width: right - left };
  return { boxes, emptyScreen: keeps ? placed.large[0] : undefined, pages: placed.pages, page, pager };
}

/** As the page wants it: no pages, and nothing floats. */
export function arrangeByPage(tiles: readonly TileView[], boxes: readonly (TileBox | undefined)[]): Arranged {
  return { boxes: new Map(pair(tiles, boxes)), pages: 1, page: 0 };
}

function pair(tiles: readonly TileView[], boxes: readonly (Box | undefined)[]): [TileView, Box][] {
  return tiles.flatMap((tile, index) => {
    const box = boxes[index];
    return box ? [[tile, box]] : [];
  });
}
