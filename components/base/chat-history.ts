import type { Message } from '../../protocol/model.ts';
import type { ChatLine } from './view.ts';

/** Lines that are kept; older ones go. */
const HISTORY_LENGTH = 500;

/** What was said and what happened in a room, as lines. The array is a new one after each change. */
export class ChatHistory {
  lines: readonly ChatLine[] = [];
  /** Messages of others since `read()`. */
  unread = 0;

  readonly #changed: () => void;
  #next = 1;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Something happened to `name`. */
  note(kind: Exclude<ChatLine['kind'], 'text'>, name: string): void {
    this.#add({ kind, name, text: '', at: Date.now(), own: false, delivery: 'sent' });
  }

  received(name: string, text: string, at: number, to?: string): void {
    this.unread += 1;
    this.#add({ kind: 'text', name, text, to, at, own: false, delivery: 'sent' });
  }

  /** What was written before we came, oldest first; `own` is our login. */
  earlier(messages: readonly Message[], own: string): void {
    for (const { from: name, text, at } of messages)
      this.#add({ kind: 'text', name, text, at, earlier: true, own: name === own, delivery: 'sent' });
  }

  /** An own line that is on its way; `again` is the id of one that failed before. Returns the line's id. */
  sending(
    name: string,
    text: string,
    { again, to }: { again?: string | undefined; to?: string | undefined } = {},
  ): string {
    if (again !== undefined) this.lines = this.lines.filter((line) => line.id !== again);
    return this.#add({ kind: 'text', name, text, to, at: Date.now(), own: true, delivery: 'sending' });
  }

  /** The backend has taken the line, at `at` by its clock. */
  sent(id: string, at: number): void {
    this.#change(id, { delivery: 'sent', at });
  }

  failed(id: string): void {
    this.#change(id, { delivery: 'failed' });
  }

  read(): void {
    this.unread = 0;
  }

  clear(): void {
    this.lines = [];
    this.unread = 0;
    this.#changed();
  }

  #add(line: Omit<ChatLine, 'id'>): string {
    const id = String(this.#next++);
    this.lines = [...this.lines.slice(1 - HISTORY_LENGTH), { ...line, id }];
    this.#changed();
    return id;
  }

  #change(id: string, change: Partial<ChatLine>): void {
    this.lines = this.lines.map((line) => (line.id === id ? { ...line, ...change } : line));
    this.#changed();
  }
}
