/**
 * The sound: everybody's voice on the recording's clock, chunk by chunk. ffmpeg fills a pause by silence all at once, in
 * memory, so a chunk bounds what an hour's mute may take; each begins a moment early, for the decoders to settle.
 */
import type { Readable, Writable } from 'node:stream';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFfmpeg } from '../ffmpeg.ts';
import type { MixPlan } from './plan.ts';
import { type Track, scanTracks } from './tracks.ts';

interface SoundOptions {
  plan: MixPlan;
  /** The recording. */
  source: string;
  /** A directory for what is needed on the way. */
  directory: string;
  /** Name of the result in that directory: AAC in MP4, exactly as long as the plan. */
  out: string;
  onProgress: (fraction: number) => void;
  signal: AbortSignal;
  stallMs?: number;
}

const RATE = 48_000;
const CHUNK_SECONDS = 120;
const SETTLE_SECONDS = 1;

/** The voices are copied this much later than they were, so that no decoder's delay comes before the file's beginning. */
const LEAD_SECONDS = 1;

/** Stereo, 32 bits. Floating point, so that several loud voices may add up beyond full scale until the limiter. */
const BYTES_PER_SAMPLE = 8;

/** -1 dB below full scale: the encoder overshoots a little. 5 ms to look ahead, 50 ms to let go. */
const LIMITER = 'alimiter=limit=0.891:attack=5:release=50:level=false:latency=true';

/** Mixes the sound. Answers what ffmpeg complained about. */
export async function mixSound(options: SoundOptions): Promise<string[]> {
  const { plan, source, directory, out, signal, stallMs } = options;
  const run = { cwd: directory, signal, stallMs };
  const maps = plan.voices.flatMap(({ index }) => ['-map', `0:${index}`]);
  // A file of sound only: small, and with an index that leads to any second of it.
  const problems = await runFfmpeg({
    ...run,
    args: ['-copyts', '-itsoffset', String(LEAD_SECONDS), '-i', `file:${source}`, ...maps, '-c', 'copy', 'voices.mka'],
  });
  const shifts = await copyingShifts(options);
  const raw = ['-f', 'f32le', '-ar', String(RATE), '-ac', '2', '-i', 'pipe:0'];
  const more = await runFfmpeg({
    ...run,
    args: [...raw, '-af', LIMITER, '-c:a', 'aac', '-aac_coder', 'fast', '-b:a', '128k', '-movflags', '+faststart', out],
    onInput: (encoder) => writeChunks({ ...options, shifts }, encoder),
  });
  return [...problems, ...more];
}

/** Seconds that each voice is later by being copied. It is not the lead alone: ffmpeg takes the delay of Opus off once more. */
async function copyingShifts({ plan, directory, signal }: SoundOptions): Promise<number[]> {
  const { tracks } = await scanTracks(join(directory, 'voices.mka'), signal);
  return plan.voices.map(({ runs }, position) => {
    const copied = tracks.find(({ index }) => index === position)?.runs;
    return ((copied?.[0]?.fromMs ?? 0) - (runs[0]?.fromMs ?? 0)) / 1000;
  });
}

interface ChunkOptions extends SoundOptions {
  shifts: number[];
}

async function writeChunks(options: ChunkOptions, encoder: Writable): Promise<void> {
  const { plan, onProgress } = options;
  const total = Math.round((plan.frames * RATE) / plan.fps);
  const chunk = CHUNK_SECONDS * RATE;
  for (let from = 0; from < total && !encoder.destroyed; from += chunk) {
    await writeChunk(options, from, Math.min(chunk, total - from), encoder);
    onProgress(Math.min(1, (from + chunk) / total));
  }
}

async function writeChunk(options: ChunkOptions, from: number, samples: number, encoder: Writable): Promise<void> {
  const { plan, directory, signal, stallMs } = options;
  const [fromMs, toMs] = [from, from + samples].map((sample) => (sample * 1000) / RATE) as [number, number];
  const heard = plan.voices.flatMap((track, position) => (sounds(track, fromMs, toMs) ? [position] : []));
  let left = samples * BYTES_PER_SAMPLE;
  if (heard.length > 0) {
    const begin = Math.max(0, LEAD_SECONDS + fromMs / 1000 - SETTLE_SECONDS);
    const list = [
      'ffconcat version 1.0',
      'file voices.mka',
      `inpoint ${begin}`,
      `outpoint ${LEAD_SECONDS + toMs / 1000 + SETTLE_SECONDS}`,
    ];
    await writeFile(join(directory, 'chunk.ffconcat'), `${list.join('\n')}\n`);
    const graph = chunkGraph(
      heard.map((position) => ({
        position,
        mono: plan.voices[position]?.channels === 1,
        shift: fromMs / 1000 - begin + (options.shifts[position] ?? 0),
      })),
      samples,
    );
    const output = ['-map', '[out]', '-f', 'f32le', '-ar', String(RATE), '-ac', '2', 'pipe:1'];
    await runFfmpeg({
      args: ['-copyts', '-f', 'concat', '-i', 'chunk.ffconcat', '-filter_complex', graph, ...output],
      cwd: directory,
      signal,
      stallMs,
      onOutput: async (sound) => {
        left = await pour(sound, encoder, left);
      },
    });
  }
  await pour(silence(left), encoder, left);
}

function sounds({ runs }: Track, fromMs: number, toMs: number): boolean {
  return runs.some((run) => run.fromMs < toMs && run.toMs > fromMs);
}

/** Puts each voice where its timestamps say: silence for what is missing from 15 ms up, slight stretching for drift. */
function chunkGraph(heard: { position: number; mono: boolean; shift: number }[], samples: number): string {
  const voices = heard.map(
    ({ position, mono, shift }) =>
      // By itself one channel would become two that are softer by 3 dB.
      `[0:${position}]${mono ? 'pan=stereo|c0=c0|c1=c0,' : ''}asetpts=PTS-(${shift.toFixed(4)})/TB,` +
      `aresample=${RATE}:async=480:min_hard_comp=0.015:first_pts=0:out_channel_layout=stereo:out_sample_fmt=fltp,` +
      `apad=whole_len=${samples},atrim=end_sample=${samples}[voice${position}]`,
  );
  const inputs = heard.map(({ position }) => `[voice${position}]`).join('');
  return [...voices, `${inputs}amix=inputs=${heard.length}:normalize=0[out]`].join(';');
}

/** Hands at most `limit` bytes on, at the speed of the taker; answers how many of them were missing. */
async function pour(from: Readable | Iterable<Buffer>, to: Writable, limit: number): Promise<number> {
  let left = limit;
  for await (const data of from) {
    const part = (data as Buffer).subarray(0, left);
    left -= part.length;
    if (part.length === 0 || to.destroyed) continue;
    if (!to.write(part)) await drained(to);
  }
  return left;
}

/** Waits until a stream takes more, or is gone. */
async function drained(stream: Writable): Promise<void> {
  const aborter = new AbortController();
  const { signal } = aborter;
  try {
    await Promise.race([once(stream, 'drain', { signal }), once(stream, 'close', { signal })]);
  } finally {
    aborter.abort();
  }
}

function* silence(bytes: number): Generator<Buffer> {
  const block = Buffer.alloc(1 << 16);
  for (let left = bytes; left > 0; left -= block.length) yield block.subarray(0, Math.min(left, block.length));
}
