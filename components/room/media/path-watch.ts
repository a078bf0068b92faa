/** Milliseconds between two looks. */
const INTERVAL = 1_000;

/** Looks in a row at which nothing new has come, after which something is wrong. */
const LOOKS = 4;

/** `path`: nothing at all arrives. `media`: the path lives, and none of the expected sound and picture comes over it. */
export type Silence = 'path' | 'media';

export interface PathWatchOptions {
  getStats(): Promise<RTCStatsReport>;
  /** Whether something must be arriving now: in a room where all are silent nothing need come. */
  expects: { path(): boolean; media(): boolean };
  onSilence(silence: Silence): void;
}

/**
 * Notices that what should arrive over a peer connection does not, by its statistics (W3C WebRTC Statistics §8): ICE states
 * alone come late, and say nothing about media that stops on a path that lives.
 */
export class PathWatch {
  readonly #options: PathWatchOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #seen: Record<Silence, number | undefined> = { path: undefined, media: undefined };
  readonly #quiet: Record<Silence, number> = { path: 0, media: 0 };

  constructor(options: PathWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#look(), INTERVAL);
  }

  /** Whether something has come since the silence that was told last, or none was told. */
  get hears(): boolean {
    return this.#quiet.path < LOOKS && this.#quiet.media < LOOKS;
  }

  /** There is reason for doubt: silence until the next look but one is enough. */
  hurry(): void {
    this.#quiet.path = Math.max(this.#quiet.path, LOOKS - 2);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const { getStats, expects } = this.#options;
    if (!expects.path()) return this.#forget();
    const report = await getStats().catch(() => undefined);
    if (!report || !expects.path()) return;
    const arrived = arrivals(report);
    this.#compare('path', arrived.path, true);
    this.#compare('media', arrived.media, expects.media());
  }

  #compare(what: Silence, arrived: number | undefined, expected: boolean): void {
    const before = this.#seen[what];
    this.#seen[what] = arrived;
    if (!expected || arrived === undefined || arrived !== before) {
      this.#quiet[what] = 0;
      return;
    }
    this.#quiet[what] += 1;
    // Again and again, for as long as it lasts.
    if (this.#quiet[what] >= LOOKS && this.#quiet[what] % LOOKS === 0) this.#options.onSilence(what);
  }

  #forget(): void {
    for (const what of ['path', 'media'] as const) {
      this.#seen[what] = undefined;
      this.#quiet[what] = 0;
    }
  }
}

/** How much has come so far; undefined where the browser does not say. */
function arrivals(report: RTCStatsReport): Record<Silence, number | undefined> {
  const sums: Record<Silence, number | undefined> = { path: undefined, media: undefined };
  for (const stat of report.values() as Iterable<Record<string, unknown>>) {
    const count = (name: string) => Number(stat[name] ?? 0);
    if (stat.type === 'candidate-pair')
      sums.path = (sums.path ?? 0) + count('bytesReceived') + count('responsesReceived');
    if (stat.type === 'inbound-rtp') sums.media = (sums.media ?? 0) + count('packetsReceived');
  }
  return sums;
}
