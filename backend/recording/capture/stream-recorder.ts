import { basename, join } from 'node:path';
import type { types } from 'mediasoup';
import type { Log } from '../../log.ts';
import type { Capture, CapturedStream } from './capture.ts';
import type { AudioCodec, VideoCodec } from './matroska.ts';
import { lookForLargest } from './largest-picture.ts';
import type { Codec, Progress, ProgressByKind, SenderReport, Track } from './messages.ts';

/** Seconds between the epochs of NTP (1900, RFC 5905 §6) and Unix. */
const NTP_EPOCH = 2_208_988_800;

const LOOPBACK = '127.0.0.1';

/** Milliseconds that a shift may change by before that is worth telling. */
const SHIFT = 5;

/** UDP ports from which mediasoup sends: below those that the system gives out, and that media is offered on. */
const PORTS = { min: 10_000, max: 29_999 };

const CODECS: Record<string, Codec> = {
  'audio/opus': 'opus',
  'audio/pcmu': 'pcmu',
  'audio/pcma': 'pcma',
  'video/vp8': 'vp8',
  'video/h264': 'h264',
};

/** What mediasoup's router offers a recorder. */
export interface RecordedRouter {
  readonly rtpCapabilities: types.RtpCapabilities;
  createPlainTransport(options: types.PlainTransportOptions): Promise<types.PlainTransport>;
}

export interface StreamRecorderOptions {
  capture: Capture;
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
  /** `shiftMs` of a track has changed by more than a little. */
  onShifted?: () => void;
  /** A file cannot be written any longer, or the thread has died (CaptureDied); what is in the files stays. */
  onFailed?: (error: Error) => void;
}

export interface RecordedTrack<C> {
  codec: C;
  /** In `directory`; not there while no frame has come. */
  file: string;
  /** Milliseconds to add to every time in the file. */
  shiftMs: number;
  /** Frames written, as of a second ago or less. */
  frames: number;
  /** Packets that never came. */
  lost: number;
}

interface RecordedSource {
  track: Track;
  consumer: types.Consumer;
  progress: Progress;
  toldShift: number;
  /** Hears of no more sender reports. */
  off: () => void;
}

/**
 * One stream that is recorded: mediasoup sends its packets over loopback to the thread that captures. Here is what only
 * this thread can do: consume, ask for key frames, and hand on sender reports.
 */
export class StreamRecorder {
  readonly #options: StreamRecorderOptions;
  readonly #transport: types.PlainTransport;
  readonly #tracks: RecordedSource[] = [];
  #captured: CapturedStream | undefined;
  #closing: Promise<void> | undefined;

