/** Where everything on the stage goes: pure arithmetic, in CSS pixels. */

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface StageLayout {
  screens: Box[];
  cameras: Box[];
  /** Height of all of it: more than the stage's when tiles would become too small, and the stage scrolls. */
  height: number;
}

interface StageSize {
  width: number;
  height: number;
  /** Between tiles. */
  gap: number;
}

/** Below this width a tile shows nobody any more. */
const TILE_MIN_WIDTH = 88;
/** How wide and how narrow a camera may be cut, width by height. A high box cuts like a phone held upright. */
const WIDEST = 16 / 9;
const NARROWEST_IN_WIDE = 1.1;
const NARROWEST_IN_HIGH = 9 / 16;
/** The part of the stage that cameras get beside screens. */
const STRIP_SHARE = 0.24;
const STRIP_MAX = 280;
/** Height by width of the box that a screen gets in a high stage: most are no higher. */
const HIGHEST_SCREEN = 3 / 4;
/** A floating tile's longer side as a part of the stage's shorter one, and its distance from the edge. */
const FLOATING_SHARE = 0.36;
const FLOATING_MAX = 264;
const FLOATING_MARGIN = 12;

/** Cameras alone share the stage evenly; beside screens they stand in a strip, on the side where the stage is longer. */
export function layoutStage(screens: number, cameras: number, size: StageSize): StageLayout {
  if (screens === 0) {
    const grid = layoutGrid(cameras, size);
    return { screens: [], cameras: grid.boxes, height: grid.height };
  }
  if (cameras === 0) return { screens: layoutScreens(screens, size), cameras: [], height: size.height };
  return layoutWithStrip(screens, cameras, size);
}

/** As many columns as make the tiles largest; the last row is centred. */
export function layoutGrid(
  count: number,
  { width, height, gap }: StageSize,
  narrowest = width >= height ? NARROWEST_IN_WIDE : NARROWEST_IN_HIGH,
): { boxes: Box[]; height: number } {
  if (count === 0 || width <= 0 || height <= 0) return { boxes: [], height: 0 };
  let columns = 1;
  let tile = { width: 0, height: 0 };
  for (let candidate = 1; candidate <= count; candidate += 1) {
    const rows = Math.ceil(count / candidate);
    const cell = { width: (width - gap * (candidate - 1)) / candidate, height: (height - gap * (rows - 1)) / rows };
    const fitted = fit(cell, narrowest);
    if (fitted.width * fitted.height > tile.width * tile.height) [columns, tile] = [candidate, fitted];
  }
  if (tile.width < TILE_MIN_WIDTH) return layoutScrolling(count, { width, height, gap });
  return place(count, columns, tile, { width, height, gap });
}

/** So many that the stage has to scroll: tiles keep their least size. */
function layoutScrolling(count: number, { width, height, gap }: StageSize): { boxes: Box[]; height: number } {
  const columns = Math.max(1, Math.min(count, Math.floor((width + gap) / (TILE_MIN_WIDTH + gap))));
  const tileWidth = (width - gap * (columns - 1)) / columns;
  const tile = { width: tileWidth, height: tileWidth * 0.75 };
  return place(count, columns, tile, { width, height, gap });
}

function place(
  count: number,
  columns: number,
  tile: { width: number; height: number },
  { width, height, gap }: StageSize,
): { boxes: Box[]; height: number } {
  const rows = Math.ceil(count / columns);
  const used = rows * tile.height + gap * (rows - 1);
  const top = Math.max(0, (height - used) / 2);
  const boxes = Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const left = (width - (inRow * tile.width + gap * (inRow - 1))) / 2;
    return {
      x: left + (index % columns) * (tile.width + gap),
      y: top + row * (tile.height + gap),
      width: tile.width,
      height: tile.height,
    };
  });
  return { boxes, height: Math.max(height, used) };
}

function layoutWithStrip(screens: number, cameras: number, { width, height, gap }: StageSize): StageLayout {
  const beside = width >= height;
  const least = Math.max(TILE_MIN_WIDTH, Math.min(STRIP_MAX, (beside ? width : height) * STRIP_SHARE));
  // One screen in a high stage leaves room below it.
  const thickness = beside || screens > 1 ? least : Math.max(least, height - gap - width * HIGHEST_SCREEN);
  const main = beside ? { width: width - thickness - gap, height } : { width, height: height - thickness - gap };
  const strip = beside ? { width: thickness, height, gap } : { width, height: thickness, gap };
  const grid = layoutGrid(cameras, strip, NARROWEST_IN_WIDE);
  const moved = beside ? { x: main.width + gap, y: 0 } : { x: 0, y: main.height + gap };
  return {
    screens: layoutScreens(screens, { ...main, gap }),
    cameras: grid.boxes.map((box) => ({ ...box, x: box.x + moved.x, y: box.y + moved.y })),
    height: Math.max(height, moved.y + grid.height),
  };
}

/** Screens are shown whole whatever their shape, so they share a box in plain halves, thirds, …. */
function layoutScreens(count: number, { width, height, gap }: StageSize): Box[] {
  const columns = Math.ceil(Math.sqrt(count * (width > height ? 1 : 0.5)));
  const rows = Math.ceil(count / columns);
  const box = { width: (width - gap * (columns - 1)) / columns, height: (height - gap * (rows - 1)) / rows };
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
  return cell;
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
