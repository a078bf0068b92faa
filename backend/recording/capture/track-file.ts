import { close, open, write } from 'node:fs';
import { Cluster, matroskaHeader, type MatroskaTrack } from './matroska.ts';

/** Bytes that wait for a slow disk at most, but for what has gathered since the last flush. */
const PENDING_MAX = 8 * 1024 * 1024;

export interface TrackFileOptions {
  path: string;
  track: MatroskaTrack;
  /** The file cannot be written any longer (disk full, gone): what is in it stays. Called once. */
  onFailed: (error: Error) => void;
}

interface Piece {
  bytes: Buffer;
  onWritten?: () => void;
}

/**
 * An append-only Matroska file of one track; frames are gathered into clusters, one write each. Calls back where it waits
 * for the system: promises for each write cost the thread more than the writing.
 */
export class TrackFile {
  readonly #onFailed: (error: Error) => void;
  readonly #ending = Promise.withResolvers<void>();
  #descriptor: number | undefined;
  #clusters: Cluster[] = [];
  #pieces: Piece[];
  /** Memory of a cluster that has been written. */
  #spare: Buffer | undefined;
  #pendingBytes = 0;
  #last = -1;
  /** Waits for the system: the file is being opened, written or closed. */
  #busy = true;
  #failed = false;
  #closed = false;

  constructor({ path, track, onFailed }: TrackFileOptions) {
    this.#onFailed = onFailed;
    this.#pieces = [{ bytes: matroskaHeader(track) }];
    open(path, 'wx', (error, descriptor) => {
      this.#descriptor = descriptor;
      if (error) this.#fail(error);
      this.#proceed();
    });
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
    return true;
  }

  /** Writes what has gathered since the last time. */
  flush(): void {
    for (const cluster of this.#clusters) {
      const bytes = cluster.encode();
      this.#pendingBytes += bytes.length;
      const onWritten = () => {
        this.#spare = cluster.storage;
        this.#pendingBytes -= bytes.length;
      };
      this.#pieces.push({ bytes, onWritten });
    }
    this.#clusters = [];
    if (!this.#busy) this.#proceed();
  }

  /** Writes what is left; resolves when the file is closed. Idempotent. */
  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.flush();
    }
    return this.#ending.promise;
  }

  /** On to what is to be done next. */
  #proceed(): void {
    const piece = this.#failed ? undefined : this.#pieces.shift();
    this.#busy = piece !== undefined || this.#closed;
    if (piece) this.#write(piece);
    else if (this.#closed) this.#end();
  }

  #write({ bytes, onWritten }: Piece): void {
    write(this.#descriptor!, bytes, 0, bytes.length, null, (error, written) => {
      if (error) this.#fail(error);
      else if (written < bytes.length) return this.#write({ bytes: bytes.subarray(written), onWritten });
      else onWritten?.();
      this.#proceed();
    });
  }

  #end(): void {
    const ended = () => this.#ending.resolve();
    if (this.#descriptor === undefined) ended();
    else close(this.#descriptor, ended);
  }

  #fail(error: Error): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#pieces = [];
    this.#onFailed(error);
  }
}
