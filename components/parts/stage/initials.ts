/** Firefox has it since 125; before that, the first code point has to do. */
const graphemes =
  typeof Intl.Segmenter === 'undefined' ? undefined : new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** One or two letters that stand for a name: of its first and its last word. */
export function initials(name: string): string {
  // Brackets and quotes say nothing; whoever has nothing else keeps them.
  const words = name.split(/[\s._-]+\p{P}*|^\p{P}+/u).filter(Boolean);
  if (words.length === 0) return firstLetter(name.trim());
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words;
  return picked.map((word) => firstLetter(word ?? '')).join('');
}

/** A hue from 0 to 359 that is always the same for a name. */
export function hue(name: string): number {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 360;
  return hash;
}

/** The first user-perceived character, without the marks that can be heaped on it. */
function firstLetter(word: string): string {
  const [base = ''] = word;
  if (/\p{L}|\p{N}/u.test(base)) return base.toLocaleUpperCase();
  const [first] = graphemes?.segment(word) ?? [];
  return (first?.segment ?? base).slice(0, 16);
}
