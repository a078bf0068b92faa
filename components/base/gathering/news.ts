import type { Reaction } from '../../../protocol/model.ts';

/** Something that a screen reader is told: hands that went up, or signs that were shown. */
export interface News {
  id: number;
  /** What is shown of whom it is about. */
  names: readonly string[];
  /** Absent: a hand. */
  reaction?: Reaction;
}

/** Milliseconds between two tellings of reactions: many come at once, and nobody is to be talked over. */
const PAUSE = 5000;

/** News that are kept: several may come at once, and each is read out. */
const KEPT = 5;

/** What happens among people, slowly enough to be listened to. */
export class NewsDesk {
  lines: readonly News[] = [];
  readonly #changed: () => void;
  readonly #reacted = new Map<Reaction, Set<string>>();
  #pause: ReturnType<typeof setTimeout> | undefined;
  #next = 1;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  raised(names: readonly string[]): void {
    if (names.length > 0) this.#add({ names });
  }

  /** Told at once after a pause, else together with what else comes until the next one. */
  reacted(name: string, reaction: Reaction): void {
    this.#reacted.set(reaction, (this.#reacted.get(reaction) ?? new Set()).add(name));
    if (this.#pause === undefined) this.#tellReactions();
  }

  clear(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    this.#reacted.clear();
    this.lines = [];
  }

  #tellReactions(): void {
    this.#pause = undefined;
    if (this.#reacted.size === 0) return;
    for (const [reaction, names] of this.#reacted) this.#add({ names: [...names], reaction });
    this.#reacted.clear();
    this.#pause = setTimeout(() => this.#tellReactions(), PAUSE);
  }

  #add(news: Omit<News, 'id'>): void {
    this.lines = [...this.lines, { ...news, id: this.#next++ }].slice(-KEPT);
    this.#changed();
  }
}
