import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Server } from '../../backend/server.ts';
import { People, refused, startServer } from './backend.ts';
import { until } from './until.ts';

let server: Server;
before(async () => {
  server = await startServer({ room_idle_timeout: 300, session_resume_timeout: 2_000 });
});
after(() => server.close());

const NOTHING = { audio: false, video: false };

test('a muted microphone is silent on the server although its browser does nothing', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('quiet', 'Alice');
  const bob = await people.join('quiet', 'Bob');
  const carol = await people.join('quiet', 'Carol');
  const stream = (await bob.publish('quiet')).name;
  await alice.request('silence', { room: 'quiet', login: 'Bob', audio: true, video: false, note: 'A siren.' });
  const muted = { audio: true, video: false };
  assert.deepEqual(await carol.hears('muted'), { room: 'quiet', login: 'Bob', stream, muted });
  assert.deepEqual(await bob.hears('silenced'), {
    room: 'quiet',
    login: 'Bob',
    ...muted,
    held: NOTHING,
    by: 'Alice',
    note: 'A siren.',
  });
  const late = await people.connect('Dave');
  const { room } = await late.join('quiet');
  assert.deepEqual(room.participants[1]!.streams[0]!.muted, muted);

  await bob.request('mute', { room: 'quiet', stream, muted: NOTHING });
  assert.deepEqual((await carol.hears('muted', 2)).muted, NOTHING);
});

test('what is muted for good stays so, until the moderator lets them unmute', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('held', 'Alice');
  const bob = await people.join('held', 'Bob');
  const stream = (await bob.publish('held')).name;
  const silence = (hold: boolean) =>
    alice.request('silence', { room: 'held', login: 'Bob', audio: true, video: false, hold });
  const unmute = () => bob.request('mute', { room: 'held', stream, muted: NOTHING });

  await silence(true);
  await refused(unmute(), 'forbidden');
  // What is not held can still be switched.
  await bob.request('mute', { room: 'held', stream, muted: { audio: true, video: true } });
  await bob.request('unpublish', { room: 'held', stream });
  assert.deepEqual((await bob.publish('held', '0001')).muted, { audio: true, video: false });
  const screen = await bob.publish('held', '0002', { stream: 'held-Bob-0002-screenShare', kind: 'screen' });
  assert.deepEqual(screen.muted, { audio: true, video: false }, 'nor is it heard through a screen');

  await bob.request('leave', { room: 'held' });
  const { room } = await bob.join('held');
  assert.deepEqual(room.participants[1]!.held, { audio: true, video: false }, 'coming back does not help');
  const again = (await bob.publish('held', '0003')).name;
  await silence(false);
  await bob.request('mute', { room: 'held', stream: again, muted: NOTHING });
});

test('a hold that comes while a stream is being published reaches it', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('race', 'Alice');
  const bob = await people.join('race', 'Bob');
  for (let round = 0; round < 10; round += 1) {
    const hold = alice.request('silence', { room: 'race', login: 'Bob', audio: true, video: true, hold: true });
    const stream = await bob.publish('race', `000${round}`);
    await hold;
    const carol = await people.connect(`Carol ${round}`);
    const { room } = await carol.join('race');
    assert.deepEqual(room.participants[1]!.streams[0]!.muted, { audio: true, video: true });
    await refused(bob.request('mute', { room: 'race', stream: stream.name, muted: NOTHING }), 'forbidden');
    await bob.request('unpublish', { room: 'race', stream: stream.name });
    await alice.request('silence', { room: 'race', login: 'Bob', audio: true, video: true });
  }
});

test('everybody else is muted at once, and the moderator is not', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('all', 'Alice');
  const bob = await people.join('all', 'Bob');
  const carol = await people.join('all', 'Carol');
  for (const one of [alice, bob, carol]) await one.publish('all');
  await alice.request('silence', { room: 'all', audio: true, video: false });
  await alice.hears('muted', 2);
  const { room } = await (await people.connect('Dave')).join('all');
  assert.deepEqual(
    room.participants.flatMap(({ streams }) => streams.map(({ muted }) => muted.audio)),
    [false, true, true],
  );
  await refused(alice.request('silence', { room: 'all', audio: false, video: false }), 'invalid');
});

test('a share is stopped, and its publisher told by whom', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('share', 'Alice');
  const bob = await people.join('share', 'Bob');
  const name = 'share-Bob-0001-screenShare';
  await bob.publish('share', '0001', { stream: name, kind: 'screen' });
  await alice.request('unpublish', { room: 'share', stream: name });
  for (const one of [alice, bob])
    assert.deepEqual(await one.hears('unpublished'), { room: 'share', login: 'Bob', stream: name, by: 'Alice' });
  await refused(alice.request('unpublish', { room: 'share', stream: name }), 'stream_unknown');
  assert.equal(server.snapshot().producers, 0);
});

test('a share that was stopped while its publisher was away does not come back with them', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('away', 'Alice');
  const bob = await people.join('away', 'Bob');
  const screen = (tag: string) => ({ stream: `away-Bob-${tag}-screenShare`, kind: 'screen' as const });
  const { name } = await bob.publish('away', '', screen('0001'));
  bob.cut();
  await alice.hears('reconnecting');
  await alice.request('unpublish', { room: 'away', stream: name });
  const back = await people.connect('Bob', bob.session);
  // As our browser half does with what it misses in the state of the room.
  await refused(back.publish('away', '', screen('0001')), 'forbidden');
  await back.publish('away', '', screen('0002'));
});

