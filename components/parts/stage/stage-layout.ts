/** Where everything on the stage goes: pure arithmetic, in CSS pixels. */

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface StageLayout {
  /** Of the large tiles, and of the small ones on the page that is shown. */
  large: Box[];
  small: Box[];
  /** Pages that the small ones take, at least 1, and how many are on each; the last may have fewer. */
  pages: number;
  perPage: number;
}

export interface StageContent {
  /** Tiles: screens, and whoever is pinned or speaks where that makes them large. */
  large: number;
  small: number;
  /** Page of small ones to show, from 0; the last one when there are fewer. */
  page: number;
}

interface StageSize {
  width: number;
  height: number;
  /** Between tiles. */
  gap: number;
}

/** A tile of a strip, or that floats, is no narrower. */
const TILE_MIN_WIDTH = 88;
/** A tile in a grid is about as wide as this part of the stage at least, within limits; more tiles go to another page. */
const PAGED_SHARE = 1 / 7;
const PAGED_MIN_WIDTH = 150;
const PAGED_MAX_WIDTH = 240;
/** So many are never spread over pages as long as there is any room for them. */
const FEW = 4;
/** What the buttons that turn the pages take of the height. */
const PAGER_HEIGHT = 44;
/** How wide and how narrow a camera may be cut, width by height. A high box cuts like a phone held upright. */
const WIDEST = 16 / 9;
const NARROWEST_IN_WIDE = 1.1;
const NARROWEST_IN_HIGH = 9 / 16;
/** The part of the stage that small tiles get beside large ones. */
const STRIP_SHARE = 0.24;
const STRIP_MAX = 280;
/** Height by width of the box that a screen gets in a high stage: most are no higher. */
const HIGHEST_SCREEN = 3 / 4;
/** What is small by itself gets no more of a high stage: it would be as large as what is large. */
const LONE_SHARE = 0.4;
/** Two in a wide box stand side by side when that leaves them so much of the size they would have one above the other. */
const SIDE_BY_SIDE = 0.9;
/** A floating tile's longer side as a part of the stage's shorter one, and its distance from the edge. */
const FLOATING_SHARE = 0.36;
const FLOATING_MAX = 264;
const FLOATING_MARGIN = 12;

/** Small tiles alone share the stage evenly; beside large ones they stand in a strip, where the stage is longer. */
export function layoutStage(content: StageContent, size: StageSize): StageLayout {
  const { large, small } = content;
  if (large === 0) return layoutPage(content, { x: 0, y: 0, ...size });
  if (small === 0) return { large: layoutLarge(large, size), small: [], pages: 1, perPage: 0 };
  const { width, height, gap } = size;
  const beside = width >= height;
  const least = Math.max(TILE_MIN_WIDTH, Math.min(STRIP_MAX, (beside ? width : height) * STRIP_SHARE));
  // One screen in a high stage leaves room below it.
  const most = small === 1 ? height * LONE_SHARE : Infinity;
  const thickness =
    beside || large > 1 ? least : Math.max(least, Math.min(most, height - gap - width * HIGHEST_SCREEN));
  const main = beside ? { width: width - thickness - gap, height } : { width, height: height - thickness - gap };
  const strip = beside
    ? { x: main.width + gap, y: 0, width: thickness, height, gap }
    : { x: 0, y: main.height + gap, width, height: thickness, gap };
  return { ...layoutPage(content, strip, NARROWEST_IN_WIDE), large: layoutLarge(large, { ...main, gap }) };
}

/** How many small tiles fit on a page. On a small stage a few may be as small as those of a strip. */
export function tilesThatFit(size: StageSize): number {
  const good = Math.min(Math.max(size.width * PAGED_SHARE, PAGED_MIN_WIDTH), PAGED_MAX_WIDTH);
  const fitting = Math.max(tilesOf(good, size), Math.min(FEW, tilesOf(TILE_MIN_WIDTH, size)));
  // Where not even one fits, pages would not help.
  return fitting || Infinity;
}

/** How many tiles of that width fit next to each other and below each other. */
function tilesOf(tile: number, { width, height, gap }: StageSize): number {
  const [columns, rows] = [(width + gap) / (tile + gap), (height + gap) / (tile / WIDEST + gap)];
  return Math.max(0, Math.floor(columns)) * Math.max(0, Math.floor(rows));
}

