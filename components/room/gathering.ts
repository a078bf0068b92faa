import { check } from '../../protocol/frames.ts';
import type { Reply, RequestData } from '../../protocol/messages.ts';
import { MessageText, type Message, type Reaction, type Room as RoomState } from '../../protocol/model.ts';
import { ROOM_EVENT } from './constants.ts';
import { Emitter } from './emitter.ts';
import type { Participant } from './participant.ts';
import type { RoomEvents } from './room-events.ts';

/** What is asked about a room as a whole, or of a moderator. */
type RoomMethod =
  'message' | 'silence' | 'remove' | 'guard' | 'admit' | 'end' | 'unpublish' | 'record' | 'hand' | 'react';

/** Asks something about this room, once it is joined. Rejects with a WcsError, never unhandled. */
export type AskRoom = <M extends RoomMethod>(method: M, data: Omit<RequestData<M>, 'room'>) => Promise<Reply<M>>;

type Order = <M extends RoomMethod>(method: M, data: Omit<RequestData<M>, 'room'>) => Promise<void>;

/** What people say to each other in a room without a microphone: earlier messages, raised hands, reactions. */
export abstract class Gathering extends Emitter<RoomEvents> {
  #history: readonly Message[] = [];
  /** When the last message to everybody was written that we know of. */
  #heardAt = 0;
  #hands: readonly string[] = [];

  protected abstract readonly ask: AskRoom;

  /** Ours. */
  protected abstract get login(): string;

  /** Whoever else is in the room. */
  protected abstract participant(login: string): Participant | undefined;

  /** Text to everyone else. Rejects with a WcsError when it did not reach the backend; never unhandled. */
  sendMessage(text: string): Promise<{ at: number }> {
    return this.send(text);
  }

  /** What was written to everybody before we came, oldest first; `from` is a login. As much of it as the backend keeps. */
  history(): readonly Message[] {
    return this.#history;
  }

  /** Logins of those who have raised a hand, the longest first; we ourselves may be among them. */
  hands(): readonly string[] {
    return this.#hands;
  }

  /** Raises or lowers our hand. Rejects with a WcsError, never unhandled. */
  raiseHand(on = true): Promise<void> {
    return this.order('hand', { on });
  }

  /** Lowers somebody's hand, as a moderator. Rejects with a WcsError, never unhandled: `forbidden`. */
  lowerHand(login: string): Promise<void> {
    return this.order('hand', { login, on: false });
  }

  /** Shows everybody a sign for a moment. Rejects, never unhandled, with `rate_limited` after 5 within 5 seconds. */
  react(reaction: Reaction): Promise<void> {
    return this.order('react', { reaction });
  }

  /** Asks what has no answer but that it is done. */
  protected readonly order: Order = (method, data) => {
    const asked = this.ask(method, data).then(() => undefined);
    asked.catch(() => undefined);
    return asked;
  };

  /** The first state of the room, where nothing is news. */
  protected fillGathering({ hands = [] }: RoomState, history: readonly Message[] = []): void {
    this.#hands = hands;
    this.#history = history;
    this.heard(history.at(-1)?.at);
  }

  protected takeHands(hands: readonly string[] = []): void {
    if (hands.join('\n') === this.#hands.join('\n')) return;
    this.#hands = hands;
    this.emit(ROOM_EVENT.HANDS, hands);
  }

  /** Text to everyone else, or to one. Rejects with a WcsError, never unhandled. */
  protected send(text: string, to?: string): Promise<{ at: number }> {
    const sent = this.#send(text, to);
    sent.catch(() => undefined);
    return sent;
  }

  protected receiveMessage(message: Message): void {
    const { from: username, to } = message;
    if (to === undefined) this.heard(message.at);
    if (username === this.login) return;
    this.emit(ROOM_EVENT.MESSAGE, { ...message, from: this.participant(username), username });
  }

  /** A message to everybody was written at `at`, by whomever. */
  protected heard(at = 0): void {
    this.#heardAt = Math.max(this.#heardAt, at);
  }

  /** What was written while we were away. */
  protected missed(history: readonly Message[] = []): Message[] {
    return history.filter(({ at }) => at > this.#heardAt);
  }

  async #send(text: string, to: string | undefined): Promise<{ at: number }> {
    const sent = await this.ask('message', { to, text: check(MessageText, text) });
    if (to === undefined) this.heard(sent.at);
    return sent;
  }
}
