import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Server } from '../../backend/server.ts';
import { People, refused, startServer } from './backend.ts';

let server: Server;
before(async () => {
  server = await startServer({ room_idle_timeout: 300, session_resume_timeout: 2_000 });
});
after(() => server.close());

test('the first one to join makes the room, the second one is seen by the first', async (t) => {
  const people = new People(t, server);
  const alice = await people.connect('Alice');
  const first = await alice.join('kitchen');
  assert.equal(first.created, true);
  assert.deepEqual(first.room, {
    name: 'kitchen',
    capacity: 0,
    recording: 'unavailable',
    locked: false,
    lobby: false,
    participants: [{ login: 'Alice', connected: true, streams: [] }],
    waiting: [],
  });

  const bob = await people.connect('Bob');
  const second = await bob.join('kitchen');
  assert.equal(second.created, false);
  assert.deepEqual(
    second.room.participants.map(({ login }) => login),
    ['Alice', 'Bob'],
  );
  const joined = await alice.hears('joined');
  assert.deepEqual(joined, { room: 'kitchen', participant: { login: 'Bob', connected: true, streams: [] } });
  assert.equal(bob.told.length, 0);
});

test('names are trimmed and brought to one Unicode form, then compared whole', async (t) => {
  const people = new People(t, server);
  const alice = await people.connect('  Zoe\u0301 ');
  assert.equal((await alice.join(' cafe\u0301 ')).room.name, 'caf\u00e9');
  const other = await people.connect('Zo\u00e9');
  await refused(other.join('caf\u00e9'), 'login_taken');
  assert.equal((await other.join('caf\u00e9s')).created, true);
});

test('the same login twice in one room is refused in the words of the original', async (t) => {
  const people = new People(t, server);
  await people.join('room', 'Alice');
  const twin = await people.connect('Alice');
  assert.equal(await refused(twin.join('room'), 'login_taken'), 'Room already has user with such login');
  await twin.join('elsewhere');
});

test('a full room is refused, and a seat that is left is given again', async (t) => {
  const people = new People(t, server);
  const alice = await people.connect('Alice');
  assert.equal((await alice.join('small', { capacity: 2 })).room.capacity, 2);
  const bob = await people.join('small', 'Bob');
  const carol = await people.connect('Carol');
  assert.equal(await refused(carol.join('small', { capacity: 10 }), 'room_full'), 'Current room is full.');
  await bob.request('leave', { room: 'small' });
  assert.equal((await carol.join('small')).room.capacity, 2);
});

test('the backend limits the capacity that a room asks for', async (t) => {
  const limited = await startServer({ room_max_participants: 3 });
  t.after(() => limited.close());
  const people = new People(t, limited);
  const alice = await people.connect('Alice');
  assert.equal((await alice.join('wide', { capacity: 10 })).room.capacity, 3);
  assert.equal((await alice.join('narrow', { capacity: 2 })).room.capacity, 2);
  assert.equal((await alice.join('any')).room.capacity, 3);
});

test('of two who race for the last seat, one gets it', async (t) => {
  const people = new People(t, server);
  const host = await people.connect('Host');
  const bob = await people.connect('Bob');
  const carol = await people.connect('Carol');
  for (let round = 0; round < 50; round += 1) {
    const room = `last-seat-${round}`;
    await host.join(room, { capacity: 2 });
    const outcomes = await Promise.allSettled([bob.join(room), carol.join(room)]);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    for (const client of [host, bob, carol]) await client.request('leave', { room }).catch(() => undefined);
  }
});

test('two who are first at once share one room', async (t) => {
  const people = new People(t, server);
  const clients = await Promise.all(['Alice', 'Bob', 'Carol'].map((login) => people.connect(login)));
  const replies = await Promise.all(clients.map((client) => client.join('new')));
  assert.equal(replies.filter(({ created }) => created).length, 1);
  assert.equal(server.snapshot().rooms, 1);
});

test('leaving and joining again needs no pause', async (t) => {
  const people = new People(t, server);
  const alice = await people.connect('Alice');
  const bob = await people.join('loop', 'Bob');
  const rounds = Array.from({ length: 50 }, () => [alice.join('loop'), alice.request('leave', { room: 'loop' })]);
  await Promise.all(rounds.flat());
  await alice.join('loop');
  await bob.hears('joined', 51);
  assert.equal(bob.heard('left').length, 50);
});

