/** What a site is told by webhooks, and asked by the connect hook, over real HTTP by a real backend. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Writable } from 'node:stream';
import { describe, test, type TestContext } from 'node:test';
import { mintToken } from '../../backend/auth/token.ts';
import { createLog } from '../../backend/log.ts';
import { Webhooks, type WebhooksOptions } from '../../backend/webhooks/webhooks.ts';
import { People, refused, startServer } from './backend.ts';
import { until } from './until.ts';

const SECRET = 'a-secret-of-enough-length';
const TOKEN_SECRET = 'a-secret-of-the-site-that-is-long-enough';

type Body = Record<string, unknown> & { event?: string; room?: string; login?: string };

interface Told {
  headers: IncomingHttpHeaders;
  text: string;
  body: Body;
}

/** A server of the site. */
async function site(t: TestContext, answer: (response: ServerResponse, told: Told, count: number) => void) {
  const told: Told[] = [];
  const http = createServer((request, response) => {
    void text(request).then((body) => {
      told.push({ headers: request.headers, text: body, body: JSON.parse(body) as Body });
      answer(response, told.at(-1)!, told.length);
    });
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  t.after(() => {
    http.closeAllConnections();
    http.close();
  });
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/hook`;
  return { told, url, events: () => told.map(({ body }) => body.event) };
}

function assertSigned({ headers, text: body }: Told): void {
  const timestamp = String(headers['x-wcs-timestamp']);
  assert.ok(Math.abs(Number(timestamp) - Date.now() / 1000) < 30);
  const signature = createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex');
  assert.equal(headers['x-wcs-signature'], `sha256=${signature}`);
}

/** Webhooks by themselves, with quick attempts. */
function webhooks(t: TestContext, url: string, options: Partial<WebhooksOptions> = {}) {
  const lines: string[] = [];
  const destination = new Writable({ write: (line, _, done) => (lines.push(String(line)), done()) });
  const hooks = new Webhooks({
    ...{ url, secret: SECRET, delays: [5, 10], flushTimeout: 200 },
    log: createLog({ level: 'info', destination }),
    ...options,
  });
  t.after(() => hooks.close());
  return { hooks, lines };
}

describe('webhook_url', () => {
  test('is told of a room from its beginning to its end, in order and signed', async (t) => {
    const { told, url, events } = await site(t, (response) => response.end());
    const server = await startServer({ webhook_url: url, webhook_secret: SECRET, token_secret: TOKEN_SECRET });
    t.after(() => server.close());
    await t.test('in a call', async (call) => {
      const people = new People(call, server);
      const token = await mintToken(TOKEN_SECRET, { room: '*', name: 'Alice Liddell', sub: '17', lifetime: 60 });
      const alice = await people.connect('alice', undefined, token);
      await alice.join('lesson');
      const stream = await alice.publish('lesson');
      const bob = await people.connect('bob', undefined, token);
      await bob.join('lesson');
      await bob.request('leave', { room: 'lesson' });
      await alice.request('leave', { room: 'lesson' });
      await until('the room is over', () => events().includes('room_finalized'));
      assert.deepEqual(events(), [
        ...['room_created', 'participant_joined', 'stream_published'],
        ...['participant_joined', 'participant_left', 'stream_unpublished', 'participant_left', 'room_finalized'],
      ]);
      for (const one of told) assertSigned(one);
      assert.ok(told.every(({ headers, body }) => body.room === 'lesson' && headers['x-wcs-delivery'] === body.id));
      const session = alice.session.session;
      const person = { login: 'alice', displayName: 'Alice Liddell', subject: '17', session };
      assert.deepEqual(told[1]!.body.participant, person);
      const { name, mediaSessionId, kind, audio, video } = stream;
      assert.deepEqual(told[2]!.body.stream, { name, mediaSessionId, kind, audio, video });
      assert.equal(told[6]!.body.reason, 'left');
    });
  });

  test('is told of each recording, by its name, when it begins and what became of it', async (t) => {
    const { told, url } = await site(t, (response) => response.end());
    const directory = await mkdtemp(join(tmpdir(), 'wcs-webhooks-'));
    const recording = { record_streams: true, records_dir: directory, record_min_free_bytes: 0 };
    const server = await startServer({ webhook_url: url, webhook_secret: SECRET, ...recording });
    t.after(async () => {
      await server.close();
      await rm(directory, { recursive: true });
    });
    const alice = await new People(t, server).join('studio', 'alice');
    await alice.request('record', { room: 'studio', on: true });
    const { mediaSessionId } = await alice.publish('studio', 'abcd', { record: true });
    const of = (event: string) => told.flatMap(({ body }) => (body.event === event ? [body] : []));
    await until('both have begun', () => of('recording_started').length === 2);
    await alice.request('leave', { room: 'studio' });
    // No media has come, so that nothing can be made of them.
    await until('both have failed', () => of('recording_failed').length === 2);
    const [room, stream] = of('recording_started');
    assert.match(String(room!.recording), /^room-studio-/);
    assert.deepEqual([room!.kind, stream!.kind, stream!.recording], ['room', 'stream', `stream-${mediaSessionId}`]);
    for (const started of [room, stream]) {
      const failed = of('recording_failed').find((one) => one.recording === started!.recording)!;
      assert.deepEqual([failed.kind, failed.startedAt], [started!.kind, started!.startedAt]);
      assert.equal(typeof failed.durationMs, 'number');
    }
  });

  test('hears before the backend has gone down that its rooms are over', async (t) => {
    const { url, events } = await site(t, (response) => response.end());
    const server = await startServer({ webhook_url: url, webhook_secret: SECRET });
    t.after(() => server.close());
    const alice = await new People(t, server).join('kitchen', 'alice');
    await server.close();
    await alice.closed;
    assert.deepEqual(events(), ['room_created', 'participant_joined', 'participant_left', 'room_finalized']);
  });

  test('is asked again after a failure, while another room does not wait for it', async (t) => {
    const { told, url } = await site(t, (response, { body }, count) =>
      response.writeHead(body.room === 'slow' && count < 4 ? 503 : 200).end(),
    );
    const { hooks } = webhooks(t, url, { delays: [50, 50, 50] });
    hooks.tell('slow', { event: 'room_created' });
    hooks.tell('slow', { event: 'room_finalized' });
    hooks.tell('quick', { event: 'room_created' });
    hooks.tell('quick', { event: 'room_finalized' });
    const of = (room: string) => told.filter(({ body }) => body.room === room).map(({ body }) => body.event);
    await until('both are told', () => of('slow').includes('room_finalized'));
    assert.deepEqual(of('quick'), ['room_created', 'room_finalized']);
    const [first, ...again] = of('slow');
    assert.deepEqual([first, again.at(-1)], ['room_created', 'room_finalized']);
    assert.ok(of('slow').length > 2);
    const last = told.findLastIndex(({ body }) => body.room === 'quick');
    assert.ok(told.slice(last).some(({ body }) => body.room === 'slow'));
    const ids = told.flatMap(({ body }) => (body.room === 'slow' && body.event === 'room_created' ? [body.id] : []));
    assert.equal(new Set(ids).size, 1, 'each attempt is the same delivery');
  });

  test('what is never taken is given up, and the next is told; a refusal is not repeated', async (t) => {
    const { told, url, events } = await site(t, (response, { body }) =>
      response.writeHead(body.event === 'room_created' ? 500 : 404).end(),
    );
    const { hooks, lines } = webhooks(t, url);
    hooks.tell('lesson', { event: 'room_created' });
    hooks.tell('lesson', { event: 'room_finalized' });
    await until('both are given up', () => lines.filter((line) => line.includes('webhook given up')).length === 2);
    assert.deepEqual(events(), ['room_created', 'room_created', 'room_created', 'room_finalized']);
    assert.equal(told.length, 4);
  });

  test('never takes more than so much memory: the oldest is dropped, and the log says so', async (t) => {
    const { url, told } = await site(t, () => undefined);
    const { hooks, lines } = webhooks(t, url, { maxWaiting: 3 });
    for (let room = 1; room <= 5; room += 1) hooks.tell(`room ${room}`, { event: 'room_created' });
    const dropped = lines.filter((line) => line.includes('webhook dropped'));
    assert.deepEqual(
      dropped.map((line) => (JSON.parse(line) as Body).room),
      ['room 1', 'room 2'],
    );
    await until('the others are told', () => told.length === 3);
    // Nobody answers: the end does not wait for that, and says what is lost.
    await hooks.close();
    assert.ok(lines.some((line) => line.includes('"lost":3')));
  });
});

describe('connect_hook_url', () => {
  /** A backend whose hook answers so. */
  async function asked(
    t: TestContext,
    answer: (response: ServerResponse, told: Told) => void,
    settings: Parameters<typeof startServer>[0] = {},
  ) {
    const { told, url } = await site(t, answer);
    const server = await startServer({
      ...{ connect_hook_url: url, connect_hook_timeout: 300, webhook_secret: SECRET },
      ...settings,
    });
    t.after(() => server.close());
    return { told, server };
  }

  test('is asked at connect and at join, signed, and may give a name and take grants away', async (t) => {
    const { told, server } = await asked(
      t,
      (response, { body }) => {
        const allowed = { displayName: 'Alice L.', grants: ['join', 'publish', 'record'] };
        response.end(body.at === 'join' ? JSON.stringify(allowed) : '');
      },
      { token_secret: TOKEN_SECRET },
    );
    await t.test('in a call', async (call) => {
      const token = await mintToken(TOKEN_SECRET, { room: '*', sub: '17', lifetime: 60 });
      const alice = await new People(call, server).connect('alice', undefined, token);
      const { grants, room } = await alice.join('lesson');
      assert.deepEqual(grants, ['join', 'publish']);
      assert.equal(room.participants[0]!.displayName, 'Alice L.');
      await refused(alice.request('message', { room: 'lesson', text: 'Hello' }), 'forbidden');
      for (const one of told) assertSigned(one);
      const [connect, join] = told.map(({ body }) => ({ ...body, id: '' }));
      const who = { login: 'alice', subject: '17', grants: ['join', 'publish', 'screen', 'chat'] };
      assert.deepEqual(connect, { id: '', at: 'connect', ...who });
      assert.deepEqual(join, { id: '', at: 'join', room: 'lesson', ...who });
    });
  });

  test('refuses in its own words', async (t) => {
    const { server } = await asked(t, (response, { body }) => {
      if (body.at === 'connect' && body.login !== 'mallory') return void response.writeHead(204).end();
      response.writeHead(403).end(body.login === 'bob' ? 'no' : JSON.stringify({ message: 'Your account is closed.' }));
    });
    await t.test('in a call', async (call) => {
      const people = new People(call, server);
      assert.equal(await refused(people.connect('mallory'), 'forbidden'), 'Your account is closed.');
      assert.equal(await refused(people.join('lesson', 'alice'), 'forbidden'), 'Your account is closed.');
      assert.match(await refused(people.join('lesson', 'bob'), 'forbidden'), /does not let you in/);
    });
  });

  test('lets nobody in while it fails, is silent, sends elsewhere or talks nonsense', async (t) => {
    const answers: Record<string, (response: ServerResponse) => void> = {
      failing: (response) => response.writeHead(500).end(),
      silent: () => undefined,
      endless: (response) => response.writeHead(200).write('{'),
      elsewhere: (response) => response.writeHead(302, { Location: '/' }).end(),
      nonsense: (response) => response.end('<html>'),
      wrong: (response) => response.end(JSON.stringify({ grants: ['fly'] })),
      huge: (response) => response.end(' '.repeat(100_000)),
    };
    const { server, told } = await asked(t, (response, { body }) => answers[body.login ?? '']?.(response));
    await t.test('in a call', async (call) => {
      const people = new People(call, server);
      for (const login of Object.keys(answers)) await refused(people.connect(login), 'auth_unavailable');
    });
    assert.equal(told.length, Object.keys(answers).length, 'no redirection is followed');
  });
});
