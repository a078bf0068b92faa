import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** What a page can style an element by: `wcs-conference:state(joined) { … }`. */
type CustomState =
  | 'joining'
  | 'joined'
  | 'reconnecting'
  | 'recording'
  | 'sharing'
  | 'muted'
  | 'camera-off'
  | 'chat-open'
  | 'people-open'
  | 'hand-raised'
  | 'waiting'
  | 'alone'
  | 'full';

/**
 * Keeps an element's custom states (HTML, ElementInternals) as they are. Browsers before `:state()` (Chrome 125,
 * Firefox 126, Safari 17.4) have none; there the events tell the same.
 */
export class CustomStates implements ReactiveController {
  readonly #read: () => Record<CustomState, boolean>;
  readonly #states: Set<string> | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement, read: () => Record<CustomState, boolean>) {
    this.#read = read;
    this.#states = host.attachInternals().states;
    host.addController(this);
  }

  hostUpdated(): void {
    for (const [state, on] of Object.entries(this.#read())) {
      if (!on) this.#states?.delete(state);
      else if (!this.#add(state)) return;
    }
  }

  /** The first browsers with states only took names that begin with two dashes. */
  #add(state: string): boolean {
    try {
      this.#states?.add(state);
      return true;
    } catch {
      return false;
    }
  }
}
