import { constants, setPriority } from 'node:os';
import { extname, join } from 'node:path';
import { execaNode } from 'execa';
import type { Mix } from '../finalizing/finalizer.ts';
import type { MixMessage } from './mix-worker.ts';

/** Beside this file, in the sources as in the bundle. */
const WORKER = join(import.meta.dirname, `mix-worker${extname(import.meta.filename)}`);

/** Milliseconds in which it has to end what it has started, when it is no longer wanted. */
const STOP_TIMEOUT = 3000;

/** Mixes by `configFile` (`offline_mixer.json`) in a process of its own, of the lowest priority. */
export function mixProcess(configFile: string): Mix {
  return async (timelinePath, { signal, onProgress }) => {
    signal.throwIfAborted();
    const child = execaNode(WORKER, [timelinePath, configFile], {
      ipc: true,
      stdio: ['ignore', 'ignore', 'inherit'],
      buffer: false,
      reject: false,
      cancelSignal: signal,
      forceKillAfterDelay: STOP_TIMEOUT,
    });
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    let answer: MixMessage = {};
    for await (const message of child.getEachMessage() as AsyncIterable<MixMessage>) {
      if (message.progress !== undefined) onProgress(message.progress);
      else answer = message;
    }
    const { exitCode, signal: killedBy } = await child;
    signal.throwIfAborted();
    if (answer.file !== undefined) return answer.file;
    throw new Error(answer.problem ?? `the mixer ended with ${killedBy ?? `exit code ${exitCode}`}`);
  };
}