  /** Throws what mediasoup throws when the router or a producer has closed, and when nothing can be captured. */
  static async start(options: StreamRecorderOptions): Promise<StreamRecorder> {
    const transport = await options.router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip: LOOPBACK, portRange: PORTS },
      rtcpMux: true,
    });
    const recorder = new StreamRecorder(options, transport);
    try {
      await recorder.#start();
    } catch (error) {
      await recorder.close();
      throw error;
    }
    return recorder;
  }

  private constructor(options: StreamRecorderOptions, transport: types.PlainTransport) {
    this.#options = options;
    this.#transport = transport;
  }

  get audio(): RecordedTrack<AudioCodec> | undefined {
    return this.#describe('audio') as RecordedTrack<AudioCodec> | undefined;
  }

  get video(): RecordedTrack<VideoCodec> | undefined {
    return this.#describe('video') as RecordedTrack<VideoCodec> | undefined;
  }

  /** Resolves when everything received is in the files. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #start(): Promise<void> {
    const { capture, origin, producers, onFailed } = this.#options;
    await Promise.all(producers.map((producer) => this.#consume(producer)));
    const captured = await capture.open({
      origin,
      tracks: this.#tracks.map(({ track }) => track),
      onProgress: (progress) => this.#progressed(progress),
      onKeyFrameWanted: (kind) => this.#askForKeyFrame(kind),
      onFailed: (error) => onFailed?.(error),
    });
    this.#captured = captured;
    await this.#transport.connect({ ip: LOOPBACK, port: captured.port });
    await Promise.all(this.#tracks.map(({ consumer }) => consumer.resume()));
  }

  async #close(): Promise<void> {
    for (const { off } of this.#tracks) off();
    await this.#captured?.close();
    this.#transport.close();
  }

  async #consume(producer: types.Producer): Promise<void> {
    const { directory, fileName, streamName: name } = this.#options;
    const { kind } = producer;
    // The recorder is the only one who traces, so nobody else's choice is overwritten.
    const tracing = producer.enableTraceEvent(['sr']);
    const [consumer] = await Promise.all([this.#consumerOf(producer), tracing]);
    const { mimeType, payloadType, clockRate } = consumer.rtpParameters.codecs[0]!;
    const ssrc = ssrcOf(consumer);
    const codec = CODECS[mimeType.toLowerCase()]!;
    const track = { kind, codec, payloadType, ssrc, clockRate, path: join(directory, `${fileName}-${kind}.mkv`), name };
    const onTrace = (event: types.ProducerTraceEventData) => {
      if (event.type !== 'sr') return;
      this.#captured?.report(kind, senderReport(event));
      void lookForLargest(consumer);
    };
    producer.on('trace', onTrace);
    const progress = { frames: 0, lost: 0, shiftMs: 0 };
    this.#tracks.push({ track, consumer, progress, toldShift: 0, off: () => producer.off('trace', onTrace) });
  }

  /** Tracks are told apart by their SSRCs, which mediasoup picks at random: another one, where it is taken. */
  async #consumerOf(producer: types.Producer): Promise<types.Consumer> {
    const { capture, router } = this.#options;
    const rtpCapabilities = recordable(router.rtpCapabilities);
    for (;;) {
      const consumer = await this.#transport.consume({ producerId: producer.id, rtpCapabilities, paused: true });
      if (!capture.knows(ssrcOf(consumer))) return consumer;
      consumer.close();
    }
  }

  #describe(kind: types.MediaKind): RecordedTrack<Codec> | undefined {
    const source = this.#tracks.find(({ track }) => track.kind === kind);
    if (!source) return undefined;
    const { track, progress } = source;
    const { frames, lost, shiftMs } = progress;
    return { codec: track.codec, file: basename(track.path), shiftMs, frames, lost };
  }

  #progressed(progress: ProgressByKind): void {
    let shifted = false;
    for (const source of this.#tracks) {
      source.progress = progress[source.track.kind] ?? source.progress;
      const { shiftMs } = source.progress;
      if (Math.abs(shiftMs - source.toldShift) < SHIFT) continue;
      source.toldShift = shiftMs;
      shifted = true;
    }
    if (shifted && !this.#closing) this.#options.onShifted?.();
  }

  #askForKeyFrame(kind: types.MediaKind): void {
    const consumer = this.#tracks.find(({ track }) => track.kind === kind)?.consumer;
    if (!consumer || consumer.closed || this.#closing) return;
    consumer.requestKeyFrame().catch((err: unknown) => {
      this.#options.log.debug({ err, stream: this.#options.streamName }, 'no key frame can be asked for');
    });
  }
}

function ssrcOf({ rtpParameters }: types.Consumer): number {
  return rtpParameters.encodings![0]!.ssrc!;
}

/** Over loopback nothing needs to be sent again or estimated, and nobody reads header extensions. */
function recordable({ codecs = [] }: types.RtpCapabilities): types.RtpCapabilities {
  const asksForKeyFrames = ({ parameter }: types.RtcpFeedback) => parameter === 'pli' || parameter === 'fir';
  return {
    codecs: codecs
      .filter(({ mimeType }) => mimeType.toLowerCase() in CODECS)
      .map((codec) => ({ ...codec, rtcpFeedback: codec.rtcpFeedback?.filter(asksForKeyFrames) ?? [] })),
    headerExtensions: [],
  };
}

/** RFC 3550 §6.4.1, as mediasoup traces it. */
function senderReport({ info }: types.ProducerTraceEventData): SenderReport {
  const { ntpSec, ntpFrac, rtpTs } = info as { ntpSec: number; ntpFrac: number; rtpTs: number };
  return { timestamp: rtpTs, senderTime: (ntpSec - NTP_EPOCH + ntpFrac / 2 ** 32) * 1000 };
}
