import { mkdir } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Log } from '../log.ts';
import { Capture } from './capture/capture.ts';
import type { RecordingCounts } from '../metrics.ts';
import { Callbacks, type CallbackOptions } from './finalizing/callback.ts';
import { Catalogue } from './store/catalogue.ts';
import { unknownElements } from './store/file-name.ts';
import { Finalizer, type FinalizerOptions } from './finalizing/finalizer.ts';
import { InterruptedRecordings } from './interrupted.ts';
import { Pruner, type PruneLimits } from './store/prune.ts';
import { RoomRecorder, type RoomRecorderEvents } from './room-recorder.ts';
import { DiskGuard } from './store/storage.ts';
import type { Timeline } from './timeline.ts';

export interface RecorderOptions extends Omit<FinalizerOptions, 'directory' | 'callbacks' | 'onInterrupted'> {
  /** Where recordings go; made when it is not there. */
  directory: string;
  /** `stream_record_policy_template`. */
  streamTemplate: string;
  /** Bytes that must stay free on the disk. */
  freeMinimum: number;
  /** Milliseconds that the recording of a room, which broke off with a former process, waits for that room. Default: 0. */
  resumeTimeout?: number;
  /** A recording has begun, or one that broke off goes on; `id` is its name in the API. */
  onStarted?: ((timeline: Timeline, id: string) => void) | undefined;
  /** Who is told of results, and how that is signed. Default: nobody. */
  callback?: Pick<CallbackOptions, 'mixerConfig' | 'secret'>;
  /** What is kept. Default: everything, for good. */
  limits?: PruneLimits;
  log: Log;
}

/** All recording of a backend: what goes on in rooms, and what is made of it afterwards. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #guard: DiskGuard;
  readonly #capture: Capture;
  readonly #callbacks: Callbacks | undefined;
  readonly #rooms = new Set<RoomRecorder>();
  readonly #interrupted: InterruptedRecordings;
  #suspended = false;
  readonly finalizer: Finalizer;
  readonly catalogue: Catalogue;
  readonly pruner: Pruner;

  /** Takes up what a former process left. Throws when the directory cannot be made or the template is wrong. */
  static async start(options: RecorderOptions): Promise<Recorder> {
    const [unknown] = unknownElements(options.streamTemplate);
    if (unknown !== undefined) throw new Error(`stream_record_policy_template has an unknown element {${unknown}}`);
    const directory = resolve(options.directory);
    await mkdir(directory, { recursive: true });
    const recorder = new Recorder({ ...options, directory });
    recorder.#capture.prepare();
    await recorder.#guard.look();
    await recorder.finalizer.recover();
    await recorder.pruner.prune();
    return recorder;
  }

  private constructor(options: RecorderOptions) {
    const { directory, freeMinimum, callback, limits = { maxAge: 0, maxBytes: 0 }, log } = options;
    this.#options = options;
    this.#capture = new Capture(log);
    this.catalogue = new Catalogue(directory);
    const exclusively: CallbackOptions['exclusively'] = (path, task) => this.finalizer.exclusively(path, task);
    this.#callbacks = callback && new Callbacks({ ...callback, directory, exclusively, log });
    const onInterrupted: FinalizerOptions['onInterrupted'] = (timeline, path) => this.#interrupted.keep(timeline, path);
    this.finalizer = new Finalizer({ ...options, callbacks: this.#callbacks, onInterrupted });
    const onAbandoned = (path: string) => this.finalizer.add(path);
    this.#interrupted = new InterruptedRecordings({ directory, patience: options.resumeTimeout ?? 0, onAbandoned });
    this.pruner = new Pruner({ ...limits, catalogue: this.catalogue, finalizer: this.finalizer, log });
    this.#guard = new DiskGuard({
      directory,
      minimum: freeMinimum,
      onLow: (free) => {
        log.error({ free, minimum: freeMinimum }, 'disk is nearly full: recording stops, calls go on');
        for (const room of this.#rooms) void room.stopAll('the disk was nearly full');
      },
    });
  }

  counts(): RecordingCounts {
    const recording = [...this.#rooms].filter(({ state }) => state === 'on').length;
    const { waiting, ...work } = this.finalizer.counts;
    return { recording, waiting: waiting + this.#interrupted.size, ...work };
  }

  /** A recorder for one room; close it with the room. */
  room(name: string, events: RoomRecorderEvents): RoomRecorder {
    const { directory, streamTemplate, emptyShift, onStarted, log } = this.#options;
    const room = new RoomRecorder({
      ...events,
      name,
      directory,
      streamTemplate,
      emptyShift,
      capture: this.#capture,
      log: log.child({ room: name }),
      isFull: () => this.#guard.low,
      isSuspended: () => this.#suspended,
      interrupted: this.#interrupted,
      onBegun: ({ timeline, path }) => onStarted?.(timeline, basename(path, '.json')),
      onRecorded: (path) => this.finalizer.add(path),
      onClosed: () => this.#rooms.delete(room),
    });
    this.#rooms.add(room);
    return room;
  }

  /** The backend goes down: rooms that close from now on are not over, and their recordings go on after the next start. */
  suspend(): void {
    this.#suspended = true;
  }

  /** Closes the files of what goes on, and puts off all further work to the next start. Idempotent. */
  async close(): Promise<void> {
    this.#guard.close();
    this.#interrupted.close();
    await Promise.all([this.pruner.close(), ...[...this.#rooms].map((room) => room.close())]);
    await Promise.all([this.#capture.close(), this.finalizer.close()]);
    await this.#callbacks?.close();
  }
}
