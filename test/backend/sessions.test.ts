import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Server } from '../../backend/server.ts';
import { dtls } from '../fakes/rtp.ts';
import { People, refused, startServer } from './backend.ts';
import { until } from './until.ts';

const RESUME_TIMEOUT = 500;

let server: Server;
before(async () => {
  server = await startServer({ room_idle_timeout: 300, session_resume_timeout: RESUME_TIMEOUT });
});
after(() => server.close());

test('a lost connection that comes back is the same participant, with streams and transports', async (t) => {
  const people = new People(t, server);
  const alice = await people.connect('Alice');
  const { transports } = await alice.join('bridge');
  const bob = await people.join('bridge', 'Bob');
  const stream = await alice.publish('bridge');
  await bob.request('play', { room: 'bridge', streams: [stream.name] });
  const counts = server.snapshot();

  alice.cut();
  assert.deepEqual(await bob.hears('reconnecting'), { room: 'bridge', login: 'Alice' });
  const carol = await people.connect('Carol');
  const { room } = await carol.join('bridge');
  assert.equal(room.participants[0]?.connected, false);
  assert.deepEqual(room.participants[0]?.streams, [stream]);
  await carol.request('leave', { room: 'bridge' });

  const back = await people.connect('Alice', alice.session);
  assert.equal(back.session.session, alice.session.session);
  assert.deepEqual(back.session.rooms, [
    {
      name: 'bridge',
      capacity: 0,
      recording: 'unavailable',
      locked: false,
      lobby: false,
      participants: [
        { login: 'Alice', connected: true, streams: [stream] },
        { login: 'Bob', connected: true, streams: [] },
      ],
      waiting: [],
    },
  ]);
  assert.deepEqual(await bob.hears('reconnected'), { room: 'bridge', login: 'Alice' });
  assert.deepEqual(bob.heard('left').length, 1);
  assert.equal(server.snapshot().producers, counts.producers);
  assert.equal(server.snapshot().consumers, counts.consumers);
  const { send } = transports;
  await back.request('connectTransport', { room: 'bridge', transport: send.id, dtlsParameters: dtls() });
  await back.request('unpublish', { room: 'bridge', stream: stream.name });
});

test('each connect gives a new key, and the old one is worth nothing', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('bridge', 'Alice');
  const back = await people.connect('Alice', alice.session);
  assert.notEqual(back.session.key, alice.session.key);
  const late = await people.connect('Alice', alice.session);
  assert.notEqual(late.session.session, alice.session.session);
  assert.equal(late.session.rooms, undefined);
});

test('a second connection takes the session over from one that is still open', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('bridge', 'Alice');
  const bob = await people.join('bridge', 'Bob');
  const back = await people.connect('Alice', alice.session);
  assert.deepEqual(await alice.closed, { code: 4409, reason: 'session_replaced' });
  assert.equal(back.session.rooms?.length, 1);
  await bob.request('message', { room: 'bridge', to: 'Alice', text: 'still you?' });
  assert.equal((await back.hears('message')).message.text, 'still you?');
  assert.deepEqual(bob.heard('left'), []);
});

test('what was asked before the connection was lost is in the state after', async (t) => {
  const people = new People(t, server);
  let alice = await people.connect('Alice');
  await alice.join('bridge');
  for (let round = 0; round < 10; round += 1) {
    const tag = `000${round}`;
    const publishing = alice.publish('bridge', tag).catch(() => undefined);
    await Promise.resolve();
    const back = await people.connect('Alice', alice.session);
    await publishing;
    const name = `bridge-Alice-${tag}`;
    const streams = back.session.rooms?.[0]?.participants[0]?.streams ?? [];
    assert.equal(server.snapshot().producers, 2 * streams.length);
    if (streams.length > 0) await back.request('unpublish', { room: 'bridge', stream: name });
    alice = back;
  }
});

