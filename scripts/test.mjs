// npm test: sets up what is missing, builds the browser half and runs every test. The last line is the total.
//
//   npm test                  everything
//   npm test -- backend chat  the tests whose path has "backend" or "chat" in it; "check" stands for npm run check

import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { SetUpError, node, root, run, runMain, setUp } from './setup.mjs';
import { SUMMARY_VARIABLE, readSummary } from './summary.mjs';

const WHOLE_RUN_MINUTES = 30;
const TEST_DEADLINE_MS = 120_000;
/** What a group that has to stop gets for closing its browsers. */
const STOP_DEADLINE_MS = 5_000;

const summaryFile = join(root, `.cache/test-summary-${process.pid}.tap`);

const webTestRunner = [
  'node_modules/@web/test-runner/dist/bin.js',
  ...['--config', 'test/web-test-runner.config.js', '--static-logging', '--files'],
];

await runMain(async () => {
  const filters = process.argv.slice(2);
  const env = await setUp({ browsers: true });
  const built = await run(node, ['scripts/build.mjs', '--browser', '--if-changed'], { env });
  if (built !== 0) throw new SetUpError('No test was run.');

  const stop = stopSignal();
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, args } of groups(filters)) {
    console.log(`\n== ${name}`);
    const { passed, failed, skipped } = await runGroup(args, env, stop);
    console.log(`== ${name}: ${passed} passed, ${failed} failed`);
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    if (stop.aborted) break;
  }
  const skipped = total.skipped === 0 ? '' : `, ${total.skipped} skipped`;
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
});

/**
 * @param {string[]} filters
 * @returns {{ name: string, args: string[] }[]} What to run, in order; args are Node's.
 */
function groups(filters) {
  /** @param {string} text */
  const wanted = (text) => filters.length === 0 || filters.some((filter) => text.includes(filter));
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((name) => `test/${name}`)
    .filter(wanted)
    .sort();
  const tests = files.filter((file) => file.endsWith('.test.ts'));
  const inNode = tests.filter((file) => !file.startsWith('test/e2e/'));
  const inBrowser = files.filter((file) => file.startsWith('test/browser/') && file.endsWith('.spec.ts'));
  const endToEnd = tests.filter((file) => file.startsWith('test/e2e/'));
  return [
    { name: 'check', args: [], files: wanted('check') ? ['scripts/check.mjs'] : [] },
    { name: 'in Node', args: nodeTest(availableParallelism()), files: inNode },
    { name: 'in the browser', args: webTestRunner, files: inBrowser },
    { name: 'end to end', args: nodeTest(1), files: endToEnd },
  ]
    .filter((group) => group.files.length > 0)
    .map(({ name, args, files }) => ({ name, args: [...args, ...files] }));
}

/** @param {number} concurrency How many test files run at a time. */
function nodeTest(concurrency) {
  return [
    ...['--import', './scripts/test-left-open.mjs', '--test'],
    ...[`--test-concurrency=${concurrency}`, `--test-timeout=${TEST_DEADLINE_MS}`],
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...['--test-reporter=tap', `--test-reporter-destination=${summaryFile}`],
  ];
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {AbortSignal} stop
 * @returns {Promise<import('./summary.mjs').Summary>} With at least one failure, unless all went well.
 */
async function runGroup(args, env, stop) {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const child = spawn(node, args, {
    cwd: root,
    env: { ...env, [SUMMARY_VARIABLE]: summaryFile },
    stdio: ['ignore', 'inherit', 'inherit'],
    // Leads a group of processes of its own, so that all of it can be stopped.
    detached: true,
  });
  const end = () => endGroup(child);
  stop.addEventListener('abort', end);
  /** @type {number | null} */
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  stop.removeEventListener('abort', end);
  const summary = readSummary(summaryFile);
  rmSync(summaryFile, { force: true });
  return code === 0 || summary.failed > 0 ? summary : { ...summary, failed: 1 };
}

/** @returns {AbortSignal} Aborted when the whole run takes too long, or when somebody stops it. */
function stopSignal() {
  const controller = new AbortController();
  /** @param {string} why */
  const stop = (why) => {
    if (controller.signal.aborted) return;
    console.error(`\nStopped: ${why}.`);
    controller.abort();
  };
  setTimeout(() => stop(`a whole run may take ${WHOLE_RUN_MINUTES} minutes`), WHOLE_RUN_MINUTES * 60_000).unref();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal));
  return controller.signal;
}

/** @param {import('node:child_process').ChildProcess} leader */
function endGroup(leader) {
  const group = -Number(leader.pid);
  process.kill(group, 'SIGTERM');
  const timer = setTimeout(() => process.kill(group, 'SIGKILL'), STOP_DEADLINE_MS);
  leader.on('exit', () => clearTimeout(timer));
}
