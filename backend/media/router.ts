import { EventEmitter } from 'node:events';
import type { types } from 'mediasoup';
import { WcsError } from '../../protocol/errors.ts';
import type { IceServer, TransportOptions } from '../../protocol/rtp.ts';
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

/** The media side of one room: a mediasoup router and the port through which browsers reach it. */
export class MediaRouter extends EventEmitter<{ died: [] }> {
  readonly #router: types.Router;
  readonly #webRtcServer: types.WebRtcServer;
  readonly #turn: TurnOptions;

  constructor({ router, worker, webRtcServer, turn }: MediaRouterOptions) {
    super();
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

  /**
   * With `maxIncomingBitrate` (bits per second; 0 is no limit) whoever sends over it is told to keep to that, by the
   * bandwidth estimates that browsers follow (REMB, transport-wide congestion control). Throws WcsError
   * `media_unavailable` when the worker has died.
   */
  async createTransport({ maxIncomingBitrate = 0 } = {}): Promise<types.WebRtcTransport> {
    try {
      const transport = await this.#router.createWebRtcTransport({
        webRtcServer: this.#webRtcServer,
        preferUdp: true,
        initialAvailableOutgoingBitrate: INITIAL_OUTGOING_BITRATE,
      });
      if (maxIncomingBitrate > 0) await transport.setMaxIncomingBitrate(maxIncomingBitrate);
      return transport;
    } catch (cause) {
      throw mediaError(cause, { gone: true });
    }
  }

  /** The TURN servers, with credentials for `user` (ASCII); undefined where there are none. */
  iceServers(user: string): IceServer[] | undefined {
    const servers = iceServers(this.#turn, user);
    return servers.length > 0 ? servers : undefined;
  }

  /** RTP without encryption, for whoever is on this machine. Throws WcsError `media_unavailable` when the worker has died. */
  async createPlainTransport(options: types.PlainTransportOptions): Promise<types.PlainTransport> {
    try {
      return await this.#router.createPlainTransport(options);
    } catch (cause) {
      throw mediaError(cause, { gone: true });
    }
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

  canConsume(producer: types.Producer, rtpCapabilities: types.RtpCapabilities): boolean {
    return this.#router.canConsume({ producerId: producer.id, rtpCapabilities });
  }

  close(): void {
    this.#router.close();
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
