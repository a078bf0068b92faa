/**
 * What recording costs while a call goes on, beside the usual way: one `ffmpeg -c copy` for each stream, fed by a plain
 * transport. Both get the same packets, one after the other, from a process of their own. And how long the event loop
 * is held up with 20 recorded streams.
 */
import { fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { types } from 'mediasoup';
import { pino } from 'pino';
import { Capture } from '../../backend/recording/capture/capture.ts';
import { StreamRecorder } from '../../backend/recording/capture/stream-recorder.ts';
import { processTime } from '../backend/process-time.ts';
import { packetsOf, startRouter } from '../backend/recording/rtp-kit.ts';

const COST_STREAMS = 10;
const DELAY_STREAMS = 20;
const SECONDS = Number(process.argv[2] ?? 20);
/** Milliseconds of the input, which is sent again and again. */
const LOOP = 5000;
const TICK = 10;

const log = pino({ level: 'silent' });
const capture = new Capture(log);

const TRACKS = [
  { kind: 'video', codec: 'vp8', mimeType: 'video/VP8', clockRate: 90_000, payloadType: 101, encoding: 'VP8/90000' },
  {
    kind: 'audio',
    codec: 'opus',
    mimeType: 'audio/opus',
    clockRate: 48_000,
    payloadType: 100,
    encoding: 'opus/48000/2',
  },
] as const;

interface Target {
  port: number;
  ssrc: number;
  track: number;
}

interface Input {
  tracks: { data: string; at: number }[][];
  targets: Target[];
}

process.on('message', (file: string) => void send(file));
if (!process.send) await measure();

/** In the sending process: the packets of the file to all its targets, in real time, until the parent goes. */
async function send(file: string): Promise<void> {
  process.once('disconnect', () => process.exit());
  const { tracks, targets } = JSON.parse(await readFile(file, 'utf8')) as Input;
  const socket = createSocket('udp4');
  const packets = tracks
    .flatMap((track, index) => track.map(({ data, at }, i) => ({ data: Buffer.from(data, 'base64'), at, index, i })))
    .sort((a, b) => a.at - b.at);
  const startedAt = performance.now();
  for (let loop = 0; ; loop += 1) {
    for (const { data, at, index, i } of packets) {
      const wait = startedAt + loop * LOOP + at - performance.now();
      if (wait > TICK) await delay(wait);
      data.writeUInt16BE((loop * tracks[index]!.length + i) & 0xffff, 2);
      data.writeUInt32BE(Math.round((loop * LOOP + at) * (TRACKS[index]!.clockRate / 1000)) >>> 0, 4);
      for (const { port, ssrc, track } of targets) {
        if (track !== index) continue;
        const packet = Buffer.from(data);
        packet.writeUInt32BE(ssrc, 8);
        socket.send(packet, port, '127.0.0.1');
      }
    }
  }
}

async function measure(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'wcs-bench-'));
  const { worker, router } = await startRouter();
  console.log(`${COST_STREAMS} streams of 640x480 VP8 and Opus, ${SECONDS} s each way`);
  const streams: types.Producer[][] = [];
  const targets: Target[] = [];
  for (let n = 0; n < DELAY_STREAMS; n += 1) streams.push(await stream(router, n, targets));
  const input = join(directory, 'input.json');
  const cost = targets.slice(0, COST_STREAMS * TRACKS.length);
  const tracks = await Promise.all([packets('vp8'), packets('opus')]);
  const rate = tracks[0].reduce((sum, { data }) => sum + data.length * 0.75, 0) / (LOOP / 1000) / 125;
  console.log(
    `each ${Math.round(rate)} kbit/s, ${Math.round((tracks[0].length + tracks[1].length) / (LOOP / 1000))} packets/s`,
  );

  await writeFile(input, JSON.stringify({ tracks, targets: cost } satisfies Input));
  let sender = start(input);
  await delay(1500);
  const some = streams.slice(0, COST_STREAMS);
  // The first recording warms the compiler up, as the first minute of a backend does.
  const warm = await record(router, some, directory);
  await delay(SECONDS * 1000);
  for (const recorder of warm) await recorder.close();

  const nothing = await spend(worker, () => Promise.resolve([]));
  let recorders: StreamRecorder[] = [];
  const ours = await spend(worker, async () => {
    recorders = await record(router, some, directory);
    return [];
  });
  for (const recorder of recorders) await recorder.close();
  const frames = recorders.reduce((sum, { video }) => sum + (video?.frames ?? 0), 0);
  let copies: Awaited<ReturnType<typeof copy>>[] = [];
  const usual = await spend(worker, async () => {
    copies = await Promise.all(some.map((one, n) => copy({ router, stream: one, n, directory })));
    return copies.map(({ pid }) => pid);
  });
  for (const { stop } of copies) await stop();
  sender.kill();

  report('frames recorded', frames);
  report(
    'lost',
    recorders.reduce((sum, { audio, video }) => sum + audio!.lost + video!.lost, 0),
  );
  report('CPU without recording', `${(sum(nothing.all) / (SECONDS * 10)).toFixed(1)} % of a core`);
  for (const [what, part] of [
    [`${SECONDS} s from the start on`, 'all'],
    ['the second half of them', 'half'],
  ] as const) {
    const [more, usualMore] = [minus(ours[part], nothing[part]), minus(usual[part], nothing[part])];
    console.log(`  ${what}: ratio ${(sum(more) / sum(usualMore)).toFixed(2)}`);
    report('    recording adds', split(more));
    report('    ffmpeg -c copy adds', split(usualMore));
  }

  await writeFile(input, JSON.stringify({ tracks, targets } satisfies Input));
  sender = start(input);
  const all = await record(router, streams, directory);
  await delay(1500);
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await delay(SECONDS * 1000);
  histogram.disable();
  report(
    `event loop delay, ${DELAY_STREAMS} streams, p99 (under 20 ms)`,
    `${(histogram.percentile(99) / 1e6).toFixed(1)} ms`,
  );
  for (const recorder of all) await recorder.close();
  sender.kill();
  worker.close();
  await capture.close();
  await rm(directory, { recursive: true });
}

