/** Makes small recordings whose every moment is known, and measures what a file shows and sounds. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { runFfmpeg, runFfprobe } from '../../../backend/recording/ffmpeg.ts';
import type { Timeline, TimelineStream } from '../../../backend/recording/timeline.ts';
import { writeTimeline } from '../../../backend/recording/timeline.ts';

export const FPS = 25;
export const RATE = 48_000;

interface Sent {
  /** On the recording's clock. */
  fromMs: number;
  toMs: number;
  /** ffmpeg expression of the brightness (0 to 255) at T seconds of the recording; video is sent when it is given. */
  luma?: string;
  size?: string;
  frames?: number;
  /** ffmpeg expression of the sound at t seconds of the recording; sound is sent when it is given. */
  sound?: string;
  codec?: 'libvpx' | 'libx264';
  /** Between two key frames, in frames; a browser sends one when asked only. */
  keyframes?: number;
}

export interface Sender {
  name: string;
  login?: string;
  kind?: 'camera' | 'screen';
  sent: Sent[];
  startMs?: number;
  endMs?: number | null;
  muted?: TimelineStream['muted'];
}

/** Makes a directory that is removed by what `after` is given. */
export async function scratch(after: (clean: () => Promise<void>) => void): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'mixer-'));
  after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Writes `room-test.mkv` and, unless told otherwise, its timeline. Answers the path of the .mkv. */
export async function record(directory: string, senders: Sender[], timeline?: Partial<Timeline> | null): Promise<string> {
  const tracks: { file: string; name: string }[] = [];
  for (const [index, { name, sent }] of senders.entries()) {
    for (const kind of ['video', 'audio'] as const) {
      const parts = sent.filter((part) => (kind === 'video' ? part.luma : part.sound) !== undefined);
      if (parts.length === 0) continue;
      const file = `track-${index}-${kind}.mkv`;
      await makeTrack(directory, file, kind, parts);
      tracks.push({ file, name });
    }
  }
  const inputs = tracks.flatMap(({ file }) => ['-i', file]);
  const maps = tracks.flatMap(({ name }, i) => ['-map', `${i}:0`, `-metadata:s:${i}`, `title=${name}`]);
  await runFfmpeg({ args: ['-copyts', ...inputs, ...maps, '-c', 'copy', 'room-test.mkv'], cwd: directory });
  if (timeline !== null) await writeTimeline(join(directory, 'room-test.json'), timelineOf(senders, timeline));
  return join(directory, 'room-test.mkv');
}

function timelineOf(senders: Sender[], more?: Partial<Timeline>): Timeline {
  const streams = senders.map(({ name, login = name, kind = 'camera', sent, muted = [], ...own }) => {
    const startMs = own.startMs ?? Math.min(...sent.map((part) => part.fromMs));
    const endMs = own.endMs === undefined ? Math.max(...sent.map((part) => part.toMs)) : own.endMs;
    return { name, login, kind, mediaSessionId: `id-of-${name}`, startMs, endMs, muted };
  });
  return {
    version: 1,
    room: 'test',
    recorder: 'multi-recorder://test',
    startedAt: 1_790_000_000_000,
    endedAt: 1_790_000_100_000,
    durationMs: Math.max(0, ...streams.map(({ endMs }) => endMs ?? 0)),
    state: 'recorded',
    attempts: 0,
    file: 'room-test.mkv',
    participants: streams.map(({ login, startMs, endMs }) => ({ login, joinedAtMs: startMs, leftAtMs: endMs })),
    streams,
    speakers: [],
    ...more,
  };
}

