import type { Reaction } from '../../../protocol/model.ts';
import type { ShownReaction } from '../view.ts';

/** Milliseconds for which a sign is seen; the animation in the tile's styles takes as long. */
const SHOWN_FOR = 4000;

/** Signs over one tile at once; of more the oldest go. */
const MOST_AT_ONCE = 5;

/** The signs that people show just now, by login. */
export class ShownReactions {
  readonly #changed: () => void;
  readonly #shown = new Map<string, ShownReaction[]>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #next = 1;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** What somebody shows, oldest first. */
  of(login: string): readonly ShownReaction[] | undefined {
    return this.#shown.get(login);
  }

  add(login: string, reaction: Reaction): void {
    const added = { id: this.#next++, reaction };
    this.#shown.set(login, [...(this.#shown.get(login) ?? []), added].slice(-MOST_AT_ONCE));
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#remove(login, added);
    }, SHOWN_FOR);
    this.#timers.add(timer);
    this.#changed();
  }

  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#shown.clear();
  }

  #remove(login: string, reaction: ShownReaction): void {
    const left = (this.#shown.get(login) ?? []).filter((one) => one !== reaction);
    if (left.length > 0) this.#shown.set(login, left);
    else this.#shown.delete(login);
    this.#changed();
  }
}
