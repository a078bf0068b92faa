/** Rooms of a backend that records, as their people see them over the protocol; no media flows here. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Grant } from '../../../protocol/model.ts';
import { mintToken } from '../../../backend/auth/token.ts';
import type { Config } from '../../../backend/config.ts';
import { createLog } from '../../../backend/log.ts';
import { readTimeline, type Timeline } from '../../../backend/recording/timeline.ts';
import { People, refused, startServer } from '../backend.ts';
import type { Client } from '../client.ts';
import { until } from '../until.ts';

async function start(t: TestContext, settings: Partial<Config> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'wcs-rooms-'));
  const lines: string[] = [];
  const log = createLog({ level: 'info', destination: { write: (line) => void lines.push(line) } });
  const recording = { record_streams: true, records_dir: directory, record_min_free_bytes: 0 };
  const server = await startServer({ room_idle_timeout: 100, ...recording, ...settings }, log);
  const people = new People(t, server);
  const servers = [server];
  t.after(async () => {
    for (const each of servers) await each.close();
    await rm(directory, { recursive: true });
  });
  /** The backend as it comes back to the same folder. */
  const restart = async () => {
    const next = await startServer({ room_idle_timeout: 100, ...recording, ...settings }, log);
    servers.push(next);
    return new People(t, next);
  };
  return { server, people, restart, directory, log: () => lines.join('') };
}

async function timelines(directory: string): Promise<Timeline[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(names.map((name) => readTimeline(join(directory, name))));
}

/** Waits until the only recording there is has been worked up, which without media means that it failed. */
async function worked(directory: string): Promise<Timeline> {
  let found: Timeline[] = [];
  await until('the recording has been worked up', async () => {
    found = await timelines(directory);
    return found.length > 0 && found.every(({ state }) => state === 'failed');
  });
  return found[0]!;
}

const join1 = async (client: Client, room: string, record: boolean) => (await client.join(room, { record })).room;

test('who makes a room has it recorded from the beginning, and those who come later see that', async (t) => {
  const { people, directory } = await start(t);
  const alice = await people.connect('Alice');
  assert.equal((await join1(alice, 'studio', true)).recording, 'on');
  const bob = await people.connect('Bob');
  assert.equal((await join1(bob, 'studio', false)).recording, 'on');
  await alice.publish('studio');
  await bob.request('leave', { room: 'studio' });
  await alice.request('leave', { room: 'studio' });
  const timeline = await worked(directory);
  assert.equal(timeline.recorder, 'multi-recorder://studio');
  assert.deepEqual(
    timeline.participants.map(({ login }) => login),
    ['Alice', 'Bob'],
  );
  assert.deepEqual(
    timeline.streams.map(({ name }) => name),
    ['studio-Alice-abcd'],
  );
  assert.match(timeline.reason ?? '', /^nothing was/);
});

test('the wish of those who come later is ignored', async (t) => {
  const { people } = await start(t);
  const alice = await people.connect('Alice');
  assert.equal((await join1(alice, 'studio', false)).recording, 'off');
  const bob = await people.connect('Bob');
  assert.equal((await join1(bob, 'studio', true)).recording, 'off');
});

test('who made the room switches its recording, and everybody is told', async (t) => {
  const { people, directory } = await start(t);
  const alice = await people.join('studio', 'Alice');
  const bob = await people.join('studio', 'Bob');
  assert.deepEqual(await alice.request('record', { room: 'studio', on: true }), { recording: 'on' });
  assert.deepEqual(await bob.hears('recording'), { room: 'studio', recording: 'on' });
  assert.deepEqual(await alice.hears('recording'), { room: 'studio', recording: 'on' });
  assert.deepEqual(await alice.request('record', { room: 'studio', on: true }), { recording: 'on' });
  assert.deepEqual(await alice.request('record', { room: 'studio', on: false }), { recording: 'off' });
  assert.deepEqual(await bob.hears('recording', 2), { room: 'studio', recording: 'off' });
  assert.deepEqual(await alice.request('record', { room: 'studio', on: false }), { recording: 'off' });
  assert.equal(bob.heard('recording').length, 2);
  assert.equal((await timelines(directory)).length, 1);
});

test('others are refused', async (t) => {
  const { people } = await start(t);
  const alice = await people.join('studio', 'Alice');
  const bob = await people.join('studio', 'Bob');
  await refused(bob.request('record', { room: 'studio', on: true }), 'forbidden');
  await alice.request('record', { room: 'studio', on: true });
  await refused(bob.request('record', { room: 'studio', on: false }), 'forbidden');
  await alice.request('leave', { room: 'studio' });
  await refused(bob.request('record', { room: 'studio', on: false }), 'forbidden');
});

