/** A room on several workers: who is on one of them sees who is on another. */
import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import type { Config } from '../../backend/config.ts';
import { createLog } from '../../backend/log.ts';
import { RoomRouters } from '../../backend/media/room-routers.ts';
import type { MediaRouter } from '../../backend/media/router.ts';
import { createWorkerPool, type WorkerPool } from '../../backend/media/workers.ts';
import type { Server } from '../../backend/server.ts';
import { opus, simulcastVp8 } from '../fakes/rtp.ts';
import { People, startServer } from './backend.ts';
import type { Client } from './client.ts';
import { until } from './until.ts';

const ROOM = 'hall';

async function start(t: TestContext, settings: Partial<Config>): Promise<Server> {
  const server = await startServer({ workers: 2, room_worker_participants: 1, room_idle_timeout: 100, ...settings });
  t.after(() => server.close());
  return server;
}

async function enter(people: People, login: string): Promise<{ client: Client; port: number }> {
  const client = await people.connect(login);
  const { transports } = await client.join(ROOM);
  return { client, port: transports.send.iceCandidates[0]!.port };
}

async function plays(client: Client, stream: string): Promise<void> {
  const { streams } = await client.request('play', { room: ROOM, streams: [stream] });
  assert.ok(streams[0]?.ok, JSON.stringify(streams));
  await client.request('resume', { room: ROOM, streams: [stream] });
}

test('people of a large room are on several workers and play each other, as they would on one', async (t) => {
  const server = await start(t, {});
  const people = new People(t, server);
  const alice = await enter(people, 'Alice');
  const bob = await enter(people, 'Bob');
  const carol = await enter(people, 'Carol');
  assert.notEqual(alice.port, bob.port);
  assert.ok([alice.port, bob.port].includes(carol.port), 'there are no more workers');
  assert.equal(server.snapshot().routers, 2);

  const { name } = await alice.client.publish(ROOM);
  await until('who speaks is listened to', () => server.snapshot().producers === 2);
  await Promise.all([plays(bob.client, name), plays(carol.client, name)]);
  await alice.client.request('mute', { room: ROOM, stream: name, muted: { audio: true, video: true } });
  assert.deepEqual((await bob.client.hears('muted')).muted, { audio: true, video: true });

  await alice.client.request('unpublish', { room: ROOM, stream: name });
  await until('nothing is piped any more', () => {
    const { producers, consumers } = server.snapshot();
    return producers + consumers === 0;
  });
  const again = await bob.client.publish(ROOM);
  await plays(alice.client, again.name);
  await bob.client.request('leave', { room: ROOM });
  await until('nothing of Bob is left', () => server.snapshot().producers === 0);
  assert.equal(server.snapshot().routers, carol.port === bob.port ? 2 : 1);
});

test('layers that are wanted on another worker are asked of the publisher', async (t) => {
  const people = new People(t, await start(t, {}));
  const { client: alice } = await enter(people, 'Alice');
  const { client: bob } = await enter(people, 'Bob');
  const size = { width: 1280, height: 720 };
  const { name } = await alice.publish(ROOM, 'abcd', { audio: undefined, video: simulcastVp8(), size });
  await plays(bob, name);
  await bob.request('show', { room: ROOM, streams: [{ stream: name, width: 320, height: 180 }] });
  await until('one layer is wanted', () => alice.heard('wanted').at(-1)?.layers === 1);
  await bob.request('show', { room: ROOM, streams: [{ stream: name, width: 1280, height: 720 }] });
  await until('all are wanted', () => alice.heard('wanted').at(-1)?.layers === 3);
});

for (const dead of ['Alice', 'Bob'] as const) {
  test(`when the worker of ${dead} dies, nobody else moves, and all see each other again`, async (t) => {
    const server = await start(t, {});
    const people = new People(t, server);
    const alice = await enter(people, 'Alice');
    const bob = await enter(people, 'Bob');
    const streams = [await alice.client.publish(ROOM), await bob.client.publish(ROOM)];
    await plays(bob.client, streams[0]!.name);
    await plays(alice.client, streams[1]!.name);

    const [first, second] = server.workerPids;
    const moved = dead === 'Alice' ? alice.client : bob.client;
    const stays = dead === 'Alice' ? bob.client : alice.client;
    // The room's first router is on the least loaded worker: the first one of an idle backend.
    process.kill(dead === 'Alice' ? first! : second!, 'SIGKILL');
    await moved.hears('moved');
    const [mine, theirs] = dead === 'Alice' ? streams : streams.toReversed();
    await moved.publish(ROOM);
    await stays.hears('published', 2);
    await plays(moved, theirs!.name);
    await plays(stays, mine!.name);
    assert.deepEqual(stays.heard('moved'), []);
    assert.deepEqual([...stays.heard('unpublished'), ...stays.heard('left')], []);
  });
}

