import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it, test, type TestContext } from 'node:test';
import { refused } from './backend.ts';
import { Client } from './client.ts';
import { until } from './until.ts';

const main = join(import.meta.dirname, '../../backend/main.ts');

const TEST_SETTINGS = ['--port=0', '--host=127.0.0.1', '--rtc_port=0', '--workers=1', '--record_streams=false'];

interface Run {
  child: ChildProcess;
  /** The log so far, one object per line. */
  lines: Record<string, unknown>[];
  errors: () => string;
  exited: Promise<number | null>;
}

function run(t: TestContext, ...args: string[]): Run {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('WCS_')));
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const exited = once(child, 'close').then(([code]) => code as number | null);
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const lines: Record<string, unknown>[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line) as Record<string, unknown>));
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return { child, lines, errors: () => errors, exited };
}

/** Starts the backend as an administrator does, and reads from its log where it listens. */
async function start(t: TestContext, ...args: string[]): Promise<Run & { url: string }> {
  const started = run(t, ...TEST_SETTINGS, ...args);
  const listening = () => started.lines.find(({ msg }) => msg === 'listening');
  await until('the backend listens', () => listening() !== undefined);
  return { ...started, url: listening()?.url as string };
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} tells the browsers, closes everything and exits with 0`, async (t) => {
    const { child, url, exited, lines } = await start(t);
    const alice = await Client.connect(url, 'Alice');
    await alice.join('room');
    await alice.publish('room');
    child.kill(signal);
    assert.deepEqual(await alice.closed, { code: 1012, reason: 'shutting_down' });
    assert.equal(await exited, 0);
    assert.equal(lines.at(-1)?.msg, 'shut down');
    assert.deepEqual(alice.heard('ended'), []);
  });
}

test('Ctrl-C in a terminal, which reaches the media workers too, is no failure', async (t) => {
  const { child, url, exited, lines } = await start(t);
  const alice = await Client.connect(url, 'Alice');
  await alice.join('room');
  process.kill(-child.pid!, 'SIGINT');
  assert.equal((await alice.closed).code, 1012);
  assert.equal(await exited, 0);
  assert.deepEqual(
    lines.filter(({ level }) => (level as number) >= 50),
    [],
  );
});

test('a second signal exits at once with 1', async (t) => {
  const { child, url, exited, lines } = await start(t);
  // A client that never answers the closing handshake keeps the first one waiting.
  const alice = await Client.connect(url, 'Alice');
  alice.pause();
  child.kill('SIGTERM');
  await until('it shuts down', () => lines.at(-1)?.msg === 'shutting down');
  // Signals right after the first one are taken for its echo.
  await until('it exits', () => !child.kill('SIGTERM') || child.exitCode !== null);
  assert.equal(await exited, 1);
  alice.cut();
});

describe('with a drain_timeout, SIGTERM', () => {
  const drained = (lines: Run['lines']) => lines.some(({ msg }) => msg === 'draining: no new rooms are taken');

  /** A backend that drains, with Alice in a room. */
  async function draining(t: TestContext, timeout = 60_000) {
    const started = await start(t, `--drain_timeout=${timeout}`);
    const alice = await Client.connect(started.url, 'Alice');
    await alice.join('room');
    started.child.kill('SIGTERM');
    await until('it drains', () => drained(started.lines));
    await until('it is not ready', async () => (await fetch(`${started.url}/readyz`)).status === 503);
    return { ...started, alice };
  }

  it('takes no new rooms, lets people come to those that there are, and ends with the last one', async (t) => {
    const { url, alice, exited } = await draining(t);
    const bob = await Client.connect(url, 'Bob');
    await bob.join('room');
    await alice.hears('joined');
    assert.match(await (await fetch(`${url}/metrics`)).text(), /^wcs_draining 1$/m);
    // Whoever is in a room keeps the connection; others are to find another backend.
    await refused(bob.join('another room'), 'shutting_down');
    await bob.request('message', { room: 'room', text: 'still here' });
    await alice.hears('message');
    const carol = await Client.connect(url, 'Carol');
    await refused(carol.join('third room'), 'shutting_down');
    assert.deepEqual(await carol.closed, { code: 1012, reason: 'shutting_down' });
    await alice.request('leave', { room: 'room' });
    await bob.request('leave', { room: 'room' });
    assert.equal((await bob.closed).code, 1012);
    assert.equal(await exited, 0);
  });

  it('does not wait longer than that', async (t) => {
    const { alice, exited } = await draining(t, 1_000);
    assert.deepEqual(await alice.closed, { code: 1012, reason: 'shutting_down' });
    assert.equal(await exited, 0);
  });

  it('and a second one end all rooms at once, in order', async (t) => {
    const { child, alice, exited, lines } = await draining(t);
    // Signals right after the first one are taken for its echo.
    await until('it shuts down', () => child.kill('SIGTERM') && lines.some(({ msg }) => msg === 'shutting down'));
    assert.deepEqual(await alice.closed, { code: 1012, reason: 'shutting_down' });
    assert.equal(await exited, 0);
    assert.equal(lines.at(-1)?.msg, 'shut down');
  });
});

test('a browser that does not answer does not keep the backend from going down', async (t) => {
  const { child, url, exited } = await start(t);
  const alice = await Client.connect(url, 'Alice');
  alice.pause();
  child.kill('SIGTERM');
  assert.equal(await exited, 0);
  alice.cut();
});

test('wrong settings are listed, with exit code 2 and nothing started', async (t) => {
  const { exited, errors, lines } = run(t, '--prot', '80', '--workers', 'all');
  assert.equal(await exited, 2);
  assert.match(errors(), /--prot: .*did you mean port\?[^]*--workers: must be a whole number/);
  assert.deepEqual(lines, []);
});

test('a port that is taken is told, with exit code 1', async (t) => {
  const { url } = await start(t);
  const second = run(t, '--port', new URL(url).port, '--host', '127.0.0.1', '--rtc_port', '0', '--workers', '1');
  assert.equal(await second.exited, 1);
  assert.match(JSON.stringify(second.lines.at(-1)), /cannot listen on 127\.0\.0\.1:\d+/);
});

test('the log has the life of rooms and people, and no keys, texts or media descriptions', async (t) => {
  const { child, url, exited, lines } = await start(t, '--log_level', 'debug');
  const alice = await Client.connect(url, 'Alice "{}');
  await alice.join('room');
  await alice.publish('room');
  await alice.request('message', { room: 'room', text: 'a very private text' });
  await alice.request('leave', { room: 'room' });
  await alice.close();
  child.kill('SIGTERM');
  await exited;
  const steps = lines.filter(({ level }) => level === 30).map(({ msg }) => msg);
  assert.deepEqual(steps, [
    'worker started',
    'recording is switched off (record_streams)',
    'listening',
    'room created',
    'participant joined',
    'stream published',
    'participant left',
    'room ended',
    'shutting down',
    'shut down',
  ]);
  const joined = lines.find(({ msg }) => msg === 'participant joined');
  assert.equal(joined?.login, 'Alice "{}');
  assert.equal(joined?.room, 'room');
  assert.equal(joined?.session, alice.session.session);
  const text = JSON.stringify(lines);
  for (const secret of [alice.session.key, 'private', 'ssrc', 'fingerprint']) assert.ok(!text.includes(secret), secret);
});
