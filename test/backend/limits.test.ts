import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { test, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { clientAddress, networkOf, trustedProxies } from '../../backend/address.ts';
import { loadConfig, type Config } from '../../backend/config.ts';
import type { Server } from '../../backend/server.ts';
import { WcsError } from '../../protocol/errors.ts';
import { People, startServer } from './backend.ts';

const MINUTE = 60_000;

async function backend(t: TestContext, settings: Partial<Config>): Promise<{ server: Server; people: People }> {
  const server = await startServer({ room_idle_timeout: 50, ...settings });
  t.after(() => server.close());
  return { server, people: new People(t, server) };
}

/** Asserts that this is refused because it is too much, with a time after which it is not. */
async function limited(promise: Promise<unknown>, most = MINUTE): Promise<void> {
  await assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof WcsError);
    assert.equal(error.code, 'rate_limited', error.message);
    const { retryAfter = 0 } = error;
    assert.ok(retryAfter > 0 && retryAfter <= most, `${retryAfter} ms`);
    return true;
  });
}

/** How an upgrade that is not made is answered. */
async function refusedUpgrade(server: Server, headers: Record<string, string> = {}) {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, { headers });
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode, headers: response.headers, body: JSON.parse(body) as { error: WcsError } };
}

test('an address with as many sockets as it may have open gets no other one, until one of them closes', async (t) => {
  const { server, people } = await backend(t, { limit_connections_per_address: 2 });
  await people.socket();
  const second = await people.socket();
  const { status, headers, body } = await refusedUpgrade(server);
  assert.equal(status, 429);
  assert.equal(headers['retry-after'], '20');
  assert.equal(body.error.code, 'rate_limited');
  assert.equal(body.error.retryAfter, 20_000);
  await second.close();
  await people.socket();
});

test('an address that opens sockets too fast is refused more of them', async (t) => {
  const { server, people } = await backend(t, { limit_connects_per_address: 2 });
  await people.socket();
  await people.socket();
  const { status, headers } = await refusedUpgrade(server);
  assert.equal(status, 429);
  assert.ok(Number(headers['retry-after']) > 0 && Number(headers['retry-after']) <= 60);
});

test('behind a trusted proxy each client has limits of its own, and cannot choose its address', async (t) => {
  const { server } = await backend(t, { limit_connections_per_address: 1, trust_proxy: ['loopback'] });
  const from = async (forwarded: string) => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, {
      headers: { 'x-forwarded-for': forwarded },
    });
    t.after(() => socket.close());
    await once(socket, 'open');
  };
  await from('192.0.2.1');
  await from('192.0.2.2');
  assert.equal((await refusedUpgrade(server, { 'x-forwarded-for': '192.0.2.1' })).status, 429);
  // What the client itself has sent stands before what the proxy adds.
  assert.equal((await refusedUpgrade(server, { 'x-forwarded-for': '198.51.100.7, 192.0.2.1' })).status, 429);
});

test('nobody is believed about addresses without trust_proxy', async (t) => {
  const { server, people } = await backend(t, { limit_connections_per_address: 1 });
  await people.socket();
  assert.equal((await refusedUpgrade(server, { 'x-forwarded-for': '192.0.2.1' })).status, 429);
});

test('a session that asks too much is refused, and others at its address are not', async (t) => {
  const { people } = await backend(t, { limit_requests_per_session: 5 });
  const [mallory, alice] = [await people.connect('Mallory'), await people.connect('Alice')];
  for (let count = 0; count < 5; count += 1) await mallory.request('ping', {});
  await limited(mallory.request('ping', {}));
  await limited(mallory.join('room'));
  await alice.join('room');
});

test('an address that asks too much is refused, by however many sessions', async (t) => {
  const { people } = await backend(t, { limit_requests_per_address: 6 });
  const [one, two] = [await people.connect('One'), await people.connect('Two')];
  for (const client of [one, two]) for (let count = 0; count < 2; count += 1) await client.request('ping', {});
  await limited(one.request('ping', {}));
  await limited(two.request('ping', {}));
});

