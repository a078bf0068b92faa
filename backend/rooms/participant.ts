import { EventEmitter } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import type { types } from 'mediasoup';
import { WcsError } from '../../protocol/errors.ts';
import type { Reply, RequestData, Transports } from '../../protocol/messages.ts';
import type { Grant, LeaveReason, Participant as ParticipantState } from '../../protocol/model.ts';
import type { DtlsParameters, RtpCapabilities } from '../../protocol/rtp.ts';
import { mediaError, transportOptions, type MediaRouter } from '../media/router.ts';
import type { Identity } from './door.ts';
import { assertGranted } from './grants.ts';
import type { Member, Tell } from './member.ts';
import { Playback } from './playback.ts';
import { Publishing } from './publishing.ts';
import type { Room } from './room.ts';
import type { PublishedStream } from './stream.ts';

export interface ParticipantOptions {
  room: Room;
  login: string;
  /** What others see instead of the login. */
  displayName?: string | undefined;
  /** Names its session in logs and recordings. */
  sessionId: string;
  /** Whom its token speaks of, where there are tokens. */
  subject?: string | undefined;
  /** What it may do. */
  grants: ReadonlySet<Grant>;
  /** Whether streams of its own may be recorded, each to a file; the recording of the whole room is another thing. */
  recordsOwn: boolean;
  /** What its browser can receive; without it, it plays nothing. */
  rtpCapabilities: RtpCapabilities | undefined;
  connected: boolean;
  tell: Tell;
}

interface SendReceive {
  router: MediaRouter;
  send: types.WebRtcTransport;
  receive: types.WebRtcTransport;
}

/** Somebody in a room: two transports, what is published over one and played over the other. */
export class Participant extends EventEmitter<{ closed: [] }> implements Member {
  readonly room: Room;
  readonly login: string;
  readonly displayName: string | undefined;
  readonly sessionId: string;
  readonly identity: Identity;
  readonly subject: string | undefined;
  readonly tell: Tell;
  readonly grants: ReadonlySet<Grant>;
  /** What it publishes. */
  readonly publishing: Publishing;
  /** Whether the others know of it: false from admission until its `join` is answered. */
  entered = false;

  readonly #playback: Playback;
  readonly #dtls = new Map<string, DtlsParameters>();
  #transports: SendReceive | undefined;
  #connected: boolean;
  #closed = false;
  #left: LeaveReason = 'left';

