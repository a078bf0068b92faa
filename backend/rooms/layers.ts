import type { Size } from '../../protocol/model.ts';

/** Of a picture whose publisher does not say. */
const USUAL_SIZE: Size = { width: 1280, height: 720 };

/** How much a picture may be blown up before the next larger size is worth its bandwidth. */
const ENLARGEMENT_MAX = 1.25;

export interface LayersOfPicture {
  /** How many it is sent in, each half as wide and as high as the next. */
  count: number;
  /** Of the largest. */
  size: Size | undefined;
}

/**
 * Which layer a size of a picture is sent in: its own, until the publisher says that it sends only some of the sizes, in
 * the last layers.
 */
export class Placement {
  readonly #last: number;
  /** Layers before the one of the smallest size. */
  #free = 0;

  /** Of a picture with `count` layers. */
  constructor(count: number) {
    this.#last = count - 1;
  }

  /** So many sizes, the smallest ones, are in the last layers from now on; of more than there are all. */
  place(sizes: number): void {
    this.#free = Math.max(0, this.#last + 1 - sizes);
  }

  /** The layer of a size, 0 the smallest; of one that is not sent that of the largest. */
  layerOf(size: number): number {
    return Math.min(size + this.#free, this.#last);
  }

  sizeIn(layer: number): number {
    return Math.max(0, layer - this.#free);
  }
}

/**
 * The smallest size that looks good in a box of `shown` pixels: 0 is the smallest, -1 stands for no picture at all, when the
 * box has no pixels. The picture may be cut to fill the box, so its nearer side decides.
 */
export function sizeFor({ count, size = USUAL_SIZE }: LayersOfPicture, shown: Size): number {
  if (shown.width === 0 || shown.height === 0) return -1;
  // A camera turned upright fills the same box with its other side.
  const needed = Math.max(shown.width / size.width, shown.height / size.height) / ENLARGEMENT_MAX;
  const sizes = Array.from({ length: count }, (_, size) => size);
  return sizes.find((size) => 2 ** (size - count + 1) >= needed) ?? count - 1;
}
