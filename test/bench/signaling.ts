/**
 * What signaling costs: PEOPLE in ROOMS, one text message a second in each room, and a backend that has one core, with its
 * media worker. Prints the memory of an idle participant, how long messages take, and the processor time beside that of the
 * least that could do it: a server of some lines that sends on what it gets. Both get the same sockets and messages, from
 * this process on another core.
 */
import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WebSocket, WebSocketServer } from 'ws';
import { encodeRequest, type ServerFrame } from '../../protocol/frames.ts';
import { PROTOCOL_VERSION, type Reply } from '../../protocol/messages.ts';
import { startServer } from '../backend/backend.ts';
import { processTime } from '../backend/process-time.ts';

const PEOPLE = 2_000;
const ROOMS = 500;
/** Seconds of chat that are measured, and before that of chat that is not: compilers and caches get warm. */
const SECONDS = 20;
const WARM_UP = 5;
/** People who come at the same time. */
const AT_ONCE = 20;

const KINDS = ['ours', 'bare'] as const;
type Kind = (typeof KINDS)[number];

/** What a server's process has used so far. */
interface Usage {
  /** Bytes that it has of the machine, and of these what its objects take. */
  resident: number;
  heap: number;
  /** Milliseconds of its processor time, and of its media worker. */
  cpu: number;
  worker: number;
}

const [asServer] = process.argv.slice(2);
if (asServer) await serve(asServer as Kind);
else await main();

async function main(): Promise<void> {
  pin(process.pid, 1);
  console.log(`load average before: ${load()}`);
  const times: Partial<Record<Kind, number>> = {};
  for (const kind of KINDS) {
    const { child, url } = await start(kind);
    try {
      times[kind] = await measure(kind, child, url);
    } finally {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  }
  const { ours = 0, bare = 0 } = times;
  console.log(`processor time of ours beside the bare one: ${(ours / bare).toFixed(2)} times (aim: at most 3)`);
  console.log(`load average after: ${load()}`);
}

/** Of the machine, over 1, 5 and 15 minutes: what else runs there makes everything take longer. */
function load(): string {
  return loadavg()
    .map((one) => one.toFixed(2))
    .join(', ');
}

/** Fills the rooms, then lets them chat. Returns the processor time of the chat, in milliseconds. */
async function measure(kind: Kind, child: ChildProcess, url: string): Promise<number> {
  const before = await usage(child);
  const from = performance.now();
  const people = await fill(kind, url);
  const seconds = (performance.now() - from) / 1000;
  const idle = await usage(child);
  const each = (bytes: number) => `${(bytes / people.length / 1000).toFixed(1)} kB`;
  const memory = `${each(idle.resident - before.resident)} resident, ${each(idle.heap - before.heap)} of it objects`;
  console.log(`${kind}: ${people.length} people in ${ROOMS} rooms after ${seconds.toFixed(1)} s`);
  console.log(`${kind}: memory of an idle one: ${memory}${kind === 'ours' ? ' (aim: 60 kB)' : ''}`);

  await chat(people, WARM_UP);
  const begin = await usage(child);
  const delays = await chat(people, SECONDS);
  const end = await usage(child);
  for (const { socket } of people) socket.terminate();

  const expected = ROOMS * SECONDS * (PEOPLE / ROOMS - 1);
  delays.sort((a, b) => a - b);
  const at = (share: number) => `${delays[Math.ceil(share * delays.length) - 1]!.toFixed(1)} ms`;
  console.log(
    `${kind}: ${delays.length} of ${expected} messages delivered, p50 ${at(0.5)}, p99 ${at(0.99)}, worst ${at(1)}`,
  );
  const cpu = end.cpu - begin.cpu;
  const share = (ms: number) => `${(ms / SECONDS / 10).toFixed(1)} % of a core`;
  console.log(`${kind}: processor ${share(cpu)}, media worker ${share(end.worker - begin.worker)}`);
  return cpu;
}

interface Person {
  socket: WebSocket;
  room: string;
  /** Hears the frames that it gets, and when. */
  hear: (text: string) => void;
}

/** Everybody in their rooms, those of one room beside each other. */
async function fill(kind: Kind, url: string): Promise<Person[]> {
  const people: Person[] = [];
  for (let n = 0; n < PEOPLE; n += AT_ONCE)
    people.push(...(await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => enter(kind, url, n + i)))));
  return people;
}

