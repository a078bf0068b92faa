import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { types } from 'mediasoup';
import type { Muted, Stream } from '../../protocol/model.ts';
import type { Log } from '../log.ts';
import { type Capture, CaptureDied } from './capture/capture.ts';
import { StreamRecorder, type RecordedRouter, type RecordedTrack } from './capture/stream-recorder.ts';
import { breakOff, brokeOffAt } from './interrupted.ts';
import { readTimeline, type Timeline, type TimelineStream, writeTimeline } from './timeline.ts';

/** Milliseconds for which changes of the timeline are gathered before it is written. */
const SAVE_DELAY = 500;

interface Options {
  /** Absolute path. */
  directory: string;
  /** Of the timeline and of what lies beside it, without an ending. */
  fileName: string;
  capture: Capture;
  log: Log;
  /** Nothing more can be recorded, for this reason; what was written stays. */
  onFailed?: (reason: string) => void;
}

export interface RecordingOptions extends Options {
  room: string;
  /** Who records: `multi-recorder://<room>`, `stream-recorder://<mediaSessionId>`. */
  recorder: string;
  /** Milliseconds since the Unix epoch: 0 on the recording's clock. */
  startedAt: number;
  /** What the result is to be called, where that is known from the beginning. */
  file?: string;
}

export interface RecordedStream {
  router: RecordedRouter;
  producers: readonly types.Producer[];
  login: string;
  stream: Stream;
}

/** A recording that is going on: its timeline, and the recorders of the streams in it. */
export class Recording {
  readonly path: string;
  readonly #options: Options;
  readonly #timeline: Timeline;
  readonly #origin: number;
  #files: number;
  readonly #live = new Map<string, { entry: TimelineStream; recorder: Promise<StreamRecorder | undefined> }>();
  readonly #ending = new Set<Promise<void>>();
  #saving = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #finishing: Promise<Timeline> | undefined;
  #closed = false;

  /** Writes the first timeline. Throws when the directory cannot be written. */
  static async begin({ room, recorder, startedAt, file, ...options }: RecordingOptions): Promise<Recording> {
    const nothing = { endedAt: null, durationMs: 0, state: 'recording' as const, attempts: 0 };
    const nobody = { participants: [], streams: [], speakers: [] };
    const timeline: Timeline = { version: 1, room, recorder, startedAt, ...nothing, ...nobody };
    if (file !== undefined) timeline.file = file;
    return Recording.#start(new Recording(options, timeline, { now: Date.now() - startedAt, files: 0 }));
  }

  /** Goes on with a recording that broke off, on its own clock. Throws when its timeline cannot be read or written. */
  static async resume(options: Options): Promise<Recording> {
    const { directory, fileName } = options;
    const timeline = await readTimeline(timelinePath(options));
    const at = await brokeOffAt(timeline, directory);
    breakOff(timeline, at);
    const files = await lastNumber(directory, fileName);
    // The clock of the machine may have been set back meanwhile.
    const now = Math.max(at, Date.now() - timeline.startedAt);
    return Recording.#start(new Recording(options, { ...timeline, endedAt: null, durationMs: 0 }, { now, files }));
  }

  static async #start(recording: Recording): Promise<Recording> {
    await writeTimeline(recording.path, recording.#timeline);
    return recording;
  }

  /** `now`: milliseconds on its clock. `files`: numbers that its streams' files have had. */
  private constructor(options: Options, timeline: Timeline, { now, files }: { now: number; files: number }) {
    this.#options = options;
    this.#timeline = timeline;
    this.path = timelinePath(options);
    this.#origin = performance.now() - now;
    this.#files = files;
  }

  get startedAt(): number {
    return this.#timeline.startedAt;
  }

