import type { types } from 'mediasoup';

/** Of 10: below this so little of a picture arrives that the sound beside it is hurt, too (some 20 % are lost). */
const TOO_LITTLE = 5;

/** Milliseconds until it is tried again; each time twice as long, up to the longest. */
const REST = 15_000;
const REST_LONGEST = 60_000;

/**
 * Stops a picture that a viewer's line does not carry and that is not sent in several sizes, a screen: mediasoup sends it
 * whatever becomes of the sound. The line is given a rest, then it is tried again.
 */
export class Relief {
  readonly #changed: () => void;
  #rest = REST;
  #timer: NodeJS.Timeout | undefined;

  /** `changed` is called when it rests, and when it is to be tried again. */
  constructor(consumer: types.Consumer, changed: () => void) {
    this.#changed = changed;
    if (consumer.type !== 'simple') return;
    consumer.on('score', ({ score }) => {
      if (score < TOO_LITTLE && !consumer.paused && !consumer.producerPaused) this.#stop();
    });
    consumer.observer.once('close', () => clearTimeout(this.#timer));
  }

  get resting(): boolean {
    return this.#timer !== undefined;
  }

  #stop(): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#changed();
    }, this.#rest);
    this.#rest = Math.min(2 * this.#rest, REST_LONGEST);
    this.#changed();
  }
}
