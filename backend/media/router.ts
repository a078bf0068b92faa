import { EventEmitter } from 'node:events';
import type { types } from 'mediasoup';
import { WcsError } from '../../protocol/errors.ts';
import type { IceServer, TransportOptions } from '../../protocol/rtp.ts';
import { levelId, levelOf } from './loudness.ts';
import { iceServers, type TurnOptions } from './turn.ts';

/** Bits per second that a new viewer is sent at first, until bandwidth estimation knows better. */
const INITIAL_OUTGOING_BITRATE = 1_000_000;

/** Milliseconds between two reports of who is how loud; loudest first, so many at most, none below so many dBov. */
const LEVELS_INTERVAL = 500;
const LEVELS_MAX = 8;
const LEVELS_THRESHOLD = -60;

/** What notices who speaks: one who does, and how loud all are. */
export interface Observers {
  speaker: types.ActiveSpeakerObserver;
  levels: types.AudioLevelObserver;
}

export interface MediaRouterOptions {
  router: types.Router;
  worker: types.Worker;
  /** The one UDP and TCP port of the router's worker. */
  webRtcServer: types.WebRtcServer;
  turn: TurnOptions;
}

/** Between two workers of this machine; both ends have buffers for some key frames that come at once. */
const PIPE_LISTEN: types.TransportListenInfo = {
  protocol: 'udp',
  ip: '127.0.0.1',
  recvBufferSize: 2 ** 21,
  sendBufferSize: 2 ** 21,
};

/** A mediasoup router of a room, and the port through which browsers reach it. */
export class MediaRouter extends EventEmitter<{ died: [] }> {
  /** Which process it is in. */
  readonly worker: types.Worker;
  readonly #router: types.Router;
  readonly #webRtcServer: types.WebRtcServer;
  readonly #turn: TurnOptions;
  readonly #transports = new Set<types.Transport>();
  /** Over which we ourselves hear. */
  #ear: Promise<types.DirectTransport> | undefined;

  constructor({ router, worker, webRtcServer, turn }: MediaRouterOptions) {
    super();
    this.worker = worker;
    this.#router = router;
    this.#webRtcServer = webRtcServer;
    this.#turn = turn;
    // A worker that dies tells its routers first and its pool last. Whoever hears of it here will ask the pool for
    // another router, so it has to wait until the pool knows. A worker that was closed has not died: nobody needs
    // another one then.
    router.on('workerclose', () => {
      if (worker.died) queueMicrotask(() => this.emit('died'));
    });
  }

  get closed(): boolean {
    return this.#router.closed;
  }

