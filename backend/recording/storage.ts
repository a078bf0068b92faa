import { readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** Milliseconds between two looks at the disk. */
const LOOK_INTERVAL = 5000;

/** Absolute paths of the timelines in `directory`, oldest name first. */
export async function listTimelines(directory: string): Promise<string[]> {
  const names = await readdir(directory);
  const timelines = names.filter((name) => /^(?:room|stream)-.*\.json$/s.test(name));
  return timelines.sort().map((name) => join(directory, name));
}

export interface DiskGuardOptions {
  directory: string;
  /** Bytes that must stay free. */
  minimum: number;
  /** There is less than that now, and there was more at the last look. */
  onLow: (free: number) => void;
  /** Milliseconds between two looks. Default: 5000. */
  interval?: number;
}

/** Watches how much room is left on the disk of the recordings. */
export class DiskGuard {
  readonly #options: DiskGuardOptions;
  readonly #timer: NodeJS.Timeout;
  #low = false;

  constructor(options: DiskGuardOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.look(), options.interval ?? LOOK_INTERVAL);
    this.#timer.unref();
  }

  /** Whether nothing more should be recorded, by the last look. */
  get low(): boolean {
    return this.#low;
  }

  /** Looks now; an unreadable disk counts as low. */
  async look(): Promise<void> {
    const { directory, minimum, onLow } = this.#options;
    const free = await statfs(directory).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => -1,
    );
    const before = this.#low;
    this.#low = free < minimum;
    if (this.#low && !before) onLow(free);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
