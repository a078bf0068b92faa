import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, request, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { WebSocket } from 'ws';
import type { Config } from '../../backend/config.ts';
import { createLog } from '../../backend/log.ts';
import type { Server } from '../../backend/server.ts';
import { PING_INTERVAL } from '../../protocol/limits.ts';
import { PROTOCOL_VERSION } from '../../protocol/messages.ts';
import { dtls } from '../fakes/rtp.ts';
import { People, startServer } from './backend.ts';
import { Client } from './client.ts';
import { until } from './until.ts';

async function backend(t: TestContext, settings: Partial<Config> = {}): Promise<Server> {
  const server = await startServer({ room_idle_timeout: 50, session_resume_timeout: 50, ...settings });
  t.after(() => server.close());
  return server;
}

/** A plain TCP connection, and all that is answered over it. */
function wire(t: TestContext, { port }: Server): { socket: Socket; answer: () => string; closed: Promise<unknown> } {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  socket.on('error', () => undefined);
  t.after(() => socket.destroy());
  return { socket, answer: () => text, closed: once(socket, 'close') };
}

test('who reads too slowly is cut off before it costs much memory, and the others go on', async (t) => {
  const server = await backend(t, { limit_messages_per_session: 0, limit_requests_per_session: 0 });
  const people = new People(t, server);
  const alice = await people.join('room', 'Alice');
  const bob = await people.join('room', 'Bob');
  const sloth = await people.join('room', 'Sloth');
  sloth.pause();
  // As large as a text can be on the wire; what the kernel buffers is not ours, so it takes some megabytes.
  const text = '\u{1F9A5}'.repeat(2_000);
  const talkers = await Promise.all(Array.from({ length: 8 }, (_, index) => people.join('room', `Talker ${index}`)));
  const before = process.memoryUsage().rss;
  let sent = 0;
  const isGone = () => alice.heard('reconnecting').some(({ login }) => login === 'Sloth');
  await Promise.all(
    talkers.map(async (talker) => {
      while (!isGone() && sent < 4_000) {
        await talker.request('message', { room: 'room', to: 'Sloth', text });
        sent += 1;
      }
    }),
  );
  assert.ok(isGone(), `after ${sent} messages`);
  assert.ok(process.memoryUsage().rss - before < 100 * 1024 * 1024);
  await bob.request('message', { room: 'room', text: 'still here' });
  await alice.hears('message');
  sloth.cut();
});

test('a socket that never answers a ping is found within 20 seconds', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const server = await backend(t);
  const people = new People(t, server);
  const witness = await people.join('room', 'Witness');
  // The other end of a cable that was pulled: says nothing and closes nothing.
  const ghost = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, { autoPong: false });
  t.after(() => ghost.terminate());
  await once(ghost, 'open');
  const data = { version: PROTOCOL_VERSION, login: 'Ghost' };
  ghost.send(JSON.stringify({ id: 1, method: 'connect', data }));
  ghost.send(JSON.stringify({ id: 2, method: 'join', data: { room: 'room' } }));
  await witness.hears('joined');
  let waited = 0;
  while (witness.heard('reconnecting').length === 0) {
    assert.ok(waited < 20_000, `${waited} ms`);
    t.mock.timers.tick(PING_INTERVAL);
    waited += PING_INTERVAL;
    await witness.request('ping', {});
  }
  assert.deepEqual(await witness.hears('left'), { room: 'room', login: 'Ghost', reason: 'lost' });
});

test('a request whose headers come byte by byte is given up', async (t) => {
  const server = await backend(t, { http_timeout: 300 });
  const { socket, answer, closed } = wire(t, server);
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n');
  const drip = setInterval(() => socket.write('X'), 20);
  await closed;
  clearInterval(drip);
  assert.match(answer(), /^HTTP\/1\.1 408 /);
});

test('a body that never comes is given up', async (t) => {
  const server = await backend(t, { http_timeout: 300 });
  const { socket, answer, closed } = wire(t, server);
  const head =
    'POST /api/v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n';
  socket.write(`${head}\r\n{`);
  await closed;
  assert.match(answer(), /^HTTP\/1\.1 408 /);
});

test('a connection that asks nothing is closed', async (t) => {
  const server = await backend(t, { http_timeout: 300 });
  await wire(t, server).closed;
});

