// Runs the specs of elements and parts in Chromium: test/browser/**/*.spec.ts.
// Each spec is bundled by esbuild, exactly as the elements are for a page, so that decorators and CommonJS packages come out
// the same in both.

import { fileURLToPath } from 'node:url';
import { playwrightLauncher } from '@web/test-runner-playwright';
import { build } from 'esbuild';
import { writeSummary } from '../scripts/summary.mjs';

const rootDir = fileURLToPath(new URL('..', import.meta.url));

const TEST_DEADLINE_MS = 30_000;
const FILE_DEADLINE_MS = 120_000;

export default {
  rootDir,
  concurrency: 2,
  browserStartTimeout: 60_000,
  testsStartTimeout: 60_000,
  testsFinishTimeout: FILE_DEADLINE_MS,
  testFramework: { config: { ui: 'bdd', timeout: TEST_DEADLINE_MS } },
  plugins: [bundledSpecs()],
  reporters: [summaryReporter()],
  browsers: [
    playwrightLauncher({
      product: 'chromium',
      launchOptions: {
        executablePath: process.env.CHROME_PATH,
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--use-fake-ui-for-media-stream',
          '--use-fake-device-for-media-stream',
          '--autoplay-policy=no-user-gesture-required',
        ],
      },
    }),
  ],
};

/** @returns {import('@web/test-runner').TestRunnerPlugin} */
function bundledSpecs() {
  return {
    name: 'bundled-specs',
    async serve({ path }) {
      if (!path.endsWith('.spec.ts')) return undefined;
      const { outputFiles } = await build({
        absWorkingDir: rootDir,
        entryPoints: [`.${path}`],
        bundle: true,
        write: false,
        format: 'esm',
        target: 'chrome111',
        sourcemap: 'inline',
        // The test runner serves these itself.
        external: ['/__web-*'],
        logLevel: 'warning',
      });
      return { body: outputFiles[0]?.text ?? '', type: 'js' };
    },
  };
}

/**
 * One line per test as node:test prints it, and the numbers for `npm test`.
 * @returns {import('@web/test-runner').Reporter}
 */
function summaryReporter() {
  const summary = { passed: 0, failed: 0, skipped: 0 };

  /** @param {import('@web/test-runner').TestSuiteResult | undefined} suite */
  const reportSuite = (suite, indent = '  ') => {
    for (const test of suite?.tests ?? []) {
      const outcome = test.skipped ? 'skipped' : test.passed ? 'passed' : 'failed';
      summary[outcome]++;
      console.log(`${indent}${{ passed: '✔', failed: '✖', skipped: '﹣' }[outcome]} ${test.name}`);
      if (test.error) console.log(`${indent}  ${described(test.error)}`);
    }
    for (const inner of suite?.suites ?? []) {
      console.log(`${indent}▶ ${inner.name}`);
      reportSuite(inner, `${indent}  `);
    }
  };

  return {
    reportTestFileResults({ sessionsForTestFile, testFile }) {
      console.log(testFile.replace(rootDir, ''));
      for (const { testResults, errors, logs } of sessionsForTestFile) {
        reportSuite(testResults);
        for (const line of logs) console.log('  log:', ...line);
        for (const error of errors) console.log(`  ✖ ${described(error)}`);
        summary.failed += errors.length;
      }
    },
    onTestRunFinished: () => writeSummary(summary),
  };
}

/** @param {{ message: string, stack?: string }} error */
function described({ message, stack = '' }) {
  return stack.includes(message) ? stack : `${message}\n${stack}`;
}
