import { open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** Milliseconds between two looks at the disk. */
const LOOK_INTERVAL = 5000;

/** Absolute paths of the timelines in `directory`, oldest name first. */
export async function listTimelines(directory: string): Promise<string[]> {
  const names = await readdir(directory);
  return names
    .filter(isTimelineName)
    .sort()
    .map((name) => join(directory, name));
}

/** Whether a text is the name of a timeline, and nothing else that a path could be. */
export function isTimelineName(name: string): boolean {
  // Node refuses paths with a zero in them.
  return /^(?:room|stream)-[^/\\\0]*\.json$/.test(name);
}

/**
 * Takes `<name><ending>`, or `<name>-2<ending>` and so on, whichever is not there yet, by making an empty file of that
 * name: two who ask at once get different ones. Throws when the directory cannot be written.
 */
export async function takeName(directory: string, name: string, ending: string): Promise<string> {
  for (let count = 1; ; count += 1) {
    const file = `${name}${count === 1 ? '' : `-${count}`}${ending}`;
    try {
      await (await open(join(directory, file), 'wx')).close();
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Gives a name back under which nothing was written. */
export async function giveBackName(directory: string, file: string): Promise<void> {
  const path = join(directory, file);
  const size = await stat(path).then(
    (found) => found.size,
    () => -1,
  );
  if (size === 0) await rm(path, { force: true });
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
