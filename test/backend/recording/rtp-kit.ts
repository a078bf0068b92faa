/** RTP made by ffmpeg, sent through a real mediasoup worker, and what came out of it seen and heard through ffmpeg. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createWorker, type types } from 'mediasoup';
import { execa } from 'execa';

const CODECS = {
  opus: { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2, payloadType: 100 },
  pcmu: { kind: 'audio', mimeType: 'audio/PCMU', clockRate: 8000, payloadType: 0 },
  pcma: { kind: 'audio', mimeType: 'audio/PCMA', clockRate: 8000, payloadType: 8 },
  vp8: { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000, payloadType: 101 },
  h264: {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    payloadType: 102,
    parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
  },
} as const;

export type Codec = keyof typeof CODECS;

const ENCODERS: Record<Codec, string[]> = {
  opus: ['-c:a', 'libopus', '-ac', '2', '-b:a', '64k'],
  pcmu: ['-c:a', 'pcm_mulaw', '-ar', '8000', '-ac', '1'],
  pcma: ['-c:a', 'pcm_alaw', '-ar', '8000', '-ac', '1'],
  vp8: ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '1M', '-g', '8'],
  h264: ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-profile:v', 'baseline', '-g', '8'],
};

export interface SentPacket {
  data: Buffer;
  /** Milliseconds after the first sample of its track. */
  at: number;
}

/** A worker with one router that carries what rooms carry. */
export async function startRouter(): Promise<{ worker: types.Worker; router: types.Router }> {
  const worker = await createWorker({ logLevel: 'warn' });
  const codecs: { payloadType?: number }[] = structuredClone(Object.values(CODECS));
  for (const codec of codecs) delete codec.payloadType;
  const router = await worker.createRouter({ mediaCodecs: codecs as types.RouterRtpCodecCapability[] });
  return { worker, router };
}

/**
 * Grey that is another one in each second, in steps of 25 from 30, under noise that needs many packets where asked for;
 * sound in every second second, from the second one on.
 */
export function pattern(codec: Codec, seconds: number, { size = '160x120', noise = 0 } = {}): string[] {
  const grey = `nullsrc=s=16x12:r=15:d=${seconds},geq=lum='30+25*mod(floor(T),8)':cb=128:cr=128`;
  return CODECS[codec].kind === 'video'
    ? ['-f', 'lavfi', '-i', `${grey},scale=${size.replace('x', ':')},noise=c0s=${noise}:c0f=t`]
    : ['-f', 'lavfi', '-i', `aevalsrc='0.5*sin(2*PI*1000*t)*mod(floor(t),2)':s=48000:d=${seconds}`];
}

