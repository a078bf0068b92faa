/**
 * A room without a backend: what an element sees of the room API, driven by a test. Participants and their streams are
 * the real ones; sessions, rooms and playings are stand-ins that keep to the public side of the real classes.
 */
import type { WcsError } from '../../protocol/errors.ts';
import type { Grant, Message, Muted, Reaction, RecordingState, StreamKind } from '../../protocol/model.ts';
import { ROOM_EVENT, SESSION_STATUS, STREAM_STATUS } from '../../components/room/constants.ts';
import type { SessionStatus, StreamStatus } from '../../components/room/constants.ts';
import { Emitter } from '../../components/room/emitter.ts';
import { Participant } from '../../components/room/participant.ts';
import type { ParticipantStream, StreamQuality } from '../../components/room/participant.ts';
import { ModeratedRoom } from '../../components/room/moderated-room.ts';
import type { AskRoom } from '../../components/room/gathering.ts';
import type { ModeratorSaid } from '../../components/room/room-end.ts';
import type { JoinOptions, RoomEndReason } from '../../components/room/room-link.ts';
import type { Room } from '../../components/room/room.ts';
import type { ConnectOptions, RoomSession, SessionEvents } from '../../components/room/session.ts';
import { Stream } from '../../components/room/streams/stream.ts';
import type { PublishOptions } from '../../components/room/streams/stream.ts';

/** `on` and `off` are the real ones of Emitter, which return the object itself. */
type PublicSide<T> = Pick<T, Exclude<keyof T, 'on' | 'off'>>;

const GUEST = ['join', 'publish', 'screen', 'chat'] as const;

/** How the next sessions and rooms behave. */
export interface FakeBackend {
  /** Rejects the session. */
  unreachable?: WcsError;
  /** Rejects the join. */
  refused?: WcsError;
  /** Keeps joins waiting until `release()`. */
  held?: Promise<void>;
  /** Rejects messages while set. */
  mute?: WcsError;
  recording?: RecordingState;
  /** What was written before we came. */
  history?: Message[];
  /** Who has raised a hand before we came. */
  hands?: string[];
  /** What a moderator has muted for good before we came back. */
  heldBefore?: Partial<Muted>;
  /** Newcomers wait for this; it may reject with what refuses them. */
  lobby?: Promise<void>;
  /** What we may do; otherwise what whoever made the room, or a guest, may. */
  grants?: readonly Grant[];
  others?: FakePerson[];
  /** Called in the room, when whoever waited for it has gone on. */
  entered?: (room: FakeRoom, session: FakeSession) => void;
  /** The sessions that were opened, in order. */
  sessions: FakeSession[];
}

export interface FakePerson {
  login: string;
  displayName?: string;
  /** Their camera. */
  media?: MediaStream;
  muted?: Partial<Muted>;
  screen?: MediaStream;
}

export function fakeBackend(options: Omit<FakeBackend, 'sessions'> = {}): FakeBackend {
  return { ...options, sessions: [] };
}

/** What to put into an element's `connect`. */
export function connectTo(backend: FakeBackend): (options: ConnectOptions) => RoomSession {
  return (options) => {
    const session = new FakeSession(options, backend);
    backend.sessions.push(session);
    // The real class has private members, so that no other class can be it for the compiler.
    return session as PublicSide<RoomSession> as RoomSession;
  };
}

export class FakeSession extends Emitter<SessionEvents> implements PublicSide<RoomSession> {
  readonly established: Promise<RoomSession>;
  readonly options: ConnectOptions;
  rooms: FakeRoom[] = [];
  readonly #backend: FakeBackend;
  #status: SessionStatus = SESSION_STATUS.PENDING;
  #error: WcsError | undefined;

  constructor(options: ConnectOptions, backend: FakeBackend) {
    super();
    this.options = options;
    this.#backend = backend;
    this.established = this.#establish();
    this.established.catch(() => undefined);
  }

