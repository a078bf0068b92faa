/** Makes small recordings whose every moment is known, and measures what a file shows and sounds. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { runFfmpeg, runFfprobe } from '../../../backend/recording/ffmpeg.ts';
import type { Timeline, TimelineStream } from '../../../backend/recording/timeline.ts';
import { writeTimeline } from '../../../backend/recording/timeline.ts';

export const FPS = 25;
const RATE = 48_000;

export interface Sender {
  name: string;
  login?: string;
  kind?: 'camera' | 'screen';
  /** When packets are sent, in milliseconds on the recording's clock; multiples of 40, the distance of two frames. */
  sent: [fromMs: number, toMs: number][];
  /** ffmpeg expression of the brightness (0 to 255) at T seconds of the recording; without it there is no video. */
  luma?: string;
  /** ffmpeg expression of the sound at t seconds of the recording; without it there is no sound. */
  sound?: string;
  codec?: 'libvpx' | 'libx264';
  audioCodec?: 'libopus' | 'pcm_mulaw' | 'pcm_alaw';
  size?: string;
  /** How many video frames are sent at most. */
  frames?: number;
  /** A ready track to send in place of `luma`, of any sizes; its timestamps are taken as they are. */
  videoFile?: string;
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
export async function record(
  directory: string,
  senders: Sender[],
  timeline?: Partial<Timeline> | null,
): Promise<string> {
  const inputs: string[] = [];
  const outputs: string[] = [];
  let count = 0;
  const add = (name: string, input: string[], output: string[]) => {
    inputs.push(...input);
    // Options of an output belong to the stream with that number.
    const own = output.map((word) =>
      /^-(c|g|bf|bsf|b|ar|ac|frames|force_key_frames|preset|deadline)$/.test(word) ? `${word}:${count}` : word,
    );
    outputs.push('-map', String(count), ...own, `-metadata:s:${count}`, `title=${name}`);
    count++;
  };
  for (const sender of senders) {
    if (sender.videoFile) add(sender.name, ['-i', sender.videoFile], ['-c', 'copy']);
    if (sender.luma !== undefined)
      add(sender.name, lavfi(pictureSource(sender)), [...videoEncoder(sender), ...pauses(sender, 1000 / FPS)]);
    if (sender.sound !== undefined)
      add(sender.name, lavfi(soundSource(sender)), [...audioEncoder(sender), ...pauses(sender, 20)]);
  }
  const file = join(directory, 'room-test.mkv');
  await runFfmpeg({ args: ['-copyts', ...inputs, ...outputs, '-avoid_negative_ts', 'disabled', file], cwd: directory });
  if (timeline !== null) await writeTimeline(join(directory, 'room-test.json'), timelineOf(senders, timeline));
  return file;
}

function lavfi(source: string): string[] {
  return ['-f', 'lavfi', '-i', source];
}

function pictureSource({ sent, luma, size = '160x120' }: Sender): string {
  const [from, seconds] = extent(sent);
  return `color=c=black:s=${size}:r=${FPS}:d=${seconds},setpts=PTS+${from}/TB,format=yuv420p,geq=lum='${luma}':cb=128:cr=128`;
}

function soundSource({ sent, sound = '' }: Sender): string {
  const [from, seconds] = extent(sent);
  return `aevalsrc='${sound.replaceAll(/\bt\b/g, `(t+${from})`)}':s=${RATE}:d=${seconds},asetpts=PTS+${from}/TB`;
}

function extent(sent: Sender['sent']): [from: number, seconds: number] {
  const from = (sent[0]?.[0] ?? 0) / 1000;
  return [from, (sent.at(-1)?.[1] ?? 0) / 1000 - from];
}

/** A browser sends a key frame when it begins again, and no others unless it is asked. */
function videoEncoder({ codec = 'libvpx', sent, frames }: Sender): string[] {
  const encoder = codec === 'libvpx' ? ['-deadline', 'realtime'] : ['-preset', 'ultrafast', '-bf', '0'];
  const keys = ['-g', '10000', '-force_key_frames', sent.map(([from]) => from / 1000).join(',')];
  return ['-c', codec, '-b', '500k', ...encoder, ...keys, ...(frames ? ['-frames', String(frames)] : [])];
}

function audioEncoder({ audioCodec = 'libopus' }: Sender): string[] {
  if (audioCodec === 'libopus') return ['-c', audioCodec, '-b', '64k'];
  // G.711 has 8,000 samples a second and one channel.
  return ['-c', audioCodec, '-ar', '8000', '-ac', '1'];
}

/** Drops the packets between the times of `sent`, by their numbers: `packetMs` is how long each lasts. */
function pauses({ sent }: Sender, packetMs: number): string[] {
  const number = (ms: number) => Math.round((ms - (sent[0]?.[0] ?? 0)) / packetMs);
  const kept = sent.map(([from, to]) => `between(n\\,${number(from)}\\,${number(to) - 1})`).join('+');
  return sent.length > 1 ? ['-bsf', `noise=drop=not(${kept})`] : [];
}

function timelineOf(senders: Sender[], more?: Partial<Timeline>): Timeline {
  const streams = senders.map(({ name, login = name, kind = 'camera', sent, muted = [], ...own }) => {
    const startMs = own.startMs ?? Math.min(...sent.map(([from]) => from));
    const endMs = own.endMs === undefined ? Math.max(...sent.map(([, to]) => to)) : own.endMs;
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

/** The mean brightness (0 to 255) of a part of the picture, frame by frame. */
export async function brightness(
  file: string,
  rect: { x: number; y: number; width: number; height: number },
): Promise<number[]> {
  const crop = `crop=${rect.width}:${rect.height}:${rect.x}:${rect.y}`;
  const filters = `${crop},format=gray,scale=1:1:flags=area`;
  return [...(await raw(['-i', file, '-vf', filters, '-fps_mode', 'passthrough', '-f', 'rawvideo']))];
}

/** One picture, as grey values of each pixel. */
export async function picture(file: string, frame: number): Promise<Buffer> {
  return raw(['-i', file, '-vf', `select=eq(n\\,${frame}),format=gray`, '-frames:v', '1', '-f', 'rawvideo']);
}

/** The sound of the left channel, -1 to 1, 48,000 samples a second. */
export async function samples(file: string): Promise<Float32Array> {
  const bytes = await raw(['-i', file, '-vn', '-af', 'pan=mono|c0=c0', '-ar', String(RATE), '-f', 'f32le']);
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

interface Probed {
  streams: { codec_type: string; codec_name: string; width?: number; nb_frames?: string; duration: string }[];
  format: { duration: string; format_name: string };
}

/** What ffprobe says of a file. */
export async function probe(file: string): Promise<Probed> {
  let json = '';
  await runFfprobe({ args: ['-show_streams', '-show_format', '-of', 'json', file], onLine: (line) => (json += line) });
  return JSON.parse(json) as Probed;
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
