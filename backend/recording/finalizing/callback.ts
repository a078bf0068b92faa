import { createHmac, randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../log.ts';
import { readMixerConfig } from '../mixing/config.ts';
import { isOfStream, type Timeline } from '../timeline.ts';

/** Milliseconds to wait before each further attempt. */
const DELAYS = [1_000, 5_000, 25_000, 120_000];

/** Milliseconds that one attempt may take. */
const DEADLINE = 10_000;

/** Results that may be on their way at once; a further one is not told, and that is logged. */
const PENDING_MAX = 100;

/** Answers after which another attempt makes sense (RFC 9110 §15.5.9, RFC 6585 §4), beside those of 500 and above. */
const PASSING = [408, 425, 429];

export interface CallbackOptions {
  /** Absolute path of the directory of recordings. */
  directory: string;
  /** `offline_mixer.json`, whose `callbackUrl` is told. */
  mixerConfig: string;
  /** Signs what is sent; empty: nothing is signed. */
  secret: string;
  log: Log;
  /** Milliseconds to wait before each further attempt. Default: 1, 5, 25 and 120 seconds. */
  delays?: readonly number[];
  /** Milliseconds that one attempt may take. Default: 10,000. */
  deadline?: number;
}

/** What is sent as JSON. Who was there, and why something failed, is not: that is for those who may see recordings. */
export interface CallbackBody {
  /** Of the recording in the administration API. */
  id: string;
  room: string;
  state: 'done' | 'failed';
  /** Milliseconds since the Unix epoch. */
  startedAt: number;
  durationMs: number;
  /** Name of the mixed file; without it there is none. */
  file?: string;
  bytes?: number;
}

/** Tells the `callbackUrl` of `offline_mixer.json` by POST what became of the recordings of rooms. */
export class Callbacks {
  readonly #options: CallbackOptions;
  readonly #aborter = new AbortController();
  readonly #pending = new Set<Promise<void>>();

  constructor(options: CallbackOptions) {
    this.#options = options;
  }

  /** Tells of a recording that is worked up, when it was mixed or should have been. Returns at once; what goes wrong is logged. */
  tell(timeline: Timeline, path: string): void {
    if (isOfStream(timeline) || (timeline.state === 'done' && timeline.mixed === undefined)) return;
    const { log } = this.#options;
    const recording = basename(path, '.json');
    if (this.#pending.size >= PENDING_MAX) {
      log.error({ recording }, 'callback is left out: too many are on their way');
      return;
    }
    const task = this.#tell(timeline, recording)
      .catch((err: unknown) => {
        if (this.#aborter.signal.aborted) log.warn({ recording }, 'callback is given up: the backend is being stopped');
        else log.error({ err, recording }, 'callback failed');
      })
      .finally(() => this.#pending.delete(task));
    this.#pending.add(task);
  }

  /** Gives up what is on its way. Idempotent. */
  async close(): Promise<void> {
    this.#aborter.abort();
    await Promise.all(this.#pending);
  }

  async #tell(timeline: Timeline, id: string): Promise<void> {
    const { mixerConfig, directory, log } = this.#options;
    // Settings that cannot be read have stopped the mixer too, which has said so.
    const { callbackUrl } = await readMixerConfig(mixerConfig).catch(() => ({ callbackUrl: undefined }));
    if (callbackUrl === undefined) return;
    const body = JSON.stringify(await describe(timeline, id, directory));
    const delivery = randomUUID();
    const delays = [0, ...(this.#options.delays ?? DELAYS)];
    for (const [attempt, ms] of delays.entries()) {
      await delay(ms, undefined, { signal: this.#aborter.signal, ref: false });
      const problem = await this.#post(callbackUrl, body, delivery);
      if (problem === undefined) {
        log.info({ recording: id, attempts: attempt + 1 }, 'callback delivered');
        return;
      }
      const last = problem.final || attempt === delays.length - 1;
      log[last ? 'error' : 'warn']({ recording: id, attempts: attempt + 1, problem: problem.text }, 'callback failed');
      if (problem.final) return;
    }
  }

  /** One attempt; answers why it failed, and whether another would too. */
  async #post(url: string, body: string, delivery: string): Promise<{ text: string; final: boolean } | undefined> {
    const stop = this.#aborter.signal;
    const signal = AbortSignal.any([stop, AbortSignal.timeout(this.#options.deadline ?? DEADLINE)]);
    try {
      // A redirection could lead anywhere, so it is not followed.
      const init = {
        method: 'POST',
        body,
        headers: this.#headers(body, delivery),
        redirect: 'manual',
        signal,
      } as const;
      const response = await fetch(url, init);
      await response.body?.cancel();
      if (response.ok) return undefined;
      const { status } = response;
      return { text: `the answer was ${status}`, final: status < 500 && !PASSING.includes(status) };
    } catch (error) {
      stop.throwIfAborted();
      const { name, message, cause } = error as Error;
      if (name === 'TimeoutError') return { text: 'there was no answer in time', final: false };
      return { text: cause instanceof Error ? cause.message : message, final: false };
    }
  }

  #headers(body: string, delivery: string): Record<string, string> {
    const { secret } = this.#options;
    const timestamp = String(Math.floor(Date.now() / 1000));
    const headers = { 'Content-Type': 'application/json', 'X-Wcs-Delivery': delivery, 'X-Wcs-Timestamp': timestamp };
    if (secret === '') return headers;
    const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
    return { ...headers, 'X-Wcs-Signature': `sha256=${signature}` };
  }
}

async function describe(timeline: Timeline, id: string, directory: string): Promise<CallbackBody> {
  const { room, startedAt, durationMs, mixed } = timeline;
  const state = timeline.state === 'done' ? 'done' : 'failed';
  const body = { id, room, state, startedAt, durationMs } as const;
  if (mixed === undefined) return body;
  const { size } = await stat(join(directory, mixed));
  return { ...body, file: mixed, bytes: size };
}