  /**
   * With `maxIncomingBitrate` (bits per second; 0 is no limit) whoever sends over it is asked to keep to that, by the
   * bandwidth estimates that browsers follow (REMB, transport-wide congestion control). Throws WcsError
   * `media_unavailable` when the worker has died.
   */
  async createTransport({ maxIncomingBitrate = 0 } = {}): Promise<types.WebRtcTransport> {
    return await this.#create(
      this.#router.createWebRtcTransport({
        webRtcServer: this.#webRtcServer,
        preferUdp: true,
        initialAvailableOutgoingBitrate: INITIAL_OUTGOING_BITRATE,
      }),
      async (transport) => {
        if (maxIncomingBitrate > 0) await transport.setMaxIncomingBitrate(maxIncomingBitrate);
      },
    );
  }

  /** The TURN servers, with credentials for `user` (ASCII); undefined where there are none. */
  iceServers(user: string): IceServer[] | undefined {
    const servers = iceServers(this.#turn, user);
    return servers.length > 0 ? servers : undefined;
  }

  /** RTP without encryption, for whoever is on this machine. Throws WcsError `media_unavailable` when the worker has died. */
  async createPlainTransport(options: types.PlainTransportOptions): Promise<types.PlainTransport> {
    return await this.#create(this.#router.createPlainTransport(options));
  }

  /** Notices who of those whose producers are added to it speaks. Throws WcsError `media_unavailable`. */
  async createSpeakerObserver(): Promise<types.ActiveSpeakerObserver> {
    try {
      return await this.#router.createActiveSpeakerObserver();
    } catch (cause) {
      throw mediaError(cause, { gone: true });
    }
  }

  /** Notices who of those whose producers are added to them speaks, and how loud. Throws WcsError `media_unavailable`. */
  async createObservers(): Promise<Observers> {
    try {
      const [speaker, levels] = await Promise.all([
        this.#router.createActiveSpeakerObserver(),
        this.#router.createAudioLevelObserver({
          interval: LEVELS_INTERVAL,
          maxEntries: LEVELS_MAX,
          threshold: LEVELS_THRESHOLD,
        }),
      ]);
      return { speaker, levels };
    } catch (cause) {
      throw mediaError(cause, { gone: true });
    }
  }

  /**
   * Tells how loud each packet of `producer` is, in dBov, until what it resolves to is closed; nothing, where packets do
   * not say that. Throws what mediasoup throws when one of them has gone.
   */
  async listen(producer: types.Producer, onLevel: (level: number) => void): Promise<types.Consumer> {
    this.#ear ??= this.#router.createDirectTransport();
    const { rtpCapabilities } = this.#router;
    const consumer = await (await this.#ear).consume({ producerId: producer.id, rtpCapabilities });
    const id = levelId(consumer.rtpParameters) ?? 0;
    consumer.on('rtp', (packet) => {
      const level = levelOf(packet, id);
      if (level !== undefined) onLevel(level);
    });
    return consumer;
  }

  canConsume(producer: types.Producer, rtpCapabilities: types.RtpCapabilities): boolean {
    return this.#router.canConsume({ producerId: producer.id, rtpCapabilities });
  }

  /**
   * Makes `producer`, which is on this router, on another one in another worker too, under the same id and with all its
   * layers. Resolves to what takes it there: with that it ends. Throws what mediasoup throws when one of them has gone.
   */
  async pipe(producer: types.Producer, to: MediaRouter): Promise<types.Consumer> {
    const options = { producerId: producer.id, router: to.#router, listenInfo: PIPE_LISTEN, enableSctp: false };
    const { pipeConsumer } = await this.#router.pipeToRouter(options);
    if (!pipeConsumer) throw new Error('mediasoup has piped nothing.');
    return pipeConsumer;
  }

  close(): void {
    // mediasoup closes them with the router, but its WebRtcServer goes on holding those that did not close by themselves
    // (3.27.1), and with them all that they know.
    for (const transport of this.#transports) transport.close();
    this.#router.close();
  }

  /**
   * The transport that is being made, when `prepare` is through with it; else it is closed. mediasoup closes the transports
   * of a router with it, but not one that was still being made then.
   */
  async #create<T extends types.Transport>(making: Promise<T>, prepare?: (transport: T) => Promise<void>): Promise<T> {
    let transport: T | undefined;
    try {
      transport = await making;
      await prepare?.(transport);
      if (this.#router.closed) throw new Error('The router was closed meanwhile.');
      const made = transport;
      this.#transports.add(made);
      made.observer.once('close', () => this.#transports.delete(made));
      return made;
    } catch (cause) {
      transport?.close();
      throw mediaError(cause, { gone: true });
    }
  }
}

/** What a browser needs to connect to `transport`. */
export function transportOptions(transport: types.WebRtcTransport): TransportOptions {
  const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
  return { id, iceParameters, iceCandidates, dtlsParameters };
}

/**
 * What mediasoup threw, as an answer for the browser that asked: `media_unavailable` when what it was asked of is
 * `gone`, `no_common_codecs` or `media_refused` when the browser's description was wrong.
 */
export function mediaError(cause: unknown, { gone }: { gone: boolean }): WcsError {
  if (cause instanceof WcsError) return cause;
  if (gone) return new WcsError('media_unavailable', 'The media server is starting again. Try once more.', { cause });
  const detail = cause instanceof Error ? cause.message.slice(0, 200) : 'unknown reason';
  if (cause instanceof Error && cause.name === 'UnsupportedError')
    return new WcsError('no_common_codecs', `None of the offered codecs can be used here: ${detail}`, { cause });
  return new WcsError('media_refused', `The media description was refused: ${detail}`, { cause });
}
