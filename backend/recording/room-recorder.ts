import { basename } from 'node:path';
import type { types } from 'mediasoup';
import type { Muted, Stream } from '../../protocol/model.ts';
import { WcsError } from '../../protocol/errors.ts';
import type { Log } from '../log.ts';
import type { Capture } from './capture/capture.ts';
import type { RecordedRouter } from './capture/stream-recorder.ts';
import { roomFileName, streamFileName, utcName } from './store/file-name.ts';
import type { InterruptedRecordings } from './interrupted.ts';
import { Recording } from './recording.ts';
import { streamEnding } from './finalizing/remux.ts';
import { takeName } from './store/storage.ts';

/**
 * Milliseconds by which a recording's clock is ahead of its beginning: what arrives first was sampled a little before
 * that, and nothing in a file can be before 0.
 */
const LEAD = 300;

const TIMELINE = '.json';

export interface RoomRecorderEvents {
  /** Recording of the whole room is on or off now; `reason` when nobody in the room wanted that. */
  onState?: (state: 'on' | 'off', reason?: string) => void;
}

export interface RoomRecorderOptions extends RoomRecorderEvents {
  name: string;
  /** Absolute path. */
  directory: string;
  streamTemplate: string;
  emptyShift: boolean;
  capture: Capture;
  log: Log;
  /** Whether the disk takes no more. */
  isFull: () => boolean;
  /** Whether the backend goes down: the room is not over then, and may come back. */
  isSuspended: () => boolean;
  /** What a former process was in the middle of. */
  interrupted: Pick<InterruptedRecordings, 'has' | 'take'>;
  /** A recording has begun, or one that broke off goes on. */
  onBegun: (recording: Recording) => void;
  /** A recording has ended; this is its timeline. */
  onRecorded: (path: string) => void;
  onClosed: () => void;
}

/** A stream that somebody publishes. */
export interface PublishedStream {
  stream: Stream;
  login: string;
  sessionId: string;
  producers: readonly types.Producer[];
  /** Where its producers are. */
  router: RecordedRouter;
  /** Its publisher wants it in a file of its own. */
  record: boolean;
}

/** One stream in a file of its own. */
interface StreamRecording {
  mediaSessionId: string;
  recording: Promise<Recording | undefined>;
}

/**
 * What a room tells, turned into recordings: one of the whole room, while it is asked for, and one of each stream whose
 * publisher asked for it. Knows everybody and everything in the room all the time, so that recording can begin whenever.
 */
