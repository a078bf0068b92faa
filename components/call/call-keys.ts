import { shortcutOf } from '../base/element/shortcuts.ts';
import type { Shortcut } from '../base/element/shortcuts.ts';

interface Keys {
  /** Whether shortcuts are on. */
  shortcuts: boolean;
  /** Whether there is something that a shortcut does just now. */
  offers(shortcut: Shortcut): boolean;
  act(shortcut: Shortcut): void;
  /** Closes what lies over something else. */
  escape(): void;
}

/** What a key press inside an element does. */
export function handleKey(event: KeyboardEvent, { shortcuts, offers, act, escape }: Keys): void {
  const shortcut = shortcuts ? shortcutOf(event) : undefined;
  if (shortcut && offers(shortcut)) {
    event.preventDefault();
    act(shortcut);
  } else if (event.key === 'Escape' && !event.defaultPrevented) escape();
}