  join(options: JoinOptions): Room {
    const room = new FakeRoom(options, this, this.#backend);
    this.rooms.push(room);
    return room as PublicSide<Room> as Room;
  }

  getRooms(): Room[] {
    return this.rooms as PublicSide<Room>[] as Room[];
  }

  disconnect(): void {
    if (this.#status === SESSION_STATUS.DISCONNECTED) return;
    this.rooms = [];
    this.become(SESSION_STATUS.DISCONNECTED);
  }

  status(): SessionStatus {
    return this.#status;
  }

  id(): string {
    return 'fake';
  }

  getServerUrl(): string {
    return this.options.urlServer;
  }

  username(): string {
    return this.options.username ?? '';
  }

  getError(): WcsError | undefined {
    return this.#error;
  }

  /** Changes the status and tells it. */
  become(status: 'ESTABLISHED' | 'DISCONNECTED' | 'FAILED' | 'RECONNECTING', error?: WcsError): void {
    this.#status = status;
    this.#error = error;
    this.emit(status, this as PublicSide<RoomSession> as RoomSession);
  }

  async #establish(): Promise<RoomSession> {
    await Promise.resolve();
    const { unreachable } = this.#backend;
    if (unreachable) {
      this.become(SESSION_STATUS.FAILED, unreachable);
      throw unreachable;
    }
    this.become(SESSION_STATUS.ESTABLISHED);
    return this as PublicSide<RoomSession> as RoomSession;
  }
}

export class FakeRoom extends ModeratedRoom implements PublicSide<Room> {
  readonly joined: Promise<Room>;
  readonly options: JoinOptions;
  /** What was sent to everybody. */
  readonly messages: string[] = [];
  /** What was asked of the backend about the room as a whole, or about others. */
  readonly asked: { method: string; [field: string]: unknown }[] = [];
  left = false;
  readonly #session: FakeSession;
  readonly #backend: FakeBackend;
  readonly #participants = new Map<string, Participant>();
  readonly #media = new Map<string, MediaStream>();
  readonly #playing = new Map<string, FakeStream>();
  readonly #own: FakeStream[] = [];
  #joined = false;
  #waits = false;
  #speaker: string | undefined;

  constructor(options: JoinOptions, session: FakeSession, backend: FakeBackend) {
    super();
    this.options = options;
    this.#session = session;
    this.#backend = backend;
    this.joined = this.#enter();
    this.joined.catch(() => undefined);
  }

  name(): string {
    return this.options.name;
  }

  isJoined(): boolean {
    return this.#joined;
  }

  isWaiting(): boolean {
    return this.#waits;
  }

  speaker(): string | undefined {
    return this.#speaker;
  }

