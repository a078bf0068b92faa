import type { types } from 'mediasoup';

/** Milliseconds between two looks while media comes, and while none does. */
const INTERVAL = 2_000;
const DOUBT = 1_000;

/** Looks in a row at which nothing new has come, after which that is told; and those from then on until it is told again. */
const QUIET = 2;
const AGAIN = 4;

export interface HearingOptions {
  /** What the media comes over just now; undefined while nothing is published. */
  transport(): types.WebRtcTransport | undefined;
  /** Whether any must be coming. */
  expects(): boolean;
  /** Told when nothing arrives any more, again for as long as that lasts, and once when something does. */
  tell(arrives: boolean): void;
  /** Told at each look how much comes now, in bits per second. */
  measured(bitrate: number): void;
}

/**
 * Notices that nothing arrives of what somebody publishes. Their browser cannot: its packets leave, and what comes back tells
 * of the path and not of the media.
 */
export class Hearing {
  readonly #options: HearingOptions;
  #timer: NodeJS.Timeout | undefined;
  #transport: types.WebRtcTransport | undefined;
  #received: number | undefined;
  #quiet = 0;

  constructor(options: HearingOptions) {
    this.#options = options;
  }

  /** Idempotent. */
  start(): void {
    if (!this.#timer) this.#lookLater();
  }

  /** Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #lookLater(): void {
    this.#timer = setTimeout(() => void this.#look(), this.#quiet > 0 ? DOUBT : INTERVAL);
  }

  async #look(): Promise<void> {
    const { expects, measured } = this.#options;
    const transport = this.#options.transport();
    const expected = expects();
    const timer = this.#timer;
    // It may close over the question.
    const [stats] = (await transport?.getStats().catch(() => undefined)) ?? [];
    if (this.#timer !== timer) return;
    if (expected) this.#compare(transport, stats?.rtpBytesReceived);
    else this.#compare(undefined, undefined);
    if (stats) measured(stats.rtpRecvBitrate);
    this.#lookLater();
  }

  #compare(transport: types.WebRtcTransport | undefined, received: number | undefined): void {
    const comes = transport !== this.#transport || received !== this.#received;
    this.#transport = transport;
    this.#received = received;
    // Where nothing ever came there is no way yet, which its browser knows.
    if (!comes && received) {
      this.#quiet += 1;
      if (this.#quiet % AGAIN === QUIET) this.#options.tell(false);
      return;
    }
    if (this.#quiet >= QUIET && received) this.#options.tell(true);
    this.#quiet = 0;
  }
}
