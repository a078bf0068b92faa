import type { types } from 'mediasoup';
import { StreamClock } from './clock.ts';
import type { News, Order, ProgressByKind, SenderReport, Track } from './messages.ts';
import { parseRtp } from './rtp.ts';
import { TrackRecorder } from './track-recorder.ts';

export interface StreamCaptureOptions {
  opening: Extract<Order, { type: 'open' }>;
  tell: (news: News) => void;
}

/** One stream that is recorded, inside the thread that captures. */
export class StreamCapture {
  readonly tracks: readonly TrackCapture[];
  readonly #tell: (news: News) => void;

  constructor({ opening, tell }: StreamCaptureOptions) {
    const { tracks, origin } = opening;
    const clock = new StreamClock();
    this.#tell = tell;
    this.tracks = tracks.map((track) => new TrackCapture({ track, origin, clock, tell }));
  }

  report(kind: types.MediaKind, report: SenderReport): void {
    for (const track of this.tracks) if (track.kind === kind) track.recorder.report(report);
  }

  /** Writes what has gathered, and tells how far that is. */
  flush(): void {
    let news = false;
    for (const track of this.tracks) news = track.flush() || news;
    if (news) this.#tellProgress();
  }

  /** Resolves when everything received is in the files. */
  async close(): Promise<void> {
    await Promise.all(this.tracks.map(({ recorder }) => recorder.close()));
    this.#tellProgress();
    this.#tell({ type: 'closed' });
  }

  #tellProgress(): void {
    const progress: ProgressByKind = {};
    for (const { kind, recorder } of this.tracks) progress[kind] = recorder.progress;
    this.#tell({ type: 'progress', progress });
  }
}

interface TrackCaptureOptions {
  track: Track;
  origin: number;
  clock: StreamClock;
  tell: (news: News) => void;
}

export class TrackCapture {
  readonly kind: types.MediaKind;
  readonly ssrc: number;
  readonly recorder: TrackRecorder;
  readonly #payloadType: number;
  readonly #origin: number;
  #news = false;

  constructor({ track, origin, clock, tell }: TrackCaptureOptions) {
    const { kind, ssrc, payloadType, clockRate } = track;
    this.kind = kind;
    this.ssrc = ssrc;
    this.#payloadType = payloadType;
    this.#origin = origin;
    this.recorder = new TrackRecorder({
      track,
      clock: clock.track(clockRate),
      onKeyFrameWanted: () => tell({ type: 'key-frame-wanted', kind }),
      onFailed: ({ message }) => tell({ type: 'failed', message }),
    });
  }

  /** `now`: performance.now(). `data` is not needed any longer afterwards. */
  push(data: Buffer, now: number): void {
    const packet = parseRtp(data, now - this.#origin);
    if (packet?.payloadType !== this.#payloadType) return;
    this.#news = true;
    this.recorder.push(packet);
  }

  /** Writes what has gathered; returns whether anything has come since the last time. */
  flush(): boolean {
    const news = this.#news;
    this.#news = false;
    if (news) this.recorder.flush();
    return news;
  }
}