function split(spent: Spent): string {
  const parts = Object.entries(spent).map(([who, ms]) => `${who} ${Math.round(ms as number)}`);
  return `${Math.round(sum(spent))} ms (${parts.join(', ')})`;
}

function report(what: string, value: string | number): void {
  console.log(`  ${what}: ${value}`);
}

async function packets(codec: 'vp8' | 'opus'): Promise<Input['tracks'][number]> {
  const source =
    codec === 'vp8'
      ? `testsrc2=s=640x480:r=25:d=${LOOP / 1000},noise=c0s=6:c0f=t`
      : `anoisesrc=d=${LOOP / 1000}:a=0.1:r=48000`;
  const made = await packetsOf(codec, ['-f', 'lavfi', '-i', source]);
  return made.map(({ data, at }) => ({ data: data.toString('base64'), at }));
}

function start(input: string) {
  const child = fork(fileURLToPath(import.meta.url));
  child.send(input);
  return child;
}

/** The producers of one stream, and where its packets go. */
async function stream(router: types.Router, n: number, targets: Target[]): Promise<types.Producer[]> {
  const producers: types.Producer[] = [];
  for (const [index, track] of TRACKS.entries()) {
    const { kind, mimeType, clockRate, payloadType } = track;
    const codec = { mimeType, clockRate, payloadType, ...(kind === 'audio' ? { channels: 2 } : {}) };
    const ssrc = 10_000 + 2 * n + index;
    const transport = await router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
      comedia: true,
    });
    producers.push(
      await transport.produce({
        kind,
        rtpParameters: { codecs: [codec], encodings: [{ ssrc }], rtcp: { cname: `${n}` } },
      }),
    );
    targets.push({ port: transport.tuple.localPort, ssrc, track: index });
  }
  return producers;
}

