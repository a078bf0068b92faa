/** Administration of a whole backend: real rooms, and a recording that the real mixer mixes. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import type { Config } from '../../backend/config.ts';
import { People, startServer } from './backend.ts';
import { probe, record } from './recording/media.ts';
import { until } from './until.ts';

/** Mixing has the lowest priority, and tests run beside it. */
const MIXING_MS = 60_000;

const folder = () => mkdtemp(join(tmpdir(), 'wcs-api-'));

async function backend(t: TestContext, directory: string, settings: Partial<Config> = {}) {
  const recording = { record_streams: true, records_dir: directory, record_min_free_bytes: 0 };
  const server = await startServer({ ...recording, ...settings });
  // What is done after a test is done in this order: as long as the backend lives, it writes into the folder.
  t.after(async () => {
    await server.close();
    await rm(directory, { recursive: true });
  });
  const ask = async (path: string, body?: unknown) => {
    const init = { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
    const response = await fetch(`${server.url}/api/v1${path}`, body === undefined ? {} : init);
    return (await response.json()) as Record<string, unknown>;
  };
  return { server, ask };
}

test('an administrator switches the recording of a room in which people are', async (t) => {
  const directory = await folder();
  const { server, ask } = await backend(t, directory);
  const people = new People(t, server);
  const alice = await people.join('Küche', 'Alice');
  const path = `/rooms/${encodeURIComponent('Küche')}/recording`;
  assert.deepEqual(await ask(path, { on: true }), { recording: 'on' });
  assert.deepEqual(await alice.hears('recording'), { room: 'Küche', recording: 'on' });
  const { recordings } = (await ask('/recordings')) as { recordings: Record<string, unknown>[] };
  const [{ room, state, busy } = {}] = recordings;
  assert.deepEqual({ room, state, busy }, { room: 'Küche', state: 'recording', busy: true });
  assert.deepEqual(await ask(path, { on: false }), { recording: 'off' });
  assert.deepEqual(await alice.hears('recording', 2), { room: 'Küche', recording: 'off' });
  const refused = (await ask('/rooms/nobody/recording', { on: true })) as { error: { code: string } };
  assert.equal(refused.error.code, 'room_unknown');
});

test('a recording is mixed, told of, and mixed again in another way', async (t) => {
  const directory = await folder();
  const told: { body: Record<string, unknown>; signature: unknown }[] = [];
  const listener = createServer((request, response) => {
    void text(request).then((body) => {
      const parsed = JSON.parse(body) as Record<string, unknown>;
      told.push({ body: parsed, signature: request.headers['x-wcs-signature'] });
      response.end();
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  t.after(() => listener.close());
  const callbackUrl = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/`;
  const mixer = join(directory, 'offline_mixer.json');
  const size = { mixerVideoWidth: 160, mixerVideoHeight: 90, mixerVideoFps: 10 };
  await writeFile(mixer, JSON.stringify({ callbackUrl, ...size }));
  await record(directory, [{ name: 'test-Ada-1a2b', sent: [[0, 1000]], luma: '128', sound: '0.5*sin(2000*t)' }]);

  const { ask } = await backend(t, directory, {
    offline_mixer: mixer,
    callback_secret: 'a-secret-of-enough-length',
  });
  const now = () => ask('/recordings/room-test');
  await until('it is mixed', async () => (await now()).state === 'done', MIXING_MS);
  await until('the callback is told', () => told.length === 1);
  assert.equal(told[0]!.body.file, 'room-test-mixed.mp4');
  assert.match(String(told[0]!.signature), /^sha256=[0-9a-f]{64}$/);

  const wish = { mixerVideoWidth: 320, mixerVideoHeight: 180, mixerLayoutClass: 'CropNoPaddingGridLayout' };
  assert.equal((await ask('/recordings/room-test/mix', wish)).busy, true);
  await until('it is mixed again', async () => (await now()).busy === false, MIXING_MS);
  const { streams } = await probe(join(directory, 'room-test-mixed.mp4'));
  assert.deepEqual(streams.map(({ width, codec_name }) => [codec_name, width]).sort(), [
    ['aac', undefined],
    ['h264', 320],
  ]);

  await ask('/recordings/room-test/mix', { hasVideo: false });
  await until('it is mixed once more', async () => (await now()).busy === false, MIXING_MS);
  const { files, state } = (await now()) as { files: { role: string; name: string }[]; state: string };
  assert.equal(state, 'done');
  assert.equal(files.find(({ role }) => role === 'mixed')?.name, 'room-test-mixed.m4a');
  await until('each was told', () => told.length === 3);
});
