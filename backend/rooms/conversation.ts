import { WcsError } from '../../protocol/errors.ts';
import { REACTIONS_AT_ONCE, REACTIONS_WINDOW } from '../../protocol/limits.ts';
import type { Message, Reaction } from '../../protocol/model.ts';
import type { Participant } from './participant.ts';
import type { Room } from './room.ts';

/** What people say to each other in one room without a microphone: messages, raised hands, reactions. */
export class Conversation {
  readonly #room: Room;
  readonly #kept: number;
  readonly #history: Message[] = [];
  /** Logins of those who have raised a hand, the longest first. */
  readonly #hands = new Set<string>();
  /** When each of these reacted last, in milliseconds since the Unix epoch. */
  readonly #reacted = new WeakMap<Participant, number[]>();
  #last = 0;

  /** `kept`: messages to everybody that newcomers get to read. */
  constructor(room: Room, kept: number) {
    this.#room = room;
    this.#kept = kept;
  }

  /** The last messages to everybody, oldest first. */
  get history(): readonly Message[] {
    return this.#history;
  }

  /** Logins of those who have raised a hand, the longest first. */
  get hands(): string[] {
    return [...this.#hands];
  }

  /**
   * Delivers a text to one participant, or to everyone else. Returns when, in milliseconds since the Unix epoch.
   * Throws WcsError `forbidden` or `participant_unknown`.
   */
  say(from: Participant, { to, text }: { to?: string | undefined; text: string }): number {
    from.assertMay('chat');
    if (to === undefined) {
      const message = this.#keep({ from: from.login, text, at: this.#now() });
      this.#room.tellOthers(from, 'message', { room: this.#room.name, message });
      return message.at;
    }
    const recipient = this.#room.find(to);
    if (!recipient?.entered) throw new WcsError('participant_unknown', `There is no ${to} in the room.`);
    const message = { from: from.login, to, text, at: this.#now() };
    recipient.tell('message', { room: this.#room.name, message });
    return message.at;
  }

  /** Delivers a text from somebody who is not in the room. Returns when, in milliseconds since the Unix epoch. */
  notice({ from, text }: { from: string; text: string }): number {
    const message = this.#keep({ from, text, at: this.#now() });
    this.#room.announce('message', { room: this.#room.name, message });
    return message.at;
  }

  /** Raises or lowers a hand; that of somebody else only lowers. Throws WcsError `forbidden` or `invalid`. */
  hand(by: Participant, { login = by.login, on }: { login?: string | undefined; on: boolean }): void {
    if (login !== by.login) by.assertMay('moderate');
    if (login !== by.login && on) throw new WcsError('invalid', 'Everybody raises their own hand.');
    if (on === this.#hands.has(login)) return;
    if (on) this.#hands.add(login);
    else this.#hands.delete(login);
    this.#tellHands();
  }

  /** Everybody sees it, whoever reacts too. Throws WcsError `rate_limited`. */
  react(by: Participant, reaction: Reaction): void {
    const now = Date.now();
    const recent = (this.#reacted.get(by) ?? []).filter((at) => at > now - REACTIONS_WINDOW);
    const [first = now] = recent;
    if (recent.length >= REACTIONS_AT_ONCE)
      throw new WcsError('rate_limited', 'That was too much at once.', { retryAfter: first + REACTIONS_WINDOW - now });
    this.#reacted.set(by, [...recent, now]);
    this.#room.announce('reaction', { room: this.#room.name, login: by.login, reaction });
  }

  /** Somebody is no longer in the room. */
  left(login: string): void {
    if (this.#hands.delete(login)) this.#tellHands();
  }

  #tellHands(): void {
    this.#room.announce('hands', { room: this.#room.name, hands: this.hands });
  }

  /** No two messages of a room have the same time, so that a browser knows which of the history it has. */
  #now(): number {
    this.#last = Math.max(Date.now(), this.#last + 1);
    return this.#last;
  }

  #keep(message: Message): Message {
    this.#history.push(message);
    if (this.#history.length > this.#kept) this.#history.shift();
    return message;
  }
}
