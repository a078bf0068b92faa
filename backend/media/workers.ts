import { setTimeout as delay } from 'node:timers/promises';
import { createWorker, ortc, type types } from 'mediasoup';
import { WcsError } from '../../protocol/errors.ts';
import { check } from '../../protocol/frames.ts';
import { RtpCapabilities } from '../../protocol/rtp.ts';
import type { Log } from '../log.ts';
import type { MediaCounts, TrafficTotals, WorkerUsage } from '../metrics.ts';
import { listenInfos } from './addresses.ts';
import { MEDIA_CODECS, WITHHELD_EXTENSIONS } from './codecs.ts';
import { MediaRouter } from './router.ts';
import { Traffic } from './traffic.ts';
import type { TurnOptions } from './turn.ts';

/** Milliseconds before each further attempt to replace a dead worker; the last one repeats. */
const RESTART_DELAYS = [0, 500, 2_000, 5_000];

/** Milliseconds that a room waits for a worker when every one of them is being replaced. */
const WORKER_WAIT = 5_000;

export interface WorkerPoolOptions {
  /** Worker processes; each serves many rooms and fills one core at most. */
  count: number;
  /** UDP and TCP port of the first worker, the next one has the next port; 0: any free ports. */
  rtcPort: number;
  /** IP addresses at which browsers reach this machine, one of a family at most; none: its own are offered. */
  announced: readonly string[];
  turn: TurnOptions;
  log: Log;
}

/** Starts all workers. Throws, with none left running, when one cannot start or its port is taken. */
export async function createWorkerPool(options: WorkerPoolOptions): Promise<WorkerPool> {
  const pool = new WorkerPool(options);
  try {
    await pool.start();
  } catch (error) {
    pool.close();
    throw error;
  }
  return pool;
}

export class WorkerPool {
  /** What every router of this pool can carry, as browsers are told. */
  readonly routerCapabilities = offeredCapabilities();

  readonly #traffic = new Traffic();
  readonly #slots: WorkerSlot[];

  constructor({ count, rtcPort, ...rest }: WorkerPoolOptions) {
    const traffic = this.#traffic;
    this.#slots = Array.from(
      { length: count },
      (_, index) => new WorkerSlot({ index, port: rtcPort === 0 ? 0 : rtcPort + index, traffic, ...rest }),
    );
  }

  async start(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.start()));
  }

  /** Whether at least one worker can take rooms. */
  get ready(): boolean {
    return this.#slots.some((slot) => slot.alive);
  }

  /** Process ids of the live workers. */
  get pids(): number[] {
    return this.#slots.flatMap((slot) => slot.pid ?? []);
  }

  /**
   * A router on the least loaded live worker; waits for a replacement when there is none. Throws WcsError
   * `media_unavailable` when none comes in time.
   */
  async createRouter(): Promise<MediaRouter> {
    for (;;) {
      if (!this.ready) await this.#replacement();
      const slot = this.#leastLoaded();
      if (!slot) throw unavailable();
      const router = await slot.createRouter();
      if (router) return router;
    }
  }

  /** A router on the least loaded live worker that has none of `others`, if there is such a worker. */
  async createRouterBeside(others: readonly MediaRouter[]): Promise<MediaRouter | undefined> {
    const taken = new Set(others.map(({ worker }) => worker.pid));
    return await this.#leastLoaded((slot) => !taken.has(slot.pid ?? 0))?.createRouter();
  }

  counts(): MediaCounts {
    const total = (count: keyof MediaCounts) => this.#slots.reduce((sum, slot) => sum + slot.counts[count], 0);
    return {
      routers: total('routers'),
      transports: total('transports'),
      producers: total('producers'),
      consumers: total('consumers'),
    };
  }

  /** How many workers have died since the start. */
  get deaths(): number {
    return this.#slots.reduce((sum, slot) => sum + slot.deaths, 0);
  }

  /** What each live worker has taken of this machine. */
  async usage(): Promise<WorkerUsage[]> {
    const usages = await Promise.all(this.#slots.map((slot) => slot.usage()));
    return usages.flatMap((usage) => usage ?? []);
  }

  traffic(): Promise<TrafficTotals> {
    return this.#traffic.look();
  }

  close(): void {
    for (const slot of this.#slots) slot.close();
  }

  #leastLoaded(suits: (slot: WorkerSlot) => boolean = () => true): WorkerSlot | undefined {
    return this.#slots.filter((slot) => slot.alive && suits(slot)).sort((a, b) => a.load - b.load)[0];
  }

  async #replacement(): Promise<void> {
    const timeout = new AbortController();
    await Promise.race([
      ...this.#slots.map((slot) => slot.replaced()),
      delay(WORKER_WAIT, undefined, { signal: timeout.signal }).catch(() => undefined),
    ]);
    timeout.abort();
  }
}

interface WorkerSlotOptions {
  index: number;
  port: number;
  announced: readonly string[];
  traffic: Traffic;
  turn: TurnOptions;
  log: Log;
}

/** The place of one worker: its port, and whichever process holds it now. */
class WorkerSlot {
  /** Kept by mediasoup's own life-cycle events, so they are what is there and not what we believe. */
  readonly counts: MediaCounts = { routers: 0, transports: 0, producers: 0, consumers: 0 };
  deaths = 0;

