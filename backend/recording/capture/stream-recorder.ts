import { join } from 'node:path';
import type { types } from 'mediasoup';
import type { Log } from '../../log.ts';
import { StreamClock, type TrackClock } from './clock.ts';
import { createDepacketizer, type Depacketizer, type Frame } from './depacketize.ts';
import type { AudioCodec, VideoCodec } from './matroska.ts';
import { PacketOrder } from './packet-order.ts';
import { parseRtp } from './rtp.ts';
import { TrackFile } from './track-file.ts';

/** Milliseconds between two requests for a key frame: encoders answer within this, and each answer is expensive. */
const KEY_FRAME_INTERVAL = 1000;

/** Seconds between the epochs of NTP (1900, RFC 5905 §6) and Unix. */
const NTP_EPOCH = 2_208_988_800;

const CODECS: Record<string, AudioCodec | VideoCodec> = {
  'audio/opus': 'opus',
  'audio/pcmu': 'pcmu',
  'audio/pcma': 'pcma',
  'video/vp8': 'vp8',
  'video/h264': 'h264',
};

/** What mediasoup's router offers a recorder. */
export interface RecordedRouter {
  readonly rtpCapabilities: types.RtpCapabilities;
  createDirectTransport(): Promise<types.DirectTransport>;
}

export interface StreamRecorderOptions {
  router: RecordedRouter;
  producers: readonly types.Producer[];
  /** Absolute path. */
  directory: string;
  /** Files are `<fileName>-audio.mkv` and `<fileName>-video.mkv`. */
  fileName: string;
  /** Stands in the files as the tracks' name. */
  streamName: string;
  /** `performance.now()` at the recording's beginning; times in the files count from there. */
  origin: number;
  log: Log;
  /** The clock of a track is known as well as it will ever be. */
  onSettled?: () => void;
  /** A file cannot be written any longer; what is in it stays. */
  onFailed?: (error: Error) => void;
}

export interface RecordedTrack<Codec> {
  codec: Codec;
  /** In `directory`; not there while no frame has come. */
  file: string;
  /** Milliseconds to add to every time in the file. */
  shiftMs: number;
  /** Frames written. */
  frames: number;
}

/** One stream, from its RTP packets to append-only files, one per track, without transcoding. */
export class StreamRecorder {
  readonly #options: StreamRecorderOptions;
  readonly #transport: types.DirectTransport;
  readonly #tracks: TrackRecorder[] = [];
  #closing: Promise<void> | undefined;

  /** Throws what mediasoup throws when the router or a producer has closed. */
  static async start(options: StreamRecorderOptions): Promise<StreamRecorder> {
    const transport = await options.router.createDirectTransport();
    const recorder = new StreamRecorder(options, transport);
    try {
      const clock = new StreamClock();
      for (const producer of options.producers) await recorder.#consume(producer, clock);
    } catch (error) {
      await recorder.close();
      throw error;
    }
    return recorder;
  }

  private constructor(options: StreamRecorderOptions, transport: types.DirectTransport) {
    this.#options = options;
    this.#transport = transport;
  }

  get audio(): RecordedTrack<AudioCodec> | undefined {
    return this.#tracks.find(({ kind }) => kind === 'audio')?.describe() as RecordedTrack<AudioCodec> | undefined;
  }

  get video(): RecordedTrack<VideoCodec> | undefined {
    return this.#tracks.find(({ kind }) => kind === 'video')?.describe() as RecordedTrack<VideoCodec> | undefined;
  }

