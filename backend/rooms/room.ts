import { EventEmitter } from 'node:events';
import { WcsError } from '../../protocol/errors.ts';
import type { EventData, EventName } from '../../protocol/messages.ts';
import type { Grant, LeaveReason, Muted, RecordingState, Room as RoomState, Stream } from '../../protocol/model.ts';
import type { Log } from '../log.ts';
import type { RoomRouters } from '../media/room-routers.ts';
import { Conversation } from './conversation.ts';
import { Door } from './door.ts';
import { MAKER, GUEST } from './grants.ts';
import type { Member } from './member.ts';
import { Moderation } from './moderation.ts';
import { Participant, type ParticipantOptions } from './participant.ts';
import type { PublishedStream } from './stream.ts';
import { Voices } from './voices.ts';

/** What each participant of a room may do at most; 0 is no limit. */
export interface RoomLimits {
  /** Streams published at once. */
  streams: number;
  /** Bits per second of each stream. */
  bitrate: number;
}

export interface RoomOptions {
  name: string;
  /** People at most; 0: no limit. */
  capacity: number;
  /** Newcomers wait until a moderator lets them in. */
  lobby?: boolean | undefined;
  /** The room closes them. */
  routers: RoomRouters;
  /** Milliseconds that a room without a connected member waits for one. */
  idleTimeout: number;
  /** Who is in the room beside its people; nobody sees them. */
  attend?: (room: Room) => Member[];
  /** Messages to everybody that newcomers get to read. */
  chatHistory: number;
  /** Microphones that are sent to those who play them at the same time: the loudest; 0: all. */
  voices: number;
  limits: RoomLimits;
  log: Log;
}

/** Somebody who comes in. Without grants, on a backend that asks for no tokens, they have those of a maker or a guest. */
export type Admission = Omit<ParticipantOptions, 'room' | 'grants' | 'recordsOwn'> & {
  grants?: ReadonlySet<Grant> | undefined;
};

/** Who has ended a stream that is not theirs, or why the backend has: nothing of both where an administrator did. */
export type Stopped = Pick<EventData<'unpublished'>, 'by' | 'error'>;

/** Why a room ended under its participants. */
type EndReason = EventData<'ended'>['reason'];

/** People who see and hear each other. Ends when the last one leaves, or when nobody has been connected for too long. */
export class Room extends EventEmitter<{ closed: [] }> {
  readonly name: string;
  readonly capacity: number;
  /** Who gets in. */
  readonly door: Door;
  readonly moderation = new Moderation(this);
  /** Where its media are. */
  readonly routers: RoomRouters;
  readonly conversation: Conversation;
  /** Which microphones are sent. */
  readonly voices: Voices;
  readonly limits: RoomLimits;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt = Date.now();

  readonly #options: RoomOptions;
  readonly #log: Log;
  /** By login. Those who are being admitted are among them, so that no seat and no login is given away twice. */
  readonly #participants = new Map<string, Participant>();
  /** Nobody while they come in: the first thing a recorder does is to say that it is there. */
  readonly #attendants: readonly Member[] = [];
  /** Which move of each to another worker is the latest. */
  readonly #moves = new WeakMap<Member, object>();
  #idle: NodeJS.Timeout | undefined;
  #creator: string | undefined;
  #recording: RecordingState = 'unavailable';
  #closed = false;