export class RoomRecorder {
  readonly #options: RoomRecorderOptions;
  readonly #startedAt = Date.now() - LEAD;
  readonly #people = new Set<string>();
  readonly #streams = new Map<string, PublishedStream>();
  readonly #single = new Map<string, StreamRecording>();
  /** Recordings of streams that have ended, kept open until the room has: with empty shift all are of one length. */
  readonly #waiting = new Set<Promise<Recording | undefined>>();
  readonly #ending = new Set<Promise<unknown>>();
  #whole: Promise<Recording> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: RoomRecorderOptions) {
    this.#options = options;
  }

  /** Whether the whole room is being recorded. */
  get state(): 'on' | 'off' {
    return this.#whole ? 'on' : 'off';
  }

  /** Whether a recording of this room broke off a moment ago, with which `start` goes on. */
  get resumable(): boolean {
    return this.#options.interrupted.has(this.#options.name);
  }

  joined(login: string): void {
    this.#people.add(login);
    this.#tell((recording) => recording.joined(login));
  }

  left(login: string): void {
    this.#people.delete(login);
    this.#tell((recording) => recording.left(login));
  }

  published(published: PublishedStream): void {
    if (this.#closing) return;
    this.#streams.set(published.stream.name, published);
    this.#tell((recording) => void recording.add(published));
    if (published.record) this.#recordStream(published);
  }

  /** Answers what the stream's own file is called, or will be in a moment, when it was recorded to one. */
  async unpublished(stream: string): Promise<string | undefined> {
    this.#streams.delete(stream);
    this.#tell((recording) => void this.#wait(recording.end(stream)));
    const single = this.#single.get(stream);
    if (!single) return undefined;
    this.#single.delete(stream);
    return this.#wait(this.#endStream(stream, single.recording));
  }

  muted(stream: string, muted: Muted): void {
    const published = this.#streams.get(stream);
    if (published) published.stream = { ...published.stream, muted };
    this.#tell((recording) => recording.muted(stream, muted));
    void this.#single.get(stream)?.recording.then((recording) => recording?.muted(stream, muted));
  }

  /** Who is loudest now; null: nobody. */
  speaking(login: string | null): void {
    this.#tell((recording) => recording.speaks(login));
  }

  /** Starts recording the whole room, or goes on with what broke off; nothing changes when it is on already. Throws WcsError `recording_failed`. */
  async start(): Promise<void> {
    if (this.#closing) throw failed('The room has ended.');
    if (this.#options.isFull()) throw failed('The disk of the backend is nearly full.');
    if (this.#whole) {
      await this.#whole;
      return;
    }
    const whole = this.#begin();
    this.#whole = whole;
    try {
      await whole;
    } catch (cause) {
      if (this.#whole === whole) this.#whole = undefined;
      this.#options.log.error({ err: cause }, 'recording cannot begin');
      throw failed('The backend cannot write recordings.', cause);
    }
    if (this.#whole === whole) this.#options.onState?.('on');
  }

  /** Ends the recording of the whole room. Idempotent. */
  async stop(reason?: string): Promise<void> {
    const whole = this.#whole;
    if (!whole) return;
    this.#whole = undefined;
    const end = this.#stop(whole, reason);
    void this.#wait(end);
    await end;
  }

  async #stop(whole: Promise<Recording>, reason: string | undefined): Promise<void> {
    const recording = await whole.catch(() => undefined);
    if (!recording) return;
    if (!this.#closing) this.#options.onState?.('off', reason);
    await recording.finish(reason);
    this.#options.log.info({ durationMs: recording.timeline.durationMs, reason }, 'recording of the room ended');
    this.#options.onRecorded(recording.path);
  }

  /** Ends every recording in the room. */
  async stopAll(reason: string): Promise<void> {
    const singles = [...this.#single];
    this.#single.clear();
    const ends = singles.map(([stream, { recording }]) => this.#wait(this.#endStream(stream, recording, reason)));
    await Promise.all([this.stop(reason), ...ends]);
    await this.#finishWaiting(reason);
  }

  /** The room has ended. Resolves when everything is on disk and handed on. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const stream of this.#single.keys()) void this.unpublished(stream);
    await Promise.all(this.#ending);
    await (this.#options.isSuspended() ? this.#interrupt() : this.stop());
    await this.#finishWaiting();
    this.#options.onClosed();
  }

  /** Leaves the recording of the whole room as it is, to be gone on with after the next start. */
  async #interrupt(): Promise<void> {
    const recording = await this.#whole?.catch(() => undefined);
    this.#whole = undefined;
    await recording?.interrupt();
  }

  async #begin(): Promise<Recording> {
    const recording = (await this.#resume()) ?? (await this.#beginAnew());
    this.#options.onBegun(recording);
    for (const login of this.#people) recording.joined(login);
    for (const published of this.#streams.values()) void recording.add(published);
    return recording;
  }

  async #beginAnew(): Promise<Recording> {
    const { name, directory, capture, log } = this.#options;
    const startedAt = Date.now() - LEAD;
    const timeline = await takeName(directory, roomFileName(name, startedAt), TIMELINE);
    const recording = await Recording.begin({
      directory,
      fileName: timeline.slice(0, -TIMELINE.length),
      room: name,
      recorder: `multi-recorder://${name}`,
      startedAt,
      capture,
      log,
      onFailed: (reason) => void this.stop(reason),
    });
    log.info({ recording: recording.path }, 'recording of the room began');
    return recording;
  }

  /** Undefined when there is nothing to go on with, or that cannot be. */
  async #resume(): Promise<Recording | undefined> {
    const { name, directory, capture, interrupted, log, onRecorded } = this.#options;
    const path = interrupted.take(name);
    if (path === undefined) return undefined;
    const onFailed = (reason: string) => void this.stop(reason);
    try {
      const recording = await Recording.resume({
        directory,
        fileName: basename(path, TIMELINE),
        capture,
        log,
        onFailed,
      });
      log.info({ recording: path }, 'recording of the room goes on');
      return recording;
    } catch (err) {
      log.error({ err, recording: path }, 'recording of the room cannot go on, and begins anew');
      onRecorded(path);
      return undefined;
    }
  }

  #recordStream(published: PublishedStream): void {
    const { stream } = published;
    if (this.#options.isFull()) {
      this.#options.log.warn({ stream: stream.name }, 'stream is not recorded: the disk is nearly full');
      return;
    }
    const recording = this.#beginStream(published).catch((err: unknown) => {
      this.#options.log.error({ err, stream: stream.name }, 'stream cannot be recorded');
      return undefined;
    });
    this.#single.set(stream.name, { mediaSessionId: stream.mediaSessionId, recording });
  }

  async #beginStream(published: PublishedStream): Promise<Recording> {
    const { name: room, directory, streamTemplate, emptyShift, capture, log } = this.#options;
    const { stream, login, sessionId } = published;
    const now = Date.now();
    const startedAt = emptyShift ? this.#startedAt : now - LEAD;
    const { name: streamName, mediaSessionId } = stream;
    const times = { startTime: utcName(now), startTimeMillis: String(now) };
    const recording = await Recording.begin({
      directory,
      fileName: `stream-${mediaSessionId}`,
      room,
      recorder: `stream-recorder://${mediaSessionId}`,
      startedAt,
      file: streamFileName(streamTemplate, { room, login, sessionId, streamName, mediaSessionId, ...times }),
      capture,
      log,
      onFailed: (reason) => this.#streamFailed(streamName, reason),
    });
    this.#options.onBegun(recording);
    await recording.add(published);
    log.info({ stream: streamName, login }, 'recording of a stream began');
    return recording;
  }

  #streamFailed(stream: string, reason: string): void {
    const single = this.#single.get(stream);
    this.#single.delete(stream);
    if (single) void this.#wait(this.#endStream(stream, single.recording, reason));
  }

  /** Closes the stream's files and settles the name; the recording ends now, or with the room. */
  async #endStream(
    stream: string,
    starting: Promise<Recording | undefined>,
    reason?: string,
  ): Promise<string | undefined> {
    const recording = await starting;
    if (!recording) return undefined;
    await recording.end(stream);
    const file = await this.#streamFile(recording);
    recording.rename(file);
    if (this.#options.emptyShift && reason === undefined) {
      this.#waiting.add(starting);
      return file;
    }
    await recording.finish(reason);
    this.#options.onRecorded(recording.path);
    return file;
  }

  #streamFile({ timeline, startedAt, now }: Recording): Promise<string> {
    const { audio, video } = timeline.streams[0] ?? {};
    const codecs = { audio: audio?.codec, video: video?.codec };
    const name = streamFileName(timeline.file ?? '', {
      endTime: utcName(startedAt + now),
      endTimeMillis: String(startedAt + now),
      duration: String(now - LEAD),
      audioCodec: codecs.audio ?? 'none',
      videoCodec: codecs.video ?? 'none',
    });
    return takeName(this.#options.directory, name, streamEnding(codecs));
  }

  async #finishWaiting(reason?: string): Promise<void> {
    for (const waiting of this.#waiting) {
      this.#waiting.delete(waiting);
      const recording = await waiting;
      if (!recording) continue;
      await recording.finish(reason);
      this.#options.onRecorded(recording.path);
    }
  }

  #tell(what: (recording: Recording) => void): void {
    this.#whole?.then(what).catch((err: unknown) => this.#options.log.error({ err }, 'recording missed an event'));
  }

  /** Keeps in mind what must be finished before the room's recorder is closed. */
  #wait<T>(task: Promise<T>): Promise<T | undefined> {
    const kept = task
      .catch((err: unknown) => {
        this.#options.log.error({ err }, 'stream recording could not be ended');
        return undefined;
      })
      .finally(() => this.#ending.delete(kept));
    this.#ending.add(kept);
    return kept;
  }
}

function failed(message: string, cause?: unknown): WcsError {
  return new WcsError('recording_failed', message, { cause });
}
