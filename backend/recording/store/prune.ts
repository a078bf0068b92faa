import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { WcsError } from '../../../protocol/errors.ts';
import type { Log } from '../../log.ts';
import { namesOf, type Catalogue, type CatalogueEntry } from './catalogue.ts';
import type { Finalizer } from '../finalizing/finalizer.ts';

/** Milliseconds between two looks at what is there. */
const LOOK_INTERVAL = 60_000;

export interface PruneLimits {
  /** Milliseconds after its end for which a recording is kept; 0: for good. */
  maxAge: number;
  /** Bytes that all recordings take together; 0: no limit. */
  maxBytes: number;
}

export interface PrunerOptions extends PruneLimits {
  catalogue: Catalogue;
  finalizer: Finalizer;
  log: Log;
}

/** Deletes recordings: those that are asked for, and, now and then, those that are too old or too many. */
export class Pruner {
  readonly #options: PrunerOptions;
  readonly #timer: NodeJS.Timeout | undefined;
  #pruning: Promise<void> | undefined;

  constructor(options: PrunerOptions) {
    this.#options = options;
    if (options.maxAge === 0 && options.maxBytes === 0) return;
    this.#timer = setInterval(() => void this.prune(), LOOK_INTERVAL);
    this.#timer.unref();
  }

  /** Deletes a recording with all its files. Throws WcsError `recording_unknown`, `recording_busy`. */
  async remove(path: string): Promise<void> {
    const { catalogue, finalizer } = this.#options;
    await finalizer.exclusively(path, async (timeline) => {
      // The timeline goes last: what cannot be deleted now is deleted at the next attempt.
      for (const { name } of namesOf(path, timeline)) await rm(join(catalogue.directory, name), { force: true });
    });
  }

  /** Brings what is there under the limits, so far as it is not being written or mixed. Never throws. */
  prune(): Promise<void> {
    this.#pruning ??= this.#prune().finally(() => (this.#pruning = undefined));
    return this.#pruning;
  }

  /** Resolves when nothing is being pruned any more. Idempotent. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#pruning;
  }

  async #prune(): Promise<void> {
    const { catalogue, finalizer, log, ...limits } = this.#options;
    try {
      const entries = await catalogue.list();
      const isBusy = ({ path, timeline }: CatalogueEntry) => timeline.state === 'recording' || finalizer.has(path);
      for (const { path, id, bytes } of surplus(entries, { ...limits, now: Date.now(), isBusy })) {
        try {
          await this.remove(path);
          log.info({ recording: id, bytes }, 'recording pruned');
        } catch (error) {
          // It is being mixed again since a moment ago.
          if (!(error instanceof WcsError)) throw error;
        }
      }
    } catch (err) {
      log.error({ err }, 'recordings cannot be pruned');
    }
  }
}

interface SurplusOptions extends PruneLimits {
  /** Milliseconds since the Unix epoch. */
  now: number;
  isBusy: (entry: CatalogueEntry) => boolean;
}

/** Which of `entries` (newest first) must go, oldest first. What is busy counts, but stays. */
function surplus(
  entries: readonly CatalogueEntry[],
  { maxAge, maxBytes, now, isBusy }: SurplusOptions,
): CatalogueEntry[] {
  let total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  return entries.toReversed().filter((entry) => {
    const tooOld = maxAge !== 0 && (entry.timeline.endedAt ?? now) + maxAge < now;
    const tooMuch = maxBytes !== 0 && total > maxBytes;
    if ((!tooOld && !tooMuch) || isBusy(entry)) return false;
    total -= entry.bytes;
    return true;
  });
}