  /** Resolves when everything received is in the files. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#transport.close();
    await Promise.all(this.#tracks.map((track) => track.close()));
  }

  async #consume(producer: types.Producer, clock: StreamClock): Promise<void> {
    // The recorder is the only one who traces, so nobody else's choice is overwritten.
    await producer.enableTraceEvent(['sr']);
    const { rtpCapabilities } = this.#options.router;
    const consumer = await this.#transport.consume({ producerId: producer.id, rtpCapabilities, paused: true });
    this.#tracks.push(new TrackRecorder(this.#options, { producer, consumer, clock }));
    await consumer.resume();
  }
}

interface TrackSource {
  producer: types.Producer;
  consumer: types.Consumer;
  clock: StreamClock;
}

class TrackRecorder {
  readonly kind: types.MediaKind;
  readonly #options: StreamRecorderOptions;
  readonly #source: TrackSource;
  readonly #codec: AudioCodec | VideoCodec;
  readonly #payloadType: number;
  readonly #fileName: string;
  readonly #clock: TrackClock;
  readonly #order: PacketOrder;
  readonly #depacketizer: Depacketizer;
  #file: TrackFile | undefined;
  #frames = 0;
  #keyFrameAskedAt = -Infinity;
  #settledTold = false;
  #closed = false;

  constructor(options: StreamRecorderOptions, source: TrackSource) {
    const { consumer, producer } = source;
    const codec = consumer.rtpParameters.codecs[0]!;
    this.kind = consumer.kind;
    this.#options = options;
    this.#source = source;
    this.#codec = CODECS[codec.mimeType.toLowerCase()]!;
    this.#payloadType = codec.payloadType;
    this.#fileName = `${options.fileName}-${consumer.kind}.mkv`;
    this.#clock = source.clock.track(codec.clockRate);
    this.#depacketizer = createDepacketizer(this.#codec);
    this.#order = new PacketOrder((packet, lost) => {
      const frame = this.#depacketizer.push(packet, lost);
      if (frame) this.#write(frame);
      else if (this.#depacketizer.waiting) this.#askForKeyFrame();
    });
    consumer.on('rtp', this.#onRtp);
    producer.on('trace', this.#onTrace);
  }

  describe(): RecordedTrack<AudioCodec | VideoCodec> {
    const shiftMs = Math.round(this.#clock.shift);
    return { codec: this.#codec, file: this.#fileName, shiftMs, frames: this.#frames };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#source.consumer.off('rtp', this.#onRtp);
    this.#source.producer.off('trace', this.#onTrace);
    this.#order.flush();
    this.#clock.close();
    await this.#file?.close();
  }

  readonly #onRtp = (data: Buffer): void => {
    const packet = parseRtp(data, performance.now() - this.#options.origin);
    if (!packet || packet.payloadType !== this.#payloadType) return;
    this.#clock.arrived(packet.timestamp, packet.arrivedAt);
    this.#order.push(packet);
    if (this.#clock.settled && !this.#settledTold) {
      this.#settledTold = true;
      this.#options.onSettled?.();
    }
  };

  readonly #onTrace = ({ type, info }: types.ProducerTraceEventData): void => {
    if (type !== 'sr' || this.#source.consumer.type !== 'simple') return;
    const { ntpSec, ntpFrac, rtpTs } = info as { ntpSec: number; ntpFrac: number; rtpTs: number };
    this.#clock.report(rtpTs, (ntpSec - NTP_EPOCH + ntpFrac / 2 ** 32) * 1000);
  };

  #write({ timestamp, data, key, picture }: Frame): void {
    this.#file ??= new TrackFile({
      path: join(this.#options.directory, this.#fileName),
      track: { name: this.#options.streamName, codec: this.#codec, ...picture },
      onFailed: (error) => this.#options.onFailed?.(error),
    });
    if (this.#file.append(this.#clock.timeOf(timestamp), data, key)) this.#frames += 1;
    else this.#depacketizer.dropped();
  }

  #askForKeyFrame(): void {
    const now = performance.now();
    if (this.#closed || this.#source.consumer.closed || now - this.#keyFrameAskedAt < KEY_FRAME_INTERVAL) return;
    this.#keyFrameAskedAt = now;
    this.#source.consumer.requestKeyFrame().catch((err: unknown) => {
      this.#options.log.debug({ err, stream: this.#options.streamName }, 'no key frame can be asked for');
    });
  }
}