test('an answer that nobody reads is cut off, however much of it waits', async (t) => {
  const server = await backend(t, { http_timeout: 200, limit_connections: 1 });
  const { socket } = wire(t, server);
  socket.pause();
  socket.write('GET /wcs.js HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(400));
  await once(socket, 'connect');
  const another = () =>
    fetch(`${server.url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  assert.equal(await another(), false, 'it takes the only place');
  await until('its place is free', another);
});

test('a handshake that stops half way, and a socket that never connects, end by themselves', async (t) => {
  const server = await backend(t, { http_timeout: 300 });
  const { socket, closed } = wire(t, server);
  socket.write(
    'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n',
  );
  await closed;
  assert.equal(server.snapshot().sockets, 0);
});

test('huge headers are refused', async (t) => {
  const server = await backend(t);
  for (const path of ['/', '/ws']) {
    const asked = request(`${server.url}${path}`, { headers: { 'x-huge': 'x'.repeat(20_000) } });
    asked.end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    response.resume();
    assert.equal(response.statusCode, 431);
  }
});

test('no compression is agreed to, so a small frame is never a large one', async (t) => {
  const server = await backend(t);
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, { perMessageDeflate: true });
  t.after(() => socket.terminate());
  await once(socket, 'open');
  assert.equal(socket.extensions, '');
  // A frame that says that it is compressed all the same (RFC 7692 §6: RSV1), masked by zeros.
  const { socket: raw, closed } = wire(t, server);
  const key = Buffer.alloc(16).toString('base64');
  raw.write(
    `GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  await once(raw, 'data');
  raw.write(Buffer.from([0xc1, 0x80 | 5, 0, 0, 0, 0, 1, 2, 3, 4, 5]));
  await closed;
});

test('a compressed body is not unpacked without end', async (t) => {
  const server = await backend(t, { admin_token: 'a-token-of-this-test' });
  const response = await fetch(`${server.url}/api/v1/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: gzipSync(`{"token":"${'x'.repeat(50_000_000)}"}`),
  });
  assert.equal(response.status, 400);
  assert.equal(((await response.json()) as { error: { code: string } }).error.code, 'invalid');
});

test('more sockets than the backend takes in all are dropped, and taken again later', async (t) => {
  const server = await backend(t, { limit_connections: 2 });
  const [one, two] = [wire(t, server), wire(t, server)];
  await Promise.all([once(one.socket, 'connect'), once(two.socket, 'connect')]);
  await until('one too many is dropped', async () => {
    const three = wire(t, server);
    return await Promise.race([three.closed.then(() => true), delay(100).then(() => false)]);
  });
  one.socket.destroy();
  await until(
    'there is room again',
    async () => (await fetch(`${server.url}/healthz`).catch(() => undefined))?.ok ?? false,
  );
  await until('the operator sees how many', async () => {
    const metrics = await fetch(server.metricsUrl).then(
      (answer) => answer.text(),
      () => '',
    );
    return /wcs_errors_total\{code="rate_limited"\} [1-9]/.test(metrics);
  });
});

test('one address cannot take all the sockets that there are with requests that it never makes', async (t) => {
  const server = await backend(t, { limit_connections_per_address: 1 });
  await Promise.all([wire(t, server), wire(t, server)].map(({ socket }) => once(socket, 'connect')));
  const third = wire(t, server);
  await third.closed;
  assert.equal(third.answer(), '');
});

test('pages have the headers that protect people, and scripts may be loaded by any site', async (t) => {
  const server = await backend(t);
  const headersOf = async (path: string) => {
    const asked = get(`${server.url}${path}`);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    response.resume();
    return response.headers;
  };
  const page = await headersOf('/conference.html');
  assert.match(String(page['content-security-policy']), /default-src 'self'/);
  assert.doesNotMatch(String(page['content-security-policy']), /unsafe/);
  assert.equal(page['x-content-type-options'], 'nosniff');
  assert.equal(page['x-frame-options'], 'SAMEORIGIN');
  assert.equal(page['referrer-policy'], 'no-referrer');
  assert.equal(page['x-powered-by'], undefined);
  assert.equal(page['strict-transport-security'], undefined, 'that is for whoever ends TLS to say');
  const records = await headersOf('/client/records/');
  assert.match(String(records['content-security-policy']), /default-src 'none'.*frame-ancestors 'none'/);
});

test('no secret and nothing that people write gets into the log, at any level', async (t) => {
  const secrets = {
    token: 'eyJhbGciOiJIUzI1NiJ9.c2VjcmV0LXRva2Vu.c2lnbmF0dXJl',
    text: 'the-words-of-a-private-message',
    admin: 'the-admin-token-of-this-backend',
    guess: 'a-wrong-guess-of-the-admin-token',
    query: 'a-token-in-the-address',
    fingerprint: dtls().fingerprints[0]!.value,
  };
  const lines: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line) => void lines.push(line) } });
  const server = await startServer({ admin_token: secrets.admin, room_idle_timeout: 50 }, log);
  t.after(() => server.close());
  const people = new People(t, server);
  const bob = await people.join('room', 'Bob');
  const alice = await Client.open(server.url);
  const connect = { version: PROTOCOL_VERSION, login: 'Alice', token: secrets.token };
  alice.session = await alice.request('connect', connect);
  const { transports } = await alice.join('room');
  const room = 'room';
  await alice.request('connectTransport', { room, transport: transports.send.id, dtlsParameters: dtls() });
  await alice.publish(room);
  await alice.request('message', { room, text: secrets.text });
  await alice.raw('message', { room, text: { no: secrets.text } }).catch(() => undefined);
  await alice.raw('connect', { ...connect, version: secrets.token }).catch(() => undefined);
  await bob.hears('message');
  alice.cut();
  const back = await people.connect('Alice', alice.session);
  for (const authorization of [secrets.admin, secrets.guess]) {
    await fetch(`${server.url}/api/v1/recordings?token=${secrets.query}`, {
      headers: { authorization: `Bearer ${authorization}` },
    });
    const body = JSON.stringify({ token: authorization });
    await fetch(`${server.url}/api/v1/login`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
  }
  bob.send(`{"token": "${secrets.token}`);
  await bob.closed;
  const all = lines.join('');
  assert.match(all, /participant joined/);
  const { iceParameters } = transports.send;
  const hidden = { ...secrets, key: alice.session.key, newKey: back.session.key, ice: iceParameters.password };
  for (const [name, secret] of Object.entries(hidden)) assert.ok(!all.includes(secret), `${name} is in the log`);
});
