import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Config } from '../../backend/config.ts';
import { createLog } from '../../backend/log.ts';
import { createServer, type Server } from '../../backend/server.ts';
import { loadConfig } from '../../backend/config.ts';
import { ownAddresses } from '../../backend/media/addresses.ts';
import { People, startServer } from './backend.ts';
import { until } from './until.ts';

async function start(t: TestContext, settings: Partial<Config>, log?: ReturnType<typeof createLog>): Promise<Server> {
  const server = await startServer(settings, log);
  t.after(() => server.close());
  return server;
}

for (const workers of [1, 2]) {
  test(`rooms survive the death of a worker (${workers} of them)`, async (t) => {
    const lines: string[] = [];
    const log = createLog({ level: 'info', destination: { write: (line) => void lines.push(line) } });
    const server = await start(t, { workers, room_idle_timeout: 100 }, log);
    const people = new People(t, server);
    const alice = await people.connect('Alice');
    const { transports } = await alice.join('ship');
    const bob = await people.join('ship', 'Bob');
    const stream = await alice.publish('ship');
    await bob.request('play', { room: 'ship', streams: [stream.name] });
    const pids = server.workerPids;

    for (const pid of pids) process.kill(pid, 'SIGKILL');
    const moved = await alice.hears('moved');
    await bob.hears('moved');
    assert.notEqual(moved.transports.send.id, transports.send.id);
    await until('as many workers as before', () => server.workerPids.length === workers);
    assert.ok(server.workerPids.every((pid) => !pids.includes(pid)));
    assert.equal(lines.filter((line) => line.includes('"worker died"')).length, workers);

    const again = await alice.publish('ship');
    assert.equal(again.name, stream.name);
    assert.deepEqual((await bob.hears('published', 2)).stream, again);
    assert.deepEqual(bob.heard('unpublished'), []);
    const { streams } = await bob.request('play', { room: 'ship', streams: [stream.name] });
    assert.ok(streams[0]?.ok);
    await bob.request('resume', { room: 'ship', streams: [stream.name] });
    await people.join('ship', 'Carol');
    await people.join('another ship', 'Carol');
  });
}

test('a stream that its publisher ends while the room moves is gone for the viewers too', async (t) => {
  const server = await start(t, { room_idle_timeout: 100 });
  const people = new People(t, server);
  const alice = await people.join('ship', 'Alice');
  const bob = await people.join('ship', 'Bob');
  const { name } = await alice.publish('ship');
  process.kill(server.workerPids[0]!, 'SIGKILL');
  await alice.hears('moved');
  const { room } = await (await people.connect('Carol')).join('ship');
  assert.deepEqual(room.participants[0]?.streams, []);
  await alice.request('unpublish', { room: 'ship', stream: name });
  assert.deepEqual(await bob.hears('unpublished'), { room: 'ship', login: 'Alice', stream: name });
});

test('somebody whose connection was lost while the room moved hears of it on coming back', async (t) => {
  const server = await start(t, { room_idle_timeout: 10_000 });
  const people = new People(t, server);
  const alice = await people.join('ship', 'Alice');
  const bob = await people.join('ship', 'Bob');
  alice.cut();
  await bob.hears('reconnecting');
  process.kill(server.workerPids[0]!, 'SIGKILL');
  await bob.hears('moved');
  const back = await people.connect('Alice', alice.session);
  assert.equal((await back.hears('moved')).room, 'ship');
  await back.publish('ship');
  await bob.hears('published');
});

test('requests in the middle of a worker death are answered and the room goes on', async (t) => {
  const server = await start(t, { room_idle_timeout: 100 });
  const people = new People(t, server);
  const alice = await people.join('ship', 'Alice');
  const carol = await people.connect('Carol');
  process.kill(server.workerPids[0]!, 'SIGKILL');
  const outcomes = await Promise.allSettled([
    alice.publish('ship'),
    carol.join('ship'),
    alice.request('message', { room: 'ship', text: 'who is there?' }),
  ]);
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') assert.equal((outcome.reason as { code: string }).code, 'media_unavailable');
  await alice.hears('moved');
  await until('Carol is in', () =>
    carol.join('ship').then(
      () => true,
      (error: { code: string }) => error.code === 'already_joined',
    ),
  );
});

test('rooms are placed on the least loaded worker', async (t) => {
  const server = await start(t, { workers: 2, room_idle_timeout: 100 });
  const people = new People(t, server);
  const ports = new Set<number>();
  for (const room of ['first', 'second']) {
    const client = await people.connect('Alice');
    const { transports } = await client.join(room);
    ports.add(transports.send.iceCandidates[0]!.port);
  }
  assert.equal(ports.size, 2);
});

test('each worker has one port for all its rooms, on every address, by UDP and TCP', async (t) => {
  const server = await start(t, { workers: 1, rtc_port: 40_777, room_idle_timeout: 100 });
  const people = new People(t, server);
  for (const room of ['first', 'second']) {
    const client = await people.connect('Alice');
    const { transports } = await client.join(room);
    const ports = [...transports.send.iceCandidates, ...transports.receive.iceCandidates].map(({ port }) => port);
    assert.deepEqual([...new Set(ports)], [40_777]);
  }
  const settings = loadConfig({ argv: ['--port=0', '--host=127.0.0.1', '--workers=1', '--rtc_port=40777'], env: {} });
  await assert.rejects(createServer(settings, createLog({ level: 'silent' })), /port 40777 \(rtc_port\)/);
});

test('a room whose making fails does not keep its name', async (t) => {
  const server = await start(t, { room_idle_timeout: 100 });
  const people = new People(t, server);
  const alice = await people.connect('Alice');
  const bob = await people.connect('Bob');
  process.kill(server.workerPids[0]!, 'SIGKILL');
  await Promise.allSettled([alice.join('harbour'), bob.join('harbour')]);
  await until('the worker is back', () => server.workerPids.length === 1);
  for (const client of [alice, bob])
    await client.join('harbour').catch((error: { code: string }) => assert.equal(error.code, 'already_joined'));
  assert.equal(server.snapshot().rooms, 1);
});

test('link-local IPv6 addresses are not offered, and loopback always is', () => {
  const own = (address: string, family: 'IPv4' | 'IPv6', internal = false) =>
    ({ address, family, internal, netmask: '', mac: '', cidr: null, scopeid: 0 }) as never;
  const addresses = ownAddresses({
    lo: [own('127.0.0.1', 'IPv4', true), own('::1', 'IPv6', true)],
    eth0: [own('fe80::1', 'IPv6'), own('fd00::2', 'IPv6'), own('192.0.2.2', 'IPv4')],
  });
  assert.deepEqual(addresses, ['192.0.2.2', 'fd00::2', '127.0.0.1', '::1']);
  const many = Array.from({ length: 40 }, (_, index) => own(`192.0.2.${index}`, 'IPv4'));
  const some = ownAddresses({ lo: [own('127.0.0.1', 'IPv4', true)], many });
  assert.equal(some.length, 16);
  assert.ok(some.includes('127.0.0.1'));
});
