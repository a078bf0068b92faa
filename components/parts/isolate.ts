/** Letters that run from right to left, and marks that turn the direction. */
const TURNING =
  /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]|[\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** Embeddings, overrides and isolates, which reach beyond the name that they stand in. */
const REACHING = /[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A name to put into a sentence, so that its direction does not disturb the words around it (Unicode Bidirectional Algorithm,
 * UAX 9: FSI … PDI). Names that cannot disturb anything stay as they are.
 */
export function isolate(name: string): string {
  return TURNING.test(name) ? `\u2068${name.replace(REACHING, '')}\u2069` : name;
}
