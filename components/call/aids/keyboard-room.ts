/** What is seen of a page, in CSS pixels from its top edge on the screen (CSSOM View, VisualViewport). */
interface Seen {
  offsetTop: number;
  height: number;
  /** Above 1 somebody has zoomed in with two fingers. */
  scale: number;
}

/** Pixels at the lower end of something that the on-screen keyboard covers. */
export function covered(bottom: number, pageHeight: number, { offsetTop, height, scale }: Seen): number {
  // Whoever zooms in sees less of the page, too, without anything that covers it.
  if (Math.abs(scale - 1) > 0.01) return 0;
  return Math.max(0, Math.round(Math.min(bottom, pageHeight) - (offsetTop + height)));
}

/** Keeps what one writes in above the on-screen keyboard, wherever in its page the element is. */
export class KeyboardRoom {
  readonly #frame: () => HTMLElement | null;
  #over: AbortController | undefined;

  /** `frame`: what is to end above the keyboard; it gets the height of what is covered as `--_keyboard`. */
  constructor(frame: () => HTMLElement | null) {
    this.#frame = frame;
  }

  /** Idempotent. */
  start(): void {
    if (this.#over) return;
    this.#over = new AbortController();
    const { signal } = this.#over;
    for (const change of ['resize', 'scroll'])
      globalThis.visualViewport?.addEventListener(change, () => this.#look(), { signal });
  }

  stop(): void {
    this.#over?.abort();
    this.#over = undefined;
    this.#frame()?.style.removeProperty('--_keyboard');
  }

  #look(): void {
    const [frame, seen] = [this.#frame(), globalThis.visualViewport];
    if (!frame || !seen) return;
    const { bottom } = frame.getBoundingClientRect();
    const pixels = isTyping(frame) ? covered(bottom, document.documentElement.clientHeight, seen) : 0;
    frame.style.setProperty('--_keyboard', `${pixels}px`);
  }
}

function isTyping(frame: HTMLElement): boolean {
  let focused: Element | null = (frame.getRootNode() as Document | ShadowRoot).activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused?.matches('input, textarea') === true;
}