test('somebody who is removed is told, seen to go, and may come back unless banned', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('out', 'Alice');
  const bob = await people.join('out', 'Bob');
  await alice.request('remove', { room: 'out', login: 'Bob', note: 'Wrong meeting.' });
  assert.deepEqual(await bob.hears('ended'), {
    room: 'out',
    reason: 'expelled',
    by: 'Alice',
    note: 'Wrong meeting.',
  });
  assert.deepEqual(await alice.hears('left'), { room: 'out', login: 'Bob', reason: 'expelled' });
  await refused(bob.request('message', { room: 'out', text: 'but…' }), 'not_joined');
  await bob.join('out');
  await alice.request('remove', { room: 'out', login: 'Bob', ban: true });
  await refused(bob.join('out'), 'expelled');
  await refused((await people.connect('Bob')).join('out'), 'expelled');
  await refused(alice.request('remove', { room: 'out', login: 'Bob' }), 'participant_unknown');
  await refused(alice.request('remove', { room: 'out', login: 'Alice' }), 'invalid');

  await alice.request('leave', { room: 'out' });
  await bob.join('out');
});

test('being removed while joining ends the joining', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('door', 'Alice');
  const bob = await people.connect('Bob');
  const seen = { in: 0, out: 0 };
  for (let round = 0; round < 20; round += 1) {
    const joining = bob.join('door').then(
      () => true,
      (error: Error & { code: string }) => assert.equal(error.code, 'expelled'),
    );
    const removed = await alice.request('remove', { room: 'door', login: 'Bob' }).then(
      () => true,
      (error: Error & { code: string }) => assert.equal(error.code, 'participant_unknown'),
    );
    if (await joining) seen.in += 1;
    else seen.out += 1;
    if (!removed) await bob.request('leave', { room: 'door' });
    await until('he is out', async () => (await bob.request('leave', { room: 'door' }).catch(() => 'out')) === 'out');
  }
  assert.equal(seen.in + seen.out, 20);
});

test('a locked room takes nobody new, but whoever was in it and whoever moderates', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('locked', 'Alice');
  const bob = await people.join('locked', 'Bob');
  await alice.request('guard', { room: 'locked', locked: true });
  assert.deepEqual(await bob.hears('guarded'), { room: 'locked', locked: true, lobby: false, by: 'Alice' });
  const carol = await people.connect('Carol');
  await refused(carol.join('locked'), 'room_locked');
  await refused(carol.request('knock', { room: 'locked' }), 'room_locked');
  await bob.request('leave', { room: 'locked' });
  assert.equal((await bob.join('locked')).room.locked, true);
  await alice.request('leave', { room: 'locked' });
  await (await people.connect('Alice')).join('locked');
  await refused(bob.request('guard', { room: 'locked', locked: false }), 'forbidden');
});

test('a lock at the last seat: either the newcomer or the lock is first, never half of each', async (t) => {
  const people = new People(t, server);
  const alice = await people.connect('Alice');
  const bob = await people.connect('Bob');
  for (let round = 0; round < 20; round += 1) {
    const room = `last-${round}`;
    await alice.join(room, { capacity: 2 });
    const [joined] = await Promise.allSettled([bob.join(room), alice.request('guard', { room, locked: true })]);
    if (joined.status === 'rejected') assert.equal((joined.reason as { code: string }).code, 'room_locked');
    else assert.equal(joined.value.room.participants.length, 2);
    for (const one of [alice, bob]) await one.request('leave', { room }).catch(() => undefined);
  }
});

test('the meeting ends for all', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('over', 'Alice');
  const bob = await people.join('over', 'Bob');
  await refused(bob.request('end', { room: 'over' }), 'forbidden');
  await alice.request('end', { room: 'over', note: 'Time is up.' });
  for (const one of [alice, bob])
    assert.deepEqual(await one.hears('ended'), { room: 'over', reason: 'closed', by: 'Alice', note: 'Time is up.' });
  assert.equal(server.snapshot().rooms, 0);
});

test('nobody but a moderator may do any of it', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('rules', 'Alice');
  const bob = await people.join('rules', 'Bob');
  const { name } = await alice.publish('rules');
  const room = 'rules';
  await refused(bob.request('silence', { room, login: 'Alice', audio: true, video: true }), 'forbidden');
  await refused(bob.request('silence', { room, audio: true, video: true }), 'forbidden');
  await refused(bob.request('remove', { room, login: 'Alice' }), 'forbidden');
  await refused(bob.request('guard', { room, locked: true }), 'forbidden');
  await refused(bob.request('guard', { room, lobby: true }), 'forbidden');
  await refused(bob.request('admit', { room, on: true }), 'forbidden');
  await refused(bob.request('end', { room }), 'forbidden');
  await refused(bob.request('unpublish', { room, stream: name }), 'stream_unknown');
  const outside = await people.connect('Carol');
  await refused(outside.request('remove', { room, login: 'Alice' }), 'not_joined');
  assert.equal(alice.heard('muted').length + alice.heard('silenced').length + alice.heard('unpublished').length, 0);
});
