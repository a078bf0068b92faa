import { setTimeout as delay } from 'node:timers/promises';

const DEADLINE_MS = 10_000;
const LOOK_EVERY_MS = 5;

/** Waits until `condition` holds; fails with the name of what did not happen. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  deadline = DEADLINE_MS,
): Promise<void> {
  const end = Date.now() + deadline;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`This did not happen within ${deadline} ms: ${what}`);
    await delay(LOOK_EVERY_MS);
  }
}
