/** Administration of rooms, and the description of the whole API. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Config } from '../../backend/config.ts';
import { ROUTES, type RouteDescription } from '../../backend/http/api/routes.ts';
import { People, startServer } from './backend.ts';
import { addRoom, site } from './recordings-site.ts';

interface OpenApi {
  openapi: string;
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: Record<string, unknown> }> }> }>
  >;
  components: { schemas: Record<string, Record<string, unknown>> };
}

const TOKEN = 'a-token-of-enough-length';
const elsewhere = { 'X-Forwarded-For': '192.0.2.7' };

async function backend(t: TestContext, settings: Partial<Config> = {}) {
  const server = await startServer(settings);
  const people = new People(t, server);
  t.after(() => server.close());
  const api = `${server.url}/api/v1`;
  const { validate } = await description(async () => (await fetch(`${api}/openapi.json`)).json());
  /** Asks, and checks the answer against the description. */
  const ask = async (path: string, { body, as = path }: { body?: unknown; as?: string } = {}) => {
    const method = body === undefined ? 'GET' : 'POST';
    const init = { method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
    const response = await fetch(api + path, body === undefined ? {} : init);
    const json = (await response.json()) as Record<string, unknown>;
    validate({ path: as.split('?')[0]!, method, status: response.status, json });
    return { status: response.status, json };
  };
  return { server, people, api, ask };
}

/** The document, and a check of answers by the schemas in it. */
async function description(fetchIt: () => Promise<unknown>) {
  const document = (await fetchIt()) as OpenApi;
  const ajv = new Ajv2020({ strict: false });
  const validate = ({
    path,
    method,
    status,
    json,
  }: {
    path: string;
    method: string;
    status: number;
    json: unknown;
  }) => {
    const response = document.paths[path]?.[method.toLowerCase()]?.responses[status];
    assert.ok(response, `${method} ${path} ${status} is described`);
    const schema = { ...response.content!['application/json']!.schema, components: document.components };
    const isValid = ajv.compile(schema);
    assert.ok(isValid(json), `${path}: ${ajv.errorsText(isValid.errors)} in ${JSON.stringify(json)}`);
  };
  return { document, validate };
}

const room = { as: '/rooms/{name}' };

