import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Server } from '../../backend/server.ts';
import { WAITING_MAX } from '../../protocol/limits.ts';
import { People, refused, startServer } from './backend.ts';
import type { Client } from './client.ts';
import { until } from './until.ts';

let server: Server;
before(async () => {
  server = await startServer({ room_idle_timeout: 300, session_resume_timeout: 2_000 });
});
after(() => server.close());

/** A room with a lobby, whose moderator is Alice. */
async function host(people: People, room: string): Promise<Client> {
  const alice = await people.connect('Alice');
  assert.equal((await alice.join(room, { lobby: true })).room.lobby, true);
  return alice;
}

/** Somebody who waits before a room. */
async function waits(people: People, room: string, login: string): Promise<Client> {
  const client = await people.connect(login);
  await refused(client.join(room), 'waiting_room');
  assert.deepEqual(await client.request('knock', { room }), { admitted: false });
  return client;
}

const waiting = (alice: Client) => (alice.heard('waiting').at(-1)?.waiting ?? []).map(({ login }) => login);

test('newcomers wait until the moderator lets them in or refuses them', async (t) => {
  const people = new People(t, server);
  const alice = await host(people, 'lobby');
  const bob = await waits(people, 'lobby', 'Bob');
  const carol = await waits(people, 'lobby', 'Carol');
  await until('Alice sees both', () => waiting(alice).length === 2);
  assert.deepEqual(waiting(alice), ['Bob', 'Carol']);

  await alice.request('admit', { room: 'lobby', login: 'Bob', on: true });
  await bob.hears('admitted');
  const { room } = await bob.join('lobby');
  assert.equal(room.waiting, undefined, 'only moderators see who waits');
  await refused(bob.request('admit', { room: 'lobby', on: true }), 'forbidden');

  await alice.request('admit', { room: 'lobby', login: 'Carol', on: false, note: 'Not today.' });
  assert.deepEqual(await carol.hears('refused'), {
    room: 'lobby',
    reason: 'moderator',
    by: 'Alice',
    note: 'Not today.',
  });
  await refused(carol.join('lobby'), 'waiting_room');
  assert.deepEqual(waiting(alice), []);
  await refused(alice.request('admit', { room: 'lobby', login: 'Carol', on: true }), 'participant_unknown');
});

