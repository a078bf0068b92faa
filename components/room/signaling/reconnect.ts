/** When to try again after a lost connection. Pure: time and chance come in as arguments. */

const FIRST_DELAY = 200;
const MAX_DELAY = 5_000;

/** Milliseconds after which a lost connection is given up. Longer than any backend's `session_resume_timeout` by default. */
export const GIVE_UP_AFTER = 30_000;

/**
 * Milliseconds to wait before the next attempt, or undefined to give up. Doubles from 0.2 s to 5 s; up to half of each
 * delay is left to chance, so that the browsers of a restarted backend do not all come at once.
 *
 * @param attempt - attempts made since the connection was lost; 0 before the first.
 * @param elapsed - milliseconds since the connection was lost.
 * @param random - from 0 up to 1.
 */
export function reconnectDelay(attempt: number, elapsed: number, random: number): number | undefined {
  if (elapsed >= GIVE_UP_AFTER) return undefined;
  const delay = Math.min(FIRST_DELAY * 2 ** attempt, MAX_DELAY);
  return Math.min(delay * (1 - random / 2), GIVE_UP_AFTER - elapsed);
}
