import type { EventData } from '../../protocol/messages.ts';

export interface SpeakersListener {
  /** Somebody else speaks now; undefined: nobody has yet, or who did has left. */
  speaker(login: string | undefined): void;
  levels(levels: ReadonlyMap<string, number>): void;
}

/** Who speaks in a room, oneself included, as the backend hears it. */
export class Speakers {
  readonly #listener: SpeakersListener;
  #active: string | undefined;
  #levels: ReadonlyMap<string, number> = new Map();

  constructor(listener: SpeakersListener) {
    this.#listener = listener;
  }

  get active(): string | undefined {
    return this.#active;
  }

  /** By login, in dBov; whoever is not in it cannot be heard. */
  get levels(): ReadonlyMap<string, number> {
    return this.#levels;
  }

  update({ active, levels }: EventData<'speakers'>): void {
    const before = this.#active;
    this.#active = active ?? undefined;
    if (before !== this.#active) this.#listener.speaker(this.#active);
    if (levels.length === 0 && this.#levels.size === 0) return;
    this.#levels = new Map(levels.map(({ login, level }) => [login, level]));
    this.#listener.levels(this.#levels);
  }
}