  constructor(options: ParticipantOptions) {
    const { room, login, displayName, sessionId, subject, grants, recordsOwn } = options;
    const { rtpCapabilities, connected, tell } = options;
    super();
    this.room = room;
    this.login = login;
    this.displayName = displayName;
    this.sessionId = sessionId;
    this.identity = { login, sessionId, subject };
    this.subject = subject;
    this.tell = tell;
    this.grants = grants;
    this.#connected = connected;
    this.#playback = new Playback({ room, rtpCapabilities, tell });
    this.publishing = new Publishing({ participant: this, recordsOwn, transport: () => this.#transports?.send });
  }

  get connected(): boolean {
    return this.#connected;
  }

  get closed(): boolean {
    return this.#closed;
  }

  describe(): ParticipantState {
    const streams = this.streams.map((stream) => stream.describe());
    const named = this.displayName === undefined ? {} : { displayName: this.displayName };
    const { held } = this.publishing;
    const muted = held.audio || held.video ? { held } : {};
    return { login: this.login, ...named, connected: this.#connected, streams, ...muted };
  }

  /** Throws WcsError `forbidden`. */
  assertMay(grant: Grant): void {
    assertGranted(this.grants, grant);
  }

  /** Throws WcsError `not_joined`, or `expelled`, when it is no longer in the room. */
  assertIn(): void {
    if (!this.#closed) return;
    if (this.#left === 'expelled') throw new WcsError('expelled', 'A moderator has removed you from this room.');
    throw new WcsError('not_joined', 'The connection has left the room already.');
  }

  /** Makes both transports. Throws WcsError `media_unavailable`, or what `assertIn` throws when it has left meanwhile. */
  async openTransports(): Promise<Transports> {
    const router = await this.room.routers.place(this);
    if (this.#closed) this.room.routers.release(this);
    this.assertIn();
    const { bitrate: maxIncomingBitrate } = this.room.limits;
    const [send, receive] = await Promise.all([
      router.createTransport({ maxIncomingBitrate }),
      router.createTransport(),
    ]);
    if (this.#closed) {
      send.close();
      receive.close();
    }
    this.assertIn();
    // Two who ask at once, a move to another worker and a browser, each make a pair: the last one counts.
    this.#closeTransports();
    this.#transports = { router, send, receive };
    const iceServers = router.iceServers(this.sessionId);
    return { send: transportOptions(send), receive: transportOptions(receive), iceServers };
  }

  /** The others see it reconnecting and reconnected; its streams stay. */
  setConnected(connected: boolean): void {
    if (this.#closed || connected === this.#connected) return;
    this.#connected = connected;
    this.room.connectionChanged(this);
  }

  /**
   * Completes the DTLS handshake of one of its transports. The same parameters again are fine: the answer to the
   * first time may have been lost with a connection.
   */
  async connectTransport({ transport: id, dtlsParameters }: RequestData<'connectTransport'>): Promise<void> {
    const transport = this.#transport(id);
    const earlier = this.#dtls.get(id);
    if (earlier && isDeepStrictEqual(earlier, dtlsParameters)) return;
    if (earlier) throw new WcsError('media_refused', 'This transport is connected already.');
    try {
      await transport.connect({ dtlsParameters });
    } catch (cause) {
      throw mediaError(cause, { gone: transport.closed });
    }
    this.#dtls.set(id, dtlsParameters);
  }

  async restartIce(id: string): Promise<Reply<'restartIce'>> {
    const transport = this.#transport(id);
    const { router } = this.#media();
    try {
      const iceParameters = await transport.restartIce();
      const [stats] = await transport.getStats();
      return { iceParameters, iceServers: router.iceServers(this.sessionId), sent: stats?.rtpBytesSent ?? 0 };
    } catch (cause) {
      throw mediaError(cause, { gone: transport.closed });
    }
  }

  /** Makes both transports anew. What went over the old ones is gone; its streams are awaited under their names. */
  async renewTransports(): Promise<Transports> {
    this.#media();
    this.#closeTransports();
    this.dropMedia();
    const transports = await this.openTransports();
    this.publishing.awaitStreams();
    return transports;
  }

  get streams(): PublishedStream[] {
    return this.publishing.streams;
  }

  findStream(name: string): PublishedStream | undefined {
    return this.publishing.find(name);
  }

  /** Over which it sends. Throws WcsError `media_unavailable` while the room moves to another media server. */
  get sender(): { router: MediaRouter; transport: types.WebRtcTransport } {
    const { router, send } = this.#media();
    return { router, transport: send };
  }

  /** Asks for streams of the room; each is answered by itself. */
  async play(names: readonly string[]): Promise<Reply<'play'>['streams']> {
    const media = this.#media();
    return await Promise.all([...new Set(names)].map((name) => this.#playback.play(name, media)));
  }

  async resume(names: readonly string[]): Promise<void> {
    await this.#playback.resume(names);
  }

  /** Says how large streams are shown that it plays. */
  async show(streams: RequestData<'show'>['streams']): Promise<void> {
    await this.#playback.show(streams);
  }

  /** How a stream that it plays reaches it. */
  inspect(stream: string): Reply<'inspect'> {
    return this.#playback.inspect(stream);
  }

  stop(names: readonly string[]): void {
    this.#playback.stop(names);
  }

  /** Leaves the room, for good. Idempotent. */
  leave(reason: LeaveReason): void {
    if (this.#closed) return;
    this.#left = reason;
    this.close();
    this.room.remove(this, reason);
  }

  dropMedia(): void {
    this.#playback.clear();
    this.publishing.drop();
    this.#dtls.clear();
    this.#transports = undefined;
  }

  async restoreMedia(): Promise<void> {
    const transports = await this.openTransports();
    this.tell('moved', { room: this.room.name, transports });
    this.publishing.awaitStreams();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.publishing.close();
    this.#closeTransports();
    this.#playback.close();
    this.room.routers.release(this);
    this.emit('closed');
  }

  /** With a transport go its producers and consumers, and the consumers of its producers. */
  #closeTransports(): void {
    this.#transports?.send.close();
    this.#transports?.receive.close();
  }

  #media(): SendReceive {
    if (!this.#transports) throw new WcsError('media_unavailable', 'The room is moving to another media server.');
    return this.#transports;
  }

  #transport(id: string): types.WebRtcTransport {
    const { send, receive } = this.#media();
    const transport = [send, receive].find((candidate) => candidate.id === id);
    if (!transport) throw new WcsError('transport_unknown', 'This is not one of your transports in this room.');
    return transport;
  }
}