  constructor(options: RoomOptions) {
    super();
    this.name = options.name;
    this.capacity = options.capacity;
    this.door = new Door({ room: options.name, lobby: options.lobby ?? false });
    this.door.on('waiting', () => this.#tellWaiting());
    this.limits = options.limits;
    this.conversation = new Conversation(this, options.chatHistory);
    this.#options = options;
    this.#log = options.log.child({ room: options.name });
    this.routers = options.routers;
    this.routers.on('died', (people) => void this.#move(people));
    this.voices = new Voices(this, { most: options.voices, log: this.#log });
    this.#attendants = [this.voices, ...(options.attend?.(this) ?? [])];
  }

  get closed(): boolean {
    return this.#closed;
  }

  get empty(): boolean {
    return this.#participants.size === 0;
  }

  get size(): number {
    return this.#participants.size;
  }

  /** Whether as many are in the room as it takes. */
  get full(): boolean {
    return this.capacity !== 0 && this.size >= this.capacity;
  }

  /** The room as one of its participants sees it. */
  describe(viewer: Participant): RoomState {
    const participants = this.participants.map((participant) => participant.describe());
    const { locked, lobby, waiting } = this.door;
    const { hands } = this.conversation;
    const raised = hands.length > 0 ? { hands } : {};
    const { name, capacity, recording } = this;
    const state = { name, capacity, recording, locked, lobby, participants, ...raised };
    return viewer.grants.has('moderate') ? { ...state, waiting } : state;
  }

  /** Those that the others see. */
  get participants(): Participant[] {
    return [...this.#participants.values()].filter(({ entered }) => entered);
  }

  get recording(): RecordingState {
    return this.#recording;
  }

  /** Everybody is told whether the room is being recorded; and why not any more, when nobody asked for that. */
  setRecording(recording: RecordingState, reason?: string): void {
    if (this.#closed || recording === this.#recording) return;
    this.#recording = recording;
    const data = { room: this.name, recording, ...(reason === undefined ? {} : { reason }) };
    this.announce('recording', data);
  }

  /**
   * Gives out a seat and a login, at once and for one only. The others hear of it when it has `enter`ed. Throws
   * WcsError `login_taken`, `room_full`, `room_locked`, `waiting_room` or `expelled`.
   */
  admit({ grants: given, ...options }: Admission): Participant {
    const grants = given ?? (options.login === (this.#creator ?? options.login) ? MAKER : GUEST);
    // Whoever makes the room does not wait for somebody else to let them in.
    if (this.#creator !== undefined) this.door.assertOpenTo(options, { moderates: grants.has('moderate') });
    const holder = this.#participants.get(options.login);
    // The same person, as their tokens say, may come from another tab: that one takes over.
    const same = holder?.subject !== undefined && holder.subject === options.subject;
    if (holder?.connected && !same) throw new WcsError('login_taken', 'Room already has user with such login');
    if (holder) this.#replace(holder);
    if (this.full) throw new WcsError('room_full', 'Current room is full.');
    this.#creator ??= options.login;
    this.door.passed(options);
    // Where nobody shows a token everybody may have a stream of their own recorded, as with WCS.
    const recordsOwn = given?.has('record') ?? true;
    const participant = new Participant({ ...options, grants, recordsOwn, room: this });
    this.#participants.set(participant.login, participant);
    this.#watchIdle();
    return participant;
  }

  /** From here on the others see `participant`, and it hears what happens. */
  enter(participant: Participant): void {
    if (participant.closed || participant.entered) return;
    this.tellOthers(participant, 'joined', { room: this.name, participant: participant.describe() });
    participant.entered = true;
    const { login, sessionId: session } = participant;
    this.#log.info({ login, session, participants: this.size }, 'participant joined');
  }

  /** Takes out a participant that has closed. An empty room ends at once when its last one left by itself. */
  remove(participant: Participant, reason: LeaveReason): void {
    if (this.#participants.get(participant.login) !== participant) return;
    this.#participants.delete(participant.login);
    if (participant.entered) {
      this.tellOthers(participant, 'left', { room: this.name, login: participant.login, reason });
      const { login, sessionId: session } = participant;
      this.#log.info({ login, session, reason, participants: this.size }, 'participant left');
    }
    this.conversation.left(participant.login);
    if (this.empty && reason === 'left') this.close();
    else this.#watchIdle();
  }

  connectionChanged(participant: Participant): void {
    const { login, sessionId: session, connected } = participant;
    if (participant.entered) {
      this.tellOthers(participant, connected ? 'reconnected' : 'reconnecting', { room: this.name, login });
      this.#log.info({ login, session }, connected ? 'participant reconnected' : 'participant reconnecting');
    }
    this.#watchIdle();
  }

  find(login: string): Participant | undefined {
    return this.#participants.get(login);
  }

  findStream(name: string): PublishedStream | undefined {
    for (const participant of this.#participants.values()) {
      const stream = participant.findStream(name);
      if (stream) return stream;
    }
    return undefined;
  }

  streamPublished(participant: Participant, stream: Stream): void {
    const { login } = participant;
    this.tellOthers(participant, 'published', { room: this.name, login, stream });
    const { name, kind, audio, video, mediaSessionId } = stream;
    this.#log.info({ login, stream: name, kind, audio, video, mediaSessionId }, 'stream published');
  }

  /** With `stopped` it was not its publisher who has ended it, who does not know yet then. */
  streamUnpublished(participant: Participant, stream: string, stopped?: Stopped): void {
    const { login } = participant;
    if (stopped) this.announce('unpublished', { room: this.name, login, stream, ...stopped });
    else this.tellOthers(participant, 'unpublished', { room: this.name, login, stream });
    this.#log.info({ login, stream, by: stopped?.by, code: stopped?.error?.code }, 'stream unpublished');
  }

  streamMuted(participant: Participant, stream: string, muted: Muted): void {
    this.tellOthers(participant, 'muted', { room: this.name, login: participant.login, stream, muted });
  }

  /** Tells everybody in the room, whoever it is about. */
  announce<E extends EventName>(event: E, data: EventData<E>): void {
    for (const member of this.#members()) member.tell(event, data);
  }

  /** Tells everybody in the room but the one whom it is about. */
  tellOthers<E extends EventName>(participant: Participant, event: E, data: EventData<E>): void {
    for (const other of this.#members()) if (other !== participant) other.tell(event, data);
  }

  /**
   * Ends the room. With a reason, those who are still in it are told, and by whom and with which note where a moderator
   * wants it. Idempotent.
   */
  close(reason?: EndReason, said: { by?: string | undefined; note?: string | undefined } = {}): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#idle);
    for (const participant of this.#participants.values()) {
      if (reason) participant.tell('ended', { room: this.name, reason, ...said });
      participant.close();
    }
    this.#participants.clear();
    this.door.refuse(undefined, { reason: 'ended', ...said });
    for (const attendant of this.#attendants) attendant.close();
    this.routers.close();
    this.#log.info({ reason: reason ?? 'left' }, 'room ended');
    this.emit('closed');
  }

  #members(): Member[] {
    return [...this.participants, ...this.#attendants];
  }

  #tellWaiting(): void {
    const { waiting } = this.door;
    for (const participant of this.participants)
      if (participant.grants.has('moderate')) participant.tell('waiting', { room: this.name, waiting });
  }

  /** The holder's connection is lost, or the newcomer is known to be the same person: taken for them come back. */
  #replace(holder: Participant): void {
    holder.tell('ended', { room: this.name, reason: 'replaced' });
    holder.leave('lost');
  }

  /** Counts down while nobody is connected: from the loss of the last one on, whatever happens to the lost ones. */
  #watchIdle(): void {
    if (this.#closed) return;
    if ([...this.#participants.values()].some(({ connected }) => connected)) {
      clearTimeout(this.#idle);
      this.#idle = undefined;
      return;
    }
    this.#idle ??= setTimeout(() => this.close('idle'), this.#options.idleTimeout);
  }

  /**
   * Those who were on a worker that has died go on with one that lives. Streams come back as their publishers publish
   * them there.
   */
  async #move(people: ReadonlySet<object>): Promise<void> {
    if (this.#closed) return;
    const moved = [...this.#participants.values()].filter((participant) => people.has(participant));
    for (const member of [...moved, ...this.#attendants]) member.dropMedia();
    const move = {};
    const restored = [...moved.filter(({ entered }) => entered), ...this.#attendants];
    for (const member of restored) this.#moves.set(member, move);
    try {
      await Promise.all(restored.map((member) => this.#restore(member, move)));
      if (!this.#closed) this.#log.info({ participants: moved.length }, 'participants moved to another worker');
    } catch (err) {
      if (this.#closed) return;
      this.#log.error({ err }, 'room cannot move to another worker');
      this.close('media');
    }
  }

  async #restore(member: Member, move: object): Promise<void> {
    try {
      await member.restoreMedia();
    } catch (error) {
      // It has left meanwhile: nothing to restore. When its new worker has died too, its own move is under way.
      const left = member instanceof Participant && member.closed;
      if (!left && this.#moves.get(member) === move) throw error;
    }
  }
}
