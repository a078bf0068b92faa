/** Moderators and those they moderate: the room API against the real backend; only the browser's media is faked. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { JoinOptions } from '../../../components/room/room-link.ts';
import type { Room } from '../../../components/room/room.ts';
import { RoomSession } from '../../../components/room/session.ts';
import type { Server } from '../../../backend/server.ts';
import { empty, startServer } from '../../backend/backend.ts';
import { until } from '../../backend/until.ts';
import { Wire } from '../../e2e/wire.ts';
import { FakeDevices, fakeCamera, installMediaStream } from '../../fakes/room-media.ts';

installMediaStream();

let server: Server;
let devices: FakeDevices;
const sessions = new Set<RoomSession>();
before(async () => (server = await startServer()));
after(() => server.close());
beforeEach(() => (devices = new FakeDevices()));
afterEach(async () => {
  for (const session of sessions) session.disconnect();
  sessions.clear();
  await empty(server);
});

function enter(username: string, options: JoinOptions = { name: 'r' }, port = server.port): Room {
  const urlServer = `ws://127.0.0.1:${port}`;
  const session = new RoomSession({ urlServer, username }, { loadDevice: devices.load });
  sessions.add(session);
  return session.join(options);
}

const join = (username: string, options?: JoinOptions) => enter(username, options).joined;

const of = (room: Room, name: string) => room.getParticipants().find((each) => each.name() === name)!;

/** A moderator and somebody else who publishes. */
async function two() {
  const alice = await join('Alice');
  const bob = await join('Bob');
  const own = bob.publish({ mediaStream: fakeCamera() });
  await until('Bob is seen', () => of(alice, 'Bob')?.getStreams().length === 1);
  return { alice, bob, own };
}

describe('a moderator', () => {
  it('mutes somebody, who is told and can unmute', async () => {
    const { alice, bob, own } = await two();
    const told: unknown[] = [];
    bob.on('SILENCED', (participant, silence) =>
      told.push([participant, silence.by, silence.note, own.isAudioMuted()]),
    );
    await of(alice, 'Bob').mute({ note: 'There is an echo.' });
    await until('Bob is told', () => told.length === 1);
    assert.deepEqual(told, [[undefined, 'Alice', 'There is an echo.', true]]);
    await until('Alice sees it', () => of(alice, 'Bob').getStreams()[0]!.muted().audio);
    own.unmuteAudio();
    await until('Alice sees that, too', () => !of(alice, 'Bob').getStreams()[0]!.muted().audio);
  });

  it('mutes somebody for good, also in streams that come later, and lets them unmute again', async () => {
    const { alice, bob, own } = await two();
    await of(alice, 'Bob').mute({ video: true, hold: true });
    await until('Bob is held', () => bob.held().audio && bob.held().video);
    own.unmuteAudio();
    assert.equal(own.isAudioMuted(), true);
    own.stop();
    const next = bob.publish({ mediaStream: fakeCamera() });
    await until('it is published', () => next.status() === 'PUBLISHING');
    assert.deepEqual([next.isAudioMuted(), next.isVideoMuted()], [true, true]);
    assert.deepEqual(of(alice, 'Bob').held(), { audio: true, video: true });
    await of(alice, 'Bob').mute({ hold: false });
    await until('Bob may unmute', () => !bob.held().audio);
    next.unmuteAudio();
    await until('he is heard', () => of(alice, 'Bob').getStreams()[0]?.muted().audio === false);
    assert.deepEqual(bob.held(), { audio: false, video: true });
  });

  it('ends somebody’s stream, and they are told by whom', async () => {
    const { alice, bob, own } = await two();
    const stopped = new Promise((resolve) => bob.on('STOPPED', (stream, by) => resolve([stream, by, stream.status()])));
    await of(alice, 'Bob').getStreams()[0]!.unpublish();
    assert.deepEqual(await stopped, [own, 'Alice', 'UNPUBLISHED']);
    await until('it is gone', () => of(alice, 'Bob').getStreams().length === 0);
  });

  it('removes somebody, who is told by whom and why and cannot come back', async () => {
    const { alice, bob } = await two();
    const left = new Promise((resolve) =>
      alice.on('LEFT', (participant, reason) => resolve([participant.name(), reason])),
    );
    const ended = new Promise((resolve) => bob.on('ENDED', (_, reason, said) => resolve([reason, said])));
    await of(alice, 'Bob').remove({ ban: true, note: 'Wrong room.' });
    assert.deepEqual(await ended, ['expelled', { by: 'Alice', note: 'Wrong room.' }]);
    assert.deepEqual(await left, ['Bob', 'expelled']);
    await assert.rejects(join('Bob'), { code: 'expelled' });
  });

  it('locks the room and ends the meeting for all', async () => {
    const { alice, bob } = await two();
    const guarded = new Promise((resolve) => bob.on('GUARDED', (room, by) => resolve([room.locked(), by])));
    await alice.lock();
    assert.deepEqual(await guarded, [true, 'Alice']);
    await assert.rejects(join('Carol'), { code: 'room_locked' });
    await alice.lock(false);
    await join('Carol');
    await assert.rejects(bob.end(), { code: 'forbidden' });
    const ended = new Promise((resolve) => bob.on('ENDED', (_, reason, said) => resolve([reason, said.by])));
    await alice.end();
    assert.deepEqual(await ended, ['closed', 'Alice']);
  });

  it('is refused like everybody else without the grant, and nothing is left unhandled', async () => {
    const { bob } = await two();
    for (const asked of [
      of(bob, 'Alice').mute(),
      of(bob, 'Alice').remove(),
      bob.lock(),
      bob.setLobby(true),
      bob.admit(),
    ])
      await assert.rejects(asked, { code: 'forbidden' });
    void bob.muteAll();
  });
});

