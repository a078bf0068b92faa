/**
 * Made-up frames, right and wrong ones, at a backend with a call that goes on: nothing breaks, nothing stays behind, and those
 * who talk do not notice. FUZZ_SEED=n throws the same again, FUZZ_FRAMES=n another number of them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { observer, type types } from 'mediasoup';
import { pino } from 'pino';
import { REQUESTS } from '../../protocol/messages.ts';
import { People, startServer } from './backend.ts';
import type { Client } from './client.ts';
import { attack, Campaign } from './fuzz/attacker.ts';
import { Sender } from './recording/rtp-kit.ts';
import { until } from './until.ts';

const FRAMES = Number(process.env.FUZZ_FRAMES ?? 100_000);
const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 1_000_000));
/** Attackers at the same time. */
const AT_ONCE = 16;
/** Milliseconds between two messages, and two packets, of the call that goes on. */
const CHAT_EVERY = 100;
const PACKET_EVERY = 20;
/** Bytes that the process may have grown by since a tenth of the frames: caches and compiled code, not 90,000 frames. */
const GROWTH_MAX = 12_000_000;

const NO_LIMITS = Object.fromEntries(
  ['connections', 'connects', 'requests', 'joins', 'messages', 'new_rooms'].flatMap((name) => [
    [`limit_${name}_per_address`, 0],
    [`limit_${name}_per_session`, 0],
  ]),
);

test(`${FRAMES} made-up frames harm nobody (FUZZ_SEED=${SEED})`, async (t) => {
  const errors: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => errors.push(line) });
  let live: types.Router | undefined;
  // The first one is that of the call; whoever kept all of them would fill the heap.
  const found = (worker: types.Worker) => worker.observer.once('newrouter', (router) => (live ??= router));
  observer.on('newworker', found);
  t.after(() => observer.off('newworker', found));
  const server = await startServer({ ...NO_LIMITS, room_idle_timeout: 50, session_resume_timeout: 200 }, log);
  t.after(() => server.close());

  const people = new People(t, server);
  const [alice, bob] = [await people.join('live', 'Alice'), await people.join('live', 'Bob')];
  await alice.publish('live');
  const chat = new Chat(alice, bob);
  const sound = await Sound.start(live!);
  t.after(() => {
    chat.stop();
    sound.stop();
  });
  const before = server.snapshot();

  const rooms = ['live', 'one', 'two', 'three', 'four'];
  const campaign = new Campaign({ url: server.url, seed: SEED, rooms });
  let n = 0;
  const throwUntil = async (frames: number) => {
    const others = Array.from({ length: AT_ONCE }, async () => {
      while (campaign.sent < frames && campaign.wrong.length === 0) await attack(campaign, (n += 1));
    });
    await Promise.all(others);
    const gone = () => isDeepStrictEqual(server.snapshot(), before);
    await until('all attackers are gone', gone).catch(() => assert.deepEqual(server.snapshot(), before));
  };
  await throwUntil(FRAMES / 10);
  const early = heapUsed();
  await throwUntil(FRAMES);
  // Frames have to get past the checks, all the way to what the table offers. Nothing is recorded here. Some that must meet
  // somebody by chance are granted a few times in all, so that may take some more.
  const unreached = () =>
    Object.keys(REQUESTS).filter((method) => method !== 'record' && !campaign.granted.has(method));
  for (let more = 1; more <= 10 && unreached().length > 0; more += 1) await throwUntil(FRAMES + (more * FRAMES) / 10);
  const grown = heapUsed() - early;

  const { told, worst } = await chat.end();
  const { sent, received } = await sound.end();
  t.diagnostic(`${campaign.sent} frames over ${n} sockets; heap grown by ${Math.round(grown / 1000)} kB`);
  t.diagnostic(
    `chat: ${told} messages, the slowest after ${worst.toFixed(0)} ms; sound: ${received} of ${sent} packets`,
  );
  for (const counts of [campaign.granted, campaign.refused, campaign.closed])
    t.diagnostic(JSON.stringify(Object.fromEntries([...counts].sort(([, a], [, b]) => b - a))));

  assert.deepEqual(campaign.wrong, []);
  assert.deepEqual(errors, []);
  assert.ok(grown < GROWTH_MAX, `the heap has grown by ${grown} bytes`);
  assert.equal(received, sent);
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  assert.deepEqual(unreached(), []);
});

/** Somebody writes to somebody else all the time; each text must come, and in order. */
class Chat {
  readonly #from: Client;
  readonly #to: Client;
  readonly #timer: NodeJS.Timeout;
  #written = 0;
  #heard = 0;
  #worst = 0;

  constructor(from: Client, to: Client) {
    this.#from = from;
    this.#to = to;
    this.#timer = setInterval(() => void this.#write(), CHAT_EVERY);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async end(): Promise<{ told: number; worst: number }> {
    this.stop();
    await until('the last message is heard', () => {
      this.#listen();
      return this.#heard === this.#written;
    });
    return { told: this.#heard, worst: this.#worst };
  }

  async #write(): Promise<void> {
    this.#listen();
    this.#written += 1;
    await this.#from.request('message', { room: 'live', to: this.#to.login, text: `${this.#written} ${Date.now()}` });
  }

  /** Forgets what was heard: of strangers who come and go there is a lot. */
  #listen(): void {
    this.#from.told.splice(0);
    for (const { event, data } of this.#to.told.splice(0)) {
      if (event !== 'message' || data.message.from !== this.#from.login) continue;
      const [number, writtenAt] = data.message.text.split(' ').map(Number) as [number, number];
      assert.equal(number, this.#heard + 1);
      this.#heard = number;
      this.#worst = Math.max(this.#worst, data.message.at - writtenAt);
    }
  }
}

/** Packets of sound that go through the router of the room all the time; each must come out. */
class Sound {
  readonly #sender: Sender;
  readonly #timer: NodeJS.Timeout;
  #sent = 0;
  #received = 0;

  static async start(router: types.Router): Promise<Sound> {
    const sender = await Sender.start(router, 'opus');
    const transport = await router.createDirectTransport();
    const { rtpCapabilities } = router;
    const consumer = await transport.consume({ producerId: sender.producer.id, rtpCapabilities });
    return new Sound(sender, consumer);
  }

  private constructor(sender: Sender, consumer: types.Consumer) {
    this.#sender = sender;
    consumer.on('rtp', () => {
      this.#received += 1;
    });
    this.#timer = setInterval(() => this.#send(), PACKET_EVERY);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async end(): Promise<{ sent: number; received: number }> {
    this.stop();
    await until('the last packet has come', () => this.#received === this.#sent).catch(() => undefined);
    return { sent: this.#sent, received: this.#received };
  }

  /** RFC 3550 §5.1: 20 ms of Opus. */
  #send(): void {
    const packet = Buffer.alloc(52);
    packet.writeUInt8(0x80, 0);
    packet.writeUInt8(100, 1);
    packet.writeUInt16BE(this.#sent & 0xffff, 2);
    packet.writeUInt32BE((this.#sent * 960) >>> 0, 4);
    this.#sender.send(packet);
    this.#sent += 1;
  }
}

/** Bytes of objects that somebody still uses. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const sweep = runInNewContext('gc') as () => void;
  sweep();
  return process.memoryUsage().heapUsed;
}