test('leaving is seen by the others, and the last one to leave ends the room at once', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('hall', 'Alice');
  const bob = await people.join('hall', 'Bob');
  await bob.request('leave', { room: 'hall' });
  assert.deepEqual(await alice.hears('left'), { room: 'hall', login: 'Bob', reason: 'left' });
  await alice.request('leave', { room: 'hall' });
  assert.equal(server.snapshot().rooms, 0);
  assert.equal(server.snapshot().routers, 0);
});

test('a session is in several rooms, and in each only once', async (t) => {
  const people = new People(t, server);
  const alice = await people.connect('Alice');
  for (let room = 1; room <= 8; room += 1) await alice.join(`room ${room}`);
  await refused(alice.join('room 3'), 'already_joined');
  await refused(alice.join('room 9'), 'too_many');
  await alice.request('leave', { room: 'room 3' });
  await alice.join('room 9');
});

test('a text goes to everyone else or to one, as it was written', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('chat', 'Alice');
  const bob = await people.join('chat', 'Боб');
  const carol = await people.join('chat', 'كارول');
  const text = 'Привет 👩‍👩‍👧 <b>مرحبا</b> %D0%9F\n"\\';
  const { at } = await alice.request('message', { room: 'chat', text });
  assert.deepEqual(await bob.hears('message'), { room: 'chat', message: { from: 'Alice', text, at } });
  assert.deepEqual(await carol.hears('message'), { room: 'chat', message: { from: 'Alice', text, at } });
  assert.ok(Math.abs(Date.now() - at) < 5_000);

  await bob.request('message', { room: 'chat', to: 'كارول', text: 'only you' });
  const { message } = await carol.hears('message', 2);
  assert.equal(message.to, 'كارول');
  assert.equal(message.from, 'Боб');
  assert.equal(alice.heard('message').length, 0);
  await refused(alice.request('message', { room: 'chat', to: 'Dave', text: 'hello?' }), 'participant_unknown');
});

test('a wish to record is no obstacle to joining, and recording is refused with an explanation', async (t) => {
  const people = new People(t, server);
  const alice = await people.connect('Alice');
  const { room } = await alice.join('studio', { record: true });
  assert.equal(room.recording, 'unavailable');
  const message = await refused(alice.request('record', { room: 'studio', on: true }), 'recording_unavailable');
  assert.match(message, /not available/);
});

test('a room whose last participant was lost waits for a while, then ends', async (t) => {
  const people = new People(t, server);
  const alice = await people.connect('Alice');
  await alice.join('waiting', { capacity: 5 });
  await alice.close(1001);
  assert.equal(server.snapshot().rooms, 1);
  const again = await people.connect('Alice');
  const { created, room } = await again.join('waiting');
  assert.equal(created, false);
  assert.equal(room.capacity, 5);
  await again.close(1001);
  // It ends by itself: that the backend gets empty is asserted at the end of every test.
});

test('thirty people write to each other in one room', async (t) => {
  const people = new People(t, server);
  const logins = Array.from({ length: 30 }, (_, index) => `person ${index}`);
  const clients = await Promise.all(logins.map((login) => people.join('crowd', login)));
  await Promise.all(
    clients.map((client) => client.request('message', { room: 'crowd', text: `I am ${client.login}` })),
  );
  for (const client of clients) {
    await client.hears('message', 29);
    const from = new Set(client.heard('message').map(({ message }) => message.from));
    assert.equal(from.size, 29);
    assert.ok(!from.has(client.login));
  }
});

test('a hundred rooms of two are apart from each other', async (t) => {
  const people = new People(t, server);
  const rooms = Array.from({ length: 100 }, (_, index) => `pair ${index}`);
  const pairs = await Promise.all(
    rooms.map(async (room) => [await people.join(room, 'Alice'), await people.join(room, 'Bob')] as const),
  );
  assert.deepEqual(
    { rooms: server.snapshot().rooms, transports: server.snapshot().transports },
    { rooms: 100, transports: 400 },
  );
  await Promise.all(pairs.map(([alice], index) => alice.request('message', { room: rooms[index]!, text: `${index}` })));
  for (const [index, [, bob]] of pairs.entries()) {
    assert.equal((await bob.hears('message')).message.text, `${index}`);
    assert.equal(bob.heard('message').length, 1);
  }
});
