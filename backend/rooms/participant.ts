import { EventEmitter } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import type { types } from 'mediasoup';
import { WcsError } from '../../protocol/errors.ts';
import type { Reply, RequestData, Transports } from '../../protocol/messages.ts';
import {
  isStreamNameOf,
  type Grant,
  type LeaveReason,
  type Muted,
  type Participant as ParticipantState,
  type Stream,
  type StreamKind,
} from '../../protocol/model.ts';
import type { DtlsParameters, RtpCapabilities } from '../../protocol/rtp.ts';
import { mediaError, transportOptions, type MediaRouter } from '../media/router.ts';
import { BitrateLimit } from './bitrate.ts';
import type { Identity } from './door.ts';
import { assertGranted } from './grants.ts';
import { Hearing } from './hearing.ts';
import type { Member, Tell } from './member.ts';
import { Playback } from './playback.ts';
import type { Room, Stopped } from './room.ts';
import { PublishedStream } from './stream.ts';

/** Milliseconds that a publisher has to bring its streams back after its room has moved to another worker. */
const REPUBLISH_TIMEOUT = 15_000;

/** Streams that are kept in mind because others have ended them; the latest. */
const STOPPED_MAX = 64;

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
  /** Whether the others know of it: false from admission until its `join` is answered. */
  entered = false;

  readonly #recordsOwn: boolean;
  readonly #playback: Playback;
  readonly #bitrate: BitrateLimit;
  readonly #hearing = new Hearing({
    transport: () => (this.#streams.size > 0 ? this.#transports?.send : undefined),
    expects: () => this.streams.some(({ flows }) => flows),
    tell: (arrives) => this.tell('arrival', { room: this.room.name, arrives }),
    measured: (bitrate) => void this.#bitrate.look(bitrate),
  });
  readonly #streams = new Map<string, PublishedStream>();
  readonly #dtls = new Map<string, DtlsParameters>();
  /** Streams that the others still count with, though their media went down with a worker. */
  readonly #awaited = new Set<string>();
  /** Streams that others have ended; their publisher, who may have been away then, does not bring them back. */
  #stopped: ReadonlySet<string> = new Set();
  #awaiting: NodeJS.Timeout | undefined;
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
    this.#recordsOwn = recordsOwn;
    this.#connected = connected;
    this.#playback = new Playback({ room, rtpCapabilities, tell });
    this.#bitrate = new BitrateLimit({
      most: room.limits.bitrate,
      streams: () => this.streams,
      transport: () => this.#transports?.send,
      end: ({ name }, error) => this.unpublish(name, { error: error.toJSON() }),
    });
  }

  get connected(): boolean {
    return this.#connected;
  }

  get closed(): boolean {
    return this.#closed;
  }

  describe(): ParticipantState {
    const streams = [...this.#streams.values()].map((stream) => stream.describe());
    const named = this.displayName === undefined ? {} : { displayName: this.displayName };
    const held = this.#held.audio || this.#held.video ? { held: this.#held } : {};
    return { login: this.login, ...named, connected: this.#connected, streams, ...held };
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
    this.#awaitStreams();
    return transports;
  }

  async publish(data: RequestData<'publish'>): Promise<Stream> {
    this.assertMay(data.kind === 'screen' ? 'screen' : 'publish');
    if (data.record && !this.#recordsOwn) throw new WcsError('forbidden', 'You may not have a stream recorded here.');
    this.#bitrate.assertRested();
    const name = data.stream;
    if (!isStreamNameOf(name, this.room.name, this.login))
      throw new WcsError('stream_name_taken', 'A stream is called <room>-<login>-<4 hex>, or that and -<suffix>.');
    if (this.#stopped.has(name)) throw new WcsError('forbidden', 'This stream was ended: begin another one.');
    if (this.#streams.has(name)) throw new WcsError('stream_name_taken', 'A stream of this name is published already.');
    if (this.room.findStream(name)) throw new WcsError('stream_name_taken', 'Somebody else publishes under this name.');
    const { streams: most } = this.room.limits;
    if (most !== 0 && this.#streams.size >= most)
      throw new WcsError('too_many', `A participant publishes ${most} streams at most.`);

    const stream = await PublishedStream.publish({
      router: this.#media().router,
      transport: this.#media().send,
      data: { ...data, muted: this.#allowed(data) },
      onDemand: (layers) => this.tell('wanted', { room: this.room.name, stream: name, layers }),
    });
    // A moderator may have muted it for good while it was being made.
    while (!this.#closed && !isDeepStrictEqual(stream.muted, this.#allowed(stream)))
      await stream.mute(this.#allowed(stream));
    if (this.#closed) stream.close();
    this.assertIn();
    this.#streams.set(name, stream);
    this.#awaited.delete(name);
    this.#hearing.start();
    this.#bitrate.share();
    this.room.streamPublished(this, stream.describe());
    return stream.describe();
  }

  /** Ends a stream; `stopped` says why, when it is not its publisher who wants that. */
  unpublish(name: string, stopped?: Stopped): void {
    const stream = this.#streams.get(name);
    if (!stream && !this.#awaited.has(name)) throw unknownStream();
    if (stopped) this.#stopped = new Set([...this.#stopped, name].slice(-STOPPED_MAX));
    stream?.close();
    this.#streams.delete(name);
    this.#awaited.delete(name);
    this.#bitrate.share();
    this.room.streamUnpublished(this, name, stopped);
  }

  async mute(name: string, muted: Muted): Promise<void> {
    const stream = this.#streams.get(name);
    if (!stream) throw unknownStream();
    if (!isDeepStrictEqual(muted, this.#allowed({ kind: stream.kind, muted })))
      throw new WcsError('forbidden', 'A moderator has muted you for good.');
    await this.#mute(stream, muted);
  }

  /** Says in which layers of a picture of its own its sizes are: so many of them, in the last ones. */
  resize(name: string, sizes: number): void {
    const stream = this.#streams.get(name);
    if (!stream) throw unknownStream();
    stream.placement.place(sizes);
  }

  /** A moderator mutes it, whatever its browser does; of a screen only the sound. */
  async silence(what: Muted): Promise<void> {
    await Promise.all(
      [...this.#streams.values()].map(async (stream) => {
        const { audio, video } = stream.muted;
        const muted = { audio: audio || what.audio, video: video || (what.video && stream.kind === 'camera') };
        if (muted.audio !== audio || muted.video !== video) await this.#mute(stream, muted);
      }),
    );
  }

  /** Also while its media is being moved to another worker. */
  publishes(name: string): boolean {
    return this.#streams.has(name) || this.#awaited.has(name);
  }

  get streams(): PublishedStream[] {
    return [...this.#streams.values()];
  }

  findStream(name: string): PublishedStream | undefined {
    return this.#streams.get(name);
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
    for (const name of this.#streams.keys()) this.#awaited.add(name);
    this.#streams.clear();
    this.#dtls.clear();
    this.#transports = undefined;
  }

  async restoreMedia(): Promise<void> {
    const transports = await this.openTransports();
    this.tell('moved', { room: this.room.name, transports });
    this.#awaitStreams();
  }

  /** Streams that do not come back in time are over. */
  #awaitStreams(): void {
    if (this.#awaited.size === 0) return;
    clearTimeout(this.#awaiting);
    this.#awaiting = setTimeout(() => {
      for (const name of [...this.#awaited]) this.unpublish(name);
    }, REPUBLISH_TIMEOUT);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#awaiting);
    this.#streams.clear();
    this.#hearing.close();
    this.#closeTransports();
    this.#playback.close();
    this.room.routers.release(this);
    this.emit('closed');
  }

  get #held(): Muted {
    return this.room.moderation.heldOf(this.identity);
  }

  /** What has to be muted of a stream whose publisher wants this muted. */
  #allowed({ kind, muted }: { kind: StreamKind; muted: Muted }): Muted {
    const held = this.#held;
    return { audio: muted.audio || held.audio, video: muted.video || (held.video && kind === 'camera') };
  }

  async #mute(stream: PublishedStream, muted: Muted): Promise<void> {
    await stream.mute(muted);
    if (this.#streams.get(stream.name) === stream) this.room.streamMuted(this, stream.name, stream.muted);
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

function unknownStream(): WcsError {
  return new WcsError('stream_unknown', 'You publish no stream of this name.');
}
