import type { types } from 'mediasoup';
import type { TrafficTotals } from '../metrics.ts';

/**
 * Transports and producers that are asked in one look at most. Asking one costs this process less than 0.1 ms of its
 * core; with a thousand rooms it takes some looks to see all of them.
 */
const ASKED_MAX = 1_000;

/** Asked at once: requests of browsers to the same worker wait for no more than these. */
const ASKED_AT_ONCE = 50;

interface Watched {
  /** Adds what has been since the last time. */
  ask: () => Promise<void>;
  sentLoss: number | undefined;
}

/**
 * Bytes and losses of all browsers' transports. They are asked when somebody wants to know, those first that were asked
 * longest ago; the sums are right however many there are, only later.
 */
export class Traffic {
  readonly #totals = { receivedBytes: 0, sentBytes: 0, lostPackets: 0 };
  /** Those asked longest ago first. */
  readonly #watched = new Set<Watched>();
  #looking: Promise<TrafficTotals> | undefined;

  /** Counts what goes over `transport` and is lost from its producers, until it closes. */
  watch(transport: types.Transport): void {
    if (transport.type !== 'webrtc') return;
    const last = { receivedBytes: 0, sentBytes: 0 };
    const watched: Watched = {
      sentLoss: undefined,
      ask: async () => {
        const [stats] = await (transport as types.WebRtcTransport).getStats();
        if (!stats) return;
        this.#totals.receivedBytes += stats.bytesReceived - last.receivedBytes;
        this.#totals.sentBytes += stats.bytesSent - last.sentBytes;
        Object.assign(last, { receivedBytes: stats.bytesReceived, sentBytes: stats.bytesSent });
        watched.sentLoss = stats.rtpPacketLossSent;
      },
    };
    this.#keep(watched, transport.observer);
    transport.observer.on('newproducer', (producer) => this.#watchProducer(producer));
  }

  /** The sums up to now. Who asks while we are looking gets the same answer. */
  look(): Promise<TrafficTotals> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  #watchProducer(producer: types.Producer): void {
    let last = 0;
    const ask = async () => {
      const stats = await producer.getStats();
      const lost = stats.reduce((sum, { packetsLost }) => sum + packetsLost, 0);
      // A late packet is taken off again (RFC 3550 §6.4.1); a counter never goes back.
      this.#totals.lostPackets += Math.max(0, lost - last);
      last = Math.max(last, lost);
    };
    this.#keep({ ask, sentLoss: undefined }, producer.observer);
  }

  #keep(watched: Watched, observer: { once(event: 'close', listener: () => void): unknown }): void {
    this.#watched.add(watched);
    observer.once('close', () => this.#watched.delete(watched));
  }

  async #look(): Promise<TrafficTotals> {
    const due = [...this.#watched].slice(0, ASKED_MAX);
    for (let i = 0; i < due.length; i += ASKED_AT_ONCE) {
      await Promise.all(due.slice(i, i + ASKED_AT_ONCE).map((watched) => this.#ask(watched)));
    }
    const losses = [...this.#watched].flatMap(({ sentLoss }) => sentLoss ?? []);
    const sentLoss = losses.length === 0 ? 0 : losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    return { ...this.#totals, sentLoss };
  }

  async #ask(watched: Watched): Promise<void> {
    // To the end of the line, unless it has closed by now. It may also close in this moment: then there is nothing to add.
    if (!this.#watched.delete(watched)) return;
    this.#watched.add(watched);
    await watched.ask().catch(() => undefined);
  }
}
