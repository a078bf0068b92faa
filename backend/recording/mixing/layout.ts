/** Where tiles stand in the picture. Pure; all numbers are pixels, and even, because chroma is stored for 2x2 blocks. */
import type { LayoutClass } from './config.ts';

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface LayoutOptions {
  layoutClass: LayoutClass;
  width: number;
  height: number;
  /** How many tiles; the first `large` of them are the screens, or the speaker. */
  tiles: number;
  large: number;
}

/** What a tile's width to its height should come near to: between the cameras' 4:3 and the screens' 16:9. */
const TILE_ASPECT = 1.5;

/** The part of the picture's width that the tiles beside a screen or a speaker get. */
const SIDE_PART = 0.2;

/** Places tiles, in their order. A layout with large tiles is a stage with a column beside it; any other is a grid. */
export function layOut({ layoutClass, width, height, tiles, large }: LayoutOptions): Rect[] {
  const gap = layoutClass.includes('NoPadding') ? 0 : even(width / 160);
  const whole = { x: gap, y: gap, width: width - 2 * gap, height: height - 2 * gap };
  const beside = tiles - large;
  if (large === 0 || beside === 0) return grid(whole, tiles, gap);
  const column = even(width * SIDE_PART);
  const stage = { ...whole, width: whole.width - column - gap };
  const side = { ...whole, x: stage.x + stage.width + gap, width: column };
  return [...grid(stage, large, gap), ...grid(side, beside, gap)];
}

/** Equal cells in as many columns as make the tiles largest; the last row is centred. */
function grid(area: Rect, count: number, gap: number): Rect[] {
  let columns = 1;
  let best = 0;
  for (let candidate = 1; candidate <= count; candidate++) {
    const cell = cellSize(area, candidate, Math.ceil(count / candidate), gap);
    const size = Math.min(cell.width, cell.height * TILE_ASPECT);
    if (size > best) [best, columns] = [size, candidate];
  }
  const rows = Math.ceil(count / columns);
  const { width, height } = cellSize(area, columns, rows, gap);
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const used = inRow * width + (inRow - 1) * gap;
    return {
      x: area.x + even((area.width - used) / 2) + (index % columns) * (width + gap),
      y: area.y + row * (height + gap),
      width,
      height,
    };
  });
}

function cellSize(area: Rect, columns: number, rows: number, gap: number): { width: number; height: number } {
  return {
    width: Math.max(2, even((area.width - gap * (columns - 1)) / columns)),
    height: Math.max(2, even((area.height - gap * (rows - 1)) / rows)),
  };
}

function even(value: number): number {
  return 2 * Math.floor(value / 2);
}