/** One track, of parts with pauses between them; timestamps are those of the recording. */
async function makeTrack(directory: string, file: string, kind: 'audio' | 'video', parts: Sent[]): Promise<void> {
  const names: string[] = [];
  for (const [index, part] of parts.entries()) {
    const name = `${file}.${index}.mkv`;
    const [from, seconds] = [part.fromMs / 1000, (part.toMs - part.fromMs) / 1000];
    const source =
      kind === 'video'
        ? `color=c=black:s=${part.size ?? '160x120'}:r=${FPS}:d=${seconds},setpts=PTS+${from}/TB,format=yuv420p,geq=lum='${part.luma}':cb=128:cr=128`
        : `aevalsrc='${part.sound?.replaceAll(/\bt\b/g, `(t+${from})`)}':s=${RATE}:d=${seconds},asetpts=PTS+${from}/TB`;
    const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '500k'];
    const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0'];
    const video = [...(part.codec === 'libx264' ? h264 : vp8), '-g', String(part.keyframes ?? 1000)];
    const encoder = kind === 'video' ? video : ['-c:a', 'libopus', '-application', 'audio', '-b:a', '64k'];
    const count = part.frames && kind === 'video' ? ['-frames:v', String(part.frames)] : [];
    await runFfmpeg({ args: ['-f', 'lavfi', '-i', source, '-copyts', ...count, ...encoder, name], cwd: directory });
    names.push(name);
  }
  if (names.length === 1) {
    await runFfmpeg({ args: ['-copyts', '-i', names[0] ?? '', '-c', 'copy', file], cwd: directory });
    return;
  }
  // Parts are put behind each other at the times they carry, by copying them to a stream of packets that is not cut up.
  const first = parts[0]?.fromMs ?? 0;
  const list = parts.map((part, index) => {
    const next = parts[index + 1]?.fromMs ?? part.toMs;
    return `file ${names[index]}\ninpoint ${part.fromMs / 1000 - 0.01}\nduration ${(next - part.fromMs) / 1000}\n`;
  });
  await writeFile(join(directory, `${file}.txt`), list.join(''));
  const shift = ['-itsoffset', String(first / 1000 - 0.01)];
  await runFfmpeg({ args: [...shift, '-copyts', '-f', 'concat', '-i', `${file}.txt`, '-c', 'copy', file], cwd: directory });
}

/** The mean brightness (0 to 255) of a part of the picture, frame by frame. */
export async function brightness(file: string, rect: { x: number; y: number; width: number; height: number }): Promise<number[]> {
  const crop = `crop=${rect.width}:${rect.height}:${rect.x}:${rect.y}`;
  const filters = `${crop},format=gray,scale=1:1:flags=area`;
  return [...(await raw(['-i', file, '-vf', filters, '-fps_mode', 'passthrough', '-f', 'rawvideo']))];
}

/** One picture, as grey values of each pixel. */
export async function picture(file: string, frame: number): Promise<Buffer> {
  return raw(['-i', file, '-vf', `select=eq(n\\,${frame}),format=gray`, '-frames:v', '1', '-f', 'rawvideo']);
}

/** The sound, mixed down to one channel, -1 to 1, 48,000 samples a second. */
export async function samples(file: string): Promise<Float32Array> {
  const bytes = await raw(['-i', file, '-vn', '-ac', '1', '-ar', String(RATE), '-f', 'f32le']);
  return new Float32Array(new Uint8Array(bytes).buffer);
}

/** How strong a tone is in a stretch of sound (Goertzel): about its amplitude. */
export function toneAt(sound: Float32Array, hertz: number, fromMs: number, toMs: number): number {
  const part = sound.subarray((fromMs * RATE) / 1000, (toMs * RATE) / 1000);
  let [re, im] = [0, 0];
  for (const [index, value] of part.entries()) {
    const angle = (2 * Math.PI * hertz * index) / RATE;
    re += value * Math.cos(angle);
    im += value * Math.sin(angle);
  }
  return (2 * Math.hypot(re, im)) / part.length;
}

/** When, in ms from `fromMs` on, sound first gets louder than `level` (root mean square of 2 ms). */
export function onset(sound: Float32Array, fromMs: number, level: number): number {
  const block = RATE / 500;
  for (let at = Math.round((fromMs * RATE) / 1000); at + block < sound.length; at += block) {
    const power = sound.subarray(at, at + block).reduce((sum, value) => sum + value * value, 0) / block;
    if (Math.sqrt(power) > level) return (at * 1000) / RATE;
  }
  return Infinity;
}

/** What ffprobe says of a file. */
export async function probe(file: string): Promise<{
  streams: { codec_type: string; codec_name: string; width?: number; nb_frames?: string; duration: string }[];
  format: { duration: string; format_name: string };
}> {
  let json = '';
  await runFfprobe({ args: ['-show_streams', '-show_format', '-of', 'json', file], onLine: (line) => (json += line) });
  return JSON.parse(json);
}

async function raw(args: string[]): Promise<Buffer> {
  const parts: Buffer[] = [];
  await runFfmpeg({
    args: [...args, 'pipe:1'],
    onOutput: async (output: Readable) => {
      for await (const part of output) parts.push(part as Buffer);
    },
  });
  return Buffer.concat(parts);
}
