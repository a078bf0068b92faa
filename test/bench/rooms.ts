/**
 * What a call costs the backend: people in one room, who all send a camera in three sizes and a microphone, and each see
 * TILES of the others and hear all. `npm run bench -- rooms [--people 12,48] [--workers 1] [--sound silence|noise] [--see next|first]`
 * They see those who sit next to them, so that every camera is sent, or (`--see first`) all the same first ones, as on the
 * first page of a large room: for a machine on which so many senders leave nothing to measure with.
 *
 * Everybody has real transports (ICE, DTLS, SRTP) to a real backend in a process of its own, but sends noise and looks at
 * nothing, in processes whose time is not counted. Linux only: it reads /proc.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpus, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { observer, type types } from 'mediasoup';
import type { DtlsParameters, RtpCapabilities, TransportOptions } from '../../protocol/rtp.ts';
import { startServer } from '../backend/backend.ts';
import { Client } from '../backend/client.ts';
import { processTime } from '../backend/process-time.ts';
import { FakePublisher, SIZE, type Sound } from '../fakes/webrtc/publisher.ts';
import { FakeTransport, OWN_DTLS } from '../fakes/webrtc/transport.ts';

const ROOM = 'bench';
const TILES = 9;
/** Of each tile, in pixels: a grid of nine on a screen of 1440 by 810. */
const TILE = { width: 480, height: 270 };
const SECONDS = 15;
/** Seconds before that, until everybody has all layers that they want. */
const WARM_UP = 6;
/** How many speak at any time, and milliseconds after which the next one has the word. */
const TALKING = 2;
const TURN = 3_000;
/** People who enter at the same time. */
const AT_ONCE = 4;
/** Consumers that are asked at the same time what they have sent. */
const COUNTED_AT_ONCE = 100;
/** A stream of that many packets a second is one consumer, where consumers for a core are counted. */
const PACKETS_OF_CONSUMER = 100;

const { values: options } = parseArgs({
  options: {
    people: { type: 'string', default: '12,48' },
    workers: { type: 'string', default: '1' },
    sound: { type: 'string', default: 'silence' },
    see: { type: 'string', default: 'next' },
    serve: { type: 'boolean', default: false },
  },
});

/** What the backend's process has used and done up to now. */
interface Usage {
  /** Milliseconds of processor time. */
  main: number;
  workers: number;
}

interface Forwarded {
  /** Packets a second, of all consumers together and of those of sound. */
  rate: number;
  soundRate: number;
  flowing: number;
  /** Pictures in sight, or voices, that brought nothing. */
  stalled: number;
}

interface Row extends Usage, Forwarded {
  people: number;
  /** Packets a second that they sent. */
  sent: number;
}

if (options.serve) await serve();
else await main();

async function main(): Promise<void> {
  const sound = options.sound as Sound;
  const workers = Number(options.workers);
  console.log(`${cpus().length} cores, load average before: ${load()}`);
  console.log(
    `everybody sends VP8 in three sizes (those that are wanted) and Opus, sees ${TILES} tiles of ${TILE.width}x${TILE.height} (${options.see}) and hears all`,
  );
  console.log(
    `${TALKING} speak in turns, microphones of the others: ${sound}; ${workers} worker(s); ${SECONDS} s each\n`,
  );
  const rows: Row[] = [];
  for (const people of options.people.split(',').map(Number)) {
    const row = await measure(people, { sound, workers });
    print(row);
    rows.push(row);
  }
  printRatio(rows);
  console.log(`\nload average after: ${load()}`);
  process.exit();
}

/** Of the machine, over 1, 5 and 15 minutes: what else runs there makes everything take longer. */
function load(): string {
  return loadavg()
    .map((one) => one.toFixed(2))
    .join(', ');
}

/** Processor time of everything, of one core. */
function cpu({ main, workers }: Row): number {
  return (main + workers) / (SECONDS * 1000);
}

function print(row: Row): void {
  const percent = (ms: number) => `${(ms / SECONDS / 10).toFixed(1)} %`;
  console.table({
    people: row.people,
    'media workers, of a core': percent(row.workers),
    'backend, of a core': percent(row.main),
    'packets in, a second': Math.round(row.sent),
    'packets out, a second': Math.round(row.rate),
    'of these sound': Math.round(row.soundRate),
    'packets out per CPU second': Math.round(row.rate / cpu(row)),
    [`consumers per core, at ${PACKETS_OF_CONSUMER} packets a second`]: Math.round(
      row.rate / cpu(row) / PACKETS_OF_CONSUMER,
    ),
    'tracks that flow': row.flowing,
    'tracks without media': row.stalled,
  });
}

