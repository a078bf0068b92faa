/**
 * What people leave behind: JOINS times somebody joins a room, publishes, plays whoever is there, and leaves. The RTP is made up: it
 * enters the media worker beside the transports, as there is no browser to encrypt it. Afterwards no transport, emitter, listener or
 * timer may be left, and no more memory than before, when others had come and gone to warm everything up. Real backend and worker, in a
 * process of their own; ends with 1 when something is left.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { queryObjects } from 'node:v8';
import { observer, type types } from 'mediasoup';
import { startServer } from '../backend/backend.ts';
import { Client } from '../backend/client.ts';
import { dtls } from '../fakes/rtp.ts';

const JOINS = Number(process.argv[2] ?? 1_000);
/** Joins before that: V8 asks the machine for more and more pages, some 350 MB in all, and keeps them. */
const WARM_UP = 3_000;
/** People who come and go at the same time, two to a room. */
const AT_ONCE = 8;
/** Packets that each of them sends of each track, and milliseconds between two of them. */
const PACKETS = 20;
const PACKET_EVERY = 5;
/** How much larger memory may be at the end. */
const GROWTH = 1.05;

/** What is there in the backend's processes while nobody is. Bytes and counts. */
interface Left {
  heap: number;
  resident: number;
  worker: number;
  rooms: number;
  transports: number;
  emitters: number;
  listeners: number;
  timers: number;
}

const MEMORY: ReadonlySet<string> = new Set(['heap', 'resident', 'worker']);

if (process.send) await serve();
else await main();

async function main(): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), { execArgv: ['--expose-gc'] });
  const [url] = (await once(child, 'message')) as [string];
  let joined = 0;
  const visit = async (until: number) => {
    while (joined < until) {
      const rooms = Array.from({ length: AT_ONCE / 2 }, (_, n) => meet(url, `room-${n}`));
      await Promise.all(rooms);
      joined += AT_ONCE;
    }
  };
  await visit(WARM_UP);
  const before = await whatIsLeft(child);
  const from = performance.now();
  await visit(WARM_UP + JOINS);
  const seconds = (performance.now() - from) / 1000;
  const after = await whatIsLeft(child);
  child.kill('SIGTERM');
  await once(child, 'exit');

  console.log(
    `${JOINS} joins and leaves after ${WARM_UP} others, in ${seconds.toFixed(1)} s; load ${loadavg()[0]!.toFixed(1)}`,
  );
  const names = Object.keys(after) as (keyof Left)[];
  const grown = names.filter((name) => !report(name, before[name], after[name]));
  if (grown.length > 0) {
    console.error(`left behind: ${grown.join(', ')}`);
    process.exitCode = 1;
  }
}

/** Two people meet: each publishes, and plays the other one. They leave in two ways, by a request and by going. */
async function meet(url: string, room: string): Promise<void> {
  const people = await Promise.all(['Alice', 'Bob'].map((login) => Client.connect(url, login)));
  const streams = await Promise.all(
    people.map(async (person) => {
      const { transports } = await person.join(room);
      for (const { id: transport } of [transports.send, transports.receive])
        await person.request('connectTransport', { room, transport, dtlsParameters: dtls() });
      return (await person.publish(room)).name;
    }),
  );
  await Promise.all(
    people.map(async (person, index) => {
      const names = streams.filter((_, other) => other !== index);
      await person.request('play', { room, streams: names });
      await person.request('resume', { room, streams: names });
      await person.request('message', { room, text: 'Hello' });
    }),
  );
  await delay((PACKETS * PACKET_EVERY) / 2);
  await people[0]!.request('leave', { room });
  await Promise.all(people.map((person) => person.close()));
}

/** Prints it. Returns whether it is as it was. */
function report(name: keyof Left, before: number, after: number): boolean {
  const isMemory = MEMORY.has(name);
  const text = (count: number) => (isMemory ? `${(count / 1e6).toFixed(2)} MB` : String(count));
  const change = isMemory ? `, ${(((after - before) / before) * 100).toFixed(1)} %` : '';
  console.log(`${name}: ${text(before)}, at the end ${text(after)}${change}`);
  return isMemory ? after <= before * GROWTH : after <= before;
}

async function whatIsLeft(child: ChildProcess): Promise<Left> {
  child.send('count');
  const [left] = (await once(child, 'message')) as [Left];
  return left;
}

/** The other process: the backend, which is asked what is left in it. */
async function serve(): Promise<void> {
  const lasting: EventEmitter[] = [process, observer];
  observer.on('newworker', (worker) => {
    lasting.push(worker, worker.observer);
    worker.observer.on('newwebrtcserver', (one) => lasting.push(one, one.observer as EventEmitter));
    worker.observer.on('newrouter', (router) => {
      router.observer.on('newtransport', (transport) => fakeMedia(router, transport));
    });
  });
  const rates = ['connections', 'connects', 'requests', 'joins', 'messages', 'new_rooms'];
  const limits = Object.fromEntries(rates.map((name) => [`limit_${name}_per_address`, 0]));
  const server = await startServer(limits);
  process.on('SIGTERM', () => void server.close().then(() => process.exit()));
  process.on('message', () => {
    void (async () => {
      while (server.snapshot().sessions > 0) await delay(100);
      // What waits to be looked at once more has its timers, of two seconds at most.
      await delay(3_000);
      gc!();
      await delay(100);
      gc!();
      const { rss: resident, heapUsed: heap } = process.memoryUsage();
      const { rooms, transports } = server.snapshot();
      process.send!({
        heap,
        resident,
        worker: await residentOf(server.workerPids[0]!),
        rooms,
        transports,
        emitters: queryObjects(EventEmitter, { format: 'count' }),
        listeners: lasting.reduce((sum, one) => sum + listenersOf(one), 0),
        timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
      } satisfies Left);
    })();
  });
  process.send!(server.url);
}

function listenersOf(emitter: EventEmitter): number {
  return emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
}

/** Bytes that a process has of the machine (proc(5)). */
async function residentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
}

/** What a browser produces on `transport` comes from a direct transport beside it, which ends with it. */
function fakeMedia(router: types.Router, transport: types.Transport): void {
  if (transport.type !== 'webrtc') return;
  const produce = async (options: types.ProducerOptions): Promise<types.Producer> => {
    const direct = await router.createDirectTransport();
    transport.observer.once('close', () => direct.close());
    if (transport.closed) direct.close();
    const producer = await direct.produce(options);
    producer.observer.once('close', () => direct.close());
    void speak(producer);
    return producer;
  };
  transport.produce = produce as types.Transport['produce'];
}

/** Sends packets (RFC 3550 §5.1) of a key frame of VP8 (RFC 7741 §4), which also pass for Opus. */
async function speak(producer: types.Producer): Promise<void> {
  const { codecs, encodings } = producer.rtpParameters;
  const packet = Buffer.alloc(100);
  packet.set([0x80, codecs[0]!.payloadType]);
  packet.writeUInt32BE(encodings![0]!.ssrc!, 8);
  packet.set([0x10, 0x10, 0x00, 0x00, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00], 12);
  for (let n = 0; n < PACKETS && !producer.closed; n += 1) {
    packet.writeUInt16BE(n, 2);
    packet.writeUInt32BE(n * 960, 4);
    producer.send(Buffer.from(packet));
    await delay(PACKET_EVERY);
  }
}
