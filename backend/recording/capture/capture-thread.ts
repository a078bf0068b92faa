/**
 * The thread that all streams are recorded in, from their packets to their files, so that no packet ever touches the
 * event loop that carries signaling. It owns the sockets and the streams' tracks; `messages.ts` is what it hears and
 * tells.
 *
 * Nobody watches a recording live, so packets may wait in the kernel: the thread sleeps, then takes all there is at
 * once. A wake-up for each packet is most of what the usual ways of recording spend, on both ends of the socket.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { parentPort } from 'node:worker_threads';
import type { types } from 'mediasoup';
import { StreamClock } from './clock.ts';
import type { FromThread, News, Order, ProgressByKind, ToThread, Track } from './messages.ts';
import { parseRtp } from './rtp.ts';
import { TrackRecorder } from './track-recorder.ts';

const LOOPBACK = '127.0.0.1';

/** Milliseconds of sleep: at first, when many packets come, and when few do. */
const SLEEP_MIN = 2;
const SLEEP_MAX = 40;

/**
 * Milliseconds by which sleeps differ: packets that come as regularly as the thread wakes up would all be late by the
 * same, and a track's clock goes by those that are least late.
 */
const SLEEP_JITTER = 10;

/** Streams share so many sockets: to look into one costs as much as two packets, and what one can hold is limited. */
const SOCKETS = 4;

/** Bytes for packets that wait; the kernel gives as much of that as it is allowed to (net.core.rmem_max). */
const RECEIVE_BUFFER = 2 * 1024 * 1024;

/** Of that, what the kernel counts for a packet of the usual 1200 bytes, and which part may be filled in one sleep. */
const PACKET_BYTES = 2304;
const FILL = 1 / 4;

/** Milliseconds between two writes: with what waits for lost packets, less than two seconds die with the process. */
const FLUSH_INTERVAL = 800;

type Opening = Extract<Order, { type: 'open' }>;

/** One stream that is recorded. */
class StreamCapture {
  readonly from: number;
  readonly #stream: number;
  readonly #origin: number;
  readonly #clock = new StreamClock();
  /** By payload type. */
  readonly #tracks = new Map<number, { kind: types.MediaKind; recorder: TrackRecorder }>();
  #news = false;
  closing = false;

  constructor(stream: number, { from, origin, tracks }: Opening) {
    this.from = from;
    this.#stream = stream;
    this.#origin = origin;
    for (const track of tracks) this.#add(track);
  }

  take(order: Exclude<Order, Opening>): void {
    if (order.type === 'report') this.#report(order);
    else this.closing = true;
  }

  push(data: Buffer): void {
    const packet = parseRtp(data, performance.now() - this.#origin);
    // RTCP of mediasoup comes here too; it tells when mediasoup sends, not when the sender has sampled.
    if (packet) this.#tracks.get(packet.payloadType)?.recorder.push(packet);
    this.#news = true;
  }

  /** Writes what has gathered, and tells how far that is. */
  flush(): void {
    if (!this.#news) return;
    this.#news = false;
    for (const { recorder } of this.#tracks.values()) recorder.flush();
    this.#tellProgress();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#tracks.values()].map(({ recorder }) => recorder.close()));
    this.#tellProgress();
    this.tell({ type: 'closed' });
  }

  tell(news: News): void {
    parentPort!.postMessage({ stream: this.#stream, news } satisfies FromThread);
  }

  #add(track: Track): void {
    const { kind, payloadType, clockRate } = track;
    const recorder = new TrackRecorder({
      track,
      clock: this.#clock.track(clockRate),
      onKeyFrameWanted: () => this.tell({ type: 'key-frame-wanted', kind }),
      onFailed: ({ message }) => this.tell({ type: 'failed', message }),
    });
    this.#tracks.set(payloadType, { kind, recorder });
  }

  #report({ kind, report }: Extract<Order, { type: 'report' }>): void {
    for (const track of this.#tracks.values()) if (track.kind === kind) track.recorder.report(report);
  }

  #tellProgress(): void {
    const progress: ProgressByKind = {};
    for (const { kind, recorder } of this.#tracks.values()) progress[kind] = recorder.progress;
    this.tell({ type: 'progress', progress });
  }
}

const streams = new Map<number, StreamCapture>();
/** By the port that a stream's packets come from; no other process can have it. */
const sources = new Map<number, StreamCapture>();
const sockets = await Promise.all(Array.from({ length: SOCKETS }, listen));
/** Packets that may gather in a socket during one sleep. */
const room = Math.min(...sockets.map((socket) => (socket.getRecvBufferSize() / PACKET_BYTES) * FILL));
/** Packets since the last sleep, by socket; and in this turn of the event loop. */
const gathered = new Array<number>(SOCKETS).fill(0);
let received = 0;
let sleep = SLEEP_MIN;
let awake = false;
/** Streams whose files are being closed: somebody waits for that. */
let ending = 0;
let flushedAt = 0;
/** What nobody ever wakes the thread up by. */
const never = new Int32Array(new SharedArrayBuffer(4));

parentPort!.on('message', ({ stream, order }: ToThread) => {
  if (order.type === 'open') begin(stream, order);
  else streams.get(stream)?.take(order);
});

async function listen(_: unknown, index: number): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('message', (data, { port }) => {
    received += 1;
    gathered[index]! += 1;
    sources.get(port)?.push(data);
  });
  socket.bind(0, LOOPBACK);
  await once(socket, 'listening');
  socket.setRecvBufferSize(RECEIVE_BUFFER);
  return socket;
}

function begin(stream: number, opening: Opening): void {
  const capture = new StreamCapture(stream, opening);
  streams.set(stream, capture);
  sources.set(opening.from, capture);
  capture.tell({ type: 'opened', port: sockets[stream % SOCKETS]!.address().port });
  // Key frames of all streams of a room come at once now.
  sleep = SLEEP_MIN;
  if (!awake) turn();
}

/** One turn of the event loop: sleeps when nothing came in the last one, that is, when the sockets are empty. */
function turn(): void {
  if (received === 0) {
    flush();
    endStreams();
    awake = streams.size > 0;
    if (!awake) return;
    sleep = Math.min(2 * sleep, (sleep * room) / Math.max(1, ...gathered), SLEEP_MAX);
    if (ending > 0 || sleep < SLEEP_MIN) sleep = SLEEP_MIN;
    gathered.fill(0);
    Atomics.wait(never, 0, 0, Math.max(SLEEP_MIN, sleep - Math.random() * SLEEP_JITTER));
  }
  received = 0;
  setImmediate(turn);
}

function flush(): void {
  const now = performance.now();
  if (now - flushedAt < FLUSH_INTERVAL) return;
  flushedAt = now;
  for (const capture of streams.values()) capture.flush();
}

function endStreams(): void {
  for (const [stream, capture] of streams) {
    if (!capture.closing) continue;
    streams.delete(stream);
    // Another stream may have its port by now.
    if (sources.get(capture.from) === capture) sources.delete(capture.from);
    ending += 1;
    void capture.close().finally(() => (ending -= 1));
  }
}
