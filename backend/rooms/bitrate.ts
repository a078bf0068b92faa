import type { types } from 'mediasoup';
import { WcsError } from '../../protocol/errors.ts';
import type { PublishedStream } from './stream.ts';

/**
 * Browsers keep to what they are asked for by estimates, and go over it for moments: only what is this many times as fast,
 * at so many looks in a row, is ended.
 */
const TOLERANCE = 1.5;
const PATIENCE = 4;

/** Milliseconds for which whoever was ended publishes nothing. */
const REST = 30_000;

export interface BitrateLimitOptions {
  /** Bits per second of each stream; 0: no limit. */
  most: number;
  streams(): readonly PublishedStream[];
  /** What they come over just now; made for one stream. */
  transport(): types.WebRtcTransport | undefined;
  /** Ends a stream that is too fast. */
  end(stream: PublishedStream, error: WcsError): void;
}

/** Ends streams of one participant that come faster than is allowed, although its browser was asked to keep to that. */
export class BitrateLimit {
  readonly #options: BitrateLimitOptions;
  /** At how many looks in a row each was too fast. */
  #tooFast = new Map<PublishedStream, number>();
  #restsUntil = 0;

  constructor(options: BitrateLimitOptions) {
    this.#options = options;
  }

  /** Throws WcsError `rate_limited` for a while after a stream was ended. */
  assertRested(): void {
    const retryAfter = this.#restsUntil - Date.now();
    if (retryAfter > 0) throw this.#refusal(retryAfter);
  }

  /** There are more or fewer streams now: asks the browser to keep to what all of them together may have. */
  share(): void {
    const { most, streams, transport } = this.#options;
    const { length } = streams();
    // It may close over the question.
    if (most > 0 && length > 0)
      transport()
        ?.setMaxIncomingBitrate(most * length)
        .catch(() => undefined);
  }

  /** `total` is what comes now of all streams together, in bits per second: mostly there is nothing more to ask. */
  async look(total: number): Promise<void> {
    const { most, streams, end } = this.#options;
    const seen = new Map<PublishedStream, number>();
    if (most > 0 && total > most * TOLERANCE)
      for (const stream of streams())
        if ((await stream.bitrate()) > most * TOLERANCE) seen.set(stream, (this.#tooFast.get(stream) ?? 0) + 1);
    this.#tooFast = seen;
    for (const [stream, times] of seen) {
      if (times < PATIENCE || !streams().includes(stream)) continue;
      this.#restsUntil = Date.now() + REST;
      end(stream, this.#refusal(REST));
    }
  }

  #refusal(retryAfter: number): WcsError {
    const most = Math.round(this.#options.most / 1000);
    return new WcsError('rate_limited', `A stream may have ${most} kbit/s: send less.`, { retryAfter });
  }
}
