import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { types } from 'mediasoup';
import { WcsError } from '../../protocol/errors.ts';
import type { RequestData } from '../../protocol/messages.ts';
import type { Muted, Stream, StreamKind } from '../../protocol/model.ts';
import type { RtpParameters } from '../../protocol/rtp.ts';
import { mediaError, type MediaRouter } from '../media/router.ts';
import { Demand } from './demand.ts';
import { Placement, type LayersOfPicture } from './layers.ts';

type Kind = types.MediaKind;

/**
 * Milliseconds between two requests for a key frame of one picture. Chromium takes no further one within 300 ms, and one
 * that is lost so is repeated only after a second: whoever asks meanwhile gets it as soon as it is heard.
 */
const KEY_FRAME_REQUEST_DELAY = 320;

export interface PublishOptions {
  router: MediaRouter;
  /** On `router`. */
  transport: types.WebRtcTransport;
  data: RequestData<'publish'>;
  /** How many layers of its picture are wanted from now on, from the smallest. */
  onDemand(layers: number): void;
}

/**
 * A stream that a participant publishes: one producer per track. `rerouted`: it comes another way from now on. `resized`: so
 * does its picture in other layers, or in another size.
 */
export class PublishedStream extends EventEmitter<{ rerouted: []; resized: [] }> {
  readonly producers: readonly types.Producer[];
  /** Where its producers are. */
  readonly router: MediaRouter;
  /** Its publisher wants it in a file of its own. */
  readonly record: boolean;
  /** How many layers its picture has, and how large it is now. */
  layers: LayersOfPicture;
  /** Which sizes of its picture are in which layers just now. */
  readonly placement: Placement;
  /** Which layers of its picture are wanted; undefined without a picture. */
  readonly demand: Demand | undefined;
  readonly #state: Stream;

  /**
   * Makes the producers of `data` on `transport`, all or none. Throws WcsError `invalid`, `media_refused`,
   * `no_common_codecs` or `media_unavailable`.
   */
  static async publish({ router, transport, data, onDemand }: PublishOptions): Promise<PublishedStream> {
    const tracks = (['audio', 'video'] as const).flatMap((kind) => {
      const rtpParameters = data[kind];
      return rtpParameters ? [{ kind, rtpParameters }] : [];
    });
    if (tracks.length === 0) throw new WcsError('invalid', 'A stream must have an audio or a video track.');
    const producers: types.Producer[] = [];
    try {
      for (const { kind, rtpParameters } of tracks) {
        assertKind(kind, rtpParameters);
        const keyFrameRequestDelay = KEY_FRAME_REQUEST_DELAY;
        producers.push(
          await transport.produce({ kind, rtpParameters, paused: data.muted[kind], keyFrameRequestDelay }),
        );
      }
    } catch (cause) {
      for (const producer of producers) producer.close();
      throw mediaError(cause, { gone: transport.closed });
    }
    const stream = new PublishedStream({ router, producers }, data, onDemand);
    const onReroute = () => stream.emit('rerouted');
    transport.on('iceselectedtuplechange', onReroute);
    producers[0]?.observer.once('close', () => transport.off('iceselectedtuplechange', onReroute));
    return stream;
  }

  private constructor(
    { router, producers }: { router: MediaRouter; producers: types.Producer[] },
    { stream, kind, muted, record, size }: RequestData<'publish'>,
    onDemand: PublishOptions['onDemand'],
  ) {
    super();
    // Each of its viewers listens.
    this.setMaxListeners(0);
    this.producers = producers;
    this.router = router;
    this.record = record ?? false;
    const video = producers.find((producer) => producer.kind === 'video');
    const count = video?.rtpParameters.encodings?.length ?? 1;
    this.layers = { count, size };
    this.placement = new Placement(count);
    this.demand = video && new Demand(count, onDemand);
    // However it ends: by itself, with its transport, with its worker.
    video?.observer.once('close', () => this.demand?.close());
    const has = (track: Kind) => producers.some((producer) => producer.kind === track);
    this.#state = { name: stream, mediaSessionId: randomUUID(), kind, audio: has('audio'), video: has('video'), muted };
  }

  get name(): string {
    return this.#state.name;
  }

  get kind(): StreamKind {
    return this.#state.kind;
  }

  get muted(): Muted {
    return { ...this.#state.muted };
  }

  get isScreen(): boolean {
    return this.#state.kind === 'screen';
  }

  /** Whether its publisher must be sending something just now; of a screen on which nothing moves nothing need come. */
  get flows(): boolean {
    return this.producers.some(({ kind, paused }) => {
      const wanted = kind === 'audio' || (!this.isScreen && this.demand?.told !== 0);
      return wanted && !paused;
    });
  }

  /** In which layers the sizes of its picture are: so many of them, in the last ones; and how large it is, if that is said. */
  resize(sizes: number, size = this.layers.size): void {
    this.placement.place(sizes);
    this.layers = { ...this.layers, size };
    this.emit('resized');
  }

  /** Nothing of a muted track is forwarded to anybody. Throws WcsError `media_unavailable` when the worker has died. */
  async mute(muted: Muted): Promise<void> {
    this.#state.muted = muted;
    for (const producer of this.producers) {
      try {
        // Somebody else may have muted it while the one before was being paused: the latest counts.
        await (this.#state.muted[producer.kind] ? producer.pause() : producer.resume());
      } catch (cause) {
        throw mediaError(cause, { gone: producer.closed });
      }
    }
  }

  /** Bits per second that come of it now; 0 when it has ended. */
  async bitrate(): Promise<number> {
    const stats = await Promise.all(this.producers.map((producer) => producer.getStats().catch(() => [])));
    return stats.flat().reduce((sum, { bitrate }) => sum + bitrate, 0);
  }

  describe(): Stream {
    return structuredClone(this.#state);
  }

  /** Ends the stream for every viewer. Idempotent. */
  close(): void {
    for (const producer of this.producers) producer.close();
  }
}

/** mediasoup takes any codec of the router for a track of either kind, and then sends nothing. */
function assertKind(kind: Kind, { codecs }: RtpParameters): void {
  const stranger = codecs.find(({ mimeType }) => !mimeType.toLowerCase().startsWith(`${kind}/`));
  if (stranger) throw new WcsError('media_refused', `${stranger.mimeType} is not a codec for ${kind}.`);
}