function record(router: types.Router, streams: types.Producer[][], directory: string): Promise<StreamRecorder[]> {
  const origin = performance.now();
  const start = (producers: types.Producer[], n: number) =>
    StreamRecorder.start({
      capture,
      router,
      producers,
      directory,
      fileName: `${origin}-${n}`,
      streamName: `${n}`,
      origin,
      log,
    });
  return Promise.all(streams.map(start));
}

/** One ffmpeg that gets a stream from plain transports and writes it to a file as it is. */
async function copy({
  router,
  stream,
  n,
  directory,
}: {
  router: types.Router;
  stream: types.Producer[];
  n: number;
  directory: string;
}) {
  const lines = ['v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'];
  const consumers: types.Consumer[] = [];
  for (const [index, producer] of stream.entries()) {
    const port = 24_000 + 8 * n + 4 * index;
    const transport = await router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
      rtcpMux: false,
    });
    await transport.connect({ ip: '127.0.0.1', port, rtcpPort: port + 1 });
    const { rtpCapabilities } = router;
    const consumer = await transport.consume({ producerId: producer.id, rtpCapabilities, paused: true });
    const { payloadType } = consumer.rtpParameters.codecs[0]!;
    lines.push(
      `m=${producer.kind} ${port} RTP/AVP ${payloadType}`,
      `a=rtpmap:${payloadType} ${TRACKS[index]!.encoding}`,
    );
    consumers.push(consumer);
  }
  const sdp = join(directory, `${n}.sdp`);
  await writeFile(sdp, `${lines.join('\n')}\n`);
  const args = [
    '-v',
    'fatal',
    '-protocol_whitelist',
    'file,udp,rtp',
    '-i',
    sdp,
    '-c',
    'copy',
    '-y',
    join(directory, `copy-${n}.mkv`),
  ];
  const child = execa('ffmpeg', args, { reject: false, stdin: 'ignore' });
  // It must listen before the first packets come; it says nothing when it does.
  await delay(700);
  for (const consumer of consumers) await consumer.resume();
  const stop = async () => {
    child.kill('SIGKILL');
    await child;
  };
  return { pid: child.pid!, stop };
}

/** Milliseconds of CPU time, by who used them. */
interface Spent {
  worker: number;
  /** This process without the thread that captures. */
  main: number;
  capture: number;
  ffmpeg: number;
}

/** What `begin` and all that it starts use in SECONDS, and in their second half. */
async function spend(worker: types.Worker, begin: () => Promise<number[]>): Promise<{ all: Spent; half: Spent }> {
  const used = async (pids: number[]): Promise<Spent> => {
    const { user, system } = process.cpuUsage();
    const { ru_utime, ru_stime } = await worker.getResourceUsage();
    const thread = await capture.cpuTime();
    const others = await Promise.all(pids.map(processTime));
    const ffmpeg = others.reduce((sum, time) => sum + time, 0);
    return { worker: ru_utime + ru_stime, main: (user + system) / 1000 - thread, capture: thread, ffmpeg };
  };
  const startedAt = performance.now();
  const before = await used([]);
  const pids = await begin();
  await delay(startedAt + SECONDS * 500 - performance.now());
  const middle = await used(pids);
  await delay(startedAt + SECONDS * 1000 - performance.now());
  const end = await used(pids);
  return { all: minus(end, before), half: minus(end, middle) };
}

function minus(a: Spent, b: Spent): Spent {
  return {
    worker: a.worker - b.worker,
    main: a.main - b.main,
    capture: a.capture - b.capture,
    ffmpeg: a.ffmpeg - b.ffmpeg,
  };
}

function sum({ worker, main, capture, ffmpeg }: Spent): number {
  return worker + main + capture + ffmpeg;
}
