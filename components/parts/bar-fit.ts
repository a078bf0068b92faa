import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** How long something is on the screen, in pixels along the bar. */
interface Bar {
  /** Room for everything. */
  available: number;
  /** Taken by what stays in any case, with the spaces around it. */
  taken: number;
  /** Of one more button, with the space before it. */
  each: number;
}

/** How many buttons beside those that always stay find room in a bar. */
export function buttonsThatFit({ available, taken, each }: Bar): number {
  if (available <= 0 || each <= 0) return Infinity;
  // Half a pixel is rounding.
  return Math.max(0, Math.floor((available - taken + 0.5) / each));
}

/** Watches how many buttons find room in the bar of an element, whichever way the bar runs. */
export class BarFit implements ReactiveController {
  /** Buttons beside those that always stay. */
  fitting = Infinity;
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #resize = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(() => this.measure());

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#resize?.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#resize?.disconnect();
  }

  hostUpdated(): void {
    this.measure();
  }

  measure(): void {
    const bar = this.#host.shadowRoot?.querySelector<HTMLElement>('.bar');
    const fitting = bar ? buttonsThatFit(this.#read(bar)) : Infinity;
    if (fitting === this.fitting) return;
    this.fitting = fitting;
    this.#host.requestUpdate();
  }

  #read(bar: HTMLElement): Bar {
    const style = getComputedStyle(bar);
    const outside = getComputedStyle(this.#host);
    const isColumn = style.flexDirection === 'column';
    const length = (element: Element) => {
      const { width, height } = element.getBoundingClientRect();
      return isColumn ? height : width;
    };
    const padding = ({ paddingTop, paddingBottom, paddingLeft, paddingRight }: CSSStyleDeclaration) =>
      isColumn ? pixels(paddingTop) + pixels(paddingBottom) : pixels(paddingLeft) + pixels(paddingRight);
    const gap = pixels(isColumn ? style.rowGap : style.columnGap);
    const plain = bar.querySelector('.round:not(.named, .leave)');
    const each = (plain ? length(plain) : 0) + gap;
    const named = bar.querySelector('.named');
    const slotted = [...bar.querySelectorAll('slot')].flatMap((slot) =>
      slot.name.startsWith('controls-') ? slot.assignedElements({ flatten: true }) : [],
    );
    const staying = [...slotted, ...bar.querySelectorAll('.leave')].map((element) => length(element) + gap);
    const extra = named ? length(named) + gap - each : 0;
    const taken = staying.reduce((sum, one) => sum + one, padding(style) - gap + extra);
    return { available: length(this.#host) - padding(outside), taken, each };
  }
}

function pixels(length: string): number {
  return Number.parseFloat(length) || 0;
}
