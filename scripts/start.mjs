// npm start: sets up what is missing, builds the browser half when its sources have changed, and runs the backend with the
// demo pages. Arguments after `--` are the backend's: npm start -- --port 9000

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { node, root, run, runMain, setUp } from './setup.mjs';

await runMain(async () => {
  const env = await setUp();
  const built = await run(node, ['scripts/build.mjs', '--browser', '--if-changed'], { env });
  return built === 0 ? runBackend(env, process.argv.slice(2)) : built;
});

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} args
 * @returns {Promise<number>} The backend's exit code.
 */
function runBackend(env, args) {
  const backend = spawn(node, ['backend/main.ts', ...args], { cwd: root, env, stdio: 'inherit' });
  // The backend decides when it is done. After Ctrl-C it may get the same signal twice, from the terminal and from here; it
  // knows the second one for an echo of the first.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => backend.kill(signal));
  }
  return new Promise((resolve, reject) => {
    backend.on('error', reject);
    backend.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  });
}
