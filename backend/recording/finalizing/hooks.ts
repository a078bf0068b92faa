import { execa } from 'execa';

/** Characters of a script's output that are kept for the log. */
const OUTPUT_MAX = 2000;

export interface HookOptions {
  /** Path of an executable file. */
  script: string;
  args: string[];
  /** Milliseconds after which the script, and what it has started, is killed. */
  deadline: number;
  signal?: AbortSignal;
}

export interface HookResult {
  /** What the script wrote, shortened. */
  output: string;
  /** Why it did not end well: missing, not executable, killed, an exit code. */
  problem?: string;
}

/** Runs a script of the administrator, without a shell. Never throws. */
export async function runHook({ script, args, deadline, signal }: HookOptions): Promise<HookResult> {
  // A group of its own, so that what the script has started can be killed with it.
  const child = execa(script, args, {
    detached: true,
    stdin: 'ignore',
    all: true,
    reject: false,
    maxBuffer: { all: OUTPUT_MAX },
    cleanup: false,
  });
  let late = false;
  const kill = () => killGroup(child.pid);
  const timer = setTimeout(() => {
    late = true;
    kill();
  }, deadline);
  signal?.addEventListener('abort', kill, { once: true });
  const result = await child;
  clearTimeout(timer);
  signal?.removeEventListener('abort', kill);
  const output = (result.all ?? '').slice(0, OUTPUT_MAX);
  if (late) return { output, problem: `${script} ran longer than ${deadline} ms and was killed` };
  if (result.isMaxBuffer || !result.failed) return { output };
  if (result.exitCode !== undefined) return { output, problem: `${script} ended with exit code ${result.exitCode}` };
  return { output, problem: `${script} cannot be run: ${result.code ?? result.signal ?? result.shortMessage}` };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself in this moment.
  }
}
