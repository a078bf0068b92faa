/** When to try again after a lost connection. Pure: time and chance come in as arguments. */

const FIRST_DELAY = 200;
const MAX_DELAY = 2_000;

/** Milliseconds for which a lost connection is looked for, where the page does not say. */
export const RECONNECT_TIMEOUT = 120_000;

export interface Search {
  /** Attempts made since the connection was lost; 0 before the first. */
  attempt: number;
  /** Milliseconds that it has been looked for. */
  elapsed: number;
  /** Milliseconds after which it is given up. */
  timeout: number;
  /** From 0 up to 1. */
  random: number;
}

/**
 * Milliseconds to wait before the next attempt, or undefined to give up. Doubles from 0.2 s to 2 s; up to half of each
 * delay is left to chance, so that the browsers of a restarted backend do not all come at once.
 */
export function reconnectDelay({ attempt, elapsed, timeout, random }: Search): number | undefined {
  if (elapsed >= timeout) return undefined;
  const delay = Math.min(FIRST_DELAY * 2 ** attempt, MAX_DELAY);
  return Math.min(delay * (1 - random / 2), timeout - elapsed);
}
