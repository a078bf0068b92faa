/**
 * Recordings of rooms that broke off with the process that made them. People look for their backend and come back to
 * their room within seconds; then its recording goes on, as a further part of the same one.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Timeline } from './timeline.ts';

/**
 * Milliseconds that a backend may have been away for its recordings to go on. Browsers look for it for two minutes unless
 * a page says otherwise; who meets in a room of that name much later begins something new.
 */
const GAP_MAX = 600_000;

export interface InterruptedOptions {
  /** Absolute path of where recordings are. */
  directory: string;
  /** Milliseconds from now on that each waits for its room; 0: none does. */
  patience: number;
  /** Nobody has come: this is the timeline. */
  onAbandoned: (path: string) => void;
}

interface Waiting {
  path: string;
  timer: NodeJS.Timeout;
}

/** What waits for its room to go on. */
export class InterruptedRecordings {
  readonly #options: InterruptedOptions;
  /** By room. */
  readonly #waiting = new Map<string, Waiting>();

  constructor(options: InterruptedOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Whether the recording of that room waits for it. */
  has(room: string): boolean {
    return this.#waiting.has(room);
  }

  /** Keeps a recording until its room takes it or nobody has come; answers whether it is worth waiting. */
  async keep(timeline: Timeline, path: string): Promise<boolean> {
    const { directory, patience, onAbandoned } = this.#options;
    const away = Date.now() - timeline.startedAt - (await brokeOffAt(timeline, directory));
    if (patience === 0 || away > GAP_MAX || this.has(timeline.room)) return false;
    const timer = setTimeout(() => {
      this.#waiting.delete(timeline.room);
      onAbandoned(path);
    }, patience);
    timer.unref();
    this.#waiting.set(timeline.room, { path, timer });
    return true;
  }

  /** The timeline's path of the recording that waits for that room, and does so no longer. */
  take(room: string): string | undefined {
    const waiting = this.#waiting.get(room);
    if (!waiting) return undefined;
    clearTimeout(waiting.timer);
    this.#waiting.delete(room);
    return waiting.path;
  }

  /** Leaves what waits as it is, for the next start. */
  close(): void {
    for (const room of [...this.#waiting.keys()]) this.take(room);
  }
}

/** When a recording broke off, in milliseconds on its clock: as its process said, or else when it wrote something last. */
export async function brokeOffAt(timeline: Timeline, directory: string): Promise<number> {
  const { startedAt, endedAt, streams } = timeline;
  if (endedAt !== null) return endedAt - startedAt;
  const files = streams.flatMap(({ audio, video }) => [audio?.file ?? [], video?.file ?? []].flat());
  const times = await Promise.all(
    files.map((file) =>
      stat(join(directory, file)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return Math.round(Math.max(startedAt, ...times)) - startedAt;
}

/** Ends in a timeline, at `atMs` on its clock, whatever was going on. */
export function breakOff({ streams, participants, speakers }: Timeline, atMs: number): void {
  for (const stream of streams) {
    stream.endMs ??= Math.max(stream.startMs, atMs);
    for (const mute of stream.muted) mute.toMs ??= stream.endMs;
  }
  for (const participant of participants) participant.leftAtMs ??= Math.max(participant.joinedAtMs, atMs);
  const speaking = speakers.at(-1);
  if (speaking && speaking.login !== null) speakers.push({ atMs: Math.max(speaking.atMs, atMs), login: null });
}
