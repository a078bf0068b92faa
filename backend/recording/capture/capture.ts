import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { types } from 'mediasoup';
import type { Log } from '../../log.ts';
import type { FromThread, News, Order, ProgressByKind, SenderReport, ToThread, Track } from './messages.ts';

/** Beside this file, in the sources as in the bundle. */
const THREAD = join(import.meta.dirname, `capture-thread${extname(import.meta.filename)}`);

/** The thread has ended, and nobody wanted that. */
export class CaptureDied extends Error {
  override name = 'CaptureDied';
}

export interface CaptureOptions {
  /** `performance.now()` at which the clock of the files shows 0. */
  origin: number;
  tracks: Track[];
  onProgress: (progress: ProgressByKind) => void;
  onKeyFrameWanted: (kind: types.MediaKind) => void;
  /** A file cannot be written any longer, or the thread has died (CaptureDied). */
  onFailed: (error: Error) => void;
}

/**
 * The thread that captures, as the rest of the backend sees it: started with the backend, and anew for the next stream
 * when it has died.
 */
export class Capture {
  readonly #log: Log;
  readonly #streams = new Map<number, CapturedStream>();
  /** What the thread sleeps at (Atomics.wait). */
  readonly #bell = new Int32Array(new SharedArrayBuffer(4));
  #thread: Worker | undefined;
  #count = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Has the thread ready for the first stream: a key frame that comes while it starts is missed, and the next one is a second away. */
  prepare(): void {
    this.#thread ??= this.#start();
  }

  /** Takes packets of one stream. Throws CaptureDied. */
  async open(options: CaptureOptions): Promise<CapturedStream> {
    const stream = (this.#count += 1);
    const thread = (this.#thread ??= this.#start());
    const captured = new CapturedStream(options, (order) => {
      thread.postMessage({ stream, order } satisfies ToThread);
      if (order.type !== 'report') this.#ring();
    });
    this.#streams.set(stream, captured);
    void captured.ended.then(() => this.#streams.delete(stream));
    await captured.opened;
    return captured;
  }

  /** Whether a track that is captured has that SSRC. */
  knows(ssrc: number): boolean {
    return [...this.#streams.values()].some((stream) => stream.has(ssrc));
  }

  /** CPU time of the thread so far, in milliseconds. */
  async cpuTime(): Promise<number> {
    const usage = await this.#thread?.cpuUsage();
    return usage ? (usage.user + usage.system) / 1000 : 0;
  }

  /** Resolves when all files are closed and the thread has ended. Idempotent. */
  async close(): Promise<void> {
    await Promise.all([...this.#streams.values()].map((stream) => stream.close()));
    await this.#thread?.terminate();
  }

  #ring(): void {
    Atomics.add(this.#bell, 0, 1);
    Atomics.notify(this.#bell, 0);
  }

  #start(): Worker {
    const thread = new Worker(THREAD, { name: 'capture', workerData: this.#bell.buffer });
    thread.on('message', (all: FromThread) => {
      for (const { stream, news } of all) this.#streams.get(stream)?.hear(news);
    });
    thread.on('error', (err) => this.#log.error({ err }, 'the thread that records has failed'));
    thread.once('exit', () => {
      this.#thread = undefined;
      for (const stream of this.#streams.values()) stream.died();
    });
    return thread;
  }
}

/** One stream in the thread. */
export class CapturedStream {
  readonly #options: CaptureOptions;
  readonly #tell: (order: Order) => void;
  readonly #opening = Promise.withResolvers<void>();
  readonly #ending = Promise.withResolvers<void>();
  #port = 0;
  #closing = false;

  constructor(options: CaptureOptions, tell: (order: Order) => void) {
    this.#options = options;
    this.#tell = tell;
    const { origin, tracks } = options;
    tell({ type: 'open', origin, tracks });
  }

  /** Rejects with CaptureDied. */
  get opened(): Promise<void> {
    return this.#opening.promise;
  }

  /** Resolves when nothing more will come. */
  get ended(): Promise<void> {
    return this.#ending.promise;
  }

  /** UDP port of 127.0.0.1 to which the packets are to be sent. */
  get port(): number {
    return this.#port;
  }

  has(ssrc: number): boolean {
    return this.#options.tracks.some((track) => track.ssrc === ssrc);
  }

  report(kind: types.MediaKind, report: SenderReport): void {
    this.#tell({ type: 'report', kind, report });
  }

  /** Resolves when everything received is in the files. Idempotent. */
  close(): Promise<void> {
    if (!this.#closing) this.#tell({ type: 'close' });
    this.#closing = true;
    return this.ended;
  }

  hear(news: News): void {
    switch (news.type) {
      case 'opened':
        this.#port = news.port;
        this.#opening.resolve();
        break;
      case 'progress':
        this.#options.onProgress(news.progress);
        break;
      case 'key-frame-wanted':
        this.#options.onKeyFrameWanted(news.kind);
        break;
      case 'failed':
        this.#options.onFailed(new Error(news.message));
        break;
      case 'closed':
        this.#ending.resolve();
    }
  }

  died(): void {
    const error = new CaptureDied('the thread that records has died');
    // Before it is open, whoever opens it is the one to know.
    if (this.#port === 0) this.#opening.reject(error);
    else if (!this.#closing) this.#options.onFailed(error);
    this.#ending.resolve();
  }
}
