/** The one place that starts other programs: ffmpeg and ffprobe, without a shell, at low priority, never longer than they make progress. */
import type { Readable, Writable } from 'node:stream';
import { execa } from 'execa';

export interface RunOptions {
  /** Arguments, one by one; nothing in them is interpreted. */
  args: string[];
  /** Files named without a path are looked for here. */
  cwd?: string;
  signal?: AbortSignal;
  /** Milliseconds without any sign of progress after which the program is killed. Default: 120,000. */
  stallMs?: number;
}

export interface FfmpegOptions extends RunOptions {
  /** Told how far ffmpeg is, in frames and in milliseconds of output, about twice a second. */
  onProgress?: (progress: { frames: number; outMs: number }) => void;
  /** Takes what ffmpeg writes to its standard output, in place of its progress. Data counts as progress. */
  onOutput?: (output: Readable) => Promise<void>;
  /** Feeds ffmpeg's standard input; it is closed afterwards. */
  onInput?: (input: Writable) => Promise<void>;
}

/** A program that failed, stalled or could not be started. `lines` are the last ones it wrote to its error output. */
export class FfmpegError extends Error {
  override name = 'FfmpegError';
  readonly lines: string[];

  constructor(message: string, lines: string[], options?: ErrorOptions) {
    super(message, options);
    this.lines = lines;
  }
}

const STALL_MS = 120_000;
const LINES_KEPT = 20;
const LINE_LENGTH = 500;

/**
 * Frames are larger than what glibc keeps in its heap, so each would be mapped, zeroed and unmapped again by the kernel:
 * a tenth of the time of mixing.
 */
const ENVIRONMENT = { MALLOC_MMAP_THRESHOLD_: '100000000', MALLOC_TRIM_THRESHOLD_: '200000000' };

/** Runs ffmpeg to its end. Answers its warnings (distinct lines, the last twenty). Throws FfmpegError, or the signal's reason. */
export async function runFfmpeg({ args, onProgress, onOutput, onInput, ...options }: FfmpegOptions): Promise<string[]> {
  const reporting = onOutput ? [] : ['-progress', 'pipe:1', '-stats_period', '0.5'];
  const standard = ['-hide_banner', '-nostats', '-loglevel', 'error', '-y', ...(onInput ? [] : ['-nostdin'])];
  return run('ffmpeg', [...standard, ...reporting, ...args], {
    ...options,
    onInput,
    async onOutput(output, alive) {
      if (onOutput) {
        output.on('data', alive);
        return onOutput(output);
      }
      const read = progressReader((progress) => {
        alive();
        onProgress?.(progress);
      });
      await eachLine(output, read);
    },
  });
}

/** Runs ffprobe and hands over its output line by line. Answers and throws as runFfmpeg. */
export async function runFfprobe({
  onLine,
  ...options
}: RunOptions & { onLine: (line: string) => void }): Promise<string[]> {
  return run('ffprobe', ['-hide_banner', '-loglevel', 'error', ...options.args], {
    ...options,
    async onOutput(output, alive) {
      output.on('data', alive);
      await eachLine(output, onLine);
    },
  });
}

/** Those of the two programs that cannot be run here. */
export async function missingPrograms(): Promise<string[]> {
  const programs = ['ffmpeg', 'ffprobe'];
  const tries = await Promise.all(programs.map((program) => execa(program, ['-version'], { reject: false })));
  return programs.filter((_, index) => tries[index]?.failed);
}

/** What this machine's ffmpeg is and can do; undefined when it cannot be run. */
export async function ffmpegAbilities(): Promise<
  { version: string; encoders: ReadonlySet<string>; filters: ReadonlySet<string> } | undefined
> {
  const ask = async (what: string) => (await execa('ffmpeg', ['-hide_banner', what], { reject: false })).stdout ?? '';
  const [version, encoders, filters] = await Promise.all([ask('-version'), ask('-encoders'), ask('-filters')]);
  const [, number] = /^ffmpeg version (\S+)/.exec(version) ?? [];
  if (number === undefined) return undefined;
  // Flags, name, description.
  const names = (table: string) =>
    new Set([...table.matchAll(/^ +[A-Z.|]{2,6} +(\S+) /gm)].map(([, name = '']) => name));
  return { version: number, encoders: names(encoders), filters: names(filters) };
}