/** The packets that ffmpeg makes of `input`, with the times at which they should be sent. */
export async function packetsOf(codec: Codec, input: string[]): Promise<SentPacket[]> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
  const received: Buffer[] = [];
  const { payloadType, clockRate } = CODECS[codec];
  socket.on('message', (data) => {
    // RTCP of ffmpeg's own is left out: it says nothing about when we send.
    if ((data[1]! & 0x7f) === payloadType) received.push(data);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const target = ['-payload_type', String(payloadType), '-ssrc', '1', '-f', 'rtp', '-rtpflags', 'skip_rtcp'];
  const url = `rtp://127.0.0.1:${socket.address().port}?pkt_size=1200`;
  await execa('ffmpeg', ['-v', 'error', '-nostdin', ...input, ...ENCODERS[codec], ...target, url], { timeout: 30_000 });
  await delay(50);
  socket.close();
  const first = received[0]!.readUInt32BE(4);
  return received.map((data) => ({ data, at: (((data.readUInt32BE(4) - first) | 0) / clockRate) * 1000 }));
}

/** One track that is sent to the router, as a browser's would be. */
export class Sender {
  readonly producer: types.Producer;
  readonly #transport: types.DirectTransport;
  readonly #codec: Codec;
  readonly #ssrc: number;

  /** `layers`: encodings of simulcast, from the smallest picture to the largest. */
  static async start(router: types.Router, codec: Codec, layers = 1): Promise<Sender> {
    const transport = await router.createDirectTransport();
    const ssrc = 1000 + Math.floor(Math.random() * 1e6);
    const { kind, ...parameters } = CODECS[codec];
    const producer = await transport.produce({
      kind,
      rtpParameters: {
        codecs: [structuredClone(parameters) as types.RtpCodecParameters],
        encodings: Array.from({ length: layers }, (_, layer) => ({ ssrc: ssrc + layer })),
        rtcp: { cname: 'somebody' },
      },
    });
    return new Sender(producer, transport, { codec, ssrc });
  }

  private constructor(
    producer: types.Producer,
    transport: types.DirectTransport,
    { codec, ssrc }: { codec: Codec; ssrc: number },
  ) {
    this.producer = producer;
    this.#transport = transport;
    this.#codec = codec;
    this.#ssrc = ssrc;
  }

  /**
   * Sends packets at their times after `startedAt` (performance.now()), `late` milliseconds too late, with a sender
   * report every second that tells the true times, unless `silent`. `layer`: of simulcast, from 0.
   */
  async play(
    packets: SentPacket[],
    { startedAt = performance.now(), late = 0, silent = false, layer = 0 } = {},
  ): Promise<void> {
    let reportAt = 500;
    for (const { data, at } of packets) {
      const wait = startedAt + at + late - performance.now();
      if (wait > 1) await delay(wait);
      if (this.producer.closed) return;
      this.send(data, layer);
      if (silent || at < reportAt) continue;
      reportAt = at + 1000;
      this.report(data.readUInt32BE(4), performance.timeOrigin + startedAt + at, layer);
    }
  }

  send(data: Buffer, layer = 0): void {
    const packet = Buffer.from(data);
    packet.writeUInt32BE(this.#ssrc + layer, 8);
    this.producer.send(packet);
  }

  /** RFC 3550 §6.4.1, `at` in milliseconds since the Unix epoch. */
  report(timestamp: number, at: number, layer = 0): void {
    const report = Buffer.alloc(28);
    report.writeUInt32BE(0x80c80006, 0);
    report.writeUInt32BE(this.#ssrc + layer, 4);
    report.writeUInt32BE(Math.floor(at / 1000) + 2_208_988_800, 8);
    report.writeUInt32BE(Math.floor(((at % 1000) / 1000) * 2 ** 32), 12);
    report.writeUInt32BE(timestamp, 16);
    this.#transport.sendRtcp(report);
  }

  get codec(): Codec {
    return this.#codec;
  }

  close(): void {
    this.#transport.close();
  }
}

export interface SeenFrame {
  /** Milliseconds. */
  at: number;
  /** Of the whole picture, 0 to 255. */
  grey: number;
  /** Of its lightest and darkest 48th. */
  spread: number;
}

/** The frames of a file's first video track. */
export async function framesOf(file: string): Promise<SeenFrame[]> {
  const input = ['-v', 'error', '-i', file, '-map', '0:v:0'];
  const output = ['-fps_mode', 'passthrough', '-vf', 'scale=8:6:flags=area', '-pix_fmt', 'gray', '-f', 'rawvideo', '-'];
  const { stdout } = await execa('ffmpeg', [...input, '-copyts', ...output], { encoding: 'buffer', timeout: 30_000 });
  const times = await probe(file, ['-select_streams', 'v:0', '-show_entries', 'frame=best_effort_timestamp_time']);
  return times.map((line, i) => {
    const pixels = [...stdout.subarray(48 * i, 48 * i + 48)];
    const grey = pixels.reduce((sum, pixel) => sum + pixel, 0) / 48;
    return { at: Math.round(Number.parseFloat(line) * 1000), grey, spread: Math.max(...pixels) - Math.min(...pixels) };
  });
}

/** When, in milliseconds, sound of a file's first audio track begins and ends. */
export async function soundsOf(file: string): Promise<{ from: number; to: number }[]> {
  const filter = 'aresample=8000:async=1:first_pts=0:min_hard_comp=0.01';
  const output = ['-map', '0:a:0', '-af', filter, '-ac', '1', '-f', 's16le', '-'];
  const { stdout } = await execa('ffmpeg', ['-v', 'error', '-copyts', '-i', file, ...output], {
    encoding: 'buffer',
    timeout: 30_000,
  });
  const samples = Buffer.from(stdout);
  const sounds: { from: number; to: number }[] = [];
  for (let at = 0; at * 80 * 2 + 160 <= samples.length; at += 1) {
    let peak = 0;
    for (let i = 0; i < 80; i += 1) peak = Math.max(peak, Math.abs(samples.readInt16LE((at * 80 + i) * 2)));
    if (peak < 4000) continue;
    const last = sounds.at(-1);
    if (last && at * 10 - last.to <= 30) last.to = at * 10 + 10;
    else sounds.push({ from: at * 10, to: at * 10 + 10 });
  }
  return sounds;
}

/** Lines of ffprobe's compact output. */
export async function probe(file: string, entries: string[]): Promise<string[]> {
  const { stdout } = await execa('ffprobe', ['-v', 'error', ...entries, '-of', 'csv=p=0', file], { timeout: 30_000 });
  return stdout.split('\n').filter((line) => line !== '');
}

/** When, in milliseconds, the picture first shows each of its greys that `pattern` has. */
export function changesOf(frames: SeenFrame[]): Map<number, number> {
  const changes = new Map<number, number>();
  for (const { at, grey } of frames) {
    // Full range grey of limited range luma.
    const second = Math.round(((grey / 255) * 219 + 16 - 30) / 25);
    if (!changes.has(second)) changes.set(second, at);
  }
  return changes;
}
