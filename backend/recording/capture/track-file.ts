import { open, type FileHandle } from 'node:fs/promises';
import { Cluster, matroskaHeader, type MatroskaTrack } from './matroska.ts';

/** Bytes that wait for a slow disk at most. */
const PENDING_MAX = 8 * 1024 * 1024;

export interface TrackFileOptions {
  path: string;
  track: MatroskaTrack;
  /** The file cannot be written any longer (disk full, gone): what is in it stays. Called once. */
  onFailed: (error: Error) => void;
}

/** An append-only Matroska file of one track; frames are gathered into clusters, one write each. */
export class TrackFile {
  readonly #options: TrackFileOptions;
  readonly #opened: Promise<FileHandle | undefined>;
  #clusters: Cluster[] = [];
  /** Memory of a cluster that has been written. */
  #spare: Buffer | undefined;
  #pendingBytes = 0;
  #last = -1;
  #writing: Promise<void>;
  #failed = false;
  #closed = false;

  constructor(options: TrackFileOptions) {
    this.#options = options;
    this.#opened = open(options.path, 'wx').catch((error: unknown) => this.#fail(error));
    this.#writing = this.#write(matroskaHeader(options.track));
  }

  /** Appends a frame at `time` milliseconds. Returns whether it could be kept. */
  append(time: number, data: Buffer, key: boolean): boolean {
    if (this.#closed || this.#failed || this.#pendingBytes > PENDING_MAX) return false;
    // Times in a track must grow; two frames of one millisecond come from rounding or a jumping clock.
    const at = Math.max(Math.round(time), this.#last + 1);
    this.#last = at;
    let cluster = this.#clusters.at(-1);
    if (!cluster?.reaches(at)) {
      cluster = new Cluster(at, this.#spare);
      this.#spare = undefined;
      this.#clusters.push(cluster);
    }
    cluster.add(at, data, key);
    this.#pendingBytes += data.length;
    return true;
  }

  /** Writes what has gathered since the last time. */
  async flush(): Promise<void> {
    const clusters = this.#clusters;
    if (clusters.length === 0) return;
    this.#clusters = [];
    const bytes = this.#pendingBytes;
    this.#writing = this.#writing.then(async () => {
      for (const cluster of clusters) await this.#write(cluster.encode());
      this.#spare = clusters[0]!.storage;
      this.#pendingBytes -= bytes;
    });
    await this.#writing;
  }

  /** Writes what is left. Idempotent. */
  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      await this.#writing;
      await this.flush();
      await (await this.#opened)?.close();
    }
    await this.#writing;
  }

  async #write(bytes: Buffer): Promise<void> {
    const file = await this.#opened;
    if (!file || this.#failed) return;
    try {
      let rest = bytes;
      while (rest.length > 0) {
        const { bytesWritten } = await file.write(rest);
        rest = rest.subarray(bytesWritten);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): undefined {
    if (this.#failed) return;
    this.#failed = true;
    this.#options.onFailed(error instanceof Error ? error : new Error(String(error)));
  }
}
