import type { Size } from '../../protocol/model.ts';

/** Of a picture whose publisher does not say. */
const USUAL_SIZE: Size = { width: 1280, height: 720 };

/** How much a picture may be blown up before the next larger layer is worth its bandwidth. */
const ENLARGEMENT_MAX = 1.25;

export interface LayersOfPicture {
  /** How many it is sent in, each half as wide and as high as the next. */
  count: number;
  /** Of the largest. */
  size: Size | undefined;
}

/**
 * The smallest layer that looks good in a box of `shown` pixels: 0 is the smallest, -1 stands for no picture at all, when the
 * box has no pixels. The picture may be cut to fill the box, so its nearer side decides.
 */
export function layerFor({ count, size = USUAL_SIZE }: LayersOfPicture, shown: Size): number {
  if (shown.width === 0 || shown.height === 0) return -1;
  // A camera turned upright fills the same box with its other side.
  const needed = Math.max(shown.width / size.width, shown.height / size.height) / ENLARGEMENT_MAX;
  const layers = Array.from({ length: count }, (_, layer) => layer);
  return layers.find((layer) => 2 ** (layer - count + 1) >= needed) ?? count - 1;
}