function layoutPage(
  { small, page }: StageContent,
  { x, y, ...region }: StageSize & { x: number; y: number },
  narrowest?: number,
): StageLayout {
  const whole = tilesThatFit(region);
  const paged = small > whole;
  const size = paged ? { ...region, height: Math.max(0, region.height - PAGER_HEIGHT) } : region;
  const pages = paged ? Math.ceil(small / Math.min(whole, tilesThatFit(size))) : 1;
  const perPage = Math.ceil(small / pages);
  const shown = Math.min(perPage, small - Math.min(page, pages - 1) * perPage);
  const boxes = layoutGrid(shown, size, narrowest).map((box) => ({ ...box, x: box.x + x, y: box.y + y }));
  // Rounding up can make the last pages empty: seven tiles on pages for two take four of them, not five.
  return { large: [], small: boxes, pages: Math.ceil(small / Math.max(1, perPage)), perPage };
}

/** As many columns as make the tiles largest; the last row is centred. */
export function layoutGrid(
  count: number,
  { width, height, gap }: StageSize,
  narrowest = width >= height ? NARROWEST_IN_WIDE : NARROWEST_IN_HIGH,
): Box[] {
  if (count === 0 || width <= 0 || height <= 0) return [];
  let columns = 1;
  let tile = { width: 0, height: 0 };
  for (let candidate = 1; candidate <= count; candidate += 1) {
    const rows = Math.ceil(count / candidate);
    const cell = { width: (width - gap * (candidate - 1)) / candidate, height: (height - gap * (rows - 1)) / rows };
    const fitted = fit(cell, narrowest);
    const better = count === 2 && width >= height ? SIDE_BY_SIDE : 1;
    if (fitted.width * fitted.height > tile.width * tile.height * better) [columns, tile] = [candidate, fitted];
  }
  const rows = Math.ceil(count / columns);
  const top = (height - (rows * tile.height + gap * (rows - 1))) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const left = (width - (inRow * tile.width + gap * (inRow - 1))) / 2;
    return { x: left + (index % columns) * (tile.width + gap), y: top + row * (tile.height + gap), ...tile };
  });
}

/** What is large is shown whole whatever its shape, so it shares a box in plain halves, thirds, …: as suits what is as wide as a screen. */
function layoutLarge(count: number, { width, height, gap }: StageSize): Box[] {
  const divided = (columns: number) => {
    const rows = Math.ceil(count / columns);
    return { width: (width - gap * (columns - 1)) / columns, height: (height - gap * (rows - 1)) / rows };
  };
  const shown = (columns: number) => Math.min(divided(columns).width, divided(columns).height * WIDEST);
  const candidates = Array.from({ length: count }, (_, index) => index + 1);
  const columns = candidates.reduce((best, one) => (shown(one) > shown(best) ? one : best));
  const box = divided(columns);
  return Array.from({ length: count }, (_, index) => ({
    x: (index % columns) * (box.width + gap),
    y: Math.floor(index / columns) * (box.height + gap),
    ...box,
  }));
}

/** The largest box inside a cell whose shape is between the narrowest and the widest allowed. */
function fit(cell: { width: number; height: number }, narrowest: number): { width: number; height: number } {
  const shape = cell.width / cell.height;
  if (shape > WIDEST) return { width: cell.height * WIDEST, height: cell.height };
  if (shape < narrowest) return { width: cell.width, height: cell.width / narrowest };
  return { width: cell.width, height: cell.height };
}

export type Corner = 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right';

/** A small tile over a corner of what the large ones cover; as wide or as high as the stage is. */
export function layoutFloating(corner: Corner, large: readonly Box[], { width, height }: StageSize): Box {
  const isHigh = height > width;
  const side = Math.min(FLOATING_MAX, Math.max(TILE_MIN_WIDTH, Math.min(width, height) * FLOATING_SHARE));
  const size = isHigh ? { width: side * 0.75, height: side } : { width: side, height: side * 0.75 };
  const left = Math.max(0, Math.min(...large.map(({ x }) => x)));
  const right = Math.min(width, Math.max(...large.map((box) => box.x + box.width)));
  const top = Math.max(0, Math.min(...large.map(({ y }) => y)));
  const bottom = Math.min(height, Math.max(...large.map((box) => box.y + box.height)));
  return {
    x: corner.endsWith('left') ? left + FLOATING_MARGIN : right - size.width - FLOATING_MARGIN,
    y: corner.startsWith('top') ? top + FLOATING_MARGIN : bottom - size.height - FLOATING_MARGIN,
    ...size,
  };
}