  levels(): ReadonlyMap<string, number> {
    return new Map(this.#speaker === undefined ? [] : [[this.#speaker, -20]]);
  }

  getParticipants(): Participant[] {
    return [...this.#participants.values()];
  }

  getStreams(): Stream[] {
    return this.#own.filter((stream) => stream.status() === STREAM_STATUS.PUBLISHING);
  }

  publish(options: PublishOptions = {}): Stream {
    const login = this.#session.username();
    const stream = new FakeStream(`${this.name()}-${login}-0000`, options.mediaStream, { own: true });
    this.#own.push(stream);
    queueMicrotask(() => stream.become(STREAM_STATUS.PUBLISHING));
    return stream;
  }

  override async sendMessage(text: string): Promise<{ at: number }> {
    await Promise.resolve();
    if (this.#backend.mute) throw this.#backend.mute;
    this.messages.push(text);
    return { at: Date.now() };
  }

  async leave(): Promise<Room> {
    await Promise.resolve();
    this.left = true;
    this.#joined = false;
    for (const stream of this.#own) stream.stop();
    return this as PublicSide<Room> as Room;
  }

  protected override readonly ask = (async (method: string, data: object) => {
    await Promise.resolve();
    this.asked.push({ method, ...data });
    return 'on' in data && method === 'record' ? { recording: data.on ? 'on' : 'off' } : {};
  }) as AskRoom;

  protected override get login(): string {
    return this.#session.username();
  }

  protected override participant(login: string): Participant | undefined {
    return this.#participants.get(login);
  }

  reconnecting(): boolean {
    return false;
  }

  // Only called by the real session.
  receive(): void {}
  connectionLost(): void {}
  connectionBack(): void {}
  sessionForgotten(): void {}
  look(): void {}
  sessionEnded(): void {}

  /** The recording of the room is switched, or stops for a reason. */
  records(state: RecordingState, reason?: string): void {
    this.takeRecording(state, reason);
  }

  /** Somebody comes in. */
  arrive(login: string): Participant {
    const participant = this.#add(login);
    this.emit(ROOM_EVENT.JOINED, participant);
    return participant;
  }

  /** Somebody publishes. */
  publishes(login: string, media: MediaStream, muted: Partial<Muted> = {}, kind?: StreamKind): ParticipantStream {
    const stream = this.#addStream(this.#of(login), media, muted, kind);
    this.emit(ROOM_EVENT.PUBLISHED, this.#of(login), stream);
    return stream;
  }

  /** Somebody shares a screen. */
  shares(login: string, media: MediaStream): ParticipantStream {
    return this.publishes(login, media, {}, 'screen');
  }

  /** Somebody stops publishing a stream. */
  unpublishes(login: string, stream: ParticipantStream): void {
    const participant = this.#of(login);
    participant.removeStream(stream.streamName());
    this.emit(ROOM_EVENT.UNPUBLISHED, participant, stream);
  }

  mutes(login: string, kind: 'audio' | 'video', muted: boolean): void {
    const participant = this.#of(login);
    const [stream] = participant.getStreams();
    if (!stream) throw new Error(`${login} publishes nothing.`);
    stream.setMuted({ ...stream.muted(), [kind]: muted });
    this.emit(muted ? ROOM_EVENT.MUTED : ROOM_EVENT.UNMUTED, participant, stream, kind);
  }

  leaves(login: string, reason: 'left' | 'lost' = 'left'): void {
    const participant = this.#of(login);
    this.#participants.delete(login);
    this.emit(ROOM_EVENT.LEFT, participant, reason);
  }

  connection(login: string, connected: boolean): void {
    this.#of(login).setConnected(connected);
    this.emit(connected ? ROOM_EVENT.RECONNECTED : ROOM_EVENT.RECONNECTING, this.#of(login));
  }

  /** Somebody is heard, or with undefined nobody any more. */
  speaks(login: string | undefined): void {
    this.#speaker = login;
    if (login !== undefined) this.emit(ROOM_EVENT.SPEAKER, login);
    this.emit(ROOM_EVENT.LEVELS, this.levels());
  }

  /** A stream reaches us well or not so well. */
  reaches(login: string, quality: StreamQuality): void {
    const participant = this.#of(login);
    const [stream] = participant.getStreams();
    if (!stream) throw new Error(`${login} publishes nothing.`);
    stream.setQuality(quality);
    this.emit(ROOM_EVENT.QUALITY, participant, stream);
  }

  /** The playing of somebody's first stream. */
  playingOf(login: string): FakeStream | undefined {
    const [stream] = this.#of(login).getStreams();
    return stream && this.#playing.get(stream.streamName());
  }

  /** Somebody writes, to everybody or to us alone. */
  says(login: string, text: string, to: { to?: string } = {}): void {
    this.emit(ROOM_EVENT.MESSAGE, {
      from: this.#participants.get(login),
      username: login,
      text,
      at: Date.now(),
      ...to,
    });
  }

  /** These have raised a hand now, in this order. */
  raise(...logins: string[]): void {
    this.takeHands(logins);
  }

  reacts(login: string, reaction: Reaction): void {
    this.emit(ROOM_EVENT.REACTION, login, reaction);
  }

  /** The room ends without our asking. */
  ends(reason: RoomEndReason, said: ModeratorSaid = {}): void {
    this.#joined = false;
    this.emit(ROOM_EVENT.ENDED, this as PublicSide<Room> as Room, reason, said);
  }

  /** A moderator mutes somebody else. */
  silences(login: string, held: Partial<Muted>, by = 'Bob'): void {
    const participant = this.#of(login);
    participant.setHeld({ audio: false, video: false, ...held });
    this.emit(ROOM_EVENT.SILENCED, participant, { audio: true, video: false, held: participant.held(), by });
  }

  /** These wait to be let in; we moderate. */
  waits(...logins: string[]): void {
    this.takeWaiting(logins.map((login) => ({ login, since: Date.now() })));
  }

  guarded(guard: { locked?: boolean; lobby?: boolean }, by = 'Bob'): void {
    this.takeGuard({ locked: this.locked(), lobby: this.lobby(), ...guard, by });
  }

  /** A moderator mutes us. */
  silenced(
    what: Partial<Muted>,
    { by = 'Bob', hold = false, note }: { by?: string; hold?: boolean; note?: string } = {},
  ) {
    const muted = { audio: false, video: false, ...what };
    const held = hold ? muted : { audio: false, video: false };
    const own = this.takeSilence({ login: this.login, ...muted, held, by, note });
    if (own) this.emit(ROOM_EVENT.SILENCED, undefined, own);
  }

  /** A moderator ends a stream of ours. */
  stops(stream: Stream, by = 'Bob'): void {
    stream.stop();
    this.emit(ROOM_EVENT.STOPPED, stream, by);
  }

  async #enter(): Promise<Room> {
    await this.#backend.held;
    await Promise.resolve();
    const room = this as PublicSide<Room> as Room;
    const {
      refused,
      others = [],
      lobby,
      grants,
      recording = 'unavailable',
      history,
      hands,
      heldBefore,
    } = this.#backend;
    if (lobby) {
      this.#waits = true;
      this.emit(ROOM_EVENT.WAITING, room);
      await lobby.finally(() => (this.#waits = false));
      this.emit(ROOM_EVENT.ADMITTED, room);
    }
    if (refused) throw refused;
    for (const { login, media, muted, screen } of others) {
      const participant = this.#add(login);
      if (media) this.#addStream(participant, media, muted);
      if (screen) this.#addStream(participant, screen, {}, 'screen');
    }
    this.#joined = true;
    const created = others.length === 0;
    const { name, capacity = 0 } = this.options;
    this.takeRole({ created, grants: grants ?? [...GUEST, ...(created ? (['record', 'moderate'] as const) : [])] });
    const held = { audio: false, video: false, ...heldBefore };
    const participants = [{ login: '', connected: true, streams: [], held }];
    const state = { name, capacity, recording, locked: false, lobby: false, participants, ...(hands && { hands }) };
    this.fillState(state, '');
    this.fillGathering(state, history);
    this.emit(ROOM_EVENT.STATE, room);
    setTimeout(() => this.#backend.entered?.(this, this.#session));
    return room;
  }

  #add(login: string): Participant {
    const participant = new Participant(
      {
        login,
        displayName: this.#backend.others?.find((one) => one.login === login)?.displayName,
        connected: true,
        streams: [],
      },
      {
        send: (text, to) => this.sendMessage(`@${to} ${text}`),
        play: (stream) => {
          const playing = new FakeStream(stream.streamName(), this.#media.get(stream.streamName()));
          this.#playing.set(stream.streamName(), playing);
          queueMicrotask(() => playing.become(STREAM_STATUS.PLAYING));
          return playing;
        },
        playing: (name) => [this.#playing.get(name)].filter((stream) => stream !== undefined),
        moderate: this.moderate,
      },
    );
    this.#participants.set(login, participant);
    return participant;
  }

  #addStream(
    participant: Participant,
    media: MediaStream,
    muted: Partial<Muted> = {},
    kind: StreamKind = 'camera',
  ): ParticipantStream {
    const name = `${this.name()}-${participant.name()}-${Object.keys(participant.streams).length}000`;
    this.#media.set(name, media);
    return participant.addStream({
      name,
      mediaSessionId: crypto.randomUUID(),
      kind,
      audio: media.getAudioTracks().length > 0,
      video: media.getVideoTracks().length > 0,
      muted: { audio: false, video: false, ...muted },
    });
  }

  #of(login: string): Participant {
    const participant = this.#participants.get(login);
    if (!participant) throw new Error(`${login} is not in the room.`);
    return participant;
  }
}

/** A stream that is whatever the test says. */
export class FakeStream extends Stream {
  readonly muted = { audio: false, video: false };
  /** Tracks that took the place of others. */
  readonly replaced: MediaStreamTrack[] = [];
  /** To how many kilobits per second its picture was held. */
  readonly limits: (number | undefined)[] = [];
  /** The `<video>` that it is shown in. */
  shownIn: HTMLVideoElement | undefined;
  /** How large it was last said to be shown. */
  shownSize: { width: number; height: number } | undefined;
  /** How loud it is played, 0 to 100. */
  volume = 100;
  readonly #media: MediaStream | undefined;
  readonly #own: boolean;

  constructor(name: string, media: MediaStream | undefined, { own = false } = {}) {
    super(name);
    this.#media = media;
    this.#own = own;
  }

  get mediaStream(): MediaStream | undefined {
    return this.#media;
  }

  become(status: StreamStatus, error?: WcsError): void {
    if (this.over) return;
    this.setStatus(status, { error });
    this.emit(status, this);
  }

  published(): boolean {
    return this.#own;
  }

  getStats(): Promise<never> {
    return Promise.reject(new Error('A stream of a test has no statistics.'));
  }

  showIn(video: HTMLVideoElement | undefined): void {
    this.shownIn = video;
  }

  show(size: { width: number; height: number }): void {
    this.shownSize = size;
  }

  stop(): void {
    this.become(this.#own ? STREAM_STATUS.UNPUBLISHED : STREAM_STATUS.STOPPED);
  }

  muteAudio(): void {
    this.muted.audio = true;
  }

  unmuteAudio(): void {
    this.muted.audio = false;
  }

  isAudioMuted(): boolean {
    return this.muted.audio;
  }

  muteVideo(): void {
    this.muted.video = true;
  }

  unmuteVideo(): void {
    this.muted.video = false;
  }

  isVideoMuted(): boolean {
    return this.muted.video;
  }

  getAudioState(): { muted: boolean } {
    return { muted: this.muted.audio };
  }

  getVideoState(): { muted: boolean } {
    return { muted: this.muted.video };
  }

  setVolume(volume: number): void {
    this.volume = volume;
  }

  getVolume(): number {
    return this.volume;
  }

  muteRemoteAudio(): void {}

  unmuteRemoteAudio(): void {}

  isRemoteAudioMuted(): boolean {
    return false;
  }

  switchCam(): Promise<string> {
    return Promise.reject(new Error('There is one camera.'));
  }

  switchMic(): Promise<string> {
    return Promise.reject(new Error('There is one microphone.'));
  }

  setMicrophoneGain(): void {}

  async limitVideo(kilobits?: number): Promise<void> {
    this.limits.push(kilobits);
  }

  async setAudioOutputId(): Promise<void> {}

  async replaceTrack(track: MediaStreamTrack): Promise<void> {
    this.replaced.push(track);
  }
}