function printRatio(rows: readonly Row[]): void {
  const [first, last] = [rows[0]!, rows.at(-1)!];
  if (rows.length < 2) return;
  const aim = last.people / first.people === 4 ? ' (aim: at most 4.5)' : '';
  console.log(`processor time, ${last.people} people to ${first.people}: ${(cpu(last) / cpu(first)).toFixed(2)}${aim}`);
}

async function measure(people: number, { sound, workers }: { sound: Sound; workers: number }): Promise<Row> {
  const server = fork(fileURLToPath(import.meta.url), ['--serve', '--workers', String(workers)]);
  const child = fork(fileURLToPath(new URL('../fakes/webrtc/receivers.ts', import.meta.url)));
  try {
    const [url, dtls] = await Promise.all([hear<string>(server), hear<DtlsParameters>(child)]);
    const from = performance.now();
    const everybody = await fill(url, { people, receivers: { child, dtls } });
    console.log(`${people} people are there after ${((performance.now() - from) / 1000).toFixed(1)} s`);
    const talk = startTalking(everybody, sound);
    await delay(WARM_UP * 1000);
    child.kill('SIGSTOP');
    await ask<Forwarded>(server, 'count');
    const sentBefore = talk.sent();
    const before = await ask<Usage>(server, 'usage');
    await delay(SECONDS * 1000);
    const after = await ask<Usage>(server, 'usage');
    const sent = (talk.sent() - sentBefore) / SECONDS;
    const forwarded = await ask<Forwarded>(server, 'count');
    talk.stop();
    if (await anyLost(everybody))
      throw new Error('Connections were lost: this machine is too busy to measure anything.');
    return { people, sent, main: after.main - before.main, workers: after.workers - before.workers, ...forwarded };
  } finally {
    child.kill('SIGKILL');
    server.kill('SIGKILL');
  }
}

/** The process in which everybody receives, and its end of DTLS. */
interface Receivers {
  child: ChildProcess;
  dtls: DtlsParameters;
}

interface Person {
  client: Client;
  publisher: FakePublisher;
  stream: string;
}

async function fill(url: string, { people, receivers }: { people: number; receivers: Receivers }): Promise<Person[]> {
  const everybody: Person[] = [];
  for (let n = 0; n < people; n += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, people - n) }, (_, i) => enter(url, n + i, receivers));
    everybody.push(...(await Promise.all(some)));
  }
  for (const [n, { client }] of everybody.entries()) {
    const streams = everybody.map(({ stream }) => stream);
    const before = streams.slice(0, n);
    const others =
      options.see === 'first' ? [...before, ...streams.slice(n + 1)] : [...streams.slice(n + 1), ...before];
    for (let first = 0; first < others.length; first += 50) {
      const part = others.slice(first, first + 50);
      await client.request('play', { room: ROOM, streams: part });
      const sizes = part.map((stream, i) => ({ stream, ...(first + i < TILES ? TILE : { width: 0, height: 0 }) }));
      await client.request('show', { room: ROOM, streams: sizes });
      await client.request('resume', { room: ROOM, streams: part });
    }
  }
  return everybody;
}

async function enter(url: string, n: number, receivers: Receivers): Promise<Person> {
  const client = await Client.connect(url, `person-${n}`);
  const rtpCapabilities = withoutEstimates(client.session.routerCapabilities);
  const { transports } = await client.join(ROOM, { rtpCapabilities });
  const { send, receive } = transports;
  await client.request('connectTransport', { room: ROOM, transport: send.id, dtlsParameters: OWN_DTLS });
  await client.request('connectTransport', { room: ROOM, transport: receive.id, dtlsParameters: receivers.dtls });
  const [transport] = await Promise.all([FakeTransport.connect(send), listen(receivers.child, receive)]);
  const publisher = new FakePublisher(transport, performance.now());
  const { audio, video } = publisher;
  const { name: stream } = await client.publish(ROOM, 'abcd', { audio, video, size: SIZE });
  return { client, publisher, stream };
}

async function anyLost(everybody: readonly Person[]): Promise<boolean> {
  const closed = everybody.map(({ client }) => client.closed.then(() => true));
  return await Promise.race([...closed, delay(10, false)]);
}

