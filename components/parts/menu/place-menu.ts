export interface Rect {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

interface MenuPlace {
  /** Where its corner at the left top stands, in the same coordinates as what it was computed from. */
  x: number;
  y: number;
  /** It scrolls when it needs more. */
  maxHeight: number;
}

/** Pixels between the menu, its button and the edge. */
const SPACE = 6;

/**
 * Where a menu stands: below its button, above it where there is no room, else as high as fits; its left or right edge at that
 * of the button (`align`), but inside `bounds`.
 */
export function placeMenu(
  menu: { width: number; height: number },
  { anchor, bounds, align }: { anchor: Rect; bounds: Rect; align: 'left' | 'right' },
): MenuPlace {
  const height = Math.min(menu.height, bounds.bottom - bounds.top - 2 * SPACE);
  const below = anchor.bottom + SPACE;
  const above = anchor.top - SPACE - height;
  const fits = (y: number) => y >= bounds.top + SPACE && y + height <= bounds.bottom - SPACE;
  const y = [below, above].find(fits) ?? clamp(above, bounds.top + SPACE, bounds.bottom - SPACE - height);
  const wanted = align === 'left' ? anchor.left : anchor.right - menu.width;
  const x = clamp(wanted, bounds.left + SPACE, bounds.right - SPACE - menu.width);
  return { x, y, maxHeight: height };
}

/** The lower bound counts where there is no room for both. */
function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}

/** The box of whatever cuts off what reaches beyond it: the nearest ancestor, through shadow roots, that hides overflow. */
export function boundsOf(element: Element): Rect {
  for (let node = parentOf(element); node; node = parentOf(node)) {
    if (getComputedStyle(node).overflowX === 'hidden') return node.getBoundingClientRect();
  }
  return { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
}

function parentOf(element: Element): Element | null {
  if (element.assignedSlot) return element.assignedSlot;
  const { parentNode } = element;
  return parentNode instanceof ShadowRoot ? parentNode.host : element.parentElement;
}
