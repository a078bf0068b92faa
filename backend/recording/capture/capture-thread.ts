/**
 * The thread that all streams are recorded in, from their packets to their files, so that no packet ever touches the
 * event loop that carries signaling. `messages.ts` is what it hears and tells.
 *
 * Nobody watches a recording live, so packets may wait in the kernel: the thread sleeps, then takes all there is at
 * once. A wake-up for each packet is most of what the usual ways of recording spend, on both ends of the socket.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { Inbox } from './inbox.ts';
import type { FromThread, Order, ToThread } from './messages.ts';
import { StreamCapture, type TrackCapture } from './stream-capture.ts';

/** Milliseconds of sleep: at first, when many packets come, and when few do. */
const SLEEP_MIN = 2;
const SLEEP_MAX = 200;

/**
 * By how much sleeps are shortened at random, at most: packets that come as regularly as the thread wakes up would all
 * be late by the same, and a track's clock goes by those that are least late.
 */
const SLEEP_JITTER = 0.3;

/** Bytes that should find room in the kernel, and inboxes that are opened for that at most. */
const CAPACITY = 4 * 1024 * 1024;
const INBOXES_MAX = 4;

/** What the kernel counts for a packet of the usual 1200 bytes, and which part of an inbox may be filled in one sleep. */
const PACKET_BYTES = 2304;
const FILL = 1 / 4;

/** Where the SSRC of a packet ends. */
const SSRC_END = 12;

/** Milliseconds between two writes: with what waits for lost packets, less than two seconds die with the process. */
const FLUSH_INTERVAL = 800;

const streams = new Map<number, StreamCapture>();
/** By SSRC: a number of nine digits that mediasoup has picked at random, and that no other process knows. */
const tracks = new Map<number, TrackCapture>();
const inboxes = await openInboxes();
/** Packets that may gather in an inbox during one sleep. */
const room = Math.min(...inboxes.map(({ capacity }) => (capacity / PACKET_BYTES) * FILL));
/** Rung by the main thread when there is an order. */
const bell = new Int32Array(workerData as SharedArrayBuffer);
/** How often that had been when the last turn began: the orders of before have been heard since. */
let rung = 0;
/** Told together, at the end of a turn. */
let news: FromThread = [];
/** Streams to be closed, and how many are being closed: somebody waits for that. */
let ended: number[] = [];
let closing = 0;
let sleep = SLEEP_MIN;
/** Packets since the last sleep, in the inbox that has had most. */
let gathered = 0;
/** Whether packets wait that could not be taken in the last turn. */
let more = false;
let awake = false;
let flushedAt = 0;
let now = 0;

parentPort!.on('message', ({ stream, order }: ToThread) => {
  if (order.type === 'open') begin(stream, order);
  else if (order.type === 'report') streams.get(stream)?.report(order.kind, order.report);
  else ended.push(stream);
});

/** As many as are needed, where the kernel limits what one may hold; to look into one costs as much as some packets. */
async function openInboxes(): Promise<Inbox[]> {
  const first = await Inbox.open();
  const length = Math.min(INBOXES_MAX, Math.ceil(CAPACITY / first.capacity)) - 1;
  return [first, ...(await Promise.all(Array.from({ length }, () => Inbox.open())))];
}

function begin(stream: number, opening: Extract<Order, { type: 'open' }>): void {
  const tell = (what: FromThread[number]['news']) => {
    news.push({ stream, news: what });
    if (!awake) tellNews();
  };
  const capture = new StreamCapture({ opening, tell });
  streams.set(stream, capture);
  for (const track of capture.tracks) tracks.set(track.ssrc, track);
  tell({ type: 'opened', port: inboxes[stream % inboxes.length]!.port });
  // Key frames of all streams of a room come at once now.
  sleep = SLEEP_MIN;
  if (!awake) turn();
}

/** One turn of the event loop: sleeps, then takes all that has come meanwhile. */
function turn(): void {
  if (!more) rest();
  now = performance.now();
  gathered += Math.max(...inboxes.map((inbox) => inbox.take(pass)));
  more = inboxes.some((inbox) => inbox.more);
  flush();
  if (!more) endStreams();
  tellNews();
  awake = streams.size > 0;
  if (awake) setImmediate(turn);
}

function rest(): void {
  sleep = Math.min(2 * sleep, SLEEP_MAX, (sleep * room) / Math.max(1, gathered));
  if (closing > 0 || sleep < SLEEP_MIN) sleep = SLEEP_MIN;
  gathered = 0;
  Atomics.wait(bell, 0, rung, sleep * (1 - SLEEP_JITTER * Math.random()));
  rung = Atomics.load(bell, 0);
}

/** RTCP of mediasoup comes here too; it tells when mediasoup sends, not when the sender has sampled. */
function pass(packet: Buffer): void {
  if (packet.length >= SSRC_END) tracks.get(packet.readUInt32BE(SSRC_END - 4))?.push(packet, now);
}

function flush(): void {
  if (now - flushedAt < FLUSH_INTERVAL) return;
  flushedAt = now;
  for (const capture of streams.values()) capture.flush();
}

function endStreams(): void {
  if (ended.length === 0) return;
  for (const stream of ended) {
    const capture = streams.get(stream);
    if (!capture) continue;
    streams.delete(stream);
    for (const { ssrc } of capture.tracks) tracks.delete(ssrc);
    closing += 1;
    void capture.close().finally(() => (closing -= 1));
  }
  ended = [];
}

function tellNews(): void {
  if (news.length === 0) return;
  parentPort!.postMessage(news);
  news = [];
}
