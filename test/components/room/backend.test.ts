/** The room API and the real backend, over real sockets; only the browser's media is faked. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { ROOM_EVENT, SESSION_STATUS } from '../../../components/room/constants.ts';
import type { JoinOptions } from '../../../components/room/room-link.ts';
import type { Room } from '../../../components/room/room.ts';
import { RoomSession } from '../../../components/room/session.ts';
import { WcsError } from '../../../protocol/errors.ts';
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

function connect(username: string, port = server.port): RoomSession {
  const urlServer = `ws://127.0.0.1:${port}`;
  const session = new RoomSession({ urlServer, username }, { loadDevice: devices.load });
  sessions.add(session);
  return session;
}

function join(username: string, options: JoinOptions = { name: 'r' }): Promise<Room> {
  return connect(username).join(options).joined;
}

const participant = (room: Room, name: string) => room.getParticipants().find((each) => each.name() === name);

const refusal = (code: string) => (error: unknown) => error instanceof WcsError && error.code === code;

describe('two people in a room', () => {
  it('see each other come, and read each other’s words as they were typed', async () => {
    const alice = await join('Алиса');
    assert.equal(alice.created(), true);
    const heard: string[] = [];
    alice.on(ROOM_EVENT.MESSAGE, ({ from, text, to }) =>
      heard.push(`${from?.name()} ${to ? 'to me' : 'to all'}: ${text}`),
    );
    const bob = await join('باب');
    assert.equal(bob.created(), false);
    await until('Bob is seen', () => alice.getParticipants().length === 1);
    const texts = ['Привет, как дела?', 'مرحبا بالعالم', '👩🏽‍💻👋', '100% %D0%9F&amp;<b>', 'two\nlines'];
    for (const text of texts) await bob.sendMessage(text);
    await participant(bob, 'Алиса')?.sendMessage('نعم');
    await until('all is read', () => heard.length === texts.length + 1);
    assert.deepEqual(heard, [...texts.map((text) => `باب to all: ${text}`), 'باب to me: نعم']);
  });

  it('publish, play, mute and leave', async () => {
    const alice = await join('Alice');
    const bob = await join('Bob');
    const own = alice.publish({ mediaStream: fakeCamera() });
    await until('Alice publishes', () => own.status() === 'PUBLISHING');
    await until('Bob knows', () => participant(bob, 'Alice')?.getStreams().length === 1);
    const remote = participant(bob, 'Alice')!.getStreams()[0]!;
    assert.equal(remote.streamName(), own.name());
    assert.deepEqual([remote.kind(), remote.hasAudio(), remote.hasVideo()], ['camera', true, true]);
    const played = remote.play();
    await until('Bob plays', () => played.status() === 'PLAYING');
    assert.equal(played.mediaStream?.getTracks().length, 2);
    own.muteAudio();
    await until('Bob sees the mute', () => remote.muted().audio && played.getAudioState().muted);
    const screen = alice.publish({ mediaStream: fakeCamera(['video']), name: 'screenShare' });
    await until('the screen is seen', () => participant(bob, 'Alice')?.getStreams()[1]?.kind() === 'screen');
    screen.stop();
    await until('the screen is gone', () => participant(bob, 'Alice')?.getStreams().length === 1);
    await alice.leave();
    await until('Bob is alone', () => bob.getParticipants().length === 0);
    assert.equal(played.status(), 'STOPPED');
  });

  it('cannot have the same name', async () => {
    await join('Alice');
    await assert.rejects(join(' Alice '), {
      code: 'login_taken',
      message: 'Room already has user with such login',
    });
  });
});

describe('one session', () => {
  it('leaves and joins 50 times without a pause', async () => {
    const session = connect('Alice');
    const joined: Promise<Room>[] = [];
    for (let round = 0; round < 50; round += 1) {
      const room = session.join({ name: 'r' });
      joined.push(room.joined);
      if (round % 2 === 1) await room.joined;
      void room.leave();
    }
    const outcomes = await Promise.allSettled(joined);
    for (const [round, outcome] of outcomes.entries()) {
      // What was left before it was joined says so; nothing else goes wrong.
      if (outcome.status === 'rejected') assert.equal((outcome.reason as WcsError).code, 'aborted', `round ${round}`);
      else assert.equal(round % 2, 1);
    }
    const last = await session.join({ name: 'r' }).joined;
    assert.deepEqual(session.getRooms(), [last]);
    assert.deepEqual(last.getParticipants(), []);
  });

  it('publishes in each of 20 rounds of joining and leaving, and leaves no peer connection', async () => {
    const watcher = await join('Bob');
    const session = connect('Alice');
    for (let round = 0; round < 20; round += 1) {
      const room = session.join({ name: 'r' });
      const stream = room.publish({ mediaStream: fakeCamera() });
      await until('it is published', () => stream.status() === 'PUBLISHING');
      assert.equal(room.getParticipants().length, 1);
      void room.leave();
    }
    await until('she is gone', () => watcher.getParticipants().length === 0);
    assert.deepEqual(devices.open, []);
  });

  it('is in several rooms, whose names begin alike', async () => {
    const session = connect('Alice');
    const [one, two] = await Promise.all(['room-a', 'room-ab'].map((name) => session.join({ name }).joined));
    const streams = [one!, two!].map((room) => room.publish({ mediaStream: fakeCamera(['audio']) }));
    await until('both publish', () => streams.every((stream) => stream.status() === 'PUBLISHING'));
    await one!.leave();
    assert.deepEqual(
      streams.map((stream) => stream.status()),
      ['UNPUBLISHED', 'PUBLISHING'],
    );
    assert.deepEqual(session.getRooms(), [two]);
    const again = session.join({ name: 'room-ab' });
    await assert.rejects(again.joined, refusal('already_joined'));
    assert.equal(two!.isJoined(), true);
  });
});

it('gives the last seat to one of two, never to both', async () => {
  const seat = connect('Owner');
  const racers = [connect('Anna'), connect('Boris')];
  for (let round = 0; round < 50; round += 1) {
    const name = `race-${round}`;
    const room = seat.join({ name, capacity: 2 });
    await room.joined;
    const rooms = racers.map((session) => session.join({ name }));
    const outcomes = await Promise.allSettled(rooms.map(({ joined }) => joined));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    assert.equal(refused.length, 1, `round ${round}`);
    assert.equal((refused[0]?.reason as WcsError).message, 'Current room is full.');
    await Promise.all([room, ...rooms].map((each) => each.leave()));
  }
});

describe('a wire that is cut', () => {
  it('costs nothing but a moment: the same participant, the same streams', async (t) => {
    const wire = await Wire.to(server.port);
    const session = connect('Alice', wire.port);
    t.after(() => wire.close());
    const alice = await session.join({ name: 'r' }).joined;
    const bob = await join('Bob');
    const own = alice.publish({ mediaStream: fakeCamera() });
    await until('Alice is seen', () => participant(bob, 'Alice')?.getStreams().length === 1);
    const played = participant(bob, 'Alice')!.getStreams()[0]!.play();
    await until('Bob plays', () => played.status() === 'PLAYING');
    const heard: string[] = [];
    for (const event of Object.values(ROOM_EVENT)) bob.on(event, () => heard.push(event));
    wire.cut();
    await until('Bob is told', () => heard.length === 1);
    assert.equal(session.status(), SESSION_STATUS.RECONNECTING);
    const sent = alice.sendMessage('from the dark');
    wire.mend();
    await until('she is back', () => session.status() === SESSION_STATUS.ESTABLISHED);
    await sent;
    await until('the words arrive', () => heard.length === 3);
    assert.deepEqual(heard, ['RECONNECTING', 'RECONNECTED', 'MESSAGE']);
    assert.deepEqual([own.status(), played.status()], ['PUBLISHING', 'PLAYING']);
    own.muteVideo();
    await until('the mute arrives', () => played.getVideoState().muted);
  });

  it('for longer than the backend waits ends in joining again, with the streams', async (t) => {
    const impatient = await startServer({ session_resume_timeout: 50 });
    const wire = await Wire.to(impatient.port);
    t.after(async () => {
      await wire.close();
      await impatient.close();
    });
    const session = connect('Alice', wire.port);
    const watcher = connect('Bob', impatient.port);
    const alice = await session.join({ name: 'r' }).joined;
    const bob = await watcher.join({ name: 'r' }).joined;
    const own = alice.publish({ mediaStream: fakeCamera() });
    const theirs = bob.publish({ mediaStream: fakeCamera() });
    await until('Bob is seen', () => participant(alice, 'Bob')?.getStreams().length === 1);
    const played = participant(alice, 'Bob')!.getStreams()[0]!.play();
    await until('all runs', () => [own, theirs].every((each) => each.published() && each.status() === 'PUBLISHING'));
    await until('Alice plays', () => played.status() === 'PLAYING');
    const before = played.mediaStream?.getTracks()[0];
    const heard: string[] = [];
    const people = Object.values(ROOM_EVENT).filter((event) => event !== ROOM_EVENT.SPEAKER);
    for (const event of people) bob.on(event, () => heard.push(event));
    wire.cut();
    await until('Bob has lost her', () => heard.includes('LEFT'));
    wire.mend();
    await until('her stream is back', () => participant(bob, 'Alice')?.getStreams()[0]?.streamName() === own.name());
    await until('she receives again', () => played.mediaStream?.getTracks()[0] !== before);
    assert.deepEqual(heard, ['RECONNECTING', 'UNPUBLISHED', 'LEFT', 'JOINED', 'PUBLISHED']);
    assert.deepEqual([own.status(), played.status()], ['PUBLISHING', 'PLAYING']);
  });
});
