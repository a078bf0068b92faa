import { EventEmitter } from 'node:events';
import { WcsError } from '../../protocol/errors.ts';
import type { EventData, EventName } from '../../protocol/messages.ts';
import type { Grant, LeaveReason, Muted, RecordingState, Room as RoomState, Stream } from '../../protocol/model.ts';
import type { Log } from '../log.ts';
import type { MediaRouter } from '../media/router.ts';
import type { Member } from './member.ts';
import { Participant, type ParticipantOptions } from './participant.ts';
import type { PublishedStream } from './stream.ts';

/** What each participant of a room may do at most; 0 is no limit. */
export interface RoomLimits {
  /** Streams published at once. */
  streams: number;
  /** Bits per second that it is asked to keep to, all its streams together. */
  bitrate: number;
}

export interface RoomOptions {
  name: string;
  /** People at most; 0: no limit. */
  capacity: number;
  router: MediaRouter;
  /** Makes a router on a live worker, when the first one's has died. */
  createRouter: () => Promise<MediaRouter>;
  /** Milliseconds that a room without a connected member waits for one. */
  idleTimeout: number;
  /** Who is in the room beside its people; nobody sees them. */
  attend?: (room: Room) => Member[];
  limits: RoomLimits;
  log: Log;
}

/** Somebody who comes in. Without grants, on a backend that asks for no tokens, they have those of a maker or a guest. */
export type Admission = Omit<ParticipantOptions, 'room' | 'grants'> & { grants?: ReadonlySet<Grant> | undefined };

/** Where nobody shows a token: everybody talks, and whoever made the room, or has that login later, decides over it. */
const GUEST: ReadonlySet<Grant> = new Set(['join', 'publish', 'screen', 'chat']);
const CREATOR: ReadonlySet<Grant> = new Set([...GUEST, 'record', 'moderate']);

/** Why a room ended under its participants. */
type EndReason = EventData<'ended'>['reason'];

/** People who see and hear each other. Ends when the last one leaves, or when nobody has been connected for too long. */
export class Room extends EventEmitter<{ closed: [] }> {
  readonly name: string;
  readonly capacity: number;
  readonly limits: RoomLimits;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt = Date.now();

  readonly #options: RoomOptions;
  readonly #log: Log;
  /** By login. Those who are being admitted are among them, so that no seat and no login is given away twice. */
  readonly #participants = new Map<string, Participant>();
  readonly #attendants: readonly Member[];
  #router: Promise<MediaRouter>;
  #idle: NodeJS.Timeout | undefined;
  #creator: string | undefined;
  #recording: RecordingState = 'unavailable';
  #closed = false;