test('texts that were sent meanwhile arrive after the connection is back', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('bridge', 'Alice');
  const bob = await people.join('bridge', 'Bob');
  alice.cut();
  await bob.hears('reconnecting');
  await bob.request('message', { room: 'bridge', text: 'one' });
  await bob.request('message', { room: 'bridge', to: 'Alice', text: 'two' });
  const back = await people.connect('Alice', alice.session);
  await back.hears('message', 2);
  assert.deepEqual(
    back.told.map(({ event, data }) => [event, 'message' in data && data.message.text]),
    [
      ['message', 'one'],
      ['message', 'two'],
    ],
  );
});

test('a connection that does not come back in time is lost', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('bridge', 'Alice');
  const bob = await people.join('bridge', 'Bob');
  await alice.publish('bridge');
  alice.cut();
  await bob.hears('reconnecting');
  assert.deepEqual(await bob.hears('left'), { room: 'bridge', login: 'Alice', reason: 'lost' });
  assert.equal(server.snapshot().producers, 0);
  const late = await people.connect('Alice', alice.session);
  assert.equal(late.session.rooms, undefined);
  await late.join('bridge');
});

test('a page that is left or a connection that is closed is gone within the moment', async (t) => {
  const people = new People(t, server);
  const bob = await people.join('bridge', 'Bob');
  const alice = await people.join('bridge', 'Alice');
  await alice.close(1001);
  assert.deepEqual(await bob.hears('left'), { room: 'bridge', login: 'Alice', reason: 'lost' });
  const carol = await people.join('bridge', 'Carol');
  await carol.close(1000);
  assert.deepEqual(await bob.hears('left', 2), { room: 'bridge', login: 'Carol', reason: 'left' });
  assert.deepEqual(bob.heard('reconnecting'), []);
});

test('whoever joins under the login of somebody lost takes the place, and the lost one is told', async (t) => {
  const people = new People(t, server);
  const host = await people.connect('Host');
  await host.join('bridge', { capacity: 2 });
  const alice = await people.join('bridge', 'Alice');
  await alice.publish('bridge');
  alice.cut();
  await host.hears('reconnecting');

  const reloaded = await people.connect('Alice');
  const { room } = await reloaded.join('bridge');
  assert.deepEqual(room.participants[1], { login: 'Alice', connected: true, streams: [] });
  assert.deepEqual(await host.hears('left'), { room: 'bridge', login: 'Alice', reason: 'lost' });
  assert.equal((await host.hears('joined', 2)).participant.login, 'Alice');
  assert.equal(server.snapshot().producers, 0);

  const ghost = await people.connect('Alice', alice.session);
  assert.deepEqual(ghost.session.rooms, []);
  assert.deepEqual(await ghost.hears('ended'), { room: 'bridge', reason: 'replaced' });
  await refused(ghost.join('bridge'), 'login_taken');
});

test('a room in which everybody is lost ends after the idle timeout, before they could come back', async (t) => {
  const patient = await startServer({ room_idle_timeout: 100, session_resume_timeout: 60_000 });
  t.after(() => patient.close());
  const people = new People(t, patient);
  const alice = await people.join('bridge', 'Alice');
  const bob = await people.join('bridge', 'Bob');
  alice.cut();
  await bob.hears('reconnecting');
  bob.cut();
  await until('the room has ended', () => patient.snapshot().rooms === 0);
  const back = await people.connect('Alice', alice.session);
  assert.deepEqual(back.session.rooms, []);
  assert.deepEqual(await back.hears('ended'), { room: 'bridge', reason: 'idle' });
  await people.connect('Bob', bob.session);
});

test('a room with one connected person does not end, however long the others are lost', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('bridge', 'Alice');
  const bob = await people.join('bridge', 'Bob');
  alice.cut();
  await bob.hears('left');
  await bob.request('leave', { room: 'bridge' });
  assert.equal(server.snapshot().rooms, 0);
});

test('a socket that is lost in the middle of joining leaves nothing behind', async (t) => {
  const people = new People(t, server);
  const bob = await people.join('bridge', 'Bob');
  for (let round = 0; round < 10; round += 1) {
    const alice = await people.connect('Alice');
    alice.join('bridge').catch(() => undefined);
    await bob.request('ping', {});
    await alice.close(1001);
  }
  await until('only Bob is left', () => server.snapshot().transports === 2);
  await people.join('bridge', 'Alice');
});
