/**
 * Keys that do something while the focus is inside an element and nobody is typing. Nothing happens from anywhere else on
 * the page, and they can be switched off: single-letter keys must not surprise anybody (WCAG 2.1.4).
 */
export const SHORTCUTS = {
  microphone: 'M',
  camera: 'V',
  share: 'S',
  hand: 'H',
  people: 'P',
  chat: 'C',
  help: '?',
} as const;

export type Shortcut = keyof typeof SHORTCUTS;

const TYPING =
  'input:not([type=checkbox], [type=radio], [type=button], [type=range]), textarea, select, [role=textbox]';

/** The shortcut that a key press means, if it means one. */
export function shortcutOf(event: KeyboardEvent): Shortcut | undefined {
  const { defaultPrevented, repeat, isComposing, ctrlKey, metaKey, altKey } = event;
  if (defaultPrevented || repeat || isComposing || ctrlKey || metaKey || altKey || isTyping(event)) return undefined;
  const key = keyOf(event);
  return (Object.keys(SHORTCUTS) as Shortcut[]).find((shortcut) => SHORTCUTS[shortcut] === key);
}

/** On keyboards of other scripts the key in the place of the Latin letter counts. */
function keyOf({ key, code }: KeyboardEvent): string {
  return /^[\x21-\x7e]$/.test(key) ? key.toUpperCase() : code.replace(/^Key/, '');
}

function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return target instanceof HTMLElement && (target.isContentEditable || target.matches(TYPING));
}
