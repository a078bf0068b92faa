/** What is in a recording: its streams, its length, which colours it shows and which tones it sounds, and when. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Milliseconds between two looks at a picture, and the length of a piece of sound. */
const STEPS = { picture: 100, sound: 100 };
const WIDTH = 32;
const HEIGHT = 18;
const SAMPLE_RATE = 8000;

const COLOURS = { red: [255, 0, 0], green: [0, 128, 0], blue: [0, 0, 255] } as const;
export type Colour = keyof typeof COLOURS;

export interface Contents {
  codecs: string[];
  durationMs: number;
  /** How much of the picture is of that colour at that time, 0 to 1. */
  shows(colour: Colour, atMs: number): number;
  /** When more than a tenth of the picture is of that colour, and was not before. */
  timesShown(colour: Colour): number[];
  /** When a tone of that frequency is heard that was not before. */
  timesHeard(hertz: number): number[];
}

/** `steps`: how closely it is looked at, in milliseconds. */
export async function contentsOf(file: string, steps = STEPS): Promise<Contents> {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-of', 'json', '-show_entries', 'stream=codec_name:format=duration'],
    file,
  ]);
  const { streams, format } = JSON.parse(stdout) as {
    streams: { codec_name: string }[];
    format: { duration: string };
  };
  const codecs = streams.map(({ codec_name }) => codec_name);
  const picture = /vp8|h264/.test(codecs.join())
    ? await decode(file, [
        '-vf',
        `fps=${1000 / steps.picture},scale=${WIDTH}:${HEIGHT}`,
        '-f',
        'rawvideo',
        '-pix_fmt',
        'rgb24',
      ])
    : Buffer.alloc(0);
  const sound = await decode(file, ['-vn', '-ac', '1', '-ar', String(SAMPLE_RATE), '-f', 's16le']);
  const shows = (colour: Colour, atMs: number) => share(picture, Math.floor(atMs / steps.picture), COLOURS[colour]);
  const frames = picture.length / (WIDTH * HEIGHT * 3);
  const count = samples(steps.sound);
  return {
    codecs,
    durationMs: Number(format.duration) * 1000,
    shows,
    timesShown: (colour) => begins(frames, steps.picture, (frame) => shows(colour, frame * steps.picture) > 0.1),
    timesHeard: (hertz) =>
      begins(Math.floor(sound.length / 2 / count), steps.sound, (piece) => {
        return loudness(sound.subarray(2 * piece * count, 2 * (piece + 1) * count), hertz) > 0.02;
      }),
  };
}

/** The times of those of `count` steps at which something is so that was not so at the step before. */
function begins(count: number, stepMs: number, isSo: (step: number) => boolean): number[] {
  const so = Array.from({ length: count }, (_, step) => isSo(step));
  return so.flatMap((now, step) => (now && !so[step - 1] ? [step * stepMs] : []));
}

const samples = (ms: number) => (SAMPLE_RATE * ms) / 1000;

async function decode(file: string, output: string[]): Promise<Buffer> {
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', file, ...output, '-'], {
    encoding: 'buffer',
    maxBuffer: 2 ** 28,
  });
  return stdout;
}

function share(picture: Buffer, frame: number, colour: readonly number[]): number {
  const size = WIDTH * HEIGHT * 3;
  const pixels = picture.subarray(frame * size, (frame + 1) * size);
  let like = 0;
  for (let at = 0; at < pixels.length; at += 3) {
    if (colour.every((value, part) => Math.abs((pixels[at + part] ?? 0) - value) < 70)) like += 1;
  }
  return like / (WIDTH * HEIGHT);
}

/** Amplitude of one frequency in a piece of sound, 0 to 1 (Goertzel). */
function loudness(sound: Buffer, hertz: number): number {
  const count = sound.length / 2;
  let [re, im] = [0, 0];
  for (let index = 0; index < count; index += 1) {
    const value = sound.readInt16LE(2 * index) / 32768;
    const angle = (2 * Math.PI * hertz * index) / SAMPLE_RATE;
    re += value * Math.cos(angle);
    im += value * Math.sin(angle);
  }
  return (2 * Math.hypot(re, im)) / count;
}
