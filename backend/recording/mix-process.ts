import { fork } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Mix } from './finalizer.ts';
import type { MixMessage } from './mix-worker.ts';

const WORKER = fileURLToPath(new URL('./mix-worker.ts', import.meta.url));

/** Mixes by `configFile` (`offline_mixer.json`) in a process of its own, of the lowest priority. */
export function mixProcess(configFile: string): Mix {
  return async (timelinePath, { signal, onProgress }) => {
    signal.throwIfAborted();
    const child = fork(WORKER, [timelinePath, configFile], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    let answer: MixMessage = {};
    child.on('message', (message: MixMessage) => {
      if (message.progress !== undefined) onProgress(message.progress);
      else answer = message;
    });
    // What the mixer has started dies with it.
    const kill = () => child.kill('SIGKILL');
    signal.addEventListener('abort', kill, { once: true });
    try {
      const [code, killedBy] = (await once(child, 'exit')) as [number | null, string | null];
      signal.throwIfAborted();
      if (answer.file !== undefined) return answer.file;
      throw new Error(answer.problem ?? `the mixer ended with ${killedBy ?? `exit code ${code}`}`);
    } finally {
      signal.removeEventListener('abort', kill);
    }
  };
}
