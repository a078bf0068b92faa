import type { types } from 'mediasoup-client';
import * as v from 'valibot';
import { WcsError } from '../../protocol/errors.ts';
import { check } from '../../protocol/frames.ts';
import type { EventData, EventName, Reply } from '../../protocol/messages.ts';
import { RoomName, type Room as RoomState } from '../../protocol/model.ts';
import type { RtpCapabilities } from '../../protocol/rtp.ts';
import { Absence } from './absence.ts';
import { ROOM_EVENT, STREAM_STATUS_INFO } from './constants.ts';
import { deferred } from './deferred.ts';
import { askToJoin, askToRejoin } from './join.ts';
import { Knocking } from './knocking.ts';
import type { AskRoom } from './gathering.ts';
import { ModeratedRoom } from './moderated-room.ts';
import type { Participant, ParticipantStream } from './participant.ts';
import { endedError, saidBy, toWcsError } from './room-end.ts';
import type { JoinOptions, RoomEndReason, RoomLink } from './room-link.ts';
import { RoomStreams } from './room-streams.ts';
import { Roster } from './roster.ts';
import { rosterNews } from './roster-news.ts';
import { Speakers } from './speakers.ts';
import type { PlayOptions, PublishOptions, Stream } from './streams/stream.ts';

/** A room that this session joins, is in, or has left. */
export class Room extends ModeratedRoom {
  /**
   * Settles with STATE or FAILED: rejects with a WcsError, such as `login_taken` "Room already has user with such
   * login", `room_full` "Current room is full.", or `aborted` when it was left before. Never an unhandled rejection.
   */
  readonly joined: Promise<Room>;

