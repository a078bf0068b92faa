/** Milliseconds after which a letter begins another word. */
const PAUSE = 600;

/** What somebody looks for in a menu by typing (ARIA Authoring Practices, menu): the words from their beginning, or one letter again and again. */
export class TypeAhead {
  #typed = '';
  #last = 0;

  /** Index of what is meant among the labels, undefined when there is none; `from` is where one is, `now` in milliseconds. */
  find(key: string, labels: readonly string[], { from, now }: { from: number; now: number }): number | undefined {
    if (now - this.#last > PAUSE) this.#typed = '';
    this.#last = now;
    this.#typed += plain(key);
    const isRepeated = [...this.#typed].every((letter) => letter === plain(key));
    const wanted = isRepeated ? plain(key) : this.#typed;
    // A word that is being typed may still mean where one is; the same letter goes on to the next.
    const first = Math.max(0, isRepeated ? from + 1 : from);
    const inTurn = labels.map((_, index) => (first + index) % labels.length);
    return inTurn.find((index) => plain(labels[index] ?? '').startsWith(wanted));
  }
}

/** Whether a key writes something, alone or with Shift. */
export function isLetter({ key, ctrlKey, altKey, metaKey, isComposing }: KeyboardEvent): boolean {
  return [...key].length === 1 && key !== ' ' && !ctrlKey && !altKey && !metaKey && !isComposing;
}

/** Without marks and capitals, and without what keeps the directions of names apart. */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLocaleLowerCase();
}