/** Whether some font has the letters of a language (BCP 47), as far as fontconfig can say. */
export async function hasFontFor(language: string): Promise<boolean> {
  const { stdout } = await execa('fc-list', [`:lang=${language}`, 'file'], { reject: false });
  return Boolean(stdout?.trim());
}

interface ProgramOptions extends Omit<RunOptions, 'args'> {
  onOutput: (output: Readable, alive: () => void) => Promise<void>;
  onInput?: (input: Writable) => Promise<void>;
}

async function run(program: string, args: string[], options: ProgramOptions): Promise<string[]> {
  const { cwd, signal, stallMs = STALL_MS, onOutput, onInput } = options;
  const [command = program, ...rest] = [...(await leash()), program, ...args];
  signal?.throwIfAborted();
  const child = execa(command, rest, {
    cwd,
    env: ENVIRONMENT,
    stdin: onInput ? 'pipe' : 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    cleanup: true,
  });
  let stalled = false;
  const kill = () => void child.kill('SIGKILL');
  const timer = setTimeout(() => {
    stalled = true;
    kill();
  }, stallMs);
  signal?.addEventListener('abort', kill, { once: true });
  const lines: string[] = [];
  try {
    const [result, output, input] = await Promise.all([
      child,
      settle(
        onOutput(child.stdout, () => timer.refresh()),
        kill,
      ),
      settle(onInput ? feed(child.stdin as Writable, onInput) : Promise.resolve(), kill),
      eachLine(child.stderr, (line) => keep(lines, line)),
    ]);
    signal?.throwIfAborted();
    if (stalled) throw new FfmpegError(`${program} made no progress for ${stallMs / 1000} s`, lines);
    if (output) throw output.error;
    if (result.failed) {
      throw new FfmpegError(`${program} failed: ${lines.at(-1) ?? result.shortMessage}`, lines, {
        cause: result.cause,
      });
    }
    if (input) throw input.error;
    return lines;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', kill);
  }
}

/** Resolves with the error of a task, having killed the program that the task was meant for. */
async function settle(task: Promise<void>, kill: () => void): Promise<{ error: unknown } | undefined> {
  try {
    await task;
    return undefined;
  } catch (error) {
    kill();
    return { error };
  }
}

async function feed(stream: Writable, write: (input: Writable) => Promise<void>): Promise<void> {
  // A program that dies breaks the pipe; its exit code tells more than the pipe's error.
  stream.on('error', () => undefined);
  await Promise.race([write(stream), new Promise((resolve) => stream.once('close', resolve))]);
  stream.end();
}

let leashed: Promise<string[]> | undefined;

/** What stands before a program: the lowest priority, and death with its parent, even one killed by SIGKILL, where the system has that. */
function leash(): Promise<string[]> {
  leashed ??= (async () => {
    const words: string[] = [];
    const dies = await execa('setpriv', ['--pdeathsig', 'KILL', 'true'], { reject: false });
    if (!dies.failed) words.push('setpriv', '--pdeathsig', 'KILL');
    const nice = await execa('nice', ['-n', '19', 'true'], { reject: false });
    if (!nice.failed) words.push('nice', '-n', '19');
    return words;
  })();
  return leashed;
}

function keep(lines: string[], line: string): void {
  // Messages differ only by an address and a position: "[vp8 @ 0x55d0] …".
  const text = line
    .replace(/ @ 0x[0-9a-f]+/g, '')
    .trim()
    .slice(0, LINE_LENGTH);
  if (text === '' || lines.includes(text)) return;
  lines.push(text);
  if (lines.length > LINES_KEPT) lines.shift();
}

async function eachLine(stream: Readable, take: (line: string) => void): Promise<void> {
  let rest = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  }
  if (rest !== '') take(rest);
}

/** ffmpeg's -progress writes `key=value` lines; `progress=` ends a block. */
function progressReader(report: (progress: { frames: number; outMs: number }) => void): (line: string) => void {
  let frames = 0;
  let outMs = 0;
  let reported = '';
  return (line) => {
    const [key, value = ''] = line.split('=');
    if (key === 'frame') frames = Number(value) || 0;
    if (key === 'out_time_us') outMs = Math.max(0, Number(value) / 1000 || 0);
    if (key !== 'progress' || reported === `${frames} ${outMs}`) return;
    reported = `${frames} ${outMs}`;
    report({ frames, outMs });
  };
}