test('two moderators who answer at once: one of them is too late, and one answer counts', async (t) => {
  const people = new People(t, server);
  const alice = await host(people, 'two');
  for (let round = 0; round < 10; round += 1) {
    const bob = await waits(people, 'two', `Bob ${round}`);
    const answers = await Promise.allSettled([
      alice.request('admit', { room: 'two', login: bob.login, on: true }),
      alice.request('admit', { room: 'two', login: bob.login, on: true }),
    ]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    await bob.hears('admitted');
    await bob.join('two');
    assert.equal(bob.heard('admitted').length, 1);
  }
});

test('all are let in, or refused, with one answer', async (t) => {
  const people = new People(t, server);
  const alice = await host(people, 'many');
  const first = await Promise.all(['Bob', 'Carol'].map((login) => waits(people, 'many', login)));
  await alice.request('admit', { room: 'many', on: true });
  for (const one of first) await one.hears('admitted');
  const second = await Promise.all(['Dave', 'Eve'].map((login) => waits(people, 'many', login)));
  await alice.request('admit', { room: 'many', on: false });
  for (const one of second) await one.hears('refused');
});

test('switching the lobby off lets in all who wait', async (t) => {
  const people = new People(t, server);
  const alice = await host(people, 'open');
  const bob = await waits(people, 'open', 'Bob');
  await alice.request('guard', { room: 'open', lobby: false });
  await bob.hears('admitted');
  await bob.join('open');
  await people.join('open', 'Carol');
});

test('a lock keeps the lobby from filling, and whoever waited may still be let in', async (t) => {
  const people = new People(t, server);
  const alice = await host(people, 'shut');
  const bob = await waits(people, 'shut', 'Bob');
  await alice.request('guard', { room: 'shut', locked: true });
  const carol = await people.connect('Carol');
  await refused(carol.join('shut'), 'room_locked');
  await refused(carol.request('knock', { room: 'shut' }), 'room_locked');
  await alice.request('admit', { room: 'shut', login: 'Bob', on: true });
  await bob.join('shut');
});

test('whoever gives up, or goes away, waits no longer', async (t) => {
  const people = new People(t, server);
  const alice = await host(people, 'gone');
  const bob = await waits(people, 'gone', 'Bob');
  const carol = await waits(people, 'gone', 'Carol');
  await bob.request('leave', { room: 'gone' });
  await until('Bob is gone', () => !waiting(alice).includes('Bob'));
  await carol.close(1001);
  await until('Carol is gone', () => waiting(alice).length === 0);
});

test('a short loss does not cost the place, and the answer that came meanwhile is not lost', async (t) => {
  const people = new People(t, server);
  const alice = await host(people, 'patient');
  const bob = await waits(people, 'patient', 'Bob');
  await waits(people, 'patient', 'Carol');
  bob.cut();
  const back = await people.connect('Bob', bob.session);
  assert.deepEqual(await back.request('knock', { room: 'patient' }), { admitted: false });
  assert.deepEqual(waiting(alice), ['Bob', 'Carol'], 'in the same place');
  back.cut();
  await alice.request('admit', { room: 'patient', login: 'Bob', on: true });
  const again = await people.connect('Bob', back.session);
  assert.deepEqual(await again.request('knock', { room: 'patient' }), { admitted: true });
  await again.join('patient');
});

test('whoever was let in comes back without waiting, unless removed', async (t) => {
  const people = new People(t, server);
  const alice = await host(people, 'back');
  const bob = await waits(people, 'back', 'Bob');
  await alice.request('admit', { room: 'back', on: true });
  await bob.join('back');
  await bob.request('leave', { room: 'back' });
  await bob.join('back');
  await alice.request('remove', { room: 'back', login: 'Bob' });
  await refused(bob.join('back'), 'waiting_room');
  await bob.request('knock', { room: 'back' });
});

test('one name waits once, and so many wait at most', async (t) => {
  const people = new People(t, server);
  const alice = await host(people, 'queue');
  await waits(people, 'queue', 'Bob');
  const twin = await people.connect('Bob');
  await refused(twin.request('knock', { room: 'queue' }), 'login_taken');
  const rest = Array.from({ length: WAITING_MAX - 1 }, (_, index) => waits(people, 'queue', `number ${index}`));
  await Promise.all(rest);
  const late = await people.connect('Late');
  await refused(late.request('knock', { room: 'queue' }), 'too_many');
  await until('all are seen', () => waiting(alice).length === WAITING_MAX);
});

test('nobody is let into a full room', async (t) => {
  const people = new People(t, server);
  const alice = await people.connect('Alice');
  await alice.join('full', { lobby: true, capacity: 1 });
  await waits(people, 'full', 'Bob');
  await refused(alice.request('admit', { room: 'full', login: 'Bob', on: true }), 'room_full');
  await until('he waits on', () => waiting(alice).length === 1);
});

test('when the moderator leaves they wait on for whoever moderates next, and are told when the room is over', async (t) => {
  const people = new People(t, server);
  const alice = await host(people, 'headless');
  const bob = await waits(people, 'headless', 'Bob');
  await alice.request('admit', { room: 'headless', on: true });
  await bob.join('headless');
  const carol = await waits(people, 'headless', 'Carol');
  await alice.request('leave', { room: 'headless' });
  assert.equal(carol.heard('refused').length, 0);
  const { room } = await alice.join('headless');
  assert.deepEqual(
    room.waiting?.map(({ login }) => login),
    ['Carol'],
  );
  await alice.request('end', { room: 'headless' });
  assert.deepEqual(await carol.hears('refused'), { room: 'headless', reason: 'ended', by: 'Alice' });
  assert.deepEqual(await carol.request('knock', { room: 'headless' }), { admitted: true });
});
