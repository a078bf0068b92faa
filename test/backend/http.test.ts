import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { Access } from '../../backend/http/access.ts';
import { createApp } from '../../backend/http/app.ts';
import { createLog } from '../../backend/log.ts';
import { byDefault, startServer } from './backend.ts';
import { noRooms } from './recordings-site.ts';

interface Site {
  url: string;
  dist: string;
  ready: boolean;
}

/** The HTTP side alone, with a built browser half and one demo page. */
async function site(t: TestContext): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'wcs-http-'));
  const dist = join(folder, 'dist');
  const demo = join(folder, 'demo');
  mkdirSync(join(dist, 'chunks'), { recursive: true });
  mkdirSync(demo);
  writeFileSync(join(dist, 'wcs.js'), 'export {};');
  writeFileSync(join(dist, 'room-api.js'), 'var RoomApi;');
  writeFileSync(join(dist, 'secret.json'), '{}');
  writeFileSync(join(dist, 'chunks/media-ABC123.js'), 'export {};');
  writeFileSync(join(demo, 'index.html'), '<h1>Demo</h1>');
  writeFileSync(join(demo, 'conference.html'), '<wcs-conference></wcs-conference>');
  const state = { url: '', dist, ready: true };
  const log = createLog({ level: 'silent' });
  const access = new Access({ access: 'loopback', adminToken: '' });
  const folders = { dist, demo };
  const isReady = () => state.ready;
  const server: Server = createServer(createApp({ folders, access, rooms: noRooms(), isReady, ...byDefault(), log }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    rmSync(folder, { recursive: true });
  });
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return state;
}

test('the scripts travel compressed', async (t) => {
  const { url, dist } = await site(t);
  writeFileSync(join(dist, 'wcs.js'), `export default '${'wcs '.repeat(10_000)}';`);
  const request = get(`${url}/wcs.js`, { headers: { 'Accept-Encoding': 'gzip' } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  assert.equal(response.headers['content-encoding'], 'gzip');
  assert.equal(response.headers.vary, 'Accept-Encoding');
  let bytes = 0;
  for await (const chunk of response) bytes += (chunk as Buffer).length;
  assert.ok(bytes < 2_000, `${bytes} bytes`);
});

test('the scripts may be loaded by any page, and are compared at each load', async (t) => {
  const { url } = await site(t);
  for (const name of ['wcs.js', 'room-api.js']) {
    const response = await fetch(`${url}/${name}`);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type') ?? '', /^text\/javascript/);
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
    assert.equal(response.headers.get('cross-origin-resource-policy'), 'cross-origin');
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(response.headers.get('cache-control'), 'public, no-cache');
    const etag = response.headers.get('etag') ?? '';
    // fetch would add that it wants no cached answer.
    const [again] = (await once(get(`${url}/${name}`, { headers: { 'If-None-Match': etag } }), 'response')) as [
      IncomingMessage,
    ];
    again.resume();
    assert.equal(again.statusCode, 304);
  }
});

test('chunks, whose names change with what is in them, are kept for good', async (t) => {
  const { url } = await site(t);
  const response = await fetch(`${url}/chunks/media-ABC123.js`);
  assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.equal(response.headers.get('access-control-allow-origin'), '*');
});

test('the demo pages are served', async (t) => {
  const { url } = await site(t);
  assert.match(await (await fetch(url)).text(), /Demo/);
  assert.match(await (await fetch(`${url}/conference.html?roomName=a`)).text(), /<wcs-conference>/);
});

test('as long as the elements are not built, pages and scripts say so', async (t) => {
  const { url, dist } = await site(t);
  rmSync(join(dist, 'wcs.js'));
  for (const path of ['/', '/conference.html', '/wcs.js']) {
    const response = await fetch(url + path);
    assert.equal(response.status, 503);
    assert.match(await response.text(), /npm run build/);
  }
});

test('the health of the process and its readiness are told apart', async (t) => {
  const state = await site(t);
  assert.equal((await fetch(`${state.url}/readyz`)).status, 200);
  state.ready = false;
  const response = await fetch(`${state.url}/readyz`);
  assert.equal(response.status, 503);
  assert.deepEqual(await response.json(), { ready: false });
  assert.equal((await fetch(`${state.url}/healthz`)).status, 200);
});

test('what is not there is answered shortly, and nothing of the request is repeated', async (t) => {
  const { url } = await site(t);
  for (const path of [
    '/<script>alert(1)</script>',
    '/secret.json',
    '/chunks/',
    '/chunks/../secret.json',
    '/%2e%2e/x',
  ]) {
    const response = await fetch(url + path);
    assert.equal(response.status, 404, path);
    const text = await response.text();
    assert.ok(text.length < 60 && !text.includes('script'), text);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain/);
  }
  assert.equal((await fetch(url, { method: 'POST', body: 'x' })).status, 404);
});

test('sockets are taken at /ws only', async (t) => {
  const server = await startServer();
  t.after(() => server.close());
  const status = async (path: string, options = {}) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, options);
    socket.on('error', () => undefined);
    const outcome = await Promise.race([
      once(socket, 'open').then(() => 101),
      once(socket, 'unexpected-response').then(([, response]) => (response as { statusCode: number }).statusCode),
    ]);
    socket.terminate();
    return outcome;
  };
  assert.equal(await status('/ws'), 101);
  assert.equal(await status('/ws?from=page'), 101);
  assert.equal(await status('/ws/12'), 101, 'the twelfth attempt to come back');
  assert.equal(await status('/wss'), 404);
  assert.equal(await status('/'), 404);
  assert.equal(await status('/ws', { origin: 'https://evil.example' }), 101);

  const allowed_origins = ['https://example.com'];
  const strict = await startServer({ allowed_origins });
  t.after(() => strict.close());
  const lenient = await startServer({ allowed_origins, allow_no_origin: true });
  t.after(() => lenient.close());
  const takes = async ({ port }: { port: number }, origin?: string) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, origin ? { origin } : {});
    socket.on('error', () => undefined);
    const opened = await Promise.race([
      once(socket, 'open').then(() => true),
      once(socket, 'unexpected-response').then(() => false),
    ]);
    socket.terminate();
    return opened;
  };
  assert.equal(await takes(strict, 'https://example.com'), true);
  assert.equal(await takes(strict, 'https://example.com.evil.example'), false);
  assert.equal(await takes(strict), false);
  assert.equal(await takes(lenient, 'https://evil.example'), false);
  assert.equal(await takes(lenient), true);
});

test('a handshake that breaks off does no harm', async (t) => {
  const server = await startServer();
  t.after(() => server.close());
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  await once(socket, 'data');
  socket.resetAndDestroy();
  assert.equal((await fetch(`http://127.0.0.1:${server.port}/healthz`)).status, 200);
});
