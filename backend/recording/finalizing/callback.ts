import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WcsError } from '../../../protocol/errors.ts';
import type { Log } from '../../log.ts';
import { deliver, RETRY_DELAYS } from '../../signed-post.ts';
import { readMixerConfig } from '../mixing/config.ts';
import { isOfStream, type Timeline, writeTimeline } from '../timeline.ts';

/** Results that may be on their way at once; a further one waits for the next start, and that is logged. */
const PENDING_MAX = 100;

export interface CallbackOptions {
  /** Absolute path of the directory of recordings. */
  directory: string;
  /** `offline_mixer.json`, whose `callbackUrl` is told. */
  mixerConfig: string;
  /** Signs what is sent; empty: nothing is signed. */
  secret: string;
  /** Keeps others from changing a timeline meanwhile. Throws WcsError where that cannot be. */
  exclusively: (path: string, task: (timeline: Timeline) => Promise<void>) => Promise<void>;
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

type Callback = NonNullable<Timeline['callback']>;

/**
 * Tells the `callbackUrl` of `offline_mixer.json` by POST what became of the recordings of rooms. Who is to be told
 * stands in the timeline until that is done, so a restart loses nothing.
 */
export class Callbacks {
  readonly #options: CallbackOptions;
  readonly #aborter = new AbortController();
  readonly #pending = new Set<Promise<void>>();

  constructor(options: CallbackOptions) {
    this.#options = options;
  }

  /** What a timeline is to say of a result that is to be told: of a room that was mixed, or should have been. */
  async owed(timeline: Timeline): Promise<Timeline['callback']> {
    if (isOfStream(timeline) || (timeline.state === 'done' && timeline.mixed === undefined)) return undefined;
    return (await this.#url()) === undefined ? undefined : { delivery: randomUUID(), attempts: 0 };
  }

  /** Tells of a recording whose timeline says so. Returns at once; what goes wrong is logged. */
  tell(timeline: Timeline, path: string): void {
    const { callback } = timeline;
    if (!callback) return;
    const { log } = this.#options;
    const recording = basename(path, '.json');
    if (this.#pending.size >= PENDING_MAX) {
      log.error({ recording }, 'callback waits for the next start: too many are on their way');
      return;
    }
    const task = this.#tell(timeline, path, callback)
      .catch((err: unknown) => {
        if (this.#aborter.signal.aborted) log.info({ recording }, 'callback is put off to the next start');
        else log.error({ err, recording }, 'callback failed');
      })
      .finally(() => this.#pending.delete(task));
    this.#pending.add(task);
  }

  /** Puts off what is on its way to the next start. Idempotent. */
  async close(): Promise<void> {
    this.#aborter.abort();
    await Promise.all(this.#pending);
  }

  async #tell(timeline: Timeline, path: string, callback: Callback): Promise<void> {
    const { directory, secret, deadline, log } = this.#options;
    const recording = basename(path, '.json');
    const url = await this.#url();
    const { delivery, attempts: before } = callback;
    const delays = [0, ...(this.#options.delays ?? RETRY_DELAYS)];
    const body = JSON.stringify(await describe(timeline, recording, directory));
    for (let attempts = before + 1; url !== undefined && attempts <= delays.length; attempts += 1) {
      // What a former process has begun goes on at once.
      const ms = attempts === before + 1 ? 0 : delays[attempts - 1];
      await delay(ms, undefined, { signal: this.#aborter.signal, ref: false });
      const problem = await deliver({ url, body, secret, delivery, deadline, signal: this.#aborter.signal });
      if (problem === undefined) {
        log.info({ recording, attempts }, 'callback delivered');
        break;
      }
      const last = problem.final || attempts === delays.length;
      log[last ? 'error' : 'warn']({ recording, attempts, problem: problem.text }, 'callback failed');
      if (last) break;
      await this.#note(path, delivery, { delivery, attempts });
    }
    await this.#note(path, delivery, undefined);
  }

  async #url(): Promise<string | undefined> {
    // Settings that cannot be read have stopped the mixer too, which has said so.
    const config = await readMixerConfig(this.#options.mixerConfig).catch(() => undefined);
    return config?.callbackUrl;
  }

  /** Writes how far a delivery has come, or that it is settled. What is mixed again or deleted meanwhile has no need of it. */
  async #note(path: string, delivery: string, callback: Callback | undefined): Promise<void> {
    try {
      await this.#options.exclusively(path, async (timeline) => {
        if (timeline.callback?.delivery === delivery) await writeTimeline(path, { ...timeline, callback });
      });
    } catch (error) {
      if (!(error instanceof WcsError)) throw error;
    }
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
