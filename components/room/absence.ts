/** What may keep us from a room that we are in: the connection is lost, or the way of the media. */
export type Trouble = 'connection' | 'media';

/** Tells once when something begins to keep us away, and once when nothing does any more. */
export class Absence {
  readonly #tell: (away: boolean) => void;
  readonly #troubles = new Set<Trouble>();

  constructor(tell: (away: boolean) => void) {
    this.#tell = tell;
  }

  get away(): boolean {
    return this.#troubles.size > 0;
  }

  begin(trouble: Trouble): void {
    const before = this.away;
    this.#troubles.add(trouble);
    if (!before) this.#tell(true);
  }

  end(trouble: Trouble): void {
    if (this.#troubles.delete(trouble) && !this.away) this.#tell(false);
  }
}
