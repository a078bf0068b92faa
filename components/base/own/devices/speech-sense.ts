/** Decibels below which nothing is speech: a room without anybody. */
const QUIETEST = -55;

/** Decibels by which speech stands out of what is always there: fans, the street. */
const ABOVE_NOISE = 12;

/** Of so many levels in a row, so many have to be loud: somebody coughs, puts a cup down. */
const WINDOW = 12;
const LOUD_ONES = 6;

/** How fast, per level, what is always there is taken for louder than before; for quieter it is taken at once. */
const NOISE_RISE = 0.25;

/** Tells speech from noise by levels that come ten times a second. */
export class SpeechSense {
  /** What is there when nobody speaks; at first whatever is heard. */
  #noise: number | undefined;
  #loud: boolean[] = [];

  /** Whether this level, with those before, is somebody who speaks. */
  hears(decibels: number): boolean {
    const noise = this.#noise ?? decibels;
    const isLoud = decibels > Math.max(QUIETEST, noise + ABOVE_NOISE);
    this.#noise = Math.min(decibels, noise + NOISE_RISE);
    this.#loud = [...this.#loud, isLoud].slice(-WINDOW);
    return this.#loud.filter(Boolean).length >= LOUD_ONES;
  }
}