/** Whoever looks at nothing cannot say how much reaches them, and must not be asked. */
function withoutEstimates({ codecs, headerExtensions }: RtpCapabilities): RtpCapabilities {
  return {
    codecs: codecs.map((codec) => ({
      ...codec,
      rtcpFeedback: codec.rtcpFeedback?.filter(({ type }) => !['transport-cc', 'goog-remb'].includes(type)),
    })),
    headerExtensions: headerExtensions?.filter(({ uri }) => !/transport-wide-cc|abs-send-time/.test(String(uri))),
  };
}

async function listen(receivers: ChildProcess, options: TransportOptions): Promise<void> {
  receivers.send(options);
  await new Promise<void>((resolve, reject) => {
    const hear = (answer: { id?: string; error?: string }) => {
      if (answer.id !== options.id) return;
      receivers.off('message', hear);
      if (answer.error === undefined) resolve();
      else reject(new Error(answer.error));
    };
    receivers.on('message', hear);
  });
}

/** Everybody sends, and some of them speak. */
function startTalking(everybody: Person[], quiet: Sound): { sent(): number; stop(): void } {
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const turn = Math.floor((now - startedAt) / TURN);
    for (const [n, { publisher }] of everybody.entries()) {
      // Those who speak at the same time sit apart.
      const seat = n % Math.ceil(everybody.length / TALKING);
      publisher.sound = seat === turn % Math.ceil(everybody.length / TALKING) ? 'voice' : quiet;
      publisher.send(now);
    }
  }, 5);
  const wants = setInterval(() => {
    for (const { client, publisher } of everybody) publisher.layers = client.heard('wanted').at(-1)?.layers ?? 3;
  }, 200);
  return {
    sent: () => everybody.reduce((sum, { publisher }) => sum + publisher.sent, 0),
    stop: () => [timer, wants].forEach(clearInterval),
  };
}

async function ask<Answer>(server: ChildProcess, question: 'usage' | 'count'): Promise<Answer> {
  server.send(question);
  return await hear<Answer>(server);
}

async function hear<Message>(child: ChildProcess): Promise<Message> {
  const [message] = (await once(child, 'message')) as [Message];
  return message;
}

/** The other process: the backend, which is asked what it uses and what it sends. */
async function serve(): Promise<void> {
  const consumers = new Set<types.Consumer>();
  observer.on('newworker', (worker) =>
    worker.observer.on('newrouter', (router) =>
      router.observer.on('newtransport', (transport) => {
        if (transport.type === 'webrtc') transport.observer.on('newconsumer', (consumer) => consumers.add(consumer));
      }),
    ),
  );
  const server = await startServer({ workers: Number(options.workers) });
  const usage = async (): Promise<Usage> => {
    const { user, system } = process.cpuUsage();
    const times = await Promise.all(server.workerPids.map(processTime));
    return { main: (user + system) / 1000, workers: times.reduce((sum, time) => sum + time, 0) };
  };
  const counts = new Map<types.Consumer, { packets: number; at: number; sends: boolean }>();
  const countOne = async (consumer: types.Consumer, sum: Forwarded) => {
    const stats = await consumer.getStats().catch(() => []);
    const packets = stats.find(({ type }) => type === 'outbound-rtp')?.packetCount;
    if (packets === undefined) return;
    const last = counts.get(consumer);
    const at = performance.now();
    const sends = !consumer.paused && !consumer.producerPaused;
    counts.set(consumer, { packets, at, sends });
    if (!last) return;
    const rate = ((packets - last.packets) / (at - last.at)) * 1000;
    sum.rate += rate;
    if (consumer.kind === 'audio') sum.soundRate += rate;
    if (rate > 0) sum.flowing += 1;
    else if (last.sends && sends) sum.stalled += 1;
  };
  const count = async (): Promise<Forwarded> => {
    const sum: Forwarded = { rate: 0, soundRate: 0, flowing: 0, stalled: 0 };
    // Also of those that are not sent just now: whoever speaks in between is.
    const all = [...consumers].filter(({ closed }) => !closed);
    for (let first = 0; first < all.length; first += COUNTED_AT_ONCE)
      await Promise.all(all.slice(first, first + COUNTED_AT_ONCE).map((consumer) => countOne(consumer, sum)));
    return sum;
  };
  process.on('message', (question: string) => {
    void (question === 'usage' ? usage() : count()).then((answer) => process.send!(answer));
  });
  process.send!(server.url);
}
