/** Milliseconds between two looks. */
const INTERVAL = 1_000;

/** Looks in a row at which nothing new has come, after which something is wrong. */
const LOOKS = 4;

/**
 * `path`: nothing at all arrives. `media`: the path lives, and none of the expected sound and picture comes over it.
 * `reports`: it lives, and the other end says nothing of the picture that is sent, as it should each second (RTCP receiver
 * reports, RFC 3550 §6.4.2): what is lost then are its requests for key frames, and what it says of the bandwidth, too.
 */
export type Silence = 'path' | 'media' | 'reports';

const SILENCES: readonly Silence[] = ['path', 'media', 'reports'];

export interface PathWatchOptions {
  getStats(): Promise<RTCStatsReport>;
  /** Whether something must be arriving now: in a room where all are silent nothing need come. */
  expects: { path(): boolean; media(): boolean };
  /** Told again for as long as it lasts: `times` counts from 1. */
  onSilence(silence: Silence, times: number): void;
}

/**
 * Notices that what should arrive over a peer connection does not, by its statistics (W3C WebRTC Statistics §8): ICE states
 * alone come late, and say nothing about media that stops on a path that lives.
 */
export class PathWatch {
  readonly #options: PathWatchOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #seen: Record<Silence, number | undefined> = { path: undefined, media: undefined, reports: undefined };
  readonly #quiet: Record<Silence, number> = { path: 0, media: 0, reports: 0 };
  #sent = 0;
  #sentPicture = 0;
  #speaks = false;

  constructor(options: PathWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#look(), INTERVAL);
  }

  /** Whether something has come since the silence that was told last, or none was told. */
  get hears(): boolean {
    return SILENCES.every((silence) => this.#quiet[silence] < LOOKS);
  }

  /** Whether anything was sent between the last two looks. */
  get speaks(): boolean {
    return this.#speaks;
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
    const { sent, sentPicture, ...arrived } = traffic(report);
    const shows = sentPicture > this.#sentPicture;
    this.#speaks = sent > this.#sent;
    this.#sent = sent;
    this.#sentPicture = sentPicture;
    this.#compare('path', arrived.path, true);
    this.#compare('media', arrived.media, expects.media());
    this.#compare('reports', arrived.reports, shows);
  }

  #compare(what: Silence, arrived: number | undefined, expected: boolean): void {
    const before = this.#seen[what];
    this.#seen[what] = arrived;
    if (!expected || arrived === undefined || arrived !== before) {
      this.#quiet[what] = 0;
      return;
    }
    this.#quiet[what] += 1;
    const times = this.#quiet[what] / LOOKS;
    if (Number.isInteger(times)) this.#options.onSilence(what, times);
  }

  #forget(): void {
    this.#speaks = false;
    for (const what of SILENCES) {
      this.#seen[what] = undefined;
      this.#quiet[what] = 0;
    }
  }
}

interface Traffic extends Record<Silence, number | undefined> {
  /** Packets of media, and those of pictures among them. */
  sent: number;
  sentPicture: number;
}

/** How much has come so far, undefined where the browser does not say, and how much was sent. */
function traffic(report: RTCStatsReport): Traffic {
  const sums: Traffic = { path: undefined, media: undefined, reports: undefined, sent: 0, sentPicture: 0 };
  for (const stat of report.values() as Iterable<Record<string, unknown>>) {
    const count = (name: string) => Number(stat[name] ?? 0);
    if (stat.type === 'candidate-pair')
      sums.path = (sums.path ?? 0) + count('bytesReceived') + count('responsesReceived');
    if (stat.type === 'inbound-rtp') sums.media = (sums.media ?? 0) + count('packetsReceived');
    if (stat.type === 'outbound-rtp') sums.sent += count('packetsSent');
    if (stat.type === 'outbound-rtp' && stat.kind === 'video') sums.sentPicture += count('packetsSent');
    // Of what the other end says, the time when it came (W3C WebRTC Statistics §4.1): it need have nothing new to say.
    if (stat.type === 'remote-inbound-rtp' && stat.kind === 'video')
      sums.reports = (sums.reports ?? 0) + count('timestamp');
  }
  return sums;
}
