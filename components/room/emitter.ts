import { ERROR_INFO } from './constants.ts';

/** Maps each event to the arguments of its listeners. */
export type EventMap = object;
export type Listener<Arguments> = (...args: Extract<Arguments, unknown[]>) => void;

/**
 * Listeners by event, any number of them. They are called in the order of `on`, one at a time; one that throws is
 * reported like any uncaught error and does not keep the others from being called.
 */
export class Emitter<Events extends EventMap> {
  readonly #listeners = new Map<keyof Events, Set<Listener<Events[keyof Events]>>>();

  /**
   * Adds a listener; the same function counts once. Unlike the original, where a second call for an event replaced
   * the first, every listener stays until `off`.
   *
   * @throws Error "Event can't be null"; Error "Callback needs to be a valid function".
   */
  on<E extends keyof Events & string>(event: E, callback: Listener<Events[E]>): this {
    if (!event) throw new Error(ERROR_INFO.EVENT_CANT_BE_NULL);
    if (typeof callback !== 'function') throw new Error(ERROR_INFO.CALLBACK_NEEDS_TO_BE_A_VALID_FUNCTION);
    const listeners = this.#listeners.get(event) ?? new Set();
    listeners.add(callback as Listener<Events[keyof Events]>);
    this.#listeners.set(event, listeners);
    return this;
  }

  /** Removes one listener, or without `callback` every listener of the event. */
  off<E extends keyof Events & string>(event: E, callback?: Listener<Events[E]>): this {
    if (callback) this.#listeners.get(event)?.delete(callback as Listener<Events[keyof Events]>);
    else this.#listeners.delete(event);
    return this;
  }

  protected emit<E extends keyof Events>(event: E, ...args: Extract<Events[E], unknown[]>): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        (listener as Listener<Events[E]>)(...args);
      } catch (error) {
        report(error);
      }
    }
  }
}

/** What the browser does with an uncaught error: to `window.onerror` and the console. */
function report(error: unknown): void {
  if (typeof globalThis.reportError === 'function') globalThis.reportError(error);
  else console.error(error);
}