  readonly #options: WorkerSlotOptions;
  readonly #log: Log;
  readonly #closing = new AbortController();
  #running: { worker: types.Worker; webRtcServer: types.WebRtcServer } | undefined;
  #replacing: Promise<void> = Promise.resolve();
  #pending = 0;

  constructor(options: WorkerSlotOptions) {
    this.#options = options;
    this.#log = options.log.child({ worker: options.index });
  }

  get alive(): boolean {
    return this.#running !== undefined && !this.#running.worker.closed;
  }

  get pid(): number | undefined {
    return this.#running?.worker.pid;
  }

  /** Undefined while it is being replaced. */
  async usage(): Promise<WorkerUsage | undefined> {
    const worker = this.#running?.worker;
    // It may die over the question.
    const usage = await worker?.getResourceUsage().catch(() => undefined);
    if (!usage) return undefined;
    // Milliseconds and kilobytes, as getrusage(2) has them.
    const { ru_utime, ru_stime, ru_maxrss } = usage;
    return {
      worker: this.#options.index,
      userSeconds: ru_utime / 1000,
      systemSeconds: ru_stime / 1000,
      residentBytes: ru_maxrss * 1024,
    };
  }

  /** What costs this worker time, and rooms that are about to. */
  get load(): number {
    const { routers, transports, producers, consumers } = this.counts;
    return this.#pending + routers + transports + producers + consumers;
  }

  async start(): Promise<void> {
    const worker = await createWorker({ logLevel: 'warn' });
    keepThroughSignals(worker);
    const { port, announced } = this.#options;
    try {
      const webRtcServer = await worker.createWebRtcServer({ listenInfos: listenInfos({ announced, port }) });
      if (this.#closing.signal.aborted) throw unavailable();
      this.#count(worker);
      worker.once('died', (error) => this.#onDied(error));
      this.#running = { worker, webRtcServer };
      this.#log.info({ pid: worker.pid, port }, 'worker started');
    } catch (cause) {
      worker.close();
      throw new Error(`media worker ${this.#options.index} cannot listen on port ${port} (rtc_port)`, { cause });
    }
  }

  /** Resolves when a dead worker has been replaced, or the slot closed; at once when nothing is being replaced. */
  replaced(): Promise<void> {
    return this.#replacing;
  }

  /** Resolves to nothing when the worker has died over it. */
  async createRouter(): Promise<MediaRouter | undefined> {
    const running = this.#running;
    if (!running) return undefined;
    this.#pending += 1;
    try {
      const router = await running.worker.createRouter({ mediaCodecs: MEDIA_CODECS });
      return new MediaRouter({ router, turn: this.#options.turn, ...running });
    } catch (cause) {
      if (running.worker.closed) return undefined;
      throw unavailable(cause);
    } finally {
      this.#pending -= 1;
    }
  }

  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#running?.worker.close();
    this.#running = undefined;
  }

  #onDied(error: Error): void {
    this.#running = undefined;
    this.deaths += 1;
    if (!this.#closing.signal.aborted) this.#replacing = this.#replace(error);
  }

  async #replace(death: Error): Promise<void> {
    const { signal } = this.#closing;
    let failure = { err: death.message, msg: 'worker died' };
    for (let attempt = 0; !this.alive; attempt += 1) {
      try {
        await delay(RESTART_DELAYS[Math.min(attempt, RESTART_DELAYS.length - 1)], undefined, { signal });
        // Said only after the delay: when Ctrl-C has reached the worker, the slot is being closed by now.
        this.#log.error(failure);
        await this.start();
      } catch (error) {
        if (signal.aborted) return;
        failure = { err: describeError(error), msg: 'worker cannot be replaced yet' };
      }
    }
  }

  #count(worker: types.Worker): void {
    const counted = (what: keyof MediaCounts, observer: { once(event: 'close', listener: () => void): unknown }) => {
      this.counts[what] += 1;
      observer.once('close', () => {
        this.counts[what] -= 1;
      });
    };
    worker.observer.on('newrouter', (router) => {
      counted('routers', router.observer);
      router.observer.on('newtransport', (transport) => {
        counted('transports', transport.observer);
        this.#options.traffic.watch(transport);
        transport.observer.on('newproducer', (producer) => counted('producers', producer.observer));
        transport.observer.on('newconsumer', (consumer) => counted('consumers', consumer.observer));
      });
    });
  }
}

function offeredCapabilities(): RtpCapabilities {
  const capabilities = check(RtpCapabilities, ortc.generateRouterRtpCapabilities(MEDIA_CODECS));
  return {
    ...capabilities,
    headerExtensions: capabilities.headerExtensions?.filter(({ uri }) => !WITHHELD_EXTENSIONS.has(String(uri))),
  };
}

/**
 * At SIGINT and SIGTERM mediasoup closes its workers by itself, before the browsers have been told anything, and without
 * `died`. When they close is for their owner to say.
 */
function keepThroughSignals(worker: types.Worker): void {
  const { onSignal } = worker as types.Worker & { onSignal: NodeJS.SignalsListener };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
}

function unavailable(cause?: unknown): WcsError {
  return new WcsError('media_unavailable', 'The media server is starting again. Try once more.', { cause });
}

function describeError(error: unknown): string {
  return error instanceof Error
    ? `${error.message}${error.cause instanceof Error ? `: ${error.cause.message}` : ''}`
    : String(error);
}
