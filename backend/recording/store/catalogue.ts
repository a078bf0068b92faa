import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isTimelineName, listTimelines } from './storage.ts';
import { isOfStream, readTimeline, type Timeline } from '../timeline.ts';

/**
 * What a file is to its recording: `mixed`, the room as one picture; `tracks`, all streams of the room, one track each;
 * `stream`, the one stream that was recorded; `source`, what was received of a track of which nothing could be made;
 * `timeline`.
 */
export type FileRole = 'mixed' | 'tracks' | 'stream' | 'source' | 'timeline';

/** A file that may be shown to those who may see recordings. */
export interface RecordingFile {
  /** In the directory of recordings. */
  name: string;
  role: FileRole;
  bytes: number;
}

/** A recording as it lies on disk now. */
export interface CatalogueEntry {
  /** Name of the timeline without its ending: `room-<name>-<start>`, `stream-<mediaSessionId>`. */
  id: string;
  /** Of the timeline. */
  path: string;
  timeline: Timeline;
  /** Those that are complete, what people want first in front. */
  files: RecordingFile[];
  /** All that the recording takes on disk, with what is still being written. */
  bytes: number;
}

interface Known {
  /** Tells one writing of the timeline from another. */
  stamp: string;
  timeline: Timeline;
}

/**
 * The recordings of a directory. The timelines on disk are the truth; only what was read of them is kept in mind, for
 * as long as they are not written anew.
 */
export class Catalogue {
  readonly #directory: string;
  readonly #known = new Map<string, Known>();
  /** Which timeline speaks of a file. */
  readonly #owners = new Map<string, string>();
  #listing: Promise<CatalogueEntry[]> | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  get directory(): string {
    return this.#directory;
  }

  /** All recordings, newest first. What cannot be read as a timeline is left out. */
  list(): Promise<CatalogueEntry[]> {
    // Who asks while we are looking gets the same answer.
    this.#listing ??= this.#list().finally(() => (this.#listing = undefined));
    return this.#listing;
  }

  /** The recording of that id. `id` may be any text. */
  async find(id: string): Promise<CatalogueEntry | undefined> {
    const name = `${id}.json`;
    return isTimelineName(name) ? this.#read(join(this.#directory, name)) : undefined;
  }

  /** The complete file of that name, when it belongs to a recording. `name` may be any text. */
  async findFile(name: string): Promise<RecordingFile | undefined> {
    const owner = this.#owners.get(name);
    const entry = owner === undefined ? undefined : await this.#read(owner);
    const known = entry?.files.find((file) => file.name === name);
    if (known) return known;
    const entries = await this.list();
    return entries.flatMap(({ files }) => files).find((file) => file.name === name);
  }

  async #list(): Promise<CatalogueEntry[]> {
    const paths = await listTimelines(this.#directory);
    for (const path of this.#known.keys()) if (!paths.includes(path)) this.#forget(path);
    const entries: CatalogueEntry[] = [];
    for (const path of paths) {
      const entry = await this.#read(path);
      if (entry) entries.push(entry);
    }
    return entries.sort((a, b) => b.timeline.startedAt - a.timeline.startedAt || (a.id < b.id ? 1 : -1));
  }

  async #read(path: string): Promise<CatalogueEntry | undefined> {
    const timeline = await this.#timeline(path);
    if (!timeline) return undefined;
    const files: RecordingFile[] = [];
    let bytes = 0;
    for (const { name, role, complete } of namesOf(path, timeline)) {
      const size = await this.#size(name);
      if (size === undefined) continue;
      bytes += size;
      if (!complete) continue;
      files.push({ name, role, bytes: size });
      this.#owners.set(name, path);
    }
    return { id: basename(path, '.json'), path, timeline, files, bytes };
  }

  async #timeline(path: string): Promise<Timeline | undefined> {
    try {
      const { ino, mtimeMs, size } = await stat(path);
      const stamp = `${ino} ${mtimeMs} ${size}`;
      const known = this.#known.get(path);
      if (known?.stamp === stamp) return known.timeline;
      const timeline = await readTimeline(path);
      this.#known.set(path, { stamp, timeline });
      return timeline;
    } catch {
      this.#forget(path);
      return undefined;
    }
  }

  /** Bytes of a file; undefined when there is none of that name, or nothing in it yet. */
  async #size(name: string): Promise<number | undefined> {
    const found = await stat(join(this.#directory, name)).catch(() => undefined);
    return found?.isFile() && found.size > 0 ? found.size : undefined;
  }

  #forget(path: string): void {
    this.#known.delete(path);
    for (const [file, owner] of this.#owners) if (owner === path) this.#owners.delete(file);
  }
}

interface NamedFile {
  name: string;
  role: FileRole;
  complete: boolean;
}

/** Every file that the timeline speaks of, and whether it is as it will stay. */
export function namesOf(path: string, timeline: Timeline): NamedFile[] {
  const { state, file, mixed } = timeline;
  const parts = timeline.streams.flatMap(({ audio, video }) => [video?.file ?? [], audio?.file ?? []].flat());
  // The name of a stream's file is taken before it is made.
  const made = state !== 'recording' && parts.length === 0;
  const names: NamedFile[] = parts.map((name) => ({ name, role: 'source', complete: state === 'failed' }));
  if (file !== undefined)
    names.unshift({ name: file, role: isOfStream(timeline) ? 'stream' : 'tracks', complete: made });
  if (mixed !== undefined) names.unshift({ name: mixed, role: 'mixed', complete: true });
  names.push({ name: basename(path), role: 'timeline', complete: true });
  // We write no other names; what somebody else has written into a timeline leads nowhere.
  return names.filter(({ name }) => name === basename(name) && !name.startsWith('.') && !name.includes('\0'));
}
