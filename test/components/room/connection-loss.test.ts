import assert from 'node:assert/strict';
import { beforeEach, describe, it, type TestContext } from 'node:test';
import { ROOM_EVENT, SESSION_STATUS } from '../../../components/room/constants.ts';
import type { Room } from '../../../components/room/room.ts';
import { RoomSession } from '../../../components/room/session.ts';
import type { Stream } from '../../../components/room/streams/stream.ts';
import { WcsError } from '../../../protocol/errors.ts';
import type { Reply } from '../../../protocol/messages.ts';
import type { Participant } from '../../../protocol/model.ts';
import { FakeBackend, person, streamOf } from '../../fakes/room-backend.ts';
import { FakeDevices, fakeCamera, installMediaStream } from '../../fakes/room-media.ts';
import { until } from '../../backend/until.ts';

installMediaStream();

let devices: FakeDevices;
beforeEach(() => (devices = new FakeDevices()));

const refusal = (code: string) => (error: unknown) => error instanceof WcsError && error.code === code;

/** Alice in room r with Bob, each publishing; she plays his stream. */
async function inCall(t: TestContext) {
  const backend = new FakeBackend(t);
  backend.others = [person('Bob', [streamOf('r-Bob-0001')])];
  const session = new RoomSession({ urlServer: 'ws://backend.test', username: 'Alice' }, { loadDevice: devices.load });
  t.after(() => session.disconnect());
  const room = session.join({ name: 'r' });
  await room.joined;
  const own = room.publish({ mediaStream: fakeCamera() });
  const played = room.getParticipants()[0]!.getStreams()[0]!.play();
  await until('both run', () => own.status() === 'PUBLISHING' && played.status() === 'PLAYING');
  const heard = listen(session, room, { own, played });
  return { backend, session, room, own, played, heard };
}

function listen(session: RoomSession, room: Room, streams: Record<string, Stream>): string[] {
  const heard: string[] = [];
  for (const event of ['ESTABLISHED', 'RECONNECTING', 'RECONNECTED', 'FAILED', 'DISCONNECTED'] as const) {
    session.on(SESSION_STATUS[event], () => heard.push(`session ${event}`));
  }
  for (const event of Object.values(ROOM_EVENT)) {
    room.on(event, (...args: unknown[]) => {
      const about = args.find((each) => each instanceof Object && 'name' in each && each !== room);
      const name = about ? ` ${(about as { name(): string }).name()}` : '';
      heard.push(`${event}${name}`);
    });
  }
  for (const [name, stream] of Object.entries(streams)) {
    for (const status of ['PENDING', 'PUBLISHING', 'PLAYING', 'UNPUBLISHED', 'STOPPED', 'FAILED'] as const) {
      stream.on(status, () => heard.push(`${name} ${status}`));
    }
  }
  return heard;
}

/** The backend still knows the session, and this is who is in room r. */
function resumes(backend: FakeBackend, participants: () => Participant[]): void {
  const { connect } = backend.usual;
  backend.answers.connect = async (data) => {
    const reply = (await connect(data)) as Reply<'connect'>;
    if (!data.resume) return reply;
    const room = backend.room('r', person('Alice'));
    return { ...reply, rooms: [{ ...room, participants: participants() }] };
  };
}

