import { existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { WcsError } from '../../../protocol/errors.ts';
import type { Log } from '../../log.ts';
import { streamFileName, utcName } from '../store/file-name.ts';
import type { Callbacks } from './callback.ts';
import { runHook } from './hooks.ts';
import { mergeRoom, remuxShifted, remuxStream, streamEnding, usableTracks, type UsableTrack } from './remux.ts';
import { giveBackName, listTimelines, takeName } from '../store/storage.ts';
import { brokeOffAt } from '../interrupted.ts';
import { isOfStream, readTimeline, type Timeline, writeTimeline } from '../timeline.ts';

/** How often a recording is mixed at most: once, and once more. */
const ATTEMPTS = 2;

/** Milliseconds between two notes of progress on disk. */
const PROGRESS_INTERVAL = 1000;

/** Mixes a room's recording in processes of its own. Answers the name of the mixed file; rejects with the reason. */
export type Mix = (
  timelinePath: string,
  options: { signal: AbortSignal; onProgress: (fraction: number) => void },
) => Promise<string>;

export interface FinalizerOptions {
  /** Absolute path. */
  directory: string;
  /** Recordings worked on at once, from 1. */
  concurrency: number;
  mix: Mix;
  /** Stream files cover the whole time of their room. */
  emptyShift: boolean;
  /** Run with the stream's name and the absolute path of its file; empty: none. */
  onRecordHook: string;
  /** Run with a room's file, its creation time, its duration in milliseconds and the recorder's name; empty: we mix. */
  onMultipleRecordHook: string;
  /** Milliseconds that a script may take. */
  hookDeadline: number;
  /** Say, before a result is written, whether somebody is to be told of it, and tell; after a restart too. */
  callbacks?: Pick<Callbacks, 'owed' | 'tell'>;
  /** Takes the recording of a room that broke off, to be added later; answers whether it does. Default: it does not. */
  onInterrupted?: (timeline: Timeline, path: string) => Promise<boolean>;
  /** Told of each recording that is worked up, or cannot be; `id` is that of the catalogue. */
  onFinished?: ((timeline: Timeline, id: string) => void) | undefined;
  log: Log;
}

/** Thrown where nothing was received: trying again makes no sense, and nothing is broken. */
class Hopeless extends Error {}

/** Works recordings up, a few at a time. Where each one stands is in its timeline, so nothing is lost by a restart. */
export class Finalizer {
  readonly #options: FinalizerOptions;
  readonly #aborter = new AbortController();
  #queue: string[] = [];
  readonly #running = new Map<string, Promise<void>>();
  /** Recordings that somebody changes, until they have. */
  readonly #held = new Map<string, Promise<void>>();
  #mixing = 0;

  constructor(options: FinalizerOptions) {
    this.#options = options;
  }

  /** Whether the recording of this timeline waits or is being worked on. */
  has(path: string): boolean {
    return this.#queue.includes(path) || this.#running.has(path) || this.#held.has(path);
  }

  /** Recordings that wait, that are being worked on, and those of them that are being mixed. */
  get counts(): { waiting: number; working: number; mixing: number } {
    return { waiting: this.#queue.length, working: this.#running.size, mixing: this.#mixing };
  }

  /** Takes a recording that has ended. */
  add(path: string): void {
    if (this.#aborter.signal.aborted || this.has(path)) return;
    this.#queue.push(path);
    this.#next();
  }

  /**
   * Mixes a finished or failed recording of a room once more; `mixer` goes over the settings of `offline_mixer.json`.
   * Throws WcsError `recording_unknown`, `recording_busy`, `invalid`.
   */
  async again(path: string, mixer: Record<string, unknown> = {}): Promise<void> {
    await this.exclusively(path, async (timeline) => {
      if (isOfStream(timeline)) throw new WcsError('invalid', 'This is the recording of one stream: nothing to mix.');
      if (timeline.file === undefined && !hasParts(timeline)) {
        throw new WcsError('invalid', 'Nothing was received in this recording: nothing to mix.');
      }
      delete timeline.reason;
      delete timeline.callback;
      await writeTimeline(path, { ...timeline, mixer, state: 'recorded', attempts: 0 });
    });
    this.add(path);
  }

  /**
   * Keeps a recording from being worked on while `task` changes or deletes it, one after the other. Throws WcsError
   * `recording_unknown`, and `recording_busy` while it is being recorded or worked on.
   */
  async exclusively(path: string, task: (timeline: Timeline) => Promise<void>): Promise<void> {
    // That takes a moment only, such as a note that the callback has been told.
    while (this.#held.has(path)) await this.#held.get(path)?.catch(() => undefined);
    if (this.has(path)) throw new WcsError('recording_busy', 'This recording is being worked on.');
    const change = this.#change(path, task).finally(() => this.#held.delete(path));
    this.#held.set(path, change);
    await change;
  }

  async #change(path: string, task: (timeline: Timeline) => Promise<void>): Promise<void> {
    const timeline = await readTimeline(path).catch((cause: unknown) => {
      throw new WcsError('recording_unknown', 'There is no such recording.', { cause });
    });
    if (timeline.state === 'recording') throw new WcsError('recording_busy', 'This is being recorded just now.');
    await task(timeline);
  }

  /** Takes up what a former process has left unfinished. Call it before anything new is recorded. */
  async recover(): Promise<void> {
    const { directory, log } = this.#options;
    for (const path of await listTimelines(directory)) {
      try {
        // A process that died in its very first moment has left only the name.
        await giveBackName(directory, basename(path));
        if (!existsSync(path)) continue;
        const timeline = await readTimeline(path);
        if (timeline.state === 'done' || timeline.state === 'failed') {
          this.#options.callbacks?.tell(timeline, path);
          continue;
        }
        log.info({ recording: basename(path), state: timeline.state }, 'unfinished recording found');
        const brokeOff = timeline.state === 'recording' && !isOfStream(timeline);
        if (brokeOff && (await this.#options.onInterrupted?.(timeline, path))) continue;
        this.add(path);
      } catch (err) {
        log.error({ err, recording: basename(path) }, 'recording cannot be taken up');
      }
    }
  }

  /** Resolves when nothing waits and nothing is being worked on. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  /** Stops; what is not finished is taken up after the next start. Nothing is written any more then. Idempotent. */
  async close(): Promise<void> {
    this.#queue = [];
    this.#aborter.abort(new Error('the backend is being stopped'));
    await Promise.all([this.idle(), Promise.allSettled(this.#held.values())]);
  }

  #next(): void {
    while (this.#running.size < this.#options.concurrency) {
      const path = this.#queue.shift();
      if (path === undefined) return;
      const work = this.#work(path).finally(() => {
        this.#running.delete(path);
        this.#next();
      });
      this.#running.set(path, work);
    }
  }

  async #work(path: string): Promise<void> {
    const log = this.#options.log.child({ recording: basename(path, '.json') });
    for (;;) {
      let timeline: Timeline;
      try {
        timeline = await readTimeline(path);
        if (timeline.state === 'recording') timeline = await closeInterrupted(timeline, this.#options.directory);
      } catch (err) {
        log.error({ err }, 'timeline cannot be read');
        return;
      }
      try {
        timeline.attempts += 1;
        await this.#finalize(path, timeline, log);
        return;
      } catch (err) {
        if (await this.#failed(path, timeline, err, log)) return;
      }
    }
  }

  /** Notes what went wrong; answers whether that was the last attempt. */
  async #failed(path: string, timeline: Timeline, err: unknown, log: Log): Promise<boolean> {
    const stopped = this.#aborter.signal.aborted;
    const last = stopped || err instanceof Hopeless || timeline.attempts >= ATTEMPTS;
    delete timeline.progress;
    if (stopped) timeline.attempts -= 1;
    else timeline.reason = err instanceof Error ? err.message : String(err);
    timeline.state = last && !stopped ? 'failed' : 'recorded';
    if (stopped) log.info('work on the recording is put off to the next start');
    else if (err instanceof Hopeless) log.warn({ reason: timeline.reason }, 'there is nothing in the recording');
    else log.error({ err, attempts: timeline.attempts, state: timeline.state }, 'recording cannot be finalized');
    try {
      if (last && !stopped) timeline.callback = await this.#options.callbacks?.owed(timeline);
      await writeTimeline(path, timeline);
    } catch (error) {
      log.error({ err: error }, 'timeline cannot be written');
      return true;
    }
    if (last && !stopped) this.#finished(timeline, path);
    return last;
  }

  async #finalize(path: string, timeline: Timeline, log: Log): Promise<void> {
    if (isOfStream(timeline)) await this.#finalizeStream(path, timeline, log);
    else await this.#finalizeRoom(path, timeline, log);
    timeline.state = 'done';
    timeline.callback = await this.#options.callbacks?.owed(timeline);
    await writeTimeline(path, timeline);
    log.info({ file: timeline.mixed ?? timeline.file }, 'recording done');
    this.#finished(timeline, path);
  }

  #finished(timeline: Timeline, path: string): void {
    this.#options.onFinished?.(timeline, basename(path, '.json'));
    this.#options.callbacks?.tell(timeline, path);
  }

  async #finalizeStream(path: string, timeline: Timeline, log: Log): Promise<void> {
    const { directory, emptyShift, onRecordHook } = this.#options;
    const { signal } = this.#aborter;
    const stream = timeline.streams[0];
    if (stream && hasParts(timeline)) {
      const tracks = await usableTracks(timeline, directory, signal);
      if (tracks.length === 0) await nothingReceived(timeline, directory);
      const file = await streamFile(timeline, tracks, directory);
      await (emptyShift ? remuxShifted : remuxStream)(tracks, { timeline, directory, file, signal });
      timeline.file = file;
      await this.#dropParts(path, timeline);
    } else if (!(await hasResult(timeline, directory))) {
      await nothingReceived(timeline, directory);
    }
    if (!onRecordHook || !stream || timeline.file === undefined) return;
    await this.#runHook(onRecordHook, [stream.name, join(directory, timeline.file)], { timeline, log });
  }

  async #finalizeRoom(path: string, timeline: Timeline, log: Log): Promise<void> {
    const { directory, onMultipleRecordHook, mix } = this.#options;
    const { signal } = this.#aborter;
    if (hasParts(timeline)) {
      const tracks = await usableTracks(timeline, directory, signal);
      if (tracks.length === 0) throw new Hopeless('nothing was received of any stream');
      const file = `${basename(path, '.json')}.mkv`;
      await mergeRoom(tracks, { timeline, directory, file, signal });
      for (const [i, { stream, kind }] of tracks.entries()) stream[kind]!.track = i + 1;
      timeline.file = file;
      await this.#dropParts(path, timeline);
    }
    if (timeline.file === undefined) throw new Hopeless('nothing was published in the room');
    // Who asks for another mix wants ours.
    if (onMultipleRecordHook && !timeline.mixer) {
      const { startedAt, durationMs, recorder } = timeline;
      const args = [join(directory, timeline.file), String(startedAt), String(Math.round(durationMs)), recorder];
      await this.#runHook(onMultipleRecordHook, args, { timeline, log });
      return;
    }
    timeline.state = 'mixing';
    timeline.progress = 0;
    await writeTimeline(path, timeline);
    const progress = new ProgressNotes(path, timeline);
    this.#mixing += 1;
    try {
      const mixed = basename(await mix(path, { signal, onProgress: (fraction) => progress.note(fraction) }));
      const former = timeline.mixed;
      timeline.mixed = mixed;
      // Without pictures its name has another ending.
      if (former !== undefined && former !== mixed) await rm(join(directory, former), { force: true });
    } finally {
      this.#mixing -= 1;
      await progress.close();
    }
    delete timeline.progress;
    delete timeline.reason;
  }

  /** A script that fails is reported; the recording is there all the same. */
  async #runHook(script: string, args: string[], { timeline, log }: { timeline: Timeline; log: Log }): Promise<void> {
    const { hookDeadline: deadline } = this.#options;
    const { signal } = this.#aborter;
    const { output, problem } = await runHook({ script, args, deadline, signal });
    signal.throwIfAborted();
    if (problem === undefined) log.info({ script, output }, 'hook script ended');
    else log.error({ script, output, problem }, 'hook script failed');
    if (problem !== undefined) timeline.reason = problem;
  }

  /** The timeline speaks of the one file first, then what it was made of goes. */
  async #dropParts(path: string, timeline: Timeline): Promise<void> {
    const tracks = timeline.streams.flatMap(({ audio, video }) =>
      [audio, video].filter((track) => track !== undefined),
    );
    const files = tracks.flatMap(({ file }) => file ?? []);
    for (const track of tracks) {
      delete track.file;
      delete track.shiftMs;
    }
    await writeTimeline(path, timeline);
    await Promise.all(files.map((file) => rm(join(this.#options.directory, file), { force: true })));
  }
}

async function hasResult({ file }: Timeline, directory: string): Promise<boolean> {
  if (file === undefined) return false;
  return stat(join(directory, file)).then(
    ({ size }) => size > 0,
    () => false,
  );
}

/** Gives back the name that was taken for the file. */
async function nothingReceived(timeline: Timeline, directory: string): Promise<never> {
  if (timeline.file !== undefined) await giveBackName(directory, timeline.file);
  delete timeline.file;
  throw new Hopeless('nothing was received of the stream');
}

function hasParts({ streams }: Timeline): boolean {
  return streams.some(({ audio, video }) => audio?.file !== undefined || video?.file !== undefined);
}

/** The name that was told when the stream ended, or, when its end was never seen, one made now. */
async function streamFile(timeline: Timeline, tracks: UsableTrack[], directory: string): Promise<string> {
  const codec = (kind: string) => tracks.find((track) => track.kind === kind)?.codec;
  const ending = streamEnding({ audio: codec('audio'), video: codec('video') });
  const told = timeline.file ?? 'stream';
  if (told.endsWith(ending)) return told;
  const endedAt = timeline.endedAt ?? timeline.startedAt;
  const name = streamFileName(told.replace(/\.(?:mp4|webm|m4a)$/, ''), {
    endTime: utcName(endedAt),
    endTimeMillis: String(endedAt),
    duration: String(Math.round(timeline.durationMs)),
    audioCodec: codec('audio') ?? 'none',
    videoCodec: codec('video') ?? 'none',
  });
  return takeName(directory, name, ending);
}

/** A recording whose process died, and whose room nobody has come back to. */
async function closeInterrupted(timeline: Timeline, directory: string): Promise<Timeline> {
  const durationMs = await brokeOffAt(timeline, directory);
  const endedAt = timeline.startedAt + durationMs;
  return { ...timeline, state: 'recorded', endedAt, durationMs, reason: 'the backend was stopped in mid-recording' };
}

/** Writes progress to the timeline, now and then. */
class ProgressNotes {
  readonly #path: string;
  readonly #timeline: Timeline;
  #writing = Promise.resolve();
  #writtenAt = 0;

  constructor(path: string, timeline: Timeline) {
    this.#path = path;
    this.#timeline = timeline;
  }

  note(fraction: number): void {
    this.#timeline.progress = Math.min(1, Math.max(0, fraction));
    if (Date.now() - this.#writtenAt < PROGRESS_INTERVAL) return;
    this.#writtenAt = Date.now();
    // Progress that cannot be written is no reason to stop mixing.
    this.#writing = this.#writing.then(() => writeTimeline(this.#path, this.#timeline)).catch(() => undefined);
  }

  /** Resolves when no note is on its way any more, which would come after what is written next. */
  close(): Promise<void> {
    return this.#writing;
  }
}
