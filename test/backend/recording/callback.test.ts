import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { createLog } from '../../../backend/log.ts';
import { Callbacks, type CallbackOptions } from '../../../backend/recording/finalizing/callback.ts';
import { readTimeline, type Timeline, writeTimeline } from '../../../backend/recording/timeline.ts';
import { addRoom } from '../recordings-site.ts';
import { until } from '../until.ts';
import { startRecorder } from './recorder.ts';

const SECRET = 'a-secret-of-enough-length';

interface Told {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A server that is called back, and the one that calls it. */
async function setUp(
  t: TestContext,
  answer: (response: ServerResponse, count: number) => void,
  options: Partial<CallbackOptions> = {},
) {
  const directory = await mkdtemp(join(tmpdir(), 'wcs-callback-'));
  const told: Told[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      told.push({ headers: request.headers, body });
      answer(response, told.length);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mixed`;
  const mixerConfig = join(directory, 'offline_mixer.json');
  await writeFile(mixerConfig, JSON.stringify({ callbackUrl: url }));
  const lines: string[] = [];
  const destination = new Writable({ write: (line, _, done) => (lines.push(String(line)), done()) });
  const log = createLog({ level: 'info', destination });
  const callbacks = new Callbacks({
    ...{ directory, mixerConfig, secret: '', log, delays: [10, 20] },
    exclusively: async (path, task) => task(await readTimeline(path)),
    ...options,
  });
  t.after(async () => {
    await callbacks.close();
    server.closeAllConnections();
    server.close();
    await rm(directory, { recursive: true });
  });
  const tell = async (changes: Partial<Timeline> = {}) => {
    const id = await addRoom(directory, 'kitchen', { reason: `${directory}/secret`, ...changes });
    const path = join(directory, `${id}.json`);
    const timeline = await readTimeline(path);
    timeline.callback = await callbacks.owed(timeline);
    await writeTimeline(path, timeline);
    callbacks.tell(timeline, path);
    return id;
  };
  const owed = async (id: string) => (await readTimeline(join(directory, `${id}.json`))).callback;
  const logged = (part: string) => until(part, () => lines.some((line) => line.includes(part)));
  return { directory, mixerConfig, told, tell, owed, logged, callbacks, lines };
}

describe('the callbackUrl of offline_mixer.json', () => {
  it('is told what was mixed, and nothing that is private', async (t) => {
    const { told, tell, logged } = await setUp(t, (response) => response.end('thanks'));
    const id = await tell();
    await logged('callback delivered');
    assert.equal(told.length, 1);
    const { headers, body } = told[0]!;
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers['x-wcs-signature'], undefined);
    assert.deepEqual(JSON.parse(body), {
      id,
      room: 'kitchen',
      state: 'done',
      startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
      durationMs: 61_000,
      file: `${id}-mixed.mp4`,
      bytes: 100,
    });
  });

  it('is told of failure', async (t) => {
    const { told, tell, logged } = await setUp(t, (response) => response.end());
    const id = await tell({ state: 'failed', mixed: undefined });
    await logged('callback delivered');
    const { state, id: about, file } = JSON.parse(told[0]!.body) as Record<string, string>;
    assert.deepEqual([about, state, file], [id, 'failed', undefined]);
  });

  it('can tell by the signature that it is us, and when', async (t) => {
    const { told, tell, logged } = await setUp(t, (response) => response.end(), { secret: SECRET });
    await tell();
    await logged('callback delivered');
    const { headers, body } = told[0]!;
    const timestamp = String(headers['x-wcs-timestamp']);
    assert.ok(Math.abs(Number(timestamp) - Date.now() / 1000) < 30);
    const signature = createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex');
    assert.equal(headers['x-wcs-signature'], `sha256=${signature}`);
  });

  it('is asked again when it answers 500, by the same delivery', async (t) => {
    const { told, tell, logged } = await setUp(t, (response, count) => response.writeHead(count < 3 ? 500 : 200).end());
    await tell();
    await logged('callback delivered');
    assert.equal(told.length, 3);
    assert.equal(new Set(told.map(({ headers }) => headers['x-wcs-delivery'])).size, 1);
  });

  it('is given up when it never says anything else than 500', async (t) => {
    const { told, tell, logged } = await setUp(t, (response) => response.writeHead(500).end());
    await tell();
    await logged('"attempts":3,"problem":"the answer was 500"');
    assert.equal(told.length, 3);
  });

  it('is given up when it never answers, or never ends its answer', async (t) => {
    const { told, tell, logged } = await setUp(t, (response, count) => void (count === 3 && response.write('…')), {
      deadline: 50,
    });
    await tell();
    await logged('callback delivered');
    assert.equal(told.length, 3, 'the head of an answer is enough');
    const silent = await setUp(t, () => undefined, { deadline: 50 });
    await silent.tell();
    await silent.logged('"attempts":3,"problem":"there was no answer in time"');
  });

  it('is not asked again when it refuses, nor followed elsewhere', async (t) => {
    for (const status of [400, 404, 302]) {
      const head = { Location: 'http://127.0.0.1:1/' };
      const { told, tell, logged } = await setUp(t, (response) => response.writeHead(status, head).end());
      await tell();
      await logged(`the answer was ${status}`);
      assert.equal(told.length, 1);
    }
  });

  it('does not hold the backend up when that stops, and is told after its next start', async (t) => {
    const answer = (response: ServerResponse, count: number) =>
      count === 1 ? response.writeHead(500).end() : count > 2 && response.end();
    const { directory, mixerConfig, told, tell, owed, callbacks, logged } = await setUp(t, answer, {
      delays: [10, 20],
    });
    const id = await tell();
    await until('it is asked again', () => told.length === 2);
    await callbacks.close();
    await logged('callback is put off to the next start');
    assert.equal((await owed(id))?.attempts, 1);

    const recorder = await startRecorder({
      directory,
      mix: () => Promise.resolve(`${id}-mixed.mp4`),
      callback: { mixerConfig, secret: '' },
    });
    t.after(() => recorder.close());
    await until('nobody is to be told any more', async () => (await owed(id)) === undefined);
    assert.equal(told.length, 3);
    assert.equal(new Set(told.map(({ headers }) => headers['x-wcs-delivery'])).size, 1);
    assert.deepEqual(JSON.parse(told[2]!.body), JSON.parse(told[0]!.body));

    await recorder.finalizer.again(join(directory, `${id}.json`));
    await until('the new mix is told', () => told.length === 4);
    assert.notEqual(told[3]!.headers['x-wcs-delivery'], told[2]!.headers['x-wcs-delivery']);
    await until('nobody is to be told any more', async () => (await owed(id)) === undefined);
  });

  it('is not told of streams, nor where another script mixes, nor where there is none', async (t) => {
    const { told, tell, callbacks, mixerConfig, lines } = await setUp(t, (response) => response.end());
    await tell({ recorder: 'stream-recorder://1' });
    await tell({ mixed: undefined });
    await writeFile(mixerConfig, '{}');
    await tell();
    await writeFile(mixerConfig, 'not JSON');
    await tell();
    await callbacks.close();
    assert.deepEqual([told.length, lines], [0, []]);
  });
});