describe('a connection that is lost', () => {
  it('comes back as the same session, and nothing of the call ends', async (t) => {
    const { backend, session, own, played, heard } = await inCall(t);
    resumes(backend, () => [...backend.others, person('Alice', [{ ...streamOf(own.name()) }])]);
    const [first] = backend.data('publish');
    backend.cut();
    assert.equal(session.status(), 'RECONNECTING');
    await until('it is back', () => session.status() === 'ESTABLISHED');
    assert.deepEqual(heard, ['session RECONNECTING', 'RECONNECTING', 'RECONNECTED', 'session RECONNECTED']);
    assert.equal(own.status(), 'PUBLISHING');
    assert.equal(played.status(), 'PLAYING');
    assert.deepEqual(backend.data('publish'), [first]);
    assert.equal(backend.data('join').length, 1);
    assert.ok(backend.data('connect')[1]?.resume?.key);
    assert.equal(devices.open.length, 2);
  });

  it('tells what happened meanwhile as if it had just happened', async (t) => {
    const { backend, session, own, heard } = await inCall(t);
    const bob = { ...backend.others[0]!, connected: false };
    const muted = { ...bob.streams[0]!, muted: { audio: true, video: false } };
    const carol = person('Carol', [streamOf('r-Carol-0001')]);
    resumes(backend, () => [{ ...bob, streams: [muted] }, carol, person('Alice', [streamOf(own.name())])]);
    backend.cut();
    await until('it is back', () => session.status() === 'ESTABLISHED');
    assert.deepEqual(heard.slice(2), [
      'MUTED Bob',
      'RECONNECTING Bob',
      'JOINED Carol',
      'PUBLISHED Carol',
      'RECONNECTED',
      'session RECONNECTED',
    ]);
    heard.length = 0;
    resumes(backend, () => [person('Alice', [streamOf(own.name())])]);
    backend.cut();
    await until('it is back again', () => heard.includes('session RECONNECTED'));
    assert.deepEqual(heard.slice(2, 7), [
      'UNPUBLISHED Bob',
      'LEFT Bob',
      'UNPUBLISHED Carol',
      'LEFT Carol',
      'RECONNECTED',
    ]);
    assert.ok(heard.includes('played STOPPED'));
  });

  it('brings the mute along that was pressed meanwhile, and the stream that got lost', async (t) => {
    const { backend, session, own } = await inCall(t);
    resumes(backend, () => [...backend.others, person('Alice', [])]);
    backend.cut();
    own.muteAudio();
    await until('it is back', () => session.status() === 'ESTABLISHED');
    await until('the stream is published again', () => backend.data('publish').length === 2);
    assert.equal(backend.data('publish')[1]?.stream, own.name());
    assert.equal(backend.data('publish')[1]?.muted.audio, true);
    assert.equal(own.status(), 'PUBLISHING');
  });

  it('joins, publishes and plays again when the backend no longer knows the session', async (t) => {
    const { backend, session, room, own, played, heard } = await inCall(t);
    const before = played.mediaStream?.getTracks()[0];
    backend.cut();
    await until('it is back', () => session.status() === 'ESTABLISHED');
    await until('it is published again', () => backend.data('publish').length === 2);
    await until('it is played again', () => played.mediaStream?.getTracks()[0] !== before);
    assert.deepEqual(heard, ['session RECONNECTING', 'RECONNECTING', 'session RECONNECTED', 'RECONNECTED']);
    assert.equal(backend.data('publish')[1]?.stream, own.name());
    assert.equal(room.isJoined(), true);
    assert.equal(devices.open.length, 2, 'the peer connections of before are closed');
  });

  it('waits for the others after a restart of the backend: nobody has left, and their pictures keep their places', async (t) => {
    const { backend, session, room, played, heard } = await inCall(t);
    const [bob] = backend.others;
    const before = room.getParticipants()[0];
    backend.backend = 'backend-2';
    backend.others = [];
    backend.cut();
    await until('it is published again', () => backend.data('publish').length === 2);
    assert.equal(before?.connected(), false);
    backend.tell('joined', { room: 'r', participant: person('Bob') });
    backend.tell('published', { room: 'r', login: 'Bob', stream: { ...bob!.streams[0]!, mediaSessionId: 'another' } });
    await until('it is played again', () => backend.data('play').length > 2);
    assert.deepEqual(heard, [
      'session RECONNECTING',
      'RECONNECTING',
      'session RECONNECTED',
      'RECONNECTING Bob',
      'RECONNECTED',
      'RECONNECTED Bob',
    ]);
    assert.equal(room.getParticipants()[0], before);
    assert.equal(played.status(), 'PLAYING');
    assert.equal(session.status(), 'ESTABLISHED');
  });

  it('tells after a restart who does not come back, and what is not published again', async (t) => {
    const { backend, heard } = await inCall(t);
    backend.others.push(person('Carol'));
    backend.tell('joined', { room: 'r', participant: person('Carol') });
    const { connect } = backend.usual;
    backend.answers.connect = async (data) => ({
      ...((await connect(data)) as Reply<'connect'>),
      backend: 'backend-2',
      resumeTimeout: 50,
    });
    backend.others = [person('Bob')];
    heard.length = 0;
    backend.cut();
    await until('Carol is given up', () => heard.includes('LEFT Carol'));
    assert.deepEqual(
      heard.filter((what) => /Bob|Carol/.test(what)),
      ['RECONNECTING Carol', 'UNPUBLISHED Bob', 'LEFT Carol'],
    );
  });

  it('records again after a restart what was recorded before, and may do what the backend says then', async (t) => {
    const { backend, room } = await inCall(t);
    backend.tell('recording', { room: 'r', recording: 'on' });
    backend.answers.join = async (data) => ({ ...((await backend.usual.join(data)) as Reply<'join'>), grants: [] });
    backend.backend = 'backend-2';
    backend.cut();
    await until('it is published again', () => backend.data('publish').length === 2);
    assert.deepEqual(
      backend.data('join').map(({ record }) => record),
      [undefined, true],
    );
    assert.equal(room.may('record'), false);
  });

  it('waits for its own seat as long as the backend has not noticed that it was gone', async (t) => {
    const { backend, room, own, heard } = await inCall(t);
    backend.answers.join = () => {
      delete backend.answers.join;
      return new WcsError('login_taken', 'Room already has user with such login');
    };
    backend.cut();
    await until('it is published again', () => backend.data('publish').length === 2);
    assert.equal(backend.data('join').length, 3);
    assert.equal(room.isJoined(), true);
    assert.equal(own.status(), 'PUBLISHING');
    assert.ok(!heard.includes('ENDED'));
  });

  it('ends the room when somebody of the same login has taken the seat meanwhile', async (t) => {
    const { backend, heard } = await inCall(t);
    const { connect } = backend.usual;
    backend.answers.connect = async (data) => ({ ...((await connect(data)) as Reply<'connect'>), rooms: [] });
    backend.answers.join = () => new WcsError('login_taken', 'Room already has user with such login');
    backend.cut();
    await until('it asks for its seat', () => backend.data('join').length === 2);
    backend.tell('ended', { room: 'r', reason: 'replaced' });
    assert.ok(heard.includes('ENDED'));
  });

  it('is looked for at once when the network is back, or the page is seen again', async (t) => {
    const page = new EventTarget();
    Object.assign(globalThis, { addEventListener: page.addEventListener.bind(page), removeEventListener: () => {} });
    t.after(() => Object.assign(globalThis, { addEventListener: undefined, removeEventListener: undefined }));
    const { backend, session, own } = await inCall(t);
    resumes(backend, () => [...backend.others, person('Alice', [streamOf(own.name())])]);
    backend.up = false;
    backend.cut();
    await until('it has tried', () => backend.sockets.length === 4);
    backend.up = true;
    page.dispatchEvent(new Event('online'));
    assert.equal(backend.sockets.length, 5);
    await until('it is back', () => session.status() === 'ESTABLISHED');
  });

  it('ends the room with a reason when it is not let in again', async (t) => {
    const { backend, session, own, played, heard } = await inCall(t);
    backend.answers.join = () => new WcsError('room_full', 'Current room is full.');
    backend.cut();
    await until('the room has ended', () => heard.includes('ENDED'));
    assert.equal(own.status(), 'FAILED');
    assert.equal(own.getError()?.code, 'room_full');
    assert.equal(played.status(), 'FAILED');
    assert.deepEqual(session.getRooms(), []);
    assert.equal(session.status(), 'ESTABLISHED');
    assert.deepEqual(devices.open, []);
  });

  it('asks again what was not answered, but sends no text twice', async (t) => {
    const { backend, session, room, own } = await inCall(t);
    resumes(backend, () => [...backend.others, person('Alice', [streamOf(own.name())])]);
    backend.answers.message = () => 'silence';
    backend.answers.mute = () => 'silence';
    const sent = assert.rejects(room.sendMessage('once'), refusal('connection_lost'));
    own.muteAudio();
    await until('both are asked', () => backend.data('mute').length === 1);
    backend.cut();
    await sent;
    delete backend.answers.message;
    delete backend.answers.mute;
    const later = room.sendMessage('while away');
    await until('it is back', () => session.status() === 'ESTABLISHED');
    await later;
    assert.deepEqual(
      backend.data('message').map(({ text }) => text),
      ['once', 'while away'],
    );
    assert.equal(backend.data('mute').at(-1)?.muted.audio, true);
    assert.ok(backend.data('mute').length > 1);
  });

  it('joins by leaving first when the answer to the join was lost', async (t) => {
    const backend = new FakeBackend(t);
    backend.answers.join = () => 'silence';
    const session = new RoomSession(
      { urlServer: 'ws://backend.test', username: 'Alice' },
      { loadDevice: devices.load },
    );
    t.after(() => session.disconnect());
    const room = session.join({ name: 'r' });
    await until('it is asked', () => backend.data('join').length === 1);
    resumes(backend, () => [person('Alice')]);
    backend.answers.join = () => {
      delete backend.answers.join;
      return new WcsError('already_joined', 'This connection is in the room already.');
    };
    backend.cut();
    await room.joined;
    assert.deepEqual(backend.asked, ['connect', 'join', 'connect', 'join', 'leave', 'join']);
  });

  it('lets the page leave at once, and tells the backend when it is back', async (t) => {
    const { backend, session, room, own } = await inCall(t);
    resumes(backend, () => [...backend.others, person('Alice', [streamOf(own.name())])]);
    backend.cut();
    await room.leave();
    assert.equal(own.status(), 'UNPUBLISHED');
    assert.equal(session.status(), 'RECONNECTING');
    await until('the backend knows', () => backend.asked.at(-1) === 'leave');
    assert.deepEqual(session.getRooms(), []);
  });

  it('lets the page disconnect while it is away', async (t) => {
    const { backend, session, heard, played } = await inCall(t);
    backend.up = false;
    backend.cut();
    session.disconnect();
    await until('it is told', () => heard.includes('session DISCONNECTED'));
    assert.equal(played.status(), 'FAILED');
    assert.equal(played.getInfo(), 'Stopped by session disconnect');
    assert.deepEqual(devices.open, []);
  });

  it('is over at once when it broke the rules', async (t) => {
    const { backend, session, own } = await inCall(t);
    backend.cut(4400);
    assert.equal(session.status(), 'FAILED');
    assert.equal(session.getError()?.code, 'bad_frame');
    assert.equal(own.status(), 'FAILED');
    assert.equal(backend.sockets.length, 1);
  });

  it('is given up when the page says, by default after two minutes: session, room and streams say why', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    const backend = new FakeBackend(t);
    const session = new RoomSession(
      { urlServer: 'ws://backend.test', username: 'Alice', reconnectTimeout: 30_000 },
      { loadDevice: devices.load },
    );
    t.after(() => session.disconnect());
    const room = session.join({ name: 'r' });
    await room.joined;
    const own = room.publish({ mediaStream: fakeCamera() });
    for (let turn = 0; turn < 20 && own.status() !== 'PUBLISHING'; turn += 1) await settle();
    const heard = listen(session, room, { own });
    backend.up = false;
    backend.cut();
    const sent = assert.rejects(room.sendMessage('x'), refusal('connection_lost'));
    for (let passed = 0; passed <= 30_000; passed += 100) {
      t.mock.timers.tick(100);
      await settle();
    }
    await sent;
    assert.deepEqual(heard, ['session RECONNECTING', 'RECONNECTING', 'ENDED', 'session FAILED', 'own FAILED']);
    assert.equal(session.getError()?.code, 'connection_lost');
    assert.equal(own.getInfo(), 'Stopped by session disconnect');
    assert.ok(backend.sockets.length > 5);
    const addresses = backend.sockets.map(({ url }) => url);
    assert.equal(new Set(addresses).size, addresses.length, 'Firefox would put off the second attempt at one address');
    assert.deepEqual(devices.open, []);
  });
});