async function enter(kind: Kind, url: string, n: number): Promise<Person> {
  const room = `room-${Math.floor((n * ROOMS) / PEOPLE)}`;
  const socket = new WebSocket(kind === 'bare' ? `${url}?${room}` : url);
  const person: Person = { socket, room, hear: () => undefined };
  socket.on('message', (data) => person.hear((data as Buffer).toString()));
  await once(socket, 'open');
  if (kind === 'bare') return person;
  const ask = (id: number, method: 'connect' | 'join', data: unknown) =>
    new Promise<unknown>((resolve, reject) => {
      person.hear = (text) => {
        const frame = JSON.parse(text) as ServerFrame;
        if ('event' in frame || frame.id !== id) return;
        if ('error' in frame) reject(new Error(frame.error.message));
        else resolve(frame.data);
      };
      socket.send(encodeRequest(id, method, data));
    });
  const session = await ask(1, 'connect', { version: PROTOCOL_VERSION, login: `person-${n}` });
  const { routerCapabilities: rtpCapabilities } = session as Reply<'connect'>;
  await ask(2, 'join', { room, rtpCapabilities });
  return person;
}

/** One message a second in each room, each by the next person there. Returns how long each took to each, in milliseconds. */
async function chat(people: Person[], seconds: number): Promise<number[]> {
  const delays: number[] = [];
  for (const person of people) {
    person.hear = (text) => {
      const now = performance.now();
      const [, sentAt] = /"text":"at ([\d.]+)"/.exec(text) ?? [];
      if (sentAt) delays.push(now - Number(sentAt));
    };
  }
  const perRoom = PEOPLE / ROOMS;
  const total = ROOMS * seconds;
  const from = performance.now();
  // The rooms one after the other, so that the messages of a second are spread over it.
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, ((performance.now() - from) / 1000) * ROOMS);
    for (; sent < due; sent += 1) {
      const { socket, room } = people[(sent % ROOMS) * perRoom + (Math.floor(sent / ROOMS) % perRoom)]!;
      socket.send(encodeRequest(10 + sent, 'message', { room, text: `at ${performance.now()}` }));
    }
    await delay(1);
  }
  await delay(500);
  return delays;
}

async function start(kind: Kind): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(fileURLToPath(import.meta.url), [kind], { execArgv: ['--expose-gc', ...nodeFlags()] });
  pin(child.pid!, 0);
  child.send('start');
  const [url] = (await once(child, 'message')) as [string];
  return { child, url };
}

/** With which the backend's program has Node started. */
function nodeFlags(): string[] {
  const [shebang = ''] = readFileSync(new URL('../../backend/main.ts', import.meta.url), 'utf8').split('\n');
  return shebang.split(' ').filter((word) => word.startsWith('--'));
}

/** What `child` uses, after it has swept out what nobody uses any more. */
async function usage(child: ChildProcess): Promise<Usage> {
  child.send('usage');
  const [used] = (await once(child, 'message')) as [Usage];
  return used;
}

/** Lets a process, with all that it starts, run on one core only. */
function pin(pid: number, core: number): void {
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(core), String(pid)], { stdio: 'ignore' });
}

/** The other process: one of the servers, which is asked what it uses. */
async function serve(kind: Kind): Promise<void> {
  // Only now it runs on one core.
  await once(process, 'message');
  const { url, worker } = kind === 'ours' ? await serveRooms() : await serveBare();
  process.send!(url);
  process.on('message', () => {
    void (async () => {
      gc!();
      await delay(100);
      gc!();
      const { rss: resident, heapUsed: heap } = process.memoryUsage();
      const { user, system } = process.cpuUsage();
      process.send!({ resident, heap, cpu: (user + system) / 1000, worker: await worker() } satisfies Usage);
    })();
  });
}

async function serveRooms() {
  const limits = { connections: 0, connects: 0, requests: 0, joins: 0, messages: 0, new_rooms: 0 };
  const settings = Object.fromEntries(Object.keys(limits).map((name) => [`limit_${name}_per_address`, 0]));
  const server = await startServer(settings);
  const worker = async () => processTime(server.workerPids[0]!);
  return { url: `${server.url.replace('http', 'ws')}/ws`, worker };
}

async function serveBare() {
  const rooms = new Map<string, Set<WebSocket>>();
  const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  sockets.on('connection', (socket, { url = '' }) => {
    const room = rooms.get(url) ?? new Set();
    rooms.set(url, room.add(socket));
    socket.on('close', () => room.delete(socket));
    socket.on('message', (data) => {
      for (const other of room) if (other !== socket) other.send((data as Buffer).toString());
    });
  });
  await once(sockets, 'listening');
  const { port } = sockets.address() as { port: number };
  return { url: `ws://127.0.0.1:${port}/`, worker: async () => 0 };
}