test('a session that writes too much is refused, and stays in its room', async (t) => {
  const { people } = await backend(t, { limit_messages_per_session: 2 });
  const [mallory, alice] = [await people.join('room', 'Mallory'), await people.join('room', 'Alice')];
  for (const text of ['one', 'two']) await mallory.request('message', { room: 'room', text });
  await limited(mallory.request('message', { room: 'room', text: 'three' }));
  await alice.request('message', { room: 'room', text: 'hello' });
  await mallory.hears('message');
  assert.equal(alice.heard('message').length, 2);
  assert.equal(alice.heard('left').length, 0);
});

test('a session that joins again and again is refused', async (t) => {
  const { people } = await backend(t, { limit_joins_per_session: 2 });
  const mallory = await people.join('room', 'Mallory');
  await mallory.request('leave', { room: 'room' });
  await mallory.join('room');
  await mallory.request('leave', { room: 'room' });
  await limited(mallory.join('room'));
});

test('knocking at a lobby again and again is refused like joining: it may ask the site each time', async (t) => {
  const { people } = await backend(t, { limit_joins_per_session: 2 });
  await (await people.connect('Alice')).join('room', { lobby: true });
  const mallory = await people.connect('Mallory');
  await assert.rejects(mallory.join('room'), { code: 'waiting_room' });
  await mallory.request('knock', { room: 'room' });
  await limited(mallory.request('knock', { room: 'room' }));
});

test('an address makes so many rooms a minute; rooms that are there already can be joined', async (t) => {
  const { people } = await backend(t, { limit_new_rooms_per_address: 2 });
  await people.join('one', 'Alice');
  const bob = await people.join('two', 'Bob');
  await limited(bob.join('three'));
  await bob.join('one');
});

test('rooms of a session and streams of a participant are limited by settings', async (t) => {
  const { people } = await backend(t, { limit_rooms_per_session: 1, limit_streams_per_participant: 1 });
  const mallory = await people.join('room', 'Mallory');
  await mallory.publish('room', '0001');
  await assert.rejects(mallory.publish('room', '0002'), { code: 'too_many' });
  await assert.rejects(mallory.join('other'), { code: 'too_many' });
});

test('an address that asks too much over HTTP is told when to come again; health checks always pass', async (t) => {
  const { server } = await backend(t, { limit_http_requests_per_address: 2 });
  const ask = (path: string) => fetch(`${server.url}${path}`);
  await ask('/nothing');
  await ask('/nothing');
  const response = await ask('/nothing');
  assert.equal(response.status, 429);
  assert.ok(Number(response.headers.get('retry-after')) > 0);
  assert.equal(((await response.json()) as { error: WcsError }).error.code, 'rate_limited');
  assert.equal((await ask('/healthz')).status, 200);
});

const networks: [string, string][] = [
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', ''],
];

for (const [address, network] of networks) {
  test(`"${address}" counts as "${network}"`, () => assert.equal(networkOf(address), network));
}

test('the last address that is not a trusted proxy is the client', () => {
  const request = {
    socket: { remoteAddress: '::ffff:10.0.0.1' },
    connection: { remoteAddress: '::ffff:10.0.0.1' },
    headers: { 'x-forwarded-for': '203.0.113.9, 198.51.100.1, 10.0.0.2' },
  } as unknown as IncomingMessage;
  assert.equal(clientAddress(request, trustedProxies(['10.0.0.0/8'])), '198.51.100.1');
  assert.equal(clientAddress(request, trustedProxies([])), '::ffff:10.0.0.1');
});

test('proxies that are no addresses are refused at start', () => {
  const argv = ['--trust_proxy', 'nginx'];
  assert.throws(() => loadConfig({ argv, env: {} }), /--trust_proxy: must be addresses, networks/);
});
