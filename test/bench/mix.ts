/**
 * What mixing costs, in CPU seconds for each recorded minute: `npm run bench -- mix [SECONDS]` (default 300).
 *
 * Four people, 640x480 VP8 and Opus, to 1280x720 at 25 a second, beside the bare cost of decoding the same inputs and
 * encoding the same frames with the same settings of x264; peak memory, for this length and a quarter of it; and two
 * people beside each other, against the ffmpeg command of the WCS guide. Linux only: it reads /proc.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { encoderArguments } from '../../backend/recording/mixing/picture.ts';

const SECONDS = Number(process.argv[2] ?? 300);
const CLIP_SECONDS = 20;
const FPS = 25;
const MIXER = fileURLToPath(new URL('../../backend/wcs-mixer.ts', import.meta.url));

/** Clock ticks a second, in /proc/self/stat; 100 on every Linux of today. */
const TICKS = 100;

interface Cost {
  cpu: number;
  wall: number;
  /** Of the largest process, in MB. */
  memory: number;
}

const directory = await mkdtemp(join(tmpdir(), 'bench-mix-'));
try {
  for (let person = 0; person < 4; person++) await makeClip(person);
  await benchFour();
  await benchTwo();
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function benchFour(): Promise<void> {
  await makeRoom('quarter', 4, SECONDS / 4);
  await makeRoom('whole', 4, SECONDS);
  const quarter = await mix('quarter', {});
  const whole = await mix('whole', {});
  const decode = await ffmpeg(['-i', 'whole.mkv', '-map', '0', '-f', 'null', '-']);
  const mixed = ['-i', 'whole-mixed.mp4', '-an'];
  const read = await ffmpeg([...mixed, '-f', 'null', '-']);
  const encode = await ffmpeg([...mixed, ...encoderArguments(FPS, 2000), 'again.mp4']);
  const bare = decode.cpu + encode.cpu - read.cpu;
  const minutes = SECONDS / 60;
  console.log(`four people, ${SECONDS} s, to 1280x720 at ${FPS}`);
  console.log(
    `  mixing: ${(whole.cpu / minutes).toFixed(1)} CPU s a minute, ${(SECONDS / whole.wall).toFixed(1)} times real time`,
  );
  console.log(
    `  bare:   ${(bare / minutes).toFixed(1)} CPU s a minute (decode ${decode.cpu.toFixed(1)}, encode ${(encode.cpu - read.cpu).toFixed(1)} in all)`,
  );
  console.log(`  ratio:  ${(whole.cpu / bare).toFixed(2)} (at most 1.3)`);
  console.log(`  memory: ${whole.memory} MB; for a quarter of the length ${quarter.memory} MB`);
}

async function benchTwo(): Promise<void> {
  await makeRoom('two', 2, SECONDS);
  for (const person of [0, 1]) await loop(person, SECONDS, `person-${person}.mkv`);
  const settings = { mixerVideoHeight: 480, mixerLayoutClass: 'CenterNoPaddingGridLayout' };
  const ours = await mix('two', settings);
  const filter = '[0:v]pad=iw*2:ih[left];[left][1:v]overlay=W/2:0[out];[0:a][1:a]amerge=inputs=2[sound]';
  const maps = ['-filter_complex', filter, '-map', '[out]', '-map', '[sound]', '-ac', '2', '-c:a', 'aac'];
  const encoder = ['-c:v', 'libx264', '-crf', '23', '-preset', 'veryfast'];
  const guide = await ffmpeg(['-i', 'person-0.mkv', '-i', 'person-1.mkv', ...maps, ...encoder, 'guide.mp4']);
  console.log(`two people, ${SECONDS} s, to 1280x480`);
  console.log(`  ours:  ${ours.wall.toFixed(1)} s, ${ours.cpu.toFixed(1)} CPU s`);
  console.log(`  guide: ${guide.wall.toFixed(1)} s, ${guide.cpu.toFixed(1)} CPU s`);
  console.log(
    `  ratio: ${(ours.wall / guide.wall).toFixed(2)} of the time, ${(ours.cpu / guide.cpu).toFixed(2)} of the CPU (at most 1)`,
  );
}

/** Somebody who moves and speaks, with one key frame at the beginning, as browsers send. */
async function makeClip(person: number): Promise<void> {
  const video = `testsrc2=s=640x480:r=${FPS}:d=${CLIP_SECONDS},hue=h=${person * 90},noise=alls=6:allf=t`;
  const audio = `anoisesrc=c=pink:a=0.2:d=${CLIP_SECONDS}:seed=${person + 1}`;
  const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '800k', '-g', '10000'];
  const inputs = ['-f', 'lavfi', '-i', video, '-f', 'lavfi', '-i', audio];
  await ffmpeg([...inputs, ...vp8, '-c:a', 'libopus', '-b:a', '32k', `clip-${person}.mkv`]);
}

async function loop(person: number, seconds: number, out: string): Promise<void> {
  await ffmpeg(['-stream_loop', '-1', '-i', `clip-${person}.mkv`, '-t', String(seconds), '-c', 'copy', out]);
}

async function makeRoom(name: string, people: number, seconds: number): Promise<void> {
  const inputs: string[] = [];
  const maps: string[] = [];
  for (let person = 0; person < people; person++) {
    await loop(person, seconds, `looped-${person}.mkv`);
    inputs.push('-i', `looped-${person}.mkv`);
    const titles = [0, 1].flatMap((track) => [
      `-metadata:s:${2 * person + track}`,
      `title=room-${name}-person${person}`,
    ]);
    maps.push('-map', String(person), ...titles);
  }
  await ffmpeg([...inputs, ...maps, '-c', 'copy', `${name}.mkv`]);
}

async function mix(name: string, settings: object): Promise<Cost> {
  await writeFile(join(directory, 'settings.json'), JSON.stringify(settings));
  return measure(process.execPath, [MIXER, `${name}.mkv`, '--config', 'settings.json']);
}

async function ffmpeg(args: string[]): Promise<Cost> {
  return measure('ffmpeg', ['-loglevel', 'error', '-nostdin', '-y', ...args]);
}

async function measure(command: string, args: string[]): Promise<Cost> {
  const [cpuBefore, wallBefore] = [childrenCpu(), performance.now()];
  const child = execa(command, args, { cwd: directory, stdout: 'ignore' });
  let memory = 0;
  const timer = setInterval(() => (memory = Math.max(memory, ...peaks(child.pid))), 100);
  try {
    await child;
  } finally {
    clearInterval(timer);
  }
  return { cpu: childrenCpu() - cpuBefore, wall: (performance.now() - wallBefore) / 1000, memory: Math.round(memory) };
}

/** CPU seconds of all processes that this one has started and seen end, and of theirs. */
function childrenCpu(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[13]) + Number(fields[14])) / TICKS;
}

/** Peak resident memory, in MB, of a process and those below it. */
function peaks(pid: number | undefined): number[] {
  if (pid === undefined) return [];
  try {
    const own = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    const below = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    return [Number(own ?? 0) / 1024, ...below.flatMap(peaks)];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}
