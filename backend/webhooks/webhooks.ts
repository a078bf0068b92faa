import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { deliver, RETRY_DELAYS } from '../signed-post.ts';
import type { Happening } from './happening.ts';

/** What may wait to be told at once, of all rooms; beyond that the oldest is dropped. */
const WAITING_MAX = 1_000;

/** Milliseconds that the end of the backend waits for what is still to be told. */
const FLUSH_TIMEOUT = 2_000;

export interface WebhooksOptions {
  url: string;
  secret: string;
  log: Log;
  /** Milliseconds to wait before each further attempt. Default: 1, 5, 25 and 120 seconds. */
  delays?: readonly number[];
  /** Default: 1,000. */
  maxWaiting?: number;
  /** Milliseconds. Default: 2,000. */
  flushTimeout?: number;
}

interface Delivery {
  readonly id: string;
  readonly room: string;
  readonly event: Happening['event'];
  readonly body: string;
}

/**
 * Tells a server of the site what happens: of one room in order, each thing when the one before has been taken or given up;
 * of different rooms side by side. Nothing in a call ever waits for it.
 */
export class Webhooks {
  readonly #options: WebhooksOptions;
  /** Oldest first. */
  readonly #waiting = new Set<Delivery>();
  /** Rooms of which something is being told. */
  readonly #working = new Map<string, Promise<void>>();
  /** From here on nothing is waited for. */
  readonly #ending = new AbortController();
  readonly #aborter = new AbortController();

  constructor(options: WebhooksOptions) {
    this.#options = options;
  }

  /** Returns at once. */
  tell(room: string, happening: Happening): void {
    if (this.#aborter.signal.aborted) return;
    const id = randomUUID();
    const body = JSON.stringify({ id, at: Date.now(), room, ...happening });
    this.#waiting.add({ id, room, event: happening.event, body });
    if (this.#waiting.size > (this.#options.maxWaiting ?? WAITING_MAX)) this.#dropOldest();
    if (this.#working.has(room)) return;
    this.#working.set(room, this.#tellAll(room));
  }

  /** Tries once more what waits, as long as there is time; the rest is lost, and that is logged. Idempotent. */
  async close(): Promise<void> {
    this.#ending.abort();
    const timer = setTimeout(() => this.#aborter.abort(), this.#options.flushTimeout ?? FLUSH_TIMEOUT);
    await Promise.all(this.#working.values());
    clearTimeout(timer);
    this.#aborter.abort();
    if (this.#waiting.size > 0) this.#options.log.error({ lost: this.#waiting.size }, 'webhooks lost at the end');
    this.#waiting.clear();
  }

  async #tellAll(room: string): Promise<void> {
    // Whoever tells has gone on by then.
    await Promise.resolve();
    for (;;) {
      const next = [...this.#waiting].find((delivery) => delivery.room === room);
      if (!next || this.#aborter.signal.aborted) break;
      await this.#tell(next);
    }
    this.#working.delete(room);
  }

  /** Never rejects. */
  async #tell(delivery: Delivery): Promise<void> {
    const { url, secret, log, delays = RETRY_DELAYS } = this.#options;
    const { id, room, event, body } = delivery;
    for (const [attempt, ms] of [0, ...delays].entries()) {
      // Woken up early when the backend ends.
      await delay(ms, undefined, { signal: this.#ending.signal, ref: false }).catch(() => undefined);
      // Dropped meanwhile.
      if (!this.#waiting.has(delivery)) return;
      const problem = await this.#attempt({ url, body, secret, delivery: id });
      // Counted as lost.
      if (this.#aborter.signal.aborted && problem) return;
      const last = problem?.final === true || attempt === delays.length || this.#ending.signal.aborted;
      if (problem) {
        const about = { event, room, delivery: id, attempts: attempt + 1, problem: problem.text };
        log[last ? 'error' : 'warn'](about, last ? 'webhook given up' : 'webhook failed');
      }
      if (!problem || last) break;
    }
    this.#waiting.delete(delivery);
  }

  async #attempt(posting: Parameters<typeof deliver>[0]) {
    const { signal } = this.#aborter;
    return await deliver({ ...posting, signal }).catch(() => ({ text: 'the backend ends', final: true }));
  }

  #dropOldest(): void {
    const [oldest] = this.#waiting;
    if (!oldest) return;
    this.#waiting.delete(oldest);
    const { id: delivery, event, room } = oldest;
    this.#options.log.error({ event, room, delivery }, 'webhook dropped: too many wait');
  }
}