  /** Milliseconds on the recording's clock. */
  get now(): number {
    return Math.max(0, Math.round(performance.now() - this.#origin));
  }

  joined(login: string): void {
    this.#timeline.participants.push({ login, joinedAtMs: this.now, leftAtMs: null });
    this.#save();
  }

  left(login: string): void {
    const there = this.#timeline.participants.findLast((one) => one.login === login && one.leftAtMs === null);
    if (there) there.leftAtMs = this.now;
    this.#save();
  }

  speaks(login: string | null): void {
    this.#timeline.speakers.push({ atMs: this.now, login });
    this.#save();
  }

  /** Records a stream from its next packet on; the promise resolves when it does, or cannot. */
  async add({ router, producers, login, stream }: RecordedStream): Promise<void> {
    if (this.#finishing || this.#live.has(stream.name)) return;
    const { name, kind, mediaSessionId } = stream;
    const entry: TimelineStream = { name, login, kind, mediaSessionId, startMs: this.now, endMs: null, muted: [] };
    this.#timeline.streams.push(entry);
    const recorder = StreamRecorder.start({
      capture: this.#options.capture,
      router,
      producers,
      directory: this.#options.directory,
      fileName: `${this.#options.fileName}-${(this.#files += 1)}`,
      streamName: name,
      origin: this.#origin,
      log: this.#options.log,
      onShifted: () => this.#save(),
      onFailed: (error) => this.#fail(error),
    }).catch((err: unknown) => {
      // Its router or publisher went away in that moment.
      this.#options.log.warn({ err, stream: name }, 'stream cannot be recorded');
      return undefined;
    });
    this.#live.set(name, { entry, recorder });
    this.muted(name, stream.muted);
    const started = await recorder;
    if (started) describeTracks(entry, started);
    this.#save();
  }

  muted(stream: string, muted: Muted): void {
    const entry = this.#live.get(stream)?.entry;
    if (!entry) return;
    for (const kind of ['audio', 'video'] as const) {
      const open = entry.muted.find((one) => one.kind === kind && one.toMs === null);
      if (muted[kind] && !open) entry.muted.push({ kind, fromMs: this.now, toMs: null });
      if (!muted[kind] && open) open.toMs = this.now;
    }
    this.#save();
  }

  /** Resolves when all that was received of the stream is on disk. */
  end(stream: string): Promise<void> {
    const end = this.#end(stream).finally(() => this.#ending.delete(end));
    this.#ending.add(end);
    return end;
  }

  async #end(stream: string): Promise<void> {
    const live = this.#live.get(stream);
    if (!live) return;
    this.#live.delete(stream);
    live.entry.endMs = this.now;
    for (const mute of live.entry.muted) mute.toMs ??= this.now;
    const recorder = await live.recorder;
    if (!recorder) return;
    await recorder.close();
    describeTracks(live.entry, recorder);
    this.#save();
  }

  /** Sets what the result will be called. */
  rename(file: string): void {
    this.#timeline.file = file;
    this.#save();
  }

  /** What is recorded so far, to be read only. */
  get timeline(): Readonly<Timeline> {
    return this.#timeline;
  }

  /** Closes the files. Resolves when the timeline on disk says so. Idempotent. */
  finish(reason?: string): Promise<Timeline> {
    return this.#close('recorded', reason);
  }

  /** Closes the files; what is on disk then can be resumed. Idempotent. */
  async interrupt(): Promise<void> {
    await this.#close('recording');
  }

  #close(state: Timeline['state'], reason?: string): Promise<Timeline> {
    this.#finishing ??= this.#finish(state, reason);
    return this.#finishing;
  }

  async #finish(state: Timeline['state'], reason: string | undefined): Promise<Timeline> {
    const timeline = this.#timeline;
    timeline.durationMs = this.now;
    timeline.endedAt = timeline.startedAt + timeline.durationMs;
    if (reason !== undefined) timeline.reason = reason;
    for (const name of this.#live.keys()) void this.end(name);
    await Promise.all(this.#ending);
    for (const participant of timeline.participants) participant.leftAtMs ??= timeline.durationMs;
    timeline.state = state;
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#saving;
    try {
      await writeTimeline(this.path, timeline);
    } catch (err) {
      // The timeline on disk says that recording goes on: after a restart it is taken up from there.
      this.#options.log.error({ err, file: basename(this.path) }, 'timeline cannot be written');
    }
    return timeline;
  }

  #save(): void {
    if (this.#timer || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      for (const { entry, recorder } of this.#live.values())
        void recorder.then((started) => started && describeTracks(entry, started));
      this.#saving = this.#saving
        .then(() => writeTimeline(this.path, this.#timeline))
        .catch((e: unknown) => this.#fail(e));
    }, SAVE_DELAY);
  }

  #fail(error: unknown): void {
    const reason = error instanceof CaptureDied ? 'the recorder broke down' : 'the disk could not be written';
    this.#options.log.error({ err: error, file: basename(this.path) }, 'recording cannot go on');
    this.#options.onFailed?.(reason);
  }
}

function timelinePath({ directory, fileName }: Options): string {
  return join(directory, `${fileName}.json`);
}

/** The highest number in the names of a recording's files; some may have been made before the timeline spoke of them. */
async function lastNumber(directory: string, fileName: string): Promise<number> {
  const numbers = (await readdir(directory)).map((name) => {
    if (!name.startsWith(`${fileName}-`)) return 0;
    return Number(/^(\d+)-(?:audio|video)\.mkv$/.exec(name.slice(fileName.length + 1))?.[1] ?? 0);
  });
  return Math.max(0, ...numbers);
}

function describeTracks(entry: TimelineStream, { audio, video }: StreamRecorder): void {
  if (audio) entry.audio = describeTrack(audio);
  if (video) entry.video = describeTrack(video);
}

function describeTrack<C>({ codec, file, shiftMs }: RecordedTrack<C>): { codec: C; file: string; shiftMs: number } {
  return { codec, file, shiftMs };
}
