/**
 * A long recording at speed: `npm run bench -- long [MINUTES]` (default 120).
 *
 * One stream of Opus and VP8 goes through the recorder's own tracks to files, its packets arriving when they would: late by
 * 5 to 35 ms, from a sender whose sound card, camera clock and system clock all tick a little wrong. Printed are how far the
 * times in the files are from when things were sampled, how far sound and picture are apart, and the memory as it goes.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { StreamClock } from '../../backend/recording/capture/clock.ts';
import { TrackRecorder } from '../../backend/recording/capture/track-recorder.ts';
import { runFfprobe } from '../../backend/recording/ffmpeg.ts';

const MINUTES = Number(process.argv[2] ?? 120);
const TOTAL = MINUTES * 60_000;

/** Milliseconds. */
const FLUSH_INTERVAL = 800;
const REPORT_INTERVAL = 5000;
/** After that the clock has settled: what is found out until then is added to the whole track. */
const SETTLED = 15_000;

/** How much faster than ours each clock of the sender is, in parts of one. */
const SOUND_CARD = 40e-6;
const CAMERA = -30e-6;
const SYSTEM = 15e-6;

interface Sending {
  recorder: TrackRecorder;
  path: string;
  /** Milliseconds between two packets. */
  every: number;
  rate: number;
  fast: number;
  payload: (index: number) => Buffer;
}

/** Opus, 20 ms in stereo by its first byte (RFC 6716 §3.1). */
const sample = Buffer.alloc(80, 0xfc);

/** A VP8 frame in one packet (RFC 7741): a key frame every ten seconds, else one that follows. */
function picture(index: number): Buffer {
  const frame = Buffer.alloc(600, index & 0xff);
  frame[0] = 0x10;
  if (index % 150 !== 0) frame[1] = 0x01;
  else Buffer.from([0x00, 0x00, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xe0, 0x01]).copy(frame, 1);
  return frame;
}

setFlagsFromString('--expose-gc');
/** Frees what nobody needs: at this speed it gathers faster than it is freed by itself. */
const collect = runInNewContext('gc') as () => void;

const directory = await mkdtemp(join(tmpdir(), 'bench-long-'));
try {
  await run();
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function run(): Promise<void> {
  const clock = new StreamClock();
  const track = (codec: 'opus' | 'vp8', rate: number) => {
    const kind = codec === 'opus' ? ('audio' as const) : ('video' as const);
    const path = join(directory, `${kind}.mkv`);
    const onFailed = (error: Error) => {
      throw error;
    };
    const options = { kind, codec, payloadType: 96, ssrc: 1, clockRate: rate, path, name: 'bench' };
    const recorder = new TrackRecorder({
      track: options,
      clock: clock.track(rate),
      onKeyFrameWanted: () => undefined,
      onFailed,
    });
    return { recorder, path, rate };
  };
  const sound: Sending = { ...track('opus', 48_000), every: 20, fast: SOUND_CARD, payload: () => sample };
  const video: Sending = { ...track('vp8', 90_000), every: 200 / 3, fast: CAMERA, payload: picture };
  const memory = await send([sound, video]);
  const [heard, seen] = [await errors(sound), await errors(video)];
  const worst = (values: number[]) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0).toFixed(0);
  const apart = seen.map((error, index) => error - (heard[Math.round((index * video.every) / sound.every)] ?? error));
  console.log(
    `${MINUTES} minutes, ${seen.length} pictures and ${heard.length} packets of sound after the first ${SETTLED / 1000} s`,
  );
  console.log(`  sound is off by ${worst(heard)} ms at most, the picture by ${worst(seen)} ms`);
  console.log(`  sound and picture are apart by ${worst(apart)} ms at most (at most 40)`);
  console.log(`  memory after each tenth: ${memory.map((mb) => mb.toFixed(1)).join(', ')} MB`);
}

/** Sends all of it; answers the memory that is needed, in MB, at the end of each tenth. */
async function send(sendings: Sending[]): Promise<number[]> {
  const memory: number[] = [];
  const next = sendings.map(() => 0);
  let [flushAt, reportAt] = [0, 500];
  for (let now = 0; now < TOTAL; now += 20) {
    for (const [position, sending] of sendings.entries()) {
      while (next[position]! * sending.every < now + 20) {
        packet(sending, next[position]!);
        next[position]! += 1;
      }
    }
    if (now >= reportAt) {
      reportAt += REPORT_INTERVAL;
      for (const { recorder, rate, fast } of sendings)
        recorder.report({ timestamp: rtp(now, rate, fast), senderTime: 1e9 + now * (1 + SYSTEM) });
    }
    if (now < flushAt) continue;
    flushAt = now + FLUSH_INTERVAL;
    for (const { recorder } of sendings) recorder.flush();
    await turn();
    if (now < ((memory.length + 1) * TOTAL) / 10 - FLUSH_INTERVAL) continue;
    await written(sendings);
    collect();
    const { heapUsed, external } = process.memoryUsage();
    memory.push((heapUsed + external) / 2 ** 20);
  }
  await Promise.all(sendings.map(({ recorder }) => recorder.close()));
  return memory;
}

/** Resolves when the files grow no more: at this speed the disk lags behind, and what waits for it is no leak. */
async function written(sendings: Sending[]): Promise<void> {
  const sizes = async () => (await Promise.all(sendings.map(({ path }) => stat(path)))).map(({ size }) => size).join();
  let [before, now] = ['', await sizes()];
  while (before !== now) {
    await delay(100);
    [before, now] = [now, await sizes()];
  }
}

function packet({ recorder, every, rate, fast, payload }: Sending, index: number): void {
  const at = index * every;
  const delay = 5 + (Math.abs(Math.sin(index * 12.9898 + rate) * 43_758.5453) % 1) * 30;
  const [sequence, timestamp] = [index & 0xffff, rtp(at, rate, fast)];
  recorder.push({ payloadType: 96, marker: true, sequence, timestamp, payload: payload(index), arrivedAt: at + delay });
}

function rtp(at: number, rate: number, fast: number): number {
  return (1_000_000 + Math.round((at / 1000) * rate * (1 + fast))) >>> 0;
}

/** How much later than it was sampled each packet stands in the file, in milliseconds, from when the clock has settled. */
async function errors({ path, every, recorder }: Sending): Promise<number[]> {
  const found: number[] = [];
  let index = 0;
  await runFfprobe({
    args: ['-show_entries', 'packet=pts_time', '-of', 'csv=p=0', path],
    onLine(line) {
      const at = index * every;
      index += 1;
      if (at >= SETTLED) found.push(Number.parseFloat(line) * 1000 + recorder.progress.shiftMs - at);
    },
  });
  return found;
}
