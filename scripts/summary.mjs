// How the parts of a test run hand their numbers to `npm test`: as the last lines of a TAP report, which is what node:test
// writes by itself, in the file that the environment names.

import { readFileSync, writeFileSync } from 'node:fs';

/** Names the file; without it nobody wants the numbers. */
export const SUMMARY_VARIABLE = 'TEST_SUMMARY';

/** @typedef {{ passed: number, failed: number, skipped: number }} Summary */

/** @param {Summary} summary */
export function writeSummary({ passed, failed, skipped }) {
  const file = process.env[SUMMARY_VARIABLE];
  if (file) writeFileSync(file, `# pass ${passed}\n# fail ${failed}\n# skipped ${skipped}\n`);
}

/**
 * @param {string} file
 * @returns {Summary} All zero when the file is not there: whoever was to write it did not get that far.
 */
export function readSummary(file) {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // Told by the exit code.
  }
  /** @param {string} word */
  const count = (word) => Number([...text.matchAll(new RegExp(`^# ${word} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
  return {
    passed: count('pass'),
    failed: count('fail') + count('cancelled'),
    skipped: count('skipped') + count('todo'),
  };
}
