// npm run check: everything about the sources that a machine can tell without running them. Goes through all checks, even
// when one fails, and says at the end which did.

import { runMain, node, run, setUp } from './setup.mjs';
import { keepsBudgets } from './size.mjs';
import { writeSummary } from './summary.mjs';

/** In this order: the package check looks at what the build has made, and so do the budgets. */
const CHECKS = [
  { name: 'types', command: ['node_modules/typescript/bin/tsc', '-b'] },
  { name: 'build', command: ['scripts/build.mjs'] },
  { name: 'lint', command: ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.'] },
  { name: 'format', command: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'] },
  { name: 'dead code', command: ['node_modules/knip/bin/knip.js', '--treat-config-hints-as-errors'] },
  { name: 'package', command: ['node_modules/publint/src/cli.js', '--strict'] },
  { name: 'sizes', check: keepsBudgets },
];

await runMain(async () => {
  const env = await setUp();
  const failed = [];
  for (const { name, command, check } of CHECKS) {
    const started = performance.now();
    const good = command ? (await run(node, command, { env })) === 0 : check();
    console.log(`${good ? '✔' : '✖'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    if (!good) failed.push(name);
  }
  writeSummary({ passed: CHECKS.length - failed.length, failed: failed.length, skipped: 0 });
  console.log(failed.length === 0 ? 'Everything holds.' : `Does not hold: ${failed.join(', ')}.`);
  return failed.length === 0 ? 0 : 1;
});
