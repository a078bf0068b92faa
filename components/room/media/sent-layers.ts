import { layerBitrates, layersOf } from '../capture/constraints.ts';

/**
 * Milliseconds for which layers go on that are no longer needed, until everybody who was sent one of them is sent
 * another one: that begins with a key frame, which has to be asked for.
 */
const LINGER = 1_000;

interface Size {
  scaleResolutionDownBy?: number;
  maxBitrate?: number | undefined;
}

/**
 * Sends of a picture only the sizes that somebody wants, counted from the smallest, and always in the last of its layers:
 * of one size the last layer, of two the last two.
 *
 * The obvious way, each size in a layer of its own, makes whoever enlarges a picture wait for three seconds: mediasoup
 * sends nobody a layer that has not been there for two (3.27, `StreamMinActiveMs`), and then looks at what there is once
 * a second. So the largest size comes in a layer that has never stopped.
 */
export class SentLayers {
  readonly #sender: RTCRtpSender;
  readonly #tell: (sizes: number) => void;
  /** How each size is sent, the smallest first. */
  #sizes: readonly Size[];
  #wanted: number;
  #sent: number;
  #changing: Promise<void> = Promise.resolve();
  #lingering: ReturnType<typeof setTimeout> | undefined;

  /** `tell` is called with how many sizes are in the last layers from now on. */
  constructor(sender: RTCRtpSender, tell: (sizes: number) => void) {
    this.#sender = sender;
    this.#tell = tell;
    this.#sizes = sender.getParameters().encodings.map(({ scaleResolutionDownBy, maxBitrate }) => ({
      ...(scaleResolutionDownBy !== undefined && { scaleResolutionDownBy }),
      ...(maxBitrate !== undefined && { maxBitrate }),
    }));
    this.#wanted = this.#sent = this.#sizes.length;
  }

  /** Somebody wants so many sizes, from the smallest on; 0: nobody wants any. */
  want(sizes: number): void {
    this.#wanted = Math.min(sizes, this.#sizes.length);
    this.#then(() => this.#follow());
  }

  /** All sizes together take so many kilobits per second at most from now on; undefined: what suits the picture. */
  limit(kilobits: number | undefined): Promise<void> {
    this.#then(async () => {
      const bitrates = layerBitrates(this.#sizes.length, this.#sender.track?.getSettings() ?? {}, kilobits);
      this.#sizes = this.#sizes.map((size, index) => ({ ...size, maxBitrate: bitrates[index] }));
      // Layers that linger go on doing so.
      await this.#send({ sizes: this.#sent, linger: true });
    });
    return this.#changing;
  }

  /** The picture may be of another size than before: tells anew. Returns false when it is too small for so many layers. */
  remeasure(): boolean {
    if (this.#sizes.length > layersOf(this.#sender.track?.getSettings() ?? {})) return false;
    this.#then(async () => {
      if (this.#sent > 0) this.#tell(this.#sent);
    });
    return true;
  }

  /** Idempotent. */
  close(): void {
    this.#wanted = this.#sent;
    clearTimeout(this.#lingering);
  }

  /** A browser takes one change after the other. */
  #then(change: () => Promise<void>): void {
    this.#changing = this.#changing.then(change);
  }

  async #follow(): Promise<void> {
    const sizes = this.#wanted;
    if (sizes === this.#sent) return;
    clearTimeout(this.#lingering);
    const isLess = sizes < this.#sent;
    this.#sent = sizes;
    // Nobody is to be sent anything else then.
    if (sizes === 0) return await this.#send({ sizes, linger: false });
    // What is smaller is in another layer by now, and nobody who has it is to be sent what is larger.
    if (!isLess) this.#tell(sizes);
    await this.#send({ sizes, linger: isLess });
    if (!isLess) return;
    this.#tell(sizes);
    this.#lingering = setTimeout(() => {
      this.#then(async () => {
        if (this.#sent === sizes) await this.#send({ sizes, linger: false });
      });
    }, LINGER);
  }

  /** With `linger` the layers that are not needed any more go on for now, at the smallest size. */
  async #send({ sizes, linger }: { sizes: number; linger: boolean }): Promise<void> {
    const parameters = this.#sender.getParameters();
    const first = parameters.encodings.length - sizes;
    for (const [layer, encoding] of parameters.encodings.entries()) {
      encoding.active = layer >= first || (linger && encoding.active);
      if (sizes > 0) Object.assign(encoding, this.#sizes[Math.max(0, layer - first)]);
    }
    // It fails only when the sending is over.
    await this.#sender.setParameters(parameters).catch(() => undefined);
  }
}
