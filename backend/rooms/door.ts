import { EventEmitter } from 'node:events';
import { WcsError } from '../../protocol/errors.ts';
import { WAITING_MAX } from '../../protocol/limits.ts';
import type { EventData } from '../../protocol/messages.ts';
import type { Waiting } from '../../protocol/model.ts';
import type { Tell } from './member.ts';

/** Who somebody is, as far as it matters for getting in. */
export interface Identity {
  login: string;
  sessionId: string;
  /** Whom the token speaks of, where there are tokens. */
  subject?: string | undefined;
}

/** Somebody who may have to wait outside. */
export interface Visitor extends Identity {
  /** False while the connection is lost and may come back. */
  readonly connected: boolean;
  readonly tell: Tell;
}

interface DoorOptions {
  room: string;
  /** Newcomers wait until they are let in. */
  lobby: boolean;
}

/** Whoever came longest ago is new again, so that a room that lasts does not take more and more memory. */
const KNOWN_MAX = 10_000;

/** Who gets into a room: its lock, its lobby with those who wait there, and those who were removed for good. */
export class Door extends EventEmitter<{ waiting: [] }> {
  readonly #room: string;
  /** By session. */
  readonly #waiting = new Map<string, { visitor: Visitor; since: number }>();
  /** Sessions and subjects that were let in by hand, or have been in the room: they are not new. */
  readonly #known = new Set<string>();
  readonly #banned = new Set<string>();
  #locked = false;
  #lobby: boolean;

  constructor({ room, lobby }: DoorOptions) {
    super();
    this.#room = room;
    this.#lobby = lobby;
  }

  get locked(): boolean {
    return this.#locked;
  }

  get lobby(): boolean {
    return this.#lobby;
  }

  /** Who waits, longest first. */
  get waiting(): Waiting[] {
    return [...this.#waiting.values()].map(({ visitor, since }) => ({ login: visitor.login, since }));
  }

  /**
   * Throws WcsError `expelled`, `room_locked` or `waiting_room`. Those who moderate, and those who were in the room
   * before, pass a lock and a lobby.
   */
  assertOpenTo(who: Identity, { moderates }: { moderates: boolean }): void {
    if (marksOf(who).some((mark) => this.#banned.has(mark)))
      throw new WcsError('expelled', 'A moderator has removed you from this room.');
    if (moderates || papersOf(who).some((paper) => this.#known.has(paper))) return;
    if (this.#locked) throw new WcsError('room_locked', 'The room is locked: a moderator lets nobody new in.');
    if (this.#lobby) throw new WcsError('waiting_room', 'Wait until a moderator of this room lets you in.');
  }

  /** From now on this one is not new any more. */
  passed(who: Identity): void {
    this.#know(who);
    this.withdraw(who.sessionId);
  }

  /**
   * Waits, once however often they knock. Returns whether they may come in without waiting. Throws WcsError `expelled`,
   * `room_locked`, `login_taken` or `too_many`.
   */
  knock(visitor: Visitor): boolean {
    if (this.#waiting.has(visitor.sessionId)) return false;
    try {
      this.assertOpenTo(visitor, { moderates: false });
      return true;
    } catch (error) {
      if ((error as WcsError).code !== 'waiting_room') throw error;
    }
    const namesake = [...this.#waiting.values()].find((other) => other.visitor.login === visitor.login)?.visitor;
    if (namesake?.connected) throw new WcsError('login_taken', 'Somebody of this name waits already.');
    if (namesake) this.withdraw(namesake.sessionId);
    if (this.#waiting.size >= WAITING_MAX) throw new WcsError('too_many', 'Too many are waiting already.');
    this.#waiting.set(visitor.sessionId, { visitor, since: Date.now() });
    this.emit('waiting');
    return false;
  }

  /** Waits no longer. Idempotent. */
  withdraw(sessionId: string): void {
    if (this.#waiting.delete(sessionId)) this.emit('waiting');
  }

  /** Lets somebody in who waits, or all. Throws WcsError `participant_unknown`. */
  admit(login?: string): void {
    for (const visitor of this.#take(login)) {
      this.#know(visitor);
      visitor.tell('admitted', { room: this.#room });
    }
  }

  /** Sends somebody away who waits, or all. Throws WcsError `participant_unknown`. */
  refuse(login: string | undefined, why: Omit<EventData<'refused'>, 'room'>): void {
    for (const visitor of this.#take(login)) visitor.tell('refused', { room: this.#room, ...why });
  }

  /** Locks or unlocks, switches the lobby. Without a lobby nobody has to wait. */
  set({ locked = this.#locked, lobby = this.#lobby }: { locked?: boolean; lobby?: boolean }): void {
    this.#locked = locked;
    this.#lobby = lobby;
    if (!lobby && this.#waiting.size > 0) this.admit();
  }

  /** Whoever leaves by being removed is new again; with `ban` they never get in. */
  expel(who: Identity, { ban }: { ban: boolean }): void {
    for (const paper of papersOf(who)) this.#known.delete(paper);
    if (ban) for (const mark of marksOf(who)) this.#banned.add(mark);
  }

  #know(who: Identity): void {
    for (const paper of papersOf(who)) {
      this.#known.delete(paper);
      this.#known.add(paper);
    }
    for (const paper of this.#known) {
      if (this.#known.size <= KNOWN_MAX) return;
      this.#known.delete(paper);
    }
  }

  #take(login: string | undefined): Visitor[] {
    const taken = [...this.#waiting.values()].filter(({ visitor }) => login === undefined || visitor.login === login);
    if (login !== undefined && taken.length === 0)
      throw new WcsError('participant_unknown', `${login} does not wait any more.`);
    for (const { visitor } of taken) this.#waiting.delete(visitor.sessionId);
    if (taken.length > 0) this.emit('waiting');
    return taken.map(({ visitor }) => visitor);
  }
}

/** What tells somebody who was removed from everybody else. */
function marksOf({ login, subject }: Identity): string[] {
  return [`login ${login}`, ...(subject === undefined ? [] : [`subject ${subject}`])];
}

/** What proves that somebody is the same as before; a login alone anybody could take. */
function papersOf({ sessionId, subject }: Identity): string[] {
  return [`session ${sessionId}`, ...(subject === undefined ? [] : [`subject ${subject}`])];
}
