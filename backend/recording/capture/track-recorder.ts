import type { TrackClock } from './clock.ts';
import { createDepacketizer, type Depacketizer, type Frame } from './depacketize.ts';
import type { Progress, SenderReport, Track } from './messages.ts';
import { PacketOrder } from './packet-order.ts';
import type { RtpPacket } from './rtp.ts';
import { TrackFile } from './track-file.ts';

/** Milliseconds between two requests for a key frame: encoders answer within this, and each answer is expensive. */
const KEY_FRAME_INTERVAL = 1000;

export interface TrackRecorderOptions {
  track: Track;
  clock: TrackClock;
  onKeyFrameWanted: () => void;
  /** The file cannot be written any longer; what is in it stays. */
  onFailed: (error: Error) => void;
}

/** One track, from its RTP packets to an append-only file, without transcoding. */
export class TrackRecorder {
  readonly #options: TrackRecorderOptions;
  readonly #order: PacketOrder;
  readonly #depacketizer: Depacketizer;
  #file: TrackFile | undefined;
  #frames = 0;
  #keyFrameWantedAt = -Infinity;

  constructor(options: TrackRecorderOptions) {
    this.#options = options;
    this.#depacketizer = createDepacketizer(options.track.codec);
    this.#order = new PacketOrder((packet, lost) => {
      const frame = this.#depacketizer.push(packet, lost);
      if (frame) this.#write(frame);
      else if (this.#depacketizer.waiting) this.#wantKeyFrame(packet.arrivedAt);
    });
  }

  get progress(): Progress {
    const shiftMs = Math.round(this.#options.clock.shift);
    return { frames: this.#frames, lost: this.#order.lost, shiftMs };
  }

  push(packet: RtpPacket): void {
    this.#options.clock.arrived(packet.timestamp, packet.arrivedAt);
    this.#order.push(packet);
  }

  report({ timestamp, senderTime }: SenderReport): void {
    this.#options.clock.report(timestamp, senderTime);
  }

  /** Writes what has gathered. */
  flush(): void {
    this.#file?.flush();
  }

  /** Resolves when everything that was received is in the file. */
  async close(): Promise<void> {
    this.#order.flush();
    this.#options.clock.close();
    await this.#file?.close();
  }

  #write({ timestamp, data, key, picture }: Frame): void {
    const { track, clock, onFailed } = this.#options;
    const { path, name, codec } = track;
    this.#file ??= new TrackFile({ path, track: { name, codec, ...picture }, onFailed });
    if (this.#file.append(clock.timeOf(timestamp), data, key)) this.#frames += 1;
    else this.#depacketizer.dropped();
  }

  #wantKeyFrame(now: number): void {
    if (now - this.#keyFrameWantedAt < KEY_FRAME_INTERVAL) return;
    this.#keyFrameWantedAt = now;
    this.#options.onKeyFrameWanted();
  }
}
