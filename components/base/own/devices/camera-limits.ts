import { videoConstraints } from '../../../room/capture/constraints.ts';
import type { OwnMedia } from '../own-media.ts';

/** Holds the camera that is open, and what is sent of it, to what the page allows: also when that changes in the call. */
export class CameraLimits {
  readonly #own: OwnMedia;
  #held: string;
  #queue: Promise<void> = Promise.resolve();

  constructor(own: OwnMedia) {
    this.#own = own;
    this.#held = JSON.stringify(own.cameraWish);
  }

  look(): void {
    const wish = JSON.stringify(this.#own.cameraWish);
    if (wish === this.#held) return;
    this.#held = wish;
    this.#queue = this.#queue.then(() => this.#apply());
  }

  async #apply(): Promise<void> {
    const { cameraWish, published } = this.#own;
    const constraints = videoConstraints(cameraWish) as MediaTrackConstraints;
    // A camera that cannot be held to it goes on as it is; the bits are limited all the same.
    await this.#own
      .track('video')
      ?.applyConstraints(constraints)
      .catch(() => undefined);
    await published?.limitVideo(cameraWish.maxBitrate);
  }
}