describe('a lobby', () => {
  const lobby = { name: 'r', lobby: true };

  it('lets in whom the moderator admits, and refuses whom they refuse', async () => {
    const alice = await join('Alice', lobby);
    const told: string[] = [];
    const bob = enter('Bob')
      .on('WAITING', () => told.push('WAITING'))
      .on('ADMITTED', () => told.push('ADMITTED'));
    const carol = enter('Carol');
    await until('both wait', () => alice.waiting().length === 2);
    assert.equal(bob.isWaiting(), true);
    const [first, second] = alice.waiting();
    assert.deepEqual([first?.login, second?.login].sort(), ['Bob', 'Carol']);
    await alice.admit('Bob');
    await bob.joined;
    assert.deepEqual(told, ['WAITING', 'ADMITTED']);
    assert.deepEqual(bob.waiting(), []);
    await alice.refuse('Carol', { note: 'Not today.' });
    await assert.rejects(carol.joined, (error: Error & { code: string }) => {
      assert.equal(error.code, 'not_admitted');
      assert.deepEqual(error.cause, { room: 'r', by: 'Alice', note: 'Not today.' });
      return true;
    });
  });

  it('can be given up', async () => {
    const alice = await join('Alice', lobby);
    const bob = enter('Bob');
    await until('Bob waits', () => alice.waiting().length === 1);
    await bob.leave();
    await assert.rejects(bob.joined, { code: 'aborted' });
    await until('nobody waits', () => alice.waiting().length === 0);
  });

  it('keeps the place over a cut, and an answer that came meanwhile is found', async (t) => {
    const wire = await Wire.to(server.port);
    t.after(() => wire.close());
    const alice = await join('Alice', lobby);
    const bob = enter('Bob', { name: 'r' }, wire.port);
    await until('Bob waits', () => alice.waiting().length === 1);
    wire.cut();
    await alice.admit('Bob');
    wire.mend();
    await bob.joined;
  });

  it('is over with the meeting', async () => {
    const alice = await join('Alice', lobby);
    const bob = enter('Bob');
    await until('Bob waits', () => alice.waiting().length === 1);
    await alice.end();
    await assert.rejects(bob.joined, { code: 'meeting_ended' });
  });
});

it('a mute that comes while the connection is lost holds when it is back', async (t) => {
  const wire = await Wire.to(server.port);
  t.after(() => wire.close());
  const alice = await join('Alice');
  const bob = await enter('Bob', { name: 'r' }, wire.port).joined;
  const own = bob.publish({ mediaStream: fakeCamera() });
  await until('Bob is seen', () => of(alice, 'Bob')?.getStreams().length === 1);
  const heard: boolean[] = [];
  alice.on('UNMUTED', () => heard.push(true));
  wire.cut();
  await of(alice, 'Bob').mute();
  wire.mend();
  await until('Bob is muted', () => own.isAudioMuted());
  await until('Bob is back', () => of(alice, 'Bob').connected());
  await bob.sendMessage('Can you hear me?');
  assert.equal(of(alice, 'Bob').getStreams()[0]!.muted().audio, true);
  assert.deepEqual(heard, []);
});