  readonly #link: RoomLink;
  readonly #options: JoinOptions;
  readonly #name: string;
  readonly #roster: Roster;
  readonly #streams: RoomStreams;
  readonly #speakers = new Speakers({
    speaker: (login) => this.emit(ROOM_EVENT.SPEAKER, login),
    levels: (levels) => this.emit(ROOM_EVENT.LEVELS, levels),
  });
  readonly #over = new AbortController();
  readonly #settle = deferred<Room>();
  #state: 'joining' | 'waiting' | 'joined' | 'over' = 'joining';
  /** The joining that is going on, or the last one; never rejects. */
  #entering: Promise<void>;
  #knocking: Knocking | undefined;
  /** Whether the backend may count us in the room. */
  #asked = false;
  #stated = false;
  readonly #absence = new Absence((away) => {
    this.emit(away ? ROOM_EVENT.RECONNECTING : ROOM_EVENT.RECONNECTED, undefined);
  });
  /** Milliseconds for which those who are not there when we enter again are taken for being on the way back. */
  #awaiting = 0;
  #device: types.Device | undefined;

  /** @internal */
  constructor(options: JoinOptions, link: RoomLink) {
    super();
    this.joined = this.#settle.promise;
    this.#options = options;
    this.#link = link;
    const name = v.safeParse(RoomName, options.name);
    this.#name = name.success ? name.output : String(options.name);
    this.#streams = new RoomStreams({
      ...link,
      room: this.#name,
      flows: (stream) => this.#roster.flows(stream),
      onPath: (works) => this.#pathChanged(works),
      onBroken: () => this.#startOver(),
    });
    this.#roster = new Roster(
      {
        send: (text, to) => this.send(text, to),
        play: (stream, display, played) => this.#play(stream, display, played),
        playing: (stream) => this.#streams.playing(stream),
        moderate: this.moderate,
      },
      rosterNews((event, ...args) => this.emit(event, ...args), this.#streams),
    );
    this.#entering = this.#enter();
  }

  name(): string {
    return this.#name;
  }

  isJoined(): boolean {
    return this.#state === 'joined';
  }

  /** Whether we wait until a moderator lets us in. */
  isWaiting(): boolean {
    return this.#state === 'waiting';
  }

  /** Whether our connection, or the way of our media, is lost and is being looked for. */
  reconnecting(): boolean {
    return this.#absence.away;
  }

  /** The login of who speaks, or spoke last; we ourselves may be it. */
  speaker(): string | undefined {
    return this.#speakers.active;
  }

  /** How loud those are who can be heard just now, by login, in dBov (RFC 6464): 0 is the loudest. */
  levels(): ReadonlyMap<string, number> {
    return this.#speakers.levels;
  }

  /** Everyone else, in the order they came. */
  getParticipants(): Participant[] {
    return this.#roster.participants;
  }

  /** Our own streams that are not UNPUBLISHED or FAILED. */
  getStreams(): Stream[] {
    return this.#streams.own;
  }

  /**
   * Publishes at once; the result comes by PUBLISHING, FAILED or UNPUBLISHED on the stream. Before STATE it opens the
   * devices and waits.
   */
  publish(options: PublishOptions = {}): Stream {
    return this.#streams.publish(options);
  }

  /**
   * Leaves: streams end, and STATE of a new `join` may follow at once. Resolves when the backend has heard of it, at
   * once while the connection is lost, and whatever it answers.
   */
  async leave(): Promise<Room> {
    if (this.#state === 'over') return this;
    const { ask, up } = this.#link;
    const error = new WcsError('aborted', 'The room was left.');
    this.#close();
    this.#settle.reject(error);
    const recordNames = deferred<Record<string, string>>();
    this.#streams.stop(error, recordNames.promise);
    const later = () => void ask('leave', { room: this.#name }, { repeat: true }).catch(() => undefined);
    let reply: Reply<'leave'> | undefined;
    if (this.#asked && up()) {
      reply = await ask('leave', { room: this.#name }).catch((refusal: WcsError) => {
        if (refusal.code === 'connection_lost') later();
        return undefined;
      });
    } else if (this.#asked) {
      later();
    }
    recordNames.resolve(reply?.recordNames ?? {});
    return this;
  }

  /**
   * What the backend tells of this room.
   *
   * @internal
   */
  receive<E extends EventName>(event: E, data: EventData<E>): void {
    // While we enter again, only this is about us: somebody has taken our place meanwhile.
    const replaced = event === 'ended' && 'reason' in data && data.reason === 'replaced';
    const answered = this.isWaiting() && (event === 'admitted' || event === 'refused');
    if (this.isJoined() || answered || (this.#stated && replaced)) this.#handlers[event](data);
  }

  /**
   * The connection is lost, and may come back.
   *
   * @internal
   */
  connectionLost(): void {
    if (this.#stated) this.#absence.begin('connection');
  }

  /**
   * The connection is back, and we are still in the room.
   *
   * @internal
   */
  connectionBack(state: RoomState): void {
    this.#knocking?.knock();
    // A join that is on its way is asked again by itself.
    if (this.#state !== 'joined') return;
    this.#compare(state);
    // Whatever took the connection away may have taken the way of the media.
    this.#streams.look();
    const own = state.participants.find(({ login }) => login === this.#link.login);
    const muted = this.#streams.reconcile(own?.streams ?? []);
    if (muted.audio || muted.video) this.emit(ROOM_EVENT.SILENCED, undefined, { ...muted, held: this.held() });
    this.#absence.end('connection');
  }

  /**
   * The connection is back, and the backend knows nothing of us any more: enters again. After a restart of the backend
   * the others do so, too, and are waited for as long as `awaiting` milliseconds.
   *
   * @internal
   */
  sessionForgotten(awaiting: number): void {
    this.#awaiting = awaiting;
    this.#knocking?.knock();
    if (this.#state === 'joined') this.#enterAgain();
  }

  /**
   * The network may have changed.
   *
   * @internal
   */
  look(): void {
    this.#streams.look();
  }

  /**
   * The session is over.
   *
   * @internal
   */
  sessionEnded(error: WcsError): void {
    this.#end(error, 'disconnected', STREAM_STATUS_INFO.STOPPED_BY_SESSION_DISCONNECT);
  }

  async #enter(): Promise<void> {
    try {
      const { name, record, capacity, lobby } = this.#options;
      check(RoomName, name);
      const device = await this.#link.device();
      if (this.#state === 'over') return;
      this.#asked = true;
      // A room that has to be made again is recorded as it was before.
      const wanted = this.#stated ? this.recording() === 'on' : record;
      const rtpCapabilities = device?.recvRtpCapabilities as RtpCapabilities;
      const request = {
        ask: this.#link.ask,
        data: { room: this.#name, record: wanted, capacity, lobby: this.#stated ? undefined : lobby, rtpCapabilities },
        signal: this.#over.signal,
        accept: (reply: Reply<'join'>) => this.#entered(reply, device),
        wait: () => this.#wait(),
      };
      await (this.#stated ? askToRejoin(request, this.#link.reconnectTimeout) : askToJoin(request));
    } catch (error) {
      this.#end(toWcsError(error), 'refused');
    }
  }

  async #wait(): Promise<void> {
    this.#state = 'waiting';
    this.#knocking = new Knocking({ room: this.#name, ask: this.#link.ask, signal: this.#over.signal });
    this.emit(ROOM_EVENT.WAITING, this);
    await this.#knocking.answer.finally(() => (this.#knocking = undefined));
    this.#state = 'joining';
    this.emit(ROOM_EVENT.ADMITTED, this);
  }

  /** In, for the first time or again. */
  #entered({ room, created, grants, transports, history }: Reply<'join'>, device: types.Device | undefined): void {
    this.#state = 'joined';
    this.#device = device;
    this.takeRole({ created: this.#stated ? this.created() : created, grants });
    if (this.#stated) {
      this.#compare(room, this.#awaiting);
      this.#awaiting = 0;
      this.#streams.renew(device, transports);
      this.#absence.end('connection');
      for (const message of this.missed(history)) this.receiveMessage(message);
      return;
    }
    this.#stated = true;
    this.fillGathering(room, history);
    this.fillState(room, this.#link.login);
    this.#streams.silence(this.held(), this.held());
    this.#roster.fill(this.#others(room));
    this.#streams.renew(device, transports);
    this.emit(ROOM_EVENT.STATE, this);
    this.#settle.resolve(this);
  }

  /** The backend does not count us in the room any more: enters again, with the same streams. */
  #enterAgain(): void {
    this.#state = 'joining';
    this.#streams.suspend();
    this.#entering = this.#enter();
  }

  #pathChanged(works: boolean): void {
    if (works) return this.#absence.end('media');
    this.#link.doubt();
    this.#absence.begin('media');
  }

  /** New transports cannot be had in any other way. */
  #startOver(): void {
    if (!this.isJoined()) return;
    this.#link.ask('leave', { room: this.#name }, { repeat: true }).catch(() => undefined);
    this.#enterAgain();
  }

  #compare(room: RoomState, awaiting = 0): void {
    this.compareState(room, this.#link.login);
    this.#streams.silence(this.held(), this.held());
    this.#roster.compare(this.#others(room), awaiting);
  }

  protected override readonly ask: AskRoom = (method, data) =>
    this.#whenJoined(() => this.#link.ask(method, { ...data, room: this.#name }));

  protected override get login(): string {
    return this.#link.login;
  }

  protected override participant(login: string): Participant | undefined {
    return this.#roster.get(login);
  }

  #others({ participants }: RoomState): RoomState['participants'] {
    return participants.filter(({ login }) => login !== this.#link.login);
  }

  #play(stream: ParticipantStream, display: HTMLElement | null | undefined, options: PlayOptions): Stream {
    const played = this.#streams.play(stream, display, options);
    // A page may hold on to what has ended: nothing more would be told of it.
    if (!this.#roster.has(stream)) played.fail(new WcsError('stream_unknown', 'The stream has ended.'));
    return played;
  }

  /** At once when joined, so that calls keep their order; else after joining, or joining again. */
  #whenJoined<T>(ask: () => Promise<T>): Promise<T> {
    const asked = this.isJoined()
      ? (async () => ask())()
      : this.#entering.then(() => (this.isJoined() ? ask() : notJoined()));
    asked.catch(() => undefined);
    return asked;
  }

  /** Over without having been asked for. */
  #end(error: WcsError, reason: RoomEndReason, info?: string): void {
    if (this.#state === 'over') return;
    this.#close();
    this.#streams.fail(error, info);
    if (this.#stated) {
      this.emit(ROOM_EVENT.ENDED, this, reason, saidBy(error));
      return;
    }
    this.emit(ROOM_EVENT.FAILED, this, error.message, error);
    this.#settle.reject(error);
  }

  #close(): void {
    this.#state = 'over';
    this.#over.abort();
    this.#roster.close();
    this.#link.onOver(this);
  }

  readonly #handlers: { [E in EventName]: (data: EventData<E>) => void } = {
    joined: ({ participant }) => this.#roster.joined(participant),
    left: ({ login, reason }) => this.#roster.left(login, reason),
    reconnecting: ({ login }) => this.#roster.connection(login, false),
    reconnected: ({ login }) => this.#roster.connection(login, true),
    published: ({ login, stream }) => this.#roster.published(login, stream),
    unpublished: ({ login, stream, by, error }) => {
      this.#roster.unpublished(login, stream);
      const own = this.#streams.stopped(stream, error);
      if (own && !error) this.emit(ROOM_EVENT.STOPPED, own, by);
    },
    silenced: (data) => {
      const own = this.takeSilence(data);
      if (!own) return;
      this.#streams.silence(own, own.held);
      this.emit(ROOM_EVENT.SILENCED, undefined, own);
    },
    guarded: (data) => this.takeGuard(data),
    waiting: ({ waiting }) => this.takeWaiting(waiting),
    admitted: () => this.#knocking?.admitted(),
    refused: (data) => this.#knocking?.refused(data),
    muted: ({ login, stream, muted }) => this.#roster.muted(login, stream, muted),
    wanted: ({ stream, layers }) => this.#streams.wanted(stream, layers),
    arrival: ({ arrives }) => this.#streams.heard(arrives),
    quality: ({ streams }) => this.#roster.quality(streams),
    speakers: (data) => this.#speakers.update(data),
    message: ({ message }) => this.receiveMessage(message),
    hands: ({ hands }) => this.takeHands(hands),
    reaction: ({ login, reaction }) => this.emit(ROOM_EVENT.REACTION, login, reaction),
    recording: ({ recording, reason }) => this.takeRecording(recording, reason),
    moved: ({ transports }) => this.#streams.renew(this.#device, transports),
    ended: (data) => this.#end(endedError(data), data.reason),
  };
}

function notJoined(): never {
  throw new WcsError('not_joined', 'You are not in this room.');
}