  constructor(options: RoomOptions) {
    super();
    this.name = options.name;
    this.capacity = options.capacity;
    this.limits = options.limits;
    this.#options = options;
    this.#log = options.log.child({ room: options.name });
    this.#router = Promise.resolve(options.router);
    this.#watch(options.router);
    this.#attendants = options.attend?.(this) ?? [];
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

  /** The room as its participants see it. */
  describe(): RoomState {
    const participants = this.#entered().map((participant) => participant.describe());
    return { name: this.name, capacity: this.capacity, recording: this.#recording, participants };
  }

  /** Those that the others see. */
  get participants(): Participant[] {
    return this.#entered();
  }

  get recording(): RecordingState {
    return this.#recording;
  }

  /** Everybody is told whether the room is being recorded; and why not any more, when nobody asked for that. */
  setRecording(recording: RecordingState, reason?: string): void {
    if (this.#closed || recording === this.#recording) return;
    this.#recording = recording;
    const data = { room: this.name, recording, ...(reason === undefined ? {} : { reason }) };
    for (const participant of this.#entered()) participant.tell('recording', data);
  }

  /** The router, also while the room is moving to another. */
  router(): Promise<MediaRouter> {
    return this.#router;
  }

  /**
   * Gives out a seat and a login, at once and for one only. The others hear of it when it has `enter`ed. Throws
   * WcsError `login_taken` or `room_full`.
   */
  admit({ grants, ...options }: Admission): Participant {
    const holder = this.#participants.get(options.login);
    if (holder?.connected) throw new WcsError('login_taken', 'Room already has user with such login');
    if (holder) this.#replace(holder);
    if (this.capacity !== 0 && this.#participants.size >= this.capacity)
      throw new WcsError('room_full', 'Current room is full.');
    this.#creator ??= options.login;
    const open = options.login === this.#creator ? CREATOR : GUEST;
    const participant = new Participant({ ...options, grants: grants ?? open, room: this });
    this.#participants.set(participant.login, participant);
    this.#watchIdle();
    return participant;
  }

  /** From here on the others see `participant`, and it hears what happens. */
  enter(participant: Participant): void {
    if (participant.closed || participant.entered) return;
    this.#toOthers(participant, 'joined', { room: this.name, participant: participant.describe() });
    participant.entered = true;
    const { login, sessionId: session } = participant;
    this.#log.info({ login, session, participants: this.size }, 'participant joined');
  }

  /** Takes out a participant that has closed. An empty room ends at once when its last one left by itself. */
  remove(participant: Participant, reason: LeaveReason): void {
    if (this.#participants.get(participant.login) !== participant) return;
    this.#participants.delete(participant.login);
    if (participant.entered) {
      this.#toOthers(participant, 'left', { room: this.name, login: participant.login, reason });
      const { login, sessionId: session } = participant;
      this.#log.info({ login, session, reason, participants: this.size }, 'participant left');
    }
    if (this.empty && reason === 'left') this.close();
    else this.#watchIdle();
  }

  connectionChanged(participant: Participant): void {
    const { login, sessionId: session, connected } = participant;
    if (participant.entered) {
      this.#toOthers(participant, connected ? 'reconnected' : 'reconnecting', { room: this.name, login });
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
    this.#toOthers(participant, 'published', { room: this.name, login, stream });
    const { name, kind, audio, video, mediaSessionId } = stream;
    this.#log.info({ login, stream: name, kind, audio, video, mediaSessionId }, 'stream published');
  }

  streamUnpublished(participant: Participant, stream: string): void {
    const { login } = participant;
    this.#toOthers(participant, 'unpublished', { room: this.name, login, stream });
    this.#log.info({ login, stream }, 'stream unpublished');
  }

  streamMuted(participant: Participant, stream: string, muted: Muted): void {
    this.#toOthers(participant, 'muted', { room: this.name, login: participant.login, stream, muted });
  }

  /**
   * Delivers a text to one participant, or to everyone else. Returns when, in milliseconds since the Unix epoch.
   * Throws WcsError `forbidden` or `participant_unknown`.
   */
  message(from: Participant, { to, text }: { to?: string | undefined; text: string }): number {
    from.assertMay('chat');
    const at = Date.now();
    const message = { from: from.login, ...(to === undefined ? {} : { to }), text, at };
    if (to === undefined) {
      this.#toOthers(from, 'message', { room: this.name, message });
      return at;
    }
    const recipient = this.#participants.get(to);
    if (!recipient?.entered) throw new WcsError('participant_unknown', `There is no ${to} in the room.`);
    recipient.tell('message', { room: this.name, message });
    return at;
  }

  /** Tells everybody in the room, whoever it is about. */
  announce<E extends EventName>(event: E, data: EventData<E>): void {
    for (const member of this.#members()) member.tell(event, data);
  }

  /** Delivers a text from somebody who is not in the room. Returns when, in milliseconds since the Unix epoch. */
  notice({ from, text }: { from: string; text: string }): number {
    const at = Date.now();
    this.announce('message', { room: this.name, message: { from, text, at } });
    return at;
  }

  /** Ends the room. With a reason, those who are still in it are told. Idempotent. */
  close(reason?: EndReason): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#idle);
    for (const participant of this.#participants.values()) {
      if (reason) participant.tell('ended', { room: this.name, reason });
      participant.close();
    }
    this.#participants.clear();
    for (const attendant of this.#attendants) attendant.close();
    this.#router.then((router) => router.close()).catch(() => undefined);
    this.#log.info({ reason: reason ?? 'left' }, 'room ended');
    this.emit('closed');
  }

  #entered(): Participant[] {
    return [...this.#participants.values()].filter(({ entered }) => entered);
  }

  #members(): Member[] {
    return [...this.#entered(), ...this.#attendants];
  }

  #toOthers<E extends EventName>(participant: Participant, event: E, data: EventData<E>): void {
    for (const other of this.#members()) if (other !== participant) other.tell(event, data);
  }

  /** The holder's connection is lost; whoever has the same login now is taken for the same person come back. */
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

  #watch(router: MediaRouter): void {
    router.once('died', () => {
      if (!this.#closed) void this.#move();
    });
  }

  /** Goes on with a router on a live worker. Streams come back as their publishers publish them there. */
  async #move(): Promise<void> {
    for (const member of [...this.#participants.values(), ...this.#attendants]) member.dropMedia();
    const creation = this.#options.createRouter();
    this.#router = creation;
    try {
      const router = await creation;
      // Closing the room meanwhile has closed this router already.
      if (this.#closed) return;
      this.#watch(router);
      await Promise.all(this.#attendants.map((attendant) => attendant.restoreMedia()));
      await Promise.all(this.#entered().map((participant) => this.#restore(participant)));
      this.#log.info({ participants: this.size }, 'room moved to another worker');
    } catch (err) {
      // When this worker has died too, its own move is under way.
      if (this.#closed || this.#router !== creation) return;
      this.#log.error({ err }, 'room cannot move to another worker');
      this.close('media');
    }
  }

  async #restore(participant: Participant): Promise<void> {
    try {
      await participant.restoreMedia();
    } catch (error) {
      // It has left while its transports were being made: nothing to restore.
      if (!participant.closed) throw error;
    }
  }
}
