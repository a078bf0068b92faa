/** CSS pixels between what stands beside each other, and to the edges of the window. */
const DISTANCE = 4;

/** Puts a popover below what it belongs to, its end at its end; above where there is no room below; inside the window in any case. */
export function standBeside(popover: HTMLElement, anchor: Element): void {
  const { innerWidth, innerHeight } = window;
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const isRtl = getComputedStyle(popover).direction === 'rtl';
  const below = at.bottom + DISTANCE;
  const fits = below + height + DISTANCE <= innerHeight;
  const x = isRtl ? at.left : at.right - width;
  const y = fits ? below : at.top - DISTANCE - height;
  popover.style.setProperty('--_x', `${within(x, innerWidth - width)}px`);
  popover.style.setProperty('--_y', `${within(y, innerHeight - height)}px`);
}

function within(value: number, most: number): number {
  return Math.max(DISTANCE, Math.min(value, most - DISTANCE));
}
