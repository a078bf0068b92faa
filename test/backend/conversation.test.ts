import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Server } from '../../backend/server.ts';
import { REACTIONS_AT_ONCE } from '../../protocol/limits.ts';
import { People, refused, startServer } from './backend.ts';

let server: Server;
before(async () => {
  server = await startServer({ chat_history: 3 });
});
after(() => server.close());

test('who comes late reads the last messages to everybody, and no private one', async (t) => {
  const people = new People(t, server);
  const [alice, bob] = [await people.join('late', 'Alice'), await people.join('late', 'Bob')];
  const texts = ['one', 'two', 'three', 'four'];
  const times = await Promise.all(texts.map((text) => alice.request('message', { room: 'late', text })));
  await alice.request('message', { room: 'late', to: 'Bob', text: 'between us' });
  assert.equal(new Set(times.map(({ at }) => at)).size, 4, 'each has a time of its own');
  await bob.hears('message', 5);
  const eve = await people.connect('Eve');
  const { history = [] } = await eve.join('late');
  assert.deepEqual(
    history,
    texts.slice(1).map((text, index) => ({ from: 'Alice', text, at: times[index + 1]?.at })),
  );
  assert.deepEqual(eve.heard('message'), []);
});

test('a room that ends takes its messages along', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('short', 'Alice');
  await alice.request('message', { room: 'short', text: 'gone soon' });
  await alice.request('leave', { room: 'short' });
  assert.equal((await alice.join('short')).history, undefined);
});

test('raised hands stand in a queue, are lowered by oneself and by moderators, and go with their owner', async (t) => {
  const people = new People(t, server);
  const [alice, bob] = [await people.join('class', 'Alice'), await people.join('class', 'Bob')];
  const eve = await people.join('class', 'Eve');
  const raise = (client: typeof bob, on = true) => client.request('hand', { room: 'class', on });
  await raise(eve);
  await raise(bob);
  await raise(bob);
  assert.deepEqual((await alice.hears('hands', 2)).hands, ['Eve', 'Bob']);
  const late = await people.connect('Late');
  assert.deepEqual((await late.join('class')).room.hands, ['Eve', 'Bob']);

  await refused(bob.request('hand', { room: 'class', login: 'Eve', on: false }), 'forbidden');
  await refused(alice.request('hand', { room: 'class', login: 'Late', on: true }), 'invalid');
  await alice.request('hand', { room: 'class', login: 'Eve', on: false });
  assert.deepEqual((await eve.hears('hands', 3)).hands, ['Bob']);
  await bob.request('leave', { room: 'class' });
  assert.deepEqual((await alice.hears('hands', 4)).hands, []);
});

test('reactions reach everybody, a few at a time', async (t) => {
  const people = new People(t, server);
  const [alice, bob] = [await people.join('show', 'Alice'), await people.join('show', 'Bob')];
  const clap = () => bob.request('react', { room: 'show', reaction: 'applause' });
  await clap();
  const told = { room: 'show', login: 'Bob', reaction: 'applause' };
  assert.deepEqual(await alice.hears('reaction'), told);
  assert.deepEqual(await bob.hears('reaction'), told);
  for (let more = 1; more < REACTIONS_AT_ONCE; more += 1) await clap();
  await refused(clap(), 'rate_limited');
  await refused(bob.raw('react', { room: 'show', reaction: '<b>' }), 'invalid');
});
