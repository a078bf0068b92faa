import { STREAMS_PER_REQUEST } from '../../../protocol/limits.ts';
import type { RequestData } from '../../../protocol/messages.ts';

/** What is shown of a picture, in pixels of the screen; 0 by 0 when it is out of sight. */
export interface ShownSize {
  width: number;
  height: number;
}

/** Milliseconds between two requests, however the page is dragged about. */
const INTERVAL = 150;

type Sizes = RequestData<'show'>['streams'];

/**
 * How large streams are shown, told to the backend at once and not more often than is of use. Of a stream that is shown
 * in several places the largest counts, and one that has not said how large it is counts for all there is.
 */
export class ShownSizes {
  readonly #ask: (streams: Sizes) => Promise<unknown>;
  readonly #shown = new Map<string, Map<object, ShownSize | undefined>>();
  readonly #changed = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #paused = false;

  constructor(ask: (streams: Sizes) => Promise<unknown>) {
    this.#ask = ask;
  }

  /** `place` shows the stream; without a size, at one that is not known. */
  set(stream: string, place: object, size?: ShownSize): void {
    const places = this.#shown.get(stream) ?? new Map<object, ShownSize | undefined>();
    this.#shown.set(stream, places.set(place, size));
    this.#note(stream);
  }

  delete(stream: string, place: object): void {
    const places = this.#shown.get(stream);
    if (!places?.delete(place)) return;
    if (places.size === 0) this.#shown.delete(stream);
    else this.#note(stream);
  }

  /** Before a stream is sent at all: what is known of it goes first. */
  flush(stream: string): void {
    this.#changed.delete(stream);
    this.#send([stream]);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#paused = true;
  }

  #note(stream: string): void {
    this.#changed.add(stream);
    if (this.#timer || this.#paused) return;
    queueMicrotask(() => this.#sendChanged());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#sendChanged();
    }, INTERVAL);
  }

  #sendChanged(): void {
    if (this.#paused) return;
    const names = [...this.#changed];
    this.#changed.clear();
    for (let first = 0; first < names.length; first += STREAMS_PER_REQUEST)
      this.#send(names.slice(first, first + STREAMS_PER_REQUEST));
  }

  #send(names: readonly string[]): void {
    const streams = names.flatMap((stream) => {
      const size = largest([...(this.#shown.get(stream)?.values() ?? [])]);
      return size ? [{ stream, ...size }] : [];
    });
    if (streams.length > 0) this.#ask(streams).catch(() => undefined);
  }
}

function largest(sizes: readonly (ShownSize | undefined)[]): ShownSize | undefined {
  const known = sizes.filter((size) => size !== undefined);
  if (known.length === 0 || known.length < sizes.length) return undefined;
  return {
    width: Math.max(...known.map(({ width }) => width)),
    height: Math.max(...known.map(({ height }) => height)),
  };
}