test('whoever publishes a stream to be recorded learns the name of its file when it ends', async (t) => {
  const { people, directory } = await start(t, { stream_record_policy_template: '{room}-{login}-{mediaSessionId}' });
  const alice = await people.join('a/b', 'Alice');
  const one = await alice.publish('a/b', '0001', { record: true });
  const two = await alice.publish('a/b', '0002', { record: true, video: undefined });
  await alice.publish('a/b', '0003');
  const { recordName } = await alice.request('unpublish', { room: 'a/b', stream: one.name });
  assert.match(recordName ?? '', new RegExp(`^a%2Fb-Alice-${one.mediaSessionId}\\.`));
  const { recordNames } = await alice.request('leave', { room: 'a/b' });
  assert.deepEqual(Object.keys(recordNames ?? {}), [two.name]);
  assert.match(recordNames?.[two.name] ?? '', new RegExp(`^a%2Fb-Alice-${two.mediaSessionId}\\.`));
  await worked(directory);
  const left = (await readdir(directory)).filter((name) => !name.endsWith('.json'));
  assert.deepEqual(left, [], 'names under which nothing was written are given back');
});

test('a room that moves to another worker goes on being recorded', async (t) => {
  const { server, people, directory } = await start(t);
  const alice = await people.connect('Alice');
  await join1(alice, 'ship', true);
  const bob = await people.join('ship', 'Bob');
  const { name } = await alice.publish('ship', 'abcd', { record: true });
  for (const pid of server.workerPids) process.kill(pid, 'SIGKILL');
  await alice.hears('moved');
  const again = await alice.publish('ship', 'abcd', { record: true });
  assert.equal(again.name, name);
  assert.deepEqual(bob.heard('recording'), []);
  const { recordName } = await alice.request('unpublish', { room: 'ship', stream: name });
  assert.match(recordName ?? '', new RegExp(`^stream-${again.mediaSessionId}-Alice\\.`));
  await Promise.all([alice.request('leave', { room: 'ship' }), bob.request('leave', { room: 'ship' })]);
  await worked(directory);
  const all = await timelines(directory);
  const whole = all.find(({ recorder }) => recorder.startsWith('multi-recorder'))!;
  assert.deepEqual(
    whole.streams.map((stream) => stream.name),
    [name, name],
  );
  assert.equal(all.length, 3);
});

test('recording breaks off cleanly when the backend stops, and goes on when somebody who may record comes back', async (t) => {
  const secret = 'a secret of thirty-two characters and more';
  const { server, people, restart, directory } = await start(t, { room_idle_timeout: 60_000, token_secret: secret });
  const token = (...grants: Grant[]) => mintToken(secret, { room: 'studio', lifetime: 60, grants });
  const alice = await people.connect('Alice', undefined, await token('join', 'publish', 'record'));
  await join1(alice, 'studio', true);
  await alice.publish('studio');
  await server.close();
  const [broken] = await timelines(directory);
  assert.equal(broken?.state, 'recording');
  assert.ok(broken.endedAt);

  const back = await restart();
  const bob = await back.connect('Bob', undefined, await token('join', 'publish'));
  assert.equal((await join1(bob, 'studio', true)).recording, 'off', 'he may not');
  const again = await back.connect('Alice', undefined, await token('join', 'publish', 'record'));
  assert.equal((await join1(again, 'studio', true)).recording, 'on');
  assert.equal((await bob.hears('recording')).recording, 'on');
  await until('the timeline has all of them', async () => (await timelines(directory))[0]?.participants.length === 3);
  const [timeline, ...others] = await timelines(directory);
  assert.deepEqual(others, []);
  assert.equal(timeline?.startedAt, broken.startedAt);
  await Promise.all([bob.request('leave', { room: 'studio' }), again.request('leave', { room: 'studio' })]);
  await worked(directory);
});

test('a disk that is full keeps nobody from talking, and is told', async (t) => {
  const { people } = await start(t, { record_min_free_bytes: Number.MAX_SAFE_INTEGER });
  const alice = await people.connect('Alice');
  assert.equal((await join1(alice, 'studio', true)).recording, 'off');
  await refused(alice.request('record', { room: 'studio', on: true }), 'recording_failed');
  await alice.publish('studio', 'abcd', { record: true });
});

test('without a place to write to there are calls, and the log says why there is no recording', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'wcs-rooms-'));
  await writeFile(join(folder, 'file'), '');
  t.after(() => rm(folder, { recursive: true }));
  const { people, log } = await start(t, { records_dir: join(folder, 'file') });
  const alice = await people.connect('Alice');
  assert.equal((await join1(alice, 'studio', true)).recording, 'unavailable');
  await refused(alice.request('record', { room: 'studio', on: true }), 'recording_unavailable');
  assert.match(log(), /recording is not available; calls are/);
});

test('two backends never record into one folder', async (t) => {
  const { directory, server } = await start(t);
  const other = await startServer({ record_streams: true, records_dir: directory });
  const people = new People(t, other);
  t.after(() => other.close());
  assert.equal((await join1(await people.connect('Alice'), 'studio', true)).recording, 'unavailable');
  await server.close();
  const third = await startServer({ record_streams: true, records_dir: directory, record_min_free_bytes: 0 });
  t.after(() => third.close());
  const later = new People(t, third);
  assert.equal((await join1(await later.connect('Alice'), 'studio', true)).recording, 'on');
});
