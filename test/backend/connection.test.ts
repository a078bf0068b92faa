import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createLog } from '../../backend/log.ts';
import { Connection } from '../../backend/signaling/connection.ts';
import type { Handlers } from '../../backend/signaling/handlers.ts';
import { encodeRequest } from '../../protocol/frames.ts';
import { CONNECT_TIMEOUT, PING_INTERVAL } from '../../protocol/limits.ts';
import { byDefault, People, startServer } from './backend.ts';

/** A connection whose socket notes what it is told to do. */
function connect(t: TestContext, ping: Handlers['ping'] = () => ({})) {
  const sent: string[] = [];
  const closed: { code: number; reason: string }[] = [];
  const lines: string[] = [];
  const socket = {
    send: (text: string) => void sent.push(text),
    close: (code: number, reason: string) => void closed.push({ code, reason }),
  };
  const { limits, metrics } = byDefault();
  const log = createLog({ level: 'info', destination: { write: (line) => void lines.push(line) } });
  const handlers = { ping } as Handlers;
  const connection = new Connection({ socket, address: '192.0.2.1', handlers, limits, metrics, log });
  t.after(() => connection.closed(1006));
  return { connection, sent, closed, lines };
}

test('a connection that stays silent is closed', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { closed } = connect(t);
  t.mock.timers.tick(CONNECT_TIMEOUT - 1);
  assert.deepEqual(closed, []);
  t.mock.timers.tick(1);
  assert.deepEqual(closed, [{ code: 4408, reason: 'connect_timeout' }]);
});

test('a fault of ours is answered with a reference under which it is logged, and nothing more', async (t) => {
  const { connection, sent, closed, lines } = connect(t, () => {
    throw new Error('the database password is 1234');
  });
  connection.receive(encodeRequest(7, 'ping', {}));
  await connection.settled();
  const { id, error } = JSON.parse(sent[0]!) as { id: number; error: { code: string; message: string } };
  assert.equal(id, 7);
  assert.equal(error.code, 'internal');
  assert.ok(!error.message.includes('password'));
  const [, reference] = /\(reference ([0-9a-f]{8})\)/.exec(error.message) ?? [];
  assert.equal((JSON.parse(lines[0]!) as { reference: string }).reference, reference);
  assert.deepEqual(closed, []);
});

test('requests are handled one at a time, in order', async (t) => {
  const order: string[] = [];
  let running = 0;
  const { connection, sent } = connect(t, async () => {
    running += 1;
    assert.equal(running, 1);
    await new Promise((resolve) => setImmediate(resolve));
    order.push('done');
    running -= 1;
    return {};
  });
  for (const id of [3, 1, 2]) connection.receive(encodeRequest(id, 'ping', {}));
  await connection.settled();
  assert.deepEqual(
    sent.map((text) => (JSON.parse(text) as { id: number }).id),
    [3, 1, 2],
  );
});

test('requests that still wait when the connection is lost are not carried out', async (t) => {
  let count = 0;
  const { connection, sent } = connect(t, () => {
    count += 1;
    return {};
  });
  connection.receive(encodeRequest(1, 'ping', {}));
  connection.receive(encodeRequest(2, 'ping', {}));
  connection.closed(1006);
  await connection.settled();
  assert.equal(count, 0);
  assert.deepEqual(sent, []);
});

test('a browser that gives no sign of life for a whole interval is taken for lost', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const server = await startServer({ room_idle_timeout: 50, session_resume_timeout: 50 });
  t.after(() => server.close());
  const people = new People(t, server);
  const alice = await people.join('room', 'Alice');
  const bob = await people.join('room', 'Bob');
  alice.pause();
  t.mock.timers.tick(PING_INTERVAL);
  // Bob's answer to the ping, and whatever else he says, is a sign of life.
  await bob.request('ping', {});
  t.mock.timers.tick(PING_INTERVAL);
  assert.deepEqual(await bob.hears('reconnecting'), { room: 'room', login: 'Alice' });
  alice.cut();
});
