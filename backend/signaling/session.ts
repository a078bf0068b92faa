import { EventEmitter } from 'node:events';
import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { WcsError } from '../../protocol/errors.ts';
import { encodeEvent } from '../../protocol/frames.ts';
import type { EventName } from '../../protocol/messages.ts';
import type { LeaveReason, Room } from '../../protocol/model.ts';
import type { Identity } from '../auth/auth.ts';
import type { Log } from '../log.ts';
import type { Visitor } from '../rooms/door.ts';
import type { Tell } from '../rooms/member.ts';
import type { Participant } from '../rooms/participant.ts';

/** Bytes of a resume key. */
const KEY_BYTES = 24;

/** What must not be missed by a session whose connection is lost for a moment; the state of its rooms says the rest. */
const KEPT_EVENTS: ReadonlySet<EventName> = new Set(['message', 'moved', 'silenced', 'ended', 'wanted']);

/** Kept events at most; the oldest go first. */
const KEPT_MAX = 500;

/** The connection that a session speaks through just now. */
export interface Link {
  send(text: string): void;
  /** Closes the socket with the close code of `error`. */
  close(error: WcsError): void;
  /** Resolves when the request that is being handled has been. */
  settled(): Promise<void>;
}

export interface SessionOptions {
  identity: Identity;
  /** Milliseconds that it can come back in after its connection was lost. */
  resumeTimeout: number;
  /** Rooms that it may be in at once; 0: no limit. */
  maxRooms: number;
  log: Log;
}

/**
 * Somebody signed in. Outlives its connection for a while, with all its participants, transports and streams, so that
 * a connection lost for some seconds costs nobody anything.
 */
export class Session extends EventEmitter<{ ended: [] }> {
  /** Public: names the session in logs. */
  readonly id = randomUUID();
  /** Who this is, by what was shown at `connect`. */
  readonly identity: Identity;

  readonly #resumeTimeout: number;
  readonly #maxRooms: number;
  readonly #log: Log;
  readonly #participants = new Map<string, Participant>();
  /** Before which rooms it waits to be let in, and how it stops. */
  readonly #waits = new Map<string, () => void>();
  #key = newKey();
  #link: Link | undefined;
  /** Whether `connect` has been answered over the link: before that nothing may be told. */
  #live = false;
  #kept: string[] = [];
  /** The last request of the connection before. */
  #unfinished: Promise<void> = Promise.resolve();
  #lost: NodeJS.Timeout | undefined;
  #ended = false;

  constructor({ identity, resumeTimeout, maxRooms, log }: SessionOptions) {
    super();
    this.identity = identity;
    this.#resumeTimeout = resumeTimeout;
    this.#maxRooms = maxRooms;
    this.#log = log.child({ session: this.id, login: identity.login });
  }

  /** Secret: whoever has it is this session. A new one at every connect. */
  get key(): string {
    return this.#key;
  }

  get login(): string {
    return this.identity.login;
  }

  /** Who this is on the site that signed the token; connections of the same one are of the same person. */
  get subject(): string | undefined {
    return this.identity.subject;
  }

  get connected(): boolean {
    return this.#live;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** As somebody before a room whom nobody has let in yet. */
  get visitor(): Visitor {
    const connected = () => this.#live;
    return {
      login: this.login,
      subject: this.subject,
      sessionId: this.id,
      tell: this.tell,
      get connected() {
        return connected();
      },
    };
  }

  /** Compares in constant time. */
  hasKey(key: string): boolean {
    const own = Buffer.from(this.#key);
    const other = Buffer.from(key);
    return own.length === other.length && timingSafeEqual(own, other);
  }

  /**
   * Takes `link` for its own from now on, in place of one that may still be open. Resolves when nothing that was asked
   * over the earlier one is still being done, so that the state of the rooms is settled.
   */
  async attach(link: Link): Promise<void> {
    clearTimeout(this.#lost);
    this.#key = newKey();
    const earlier = this.#link;
    this.#link = link;
    this.#live = false;
    if (earlier) {
      this.#unfinished = earlier.settled();
      earlier.close(new WcsError('session_replaced', 'Another connection has resumed this session.'));
    }
    await this.#unfinished;
  }

  /** The answer to `connect` goes out now, and what was kept right after it. */
  goLive(link: Link): void {
    if (this.#ended || link !== this.#link) return;
    this.#live = true;
    for (const participant of this.#participants.values()) participant.setConnected(true);
    queueMicrotask(() => this.#tellKept());
  }

  /** `link` is gone. The session waits to be resumed, then ends; at once, when it is known that nobody comes back. */
  detach(link: Link, ending?: LeaveReason): void {
    if (link !== this.#link || this.#ended) return;
    if (ending) {
      this.end(ending);
      return;
    }
    this.#unfinished = link.settled();
    this.#link = undefined;
    this.#live = false;
    this.#log.debug('session lost');
    for (const participant of this.#participants.values()) participant.setConnected(false);
    this.#lost = setTimeout(() => this.end('lost'), this.#resumeTimeout);
  }

  readonly tell: Tell = (event, data) => {
    const text = encodeEvent(event, data);
    if (this.#link && this.#live) this.#link.send(text);
    else if (KEPT_EVENTS.has(event) && !this.#ended) this.#kept = [...this.#kept, text].slice(-KEPT_MAX);
  };

  /** Its participant in `room`. Throws WcsError `not_joined`. */
  participant(room: string): Participant {
    const participant = this.#participants.get(room);
    if (!participant) throw new WcsError('not_joined', `You are not in the room ${room}: join it first.`);
    return participant;
  }

  /** Throws WcsError `already_joined` or `too_many`. */
  assertMayJoin(room: string): void {
    if (this.#participants.has(room)) throw new WcsError('already_joined', `You are in the room ${room} already.`);
    const others = [...this.#waits.keys()].filter((name) => name !== room);
    if (this.#maxRooms !== 0 && this.#participants.size + others.length >= this.#maxRooms)
      throw new WcsError('too_many', `A session is in ${this.#maxRooms} rooms at most: leave one first.`);
  }

  /** Waits before a room; `withdraw` is called when that is given up. */
  wait(room: string, withdraw: () => void): void {
    this.#waits.set(room, withdraw);
  }

  /** Returns whether it waited before that room. */
  stopWaiting(room: string): boolean {
    this.#waits.get(room)?.();
    return this.#waits.delete(room);
  }

  add(participant: Participant): void {
    const { name } = participant.room;
    this.#waits.delete(name);
    this.#participants.set(name, participant);
    participant.once('closed', () => this.#participants.delete(name));
  }

  /** The whole state of each room that it is in. */
  describeRooms(): Room[] {
    return [...this.#participants.values()].map((participant) => participant.room.describe(participant));
  }

  /** Leaves all rooms, for good. Idempotent. */
  end(reason: LeaveReason): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#live = false;
    this.#link = undefined;
    clearTimeout(this.#lost);
    for (const participant of [...this.#participants.values()]) participant.leave(reason);
    for (const room of [...this.#waits.keys()]) this.stopWaiting(room);
    this.#log.debug({ reason }, 'session ended');
    this.emit('ended');
  }

  #tellKept(): void {
    if (!this.#link || !this.#live) return;
    const kept = this.#kept;
    this.#kept = [];
    for (const text of kept) this.#link.send(text);
  }
}

function newKey(): string {
  return randomBytes(KEY_BYTES).toString('base64url');
}