describe('rooms, for administrators', () => {
  it('are listed with how many people and streams they have, in parts', async (t) => {
    const { people, ask } = await backend(t);
    assert.deepEqual((await ask('/rooms')).json, { total: 0, rooms: [] });
    const alice = await people.join('Küche', 'Alice');
    await people.join('Küche', 'Bob');
    await people.join('hall', 'Carol');
    await alice.publish('Küche');
    const { total, rooms } = (await ask('/rooms')).json as { total: number; rooms: Record<string, unknown>[] };
    assert.equal(total, 2);
    const { startedAt, ...first } = rooms[0]!;
    assert.deepEqual(first, { name: 'Küche', capacity: 0, recording: 'unavailable', participants: 2, streams: 1 });
    assert.ok(Math.abs(Date.now() - Number(startedAt)) < 60_000);
    const second = (await ask('/rooms?offset=1&limit=1')).json as { rooms: { name: string }[] };
    assert.deepEqual(
      second.rooms.map(({ name }) => name),
      ['hall'],
    );
    assert.equal((await ask('/rooms?limit=many')).status, 400);
  });

  it('are told in full, one by one', async (t) => {
    const { people, ask } = await backend(t);
    const alice = await people.join('Küche', 'Alice');
    const stream = await alice.publish('Küche');
    await people.join('Küche', 'Bob');
    const { json } = await ask(`/rooms/${encodeURIComponent('Küche')}`, room);
    const [one, two] = json.participants as Record<string, unknown>[];
    assert.deepEqual(one, {
      login: 'Alice',
      connected: true,
      streams: [stream],
      session: alice.session.session,
      grants: ['join', 'publish', 'screen', 'chat', 'record', 'moderate'],
    });
    assert.equal(two!.login, 'Bob');
    const nobody = await ask('/rooms/hall', room);
    assert.deepEqual([nobody.status, (nobody.json.error as { code: string }).code], [404, 'room_unknown']);
    assert.equal((await ask(`/rooms/${'x'.repeat(100)}`, room)).status, 404);
  });

  it('tell how their streams arrive', async (t) => {
    const { people, ask } = await backend(t);
    const alice = await people.join('hall', 'Alice');
    await alice.publish('hall', 'abcd', { muted: { audio: true, video: false } });
    const { json } = await ask('/rooms/hall/streams', { as: '/rooms/{name}/streams' });
    const none = { bitrate: 0, bytes: 0, packetsLost: 0, layers: [] };
    assert.deepEqual(json.streams, [
      {
        ...{ name: 'hall-Alice-abcd', login: 'Alice', kind: 'camera' },
        tracks: [
          { kind: 'audio', codec: 'audio/opus', paused: true, ...none },
          { kind: 'video', codec: 'video/VP8', paused: false, ...none },
        ],
      },
    ]);
  });

  it('are written to', async (t) => {
    const { people, ask } = await backend(t);
    const alice = await people.join('hall', 'Alice');
    const as = '/rooms/{name}/messages';
    const { json } = await ask('/rooms/hall/messages', { as, body: { text: 'We close at ten.', from: 'House' } });
    const message = { from: 'House', text: 'We close at ten.', at: json.at };
    assert.deepEqual(await alice.hears('message'), { room: 'hall', message });
    for (const body of [{}, { text: '' }, { text: 'a', to: 'Alice' }, 'text', null])
      assert.equal((await ask('/rooms/hall/messages', { as, body })).status, 400, JSON.stringify(body));
    assert.equal((await ask('/rooms/kitchen/messages', { as, body: { text: 'a' } })).status, 404);
  });

  it('are closed, and people taken out of them', async (t) => {
    const { people, api } = await backend(t);
    const remove = async (path: string) => (await fetch(api + path, { method: 'DELETE' })).status;
    const alice = await people.join('hall', 'Alice');
    const bob = await people.join('hall', 'Bob');
    assert.equal(await remove('/rooms/hall/participants/Bob?ban=true&note=Enough.'), 204);
    assert.deepEqual(await bob.hears('ended'), { room: 'hall', reason: 'expelled', note: 'Enough.' });
    assert.equal((await alice.hears('left')).reason, 'expelled');
    await assert.rejects(bob.join('hall'), { code: 'expelled' });
    assert.equal(await remove('/rooms/hall/participants/Bob'), 404);
    assert.equal(await remove('/rooms/hall/participants/Alice?ban=perhaps'), 400);
    assert.equal(await remove('/rooms/hall?note=Good%20night'), 204);
    assert.deepEqual(await alice.hears('ended'), { room: 'hall', reason: 'closed', note: 'Good night' });
    assert.equal(await remove('/rooms/hall'), 404);
  });

  it('are moderated under nobody’s name: mute, end a stream, lock, and let in who waits', async (t) => {
    const { people, api, ask } = await backend(t);
    const post = async (path: string, body: unknown) => {
      const init = { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
      return (await fetch(`${api}/rooms/hall${path}`, init)).status;
    };
    const alice = await people.join('hall', 'Alice');
    const { name: stream } = await alice.publish('hall');
    const muted = { audio: true, video: false };
    assert.equal(await post('/silence', { login: 'Alice', ...muted, hold: true, note: 'Please.' }), 204);
    const silenced = { room: 'hall', login: 'Alice', ...muted, held: muted, note: 'Please.' };
    assert.deepEqual(await alice.hears('silenced'), silenced);
    const unmute = alice.request('mute', { room: 'hall', stream, muted: { audio: false, video: false } });
    await assert.rejects(unmute, { code: 'forbidden' });
    assert.equal(await post('/silence', { login: 'Bob', ...muted }), 404);
    assert.equal(await post('/silence', { audio: false, video: false }), 400);

    const end = async () => (await fetch(`${api}/rooms/hall/streams/${stream}`, { method: 'DELETE' })).status;
    assert.equal(await end(), 204);
    assert.deepEqual(await alice.hears('unpublished'), { room: 'hall', login: 'Alice', stream });
    assert.equal(await end(), 404);

    const guarded = await ask('/rooms/hall/guard', { as: '/rooms/{name}/guard', body: { lobby: true } });
    assert.deepEqual(guarded.json, { locked: false, lobby: true });
    assert.deepEqual(await alice.hears('guarded'), { room: 'hall', locked: false, lobby: true });
    const bob = await people.connect('Bob');
    await bob.request('knock', { room: 'hall' });
    const { json } = await ask('/rooms/hall', room);
    assert.deepEqual([json.lobby, (json.waiting as { login: string }[]).map(({ login }) => login)], [true, ['Bob']]);
    assert.equal(await post('/admit', { login: 'Bob', on: true }), 204);
    await bob.hears('admitted');
    assert.equal(await post('/admit', { login: 'Bob', on: true }), 404);
    await bob.request('knock', { room: 'hall' });
    await bob.join('hall');
  });

  it('are for pages of the allowed origins, with the token', async (t) => {
    const { api } = await backend(t, { allowed_origins: ['https://site.example'], admin_token: TOKEN });
    const from = (origin: string, init: RequestInit = {}) =>
      fetch(`${api}/rooms/hall`, { ...init, headers: { Origin: origin, ...elsewhere, ...init.headers } });
    const preflight = await from('https://site.example', { method: 'OPTIONS' });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), 'https://site.example');
    assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /Authorization/);
    assert.equal(preflight.headers.get('access-control-allow-credentials'), null);
    const asked = await from('https://site.example', {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${TOKEN}` },
    });
    assert.deepEqual([asked.status, asked.headers.get('access-control-allow-origin')], [404, 'https://site.example']);
    assert.equal((await from('https://site.example', { method: 'DELETE' })).status, 403);
    const other = await from('https://other.example', { method: 'OPTIONS' });
    assert.equal(other.headers.get('access-control-allow-origin'), null);
  });

  it('are counted, with sessions and sockets', async (t) => {
    const { people, ask } = await backend(t);
    await (await people.join('hall', 'Alice')).publish('hall');
    await people.connect('Bob');
    const { uptimeMs, ...counts } = (await ask('/status')).json;
    assert.ok(Number(uptimeMs) > 0);
    const streams = { camera: 1, screen: 0 };
    assert.deepEqual(counts, { draining: false, sockets: 2, sessions: 2, rooms: 1, participants: 1, streams });
  });

  it('are for nobody else, also where everyone sees recordings', async (t) => {
    const { api } = await backend(t, { admin_token: TOKEN, records_access: 'everyone' });
    const status = async (path: string, headers: Record<string, string>) =>
      (await fetch(api + path, { headers })).status;
    for (const path of ['/status', '/rooms', '/rooms/hall', '/rooms/hall/streams']) {
      assert.equal(await status(path, elsewhere), 401, path);
      assert.notEqual(await status(path, { ...elsewhere, Authorization: `Bearer ${TOKEN}` }), 401, path);
    }
    const init = {
      method: 'POST',
      headers: { ...elsewhere, 'Content-Type': 'application/json' },
      body: '{"text":"a"}',
    };
    for (const path of ['messages', 'recording', 'silence', 'guard', 'admit'])
      assert.equal((await fetch(`${api}/rooms/hall/${path}`, init)).status, 401, path);
    for (const path of ['', '/participants/Alice', '/streams/s'])
      assert.equal((await fetch(`${api}/rooms/hall${path}`, { ...init, method: 'DELETE' })).status, 401, path);
    assert.equal(await status('/openapi.json', elsewhere), 200);
  });
});

describe('the description of the API', () => {
  it('has every route, each with its answer and its refusals', async (t) => {
    const { ask } = await site(t);
    const { document } = await description(async () => (await ask('/api/v1/openapi.json')).json());
    assert.equal(document.openapi, '3.1.0');
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const routes = Object.values<RouteDescription>(ROUTES).map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(described.sort(), routes.sort());
    for (const { method, path, status, answer } of Object.values<RouteDescription>(ROUTES)) {
      const { responses } = document.paths[path]![method]!;
      assert.equal(responses[status]?.content !== undefined, answer !== undefined, path);
      for (const refusal of [400, 401, 403, 429, 500]) assert.ok(responses[refusal]?.content, `${path} ${refusal}`);
    }
  });

  it('fits what is answered of recordings', async (t) => {
    const { ask, directory } = await site(t);
    const id = await addRoom(directory, 'kitchen');
    const { validate } = await description(async () => (await ask('/api/v1/openapi.json')).json());
    const fits = async (path: string, as: string, method = 'GET') => {
      const { status, json } = await ask(`/api/v1${path}`, { method });
      validate({ path: as, method, status, json: json() });
      return status;
    };
    assert.equal(await fits('/recordings', '/recordings'), 200);
    assert.equal(await fits(`/recordings/${id}`, '/recordings/{id}'), 200);
    assert.equal(await fits('/recordings/none', '/recordings/{id}'), 404);
    assert.equal(await fits('/recordings/none', '/recordings/{id}', 'DELETE'), 404);
    assert.equal(await fits(`/recordings/${id}/mix`, '/recordings/{id}/mix', 'POST'), 202);
    assert.equal(await fits('/rooms/hall/recording', '/rooms/{name}/recording', 'POST'), 400);
  });
});
