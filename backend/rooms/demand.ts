/**
 * Milliseconds for which a layer is asked for after the last one who wanted it: who turns a page and back again need not
 * wait for its publisher.
 */
const HOLD = 2_000;

/**
 * Which layers of one published picture its viewers want, so that its publisher need not send the others. More is told
 * at once, less only when it has stayed so for a while.
 */
export class Demand {
  readonly #tell: (layers: number) => void;
  readonly #wanted = new Map<object, number>();
  readonly #all: number;
  #told: number;
  #less: NodeJS.Timeout | undefined;
  #closed = false;

  /** `all`: how many layers there are, which is what the publisher sends until it is told otherwise. */
  constructor(all: number, tell: (layers: number) => void) {
    this.#all = all;
    this.#told = all;
    this.#tell = tell;
    this.#update();
  }

  /** How many its publisher was told to send. */
  get told(): number {
    return this.#told;
  }

  /** `viewer` wants this many layers, from the smallest on; Infinity: all that there are. */
  set(viewer: object, layers: number): void {
    this.#wanted.set(viewer, Math.min(layers, this.#all));
    this.#update();
  }

  delete(viewer: object): void {
    if (this.#wanted.delete(viewer)) this.#update();
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#less);
  }

  get #sum(): number {
    return Math.max(0, ...this.#wanted.values());
  }

  #update(): void {
    if (this.#closed) return;
    const sum = this.#sum;
    if (sum >= this.#told) {
      clearTimeout(this.#less);
      this.#less = undefined;
      this.#say(sum);
    } else this.#less ??= setTimeout(() => this.#lower(), HOLD);
  }

  #lower(): void {
    this.#less = undefined;
    this.#say(this.#sum);
  }

  #say(layers: number): void {
    if (layers === this.#told) return;
    this.#told = layers;
    this.#tell(layers);
  }
}