test('with one worker, or no limit, a room stays on one', async (t) => {
  for (const settings of [{ workers: 1 }, { room_worker_participants: 0 }]) {
    const server = await start(t, settings);
    const people = new People(t, server);
    await enter(people, 'Alice');
    const { client: bob } = await enter(people, 'Bob');
    assert.equal(server.snapshot().routers, 1);
    await bob.publish(ROOM);
    assert.equal(server.snapshot().producers, 2);
  }
});

test('packets go from one worker to another while somebody there wants them', async (t) => {
  const pool = await createWorkerPool({
    ...{ count: 2, rtcPort: 0, announced: [], log: createLog({ level: 'silent' }) },
    turn: { urls: [], secret: '', lifetime: 1 },
  });
  t.after(() => pool.close());
  const routers = await openRouters(pool);
  t.after(() => routers.close());
  const [from, to] = [await routers.place({}), await routers.place({})];
  assert.notEqual(from.worker.pid, to.worker.pid);
  const sound = await startSound(t, from);

  const release = await routers.bring(sound.producer, { from, to });
  const second = await routers.bring(sound.producer, { from, to });
  assert.equal(pool.counts().producers, 2, 'it is piped once');
  const listener = await listen(t, pool, { router: to, producerId: sound.producer.id });
  await listener.hears('packets arrive');
  await sound.producer.pause();
  await listener.hearsNothing('it is paused');
  await sound.producer.resume();
  await listener.hears('packets arrive again');

  release();
  release();
  assert.equal(pool.counts().producers, 2, 'somebody else still uses it');
  second();
  assert.equal(pool.counts().producers, 1);
  const third = await routers.bring(sound.producer, { from, to });
  assert.equal(pool.counts().producers, 2);
  sound.producer.close();
  await until('nothing is piped any more', () => pool.counts().producers === 0);
  third();
  await assert.rejects(routers.bring(sound.producer, { from, to }));
});

function openRouters(pool: WorkerPool): Promise<RoomRouters> {
  return RoomRouters.open({
    peoplePerRouter: 1,
    createRouter: () => pool.createRouter(),
    createRouterBeside: (others) => pool.createRouterBeside(others),
  });
}

/** Somebody who sends a packet of sound every 20 ms until the test ends. */
async function startSound(t: TestContext, router: MediaRouter) {
  const transport = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    comedia: true,
  });
  const rtpParameters = opus();
  const producer = await transport.produce({ kind: 'audio', rtpParameters: rtpParameters });
  const socket = await udp(t);
  let sequence = 0;
  const timer = setInterval(() => {
    const packet = Buffer.alloc(52);
    packet.writeUInt16BE(0x8000 | rtpParameters.codecs[0]!.payloadType, 0);
    packet.writeUInt16BE((sequence += 1) & 0xffff, 2);
    packet.writeUInt32BE((sequence * 960) >>> 0, 4);
    packet.writeUInt32BE(rtpParameters.encodings![0]!.ssrc!, 8);
    socket.send(packet, transport.tuple.localPort, '127.0.0.1');
  }, 20);
  t.after(() => clearInterval(timer));
  return { producer };
}

async function listen(
  t: TestContext,
  pool: WorkerPool,
  { router, producerId }: { router: MediaRouter; producerId: string },
) {
  const transport = await router.createPlainTransport({ listenInfo: { protocol: 'udp', ip: '127.0.0.1' } });
  const socket = await udp(t);
  let packets = 0;
  // Not those of RTCP, whose types begin at 200 (RFC 5761 §4).
  socket.on('message', (data: Buffer) => (packets += data[1]! < 200 ? 1 : 0));
  await transport.connect({ ip: '127.0.0.1', port: socket.address().port });
  await transport.consume({ producerId, rtpCapabilities: pool.routerCapabilities });
  return {
    async hears(what: string) {
      const before = packets;
      await until(what, () => packets >= before + 3);
    },
    async hearsNothing(why: string) {
      let last = -1;
      await until(`nothing comes any more: ${why}`, async () => {
        const before = packets;
        await new Promise((resolve) => setTimeout(resolve, 100));
        const quiet = packets === before && last === before;
        last = packets;
        return quiet;
      });
    },
  };
}

async function udp(t: TestContext): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.after(() => socket.close());
  return socket;
}
