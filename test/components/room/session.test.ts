import assert from 'node:assert/strict';
import { beforeEach, describe, it, type TestContext } from 'node:test';
import { ROOM_EVENT, SESSION_STATUS, STREAM_STATUS } from '../../../components/room/constants.ts';
import type { Room } from '../../../components/room/room.ts';
import { RoomSession, connect } from '../../../components/room/session.ts';
import type { Stream } from '../../../components/room/streams/stream.ts';
import { WcsError } from '../../../protocol/errors.ts';
import { FakeBackend, person, streamOf, transports } from '../../fakes/room-backend.ts';
import { FakeDevices, fakeCamera, fakeTrack, installMediaStream } from '../../fakes/room-media.ts';
import { until } from '../../backend/until.ts';

installMediaStream();

let devices: FakeDevices;
beforeEach(() => (devices = new FakeDevices()));

const refusal = (code: string) => (error: unknown) => error instanceof WcsError && error.code === code;

function open(t: TestContext, username = 'Alice'): RoomSession {
  const session = new RoomSession({ urlServer: 'ws://backend.test', username }, { loadDevice: devices.load });
  t.after(() => session.disconnect());
  return session;
}

/** Keeps the names of what a room tells, in order, with whom it is about. */
function listen(room: Room): string[] {
  const heard: string[] = [];
  for (const event of Object.values(ROOM_EVENT)) {
    room.on(event, (...args: unknown[]) => {
      const [first] = args as [{ name?: () => string } | undefined];
      heard.push(first instanceof Object && first !== room && first.name ? `${event} ${first.name()}` : event);
    });
  }
  return heard;
}

function reached(stream: Stream, status: keyof typeof STREAM_STATUS): Promise<void> {
  return until(`the stream is ${status}, it is ${stream.status()}`, () => stream.status() === status);
}

describe('a session', () => {
  it('wants an address', () => {
    assert.throws(() => connect({ urlServer: '' }), {
      name: 'TypeError',
      message: 'options.urlServer must be provided',
    });
  });

  it('is established, once, with itself as the argument', async (t) => {
    const backend = new FakeBackend(t);
    const session = open(t);
    const heard: RoomSession[] = [];
    session.on(SESSION_STATUS.ESTABLISHED, (argument) => heard.push(argument));
    assert.equal(session.status(), 'PENDING');
    assert.equal(await session.established, session);
    assert.equal(session.status(), 'ESTABLISHED');
    assert.deepEqual(heard, [session]);
    assert.equal(backend.sockets[0]?.url, 'ws://backend.test/ws');
    assert.equal(session.getServerUrl(), 'ws://backend.test');
    assert.equal(session.username(), 'Alice');
  });

  it('fails with a reason when nobody answers at the address', async (t) => {
    new FakeBackend(t).up = false;
    const session = open(t);
    let failed = 0;
    session.on(SESSION_STATUS.FAILED, () => (failed += 1));
    await assert.rejects(session.established, refusal('server_unreachable'));
    assert.equal(session.status(), 'FAILED');
    assert.equal(session.getError()?.code, 'server_unreachable');
    assert.equal(failed, 1);
  });

  it('fails with a reason when the address is none', async (t) => {
    const session = new RoomSession({ urlServer: 'not an address', username: 'Alice' });
    t.after(() => session.disconnect());
    await assert.rejects(session.established, refusal('server_unreachable'));
  });

  it('fails when the backend refuses it, and does not try again', async (t) => {
    const backend = new FakeBackend(t);
    backend.answers.connect = () => new WcsError('unauthorized', 'The token is missing.');
    const session = open(t);
    await assert.rejects(session.established, { message: 'The token is missing.' });
    assert.equal(backend.sockets.length, 1);
  });

  it('disconnects: closes the socket as a goodbye, then tells', async (t) => {
    const backend = new FakeBackend(t);
    const session = open(t);
    await session.established;
    const heard: string[] = [];
    session.on(SESSION_STATUS.DISCONNECTED, () => heard.push('DISCONNECTED'));
    session.disconnect();
    assert.equal(session.status(), 'DISCONNECTED');
    assert.deepEqual(heard, [], 'no listener is called before disconnect() has returned');
    await until('DISCONNECTED is told', () => heard.length === 1);
    assert.equal(backend.sockets[0]?.closedWith, 1000);
    session.disconnect();
    assert.deepEqual(session.getRooms(), []);
  });

  it('can be disconnected before it is established', async (t) => {
    new FakeBackend(t);
    const session = open(t);
    const room = session.join({ name: 'r' });
    session.disconnect();
    await assert.rejects(session.established, refusal('aborted'));
    await assert.rejects(room.joined);
  });

  it('calls every listener, also when one of them throws', async (t) => {
    new FakeBackend(t);
    const session = open(t);
    t.mock.method(console, 'error', () => undefined);
    const heard: string[] = [];
    session.on(SESSION_STATUS.ESTABLISHED, () => {
      throw new Error('a mistake in the page');
    });
    session.on(SESSION_STATUS.ESTABLISHED, () => heard.push('second'));
    const removed = () => heard.push('removed');
    session.on(SESSION_STATUS.ESTABLISHED, removed).off(SESSION_STATUS.ESTABLISHED, removed);
    await session.established;
    assert.deepEqual(heard, ['second']);
  });

  it('names the mistakes that the original named', (t) => {
    new FakeBackend(t);
    const session = open(t);
    assert.throws(() => session.on('' as 'FAILED', () => undefined), { message: "Event can't be null" });
    assert.throws(() => session.on('FAILED', undefined as never), {
      message: 'Callback needs to be a valid function',
    });
  });
});

describe('a room', () => {
  it('tells STATE with those who are in it already, and nothing of them before', async (t) => {
    const backend = new FakeBackend(t);
    backend.others = [person('Bob', [streamOf('r-Bob-0001')]), person('Carol')];
    const room = open(t).join({ name: ' r ' });
    const heard = listen(room);
    await room.joined;
    assert.deepEqual(heard, ['STATE']);
    assert.equal(room.name(), 'r');
    assert.deepEqual(
      room.getParticipants().map((each) => each.name()),
      ['Bob', 'Carol'],
    );
    assert.equal(room.getParticipants()[0]?.getStreams()[0]?.streamName(), 'r-Bob-0001');
  });

  it('tells of those who come, publish, mute, are lost, come back and leave', async (t) => {
    const backend = new FakeBackend(t);
    const room = open(t).join({ name: 'r' });
    const heard = listen(room);
    await room.joined;
    const stream = streamOf('r-Bob-0001');
    backend.tell('joined', { room: 'r', participant: person('Bob') });
    backend.tell('published', { room: 'r', login: 'Bob', stream });
    backend.tell('muted', { room: 'r', login: 'Bob', stream: stream.name, muted: { audio: true, video: false } });
    backend.tell('reconnecting', { room: 'r', login: 'Bob' });
    backend.tell('reconnected', { room: 'r', login: 'Bob' });
    backend.tell('muted', { room: 'r', login: 'Bob', stream: stream.name, muted: { audio: false, video: false } });
    backend.tell('left', { room: 'r', login: 'Bob', reason: 'lost' });
    assert.deepEqual(heard, [
      'STATE',
      'JOINED Bob',
      'PUBLISHED Bob',
      'MUTED Bob',
      'RECONNECTING Bob',
      'RECONNECTED Bob',
      'UNMUTED Bob',
      'UNPUBLISHED Bob',
      'LEFT Bob',
    ]);
    assert.deepEqual(room.getParticipants(), []);
  });

  it('takes no notice of what it does not understand, nor of other rooms', async (t) => {
    const backend = new FakeBackend(t);
    const room = open(t).join({ name: 'room-abc' });
    const heard = listen(room);
    await room.joined;
    backend.send('not json');
    backend.send(JSON.stringify({ event: 'invented later', data: {} }));
    backend.send(JSON.stringify({ event: 'joined', data: { room: 'room-abc', participant: 5 } }));
    backend.tell('joined', { room: 'room-abcd', participant: person('Bob') });
    backend.tell('left', { room: 'room-abc', login: 'nobody', reason: 'left' });
    assert.deepEqual(heard, ['STATE']);
  });

  it('hears what happens right after its join was answered', async (t) => {
    const backend = new FakeBackend(t);
    const room = open(t).join({ name: 'r' });
    const heard = listen(room);
    room.on(ROOM_EVENT.STATE, () => backend.tell('joined', { room: 'r', participant: person('Bob') }));
    await room.joined;
    assert.deepEqual(heard, ['STATE', 'JOINED Bob']);
  });

  it('fails with the words of the backend', async (t) => {
    const backend = new FakeBackend(t);
    backend.answers.join = () => new WcsError('login_taken', 'Room already has user with such login');
    const session = open(t);
    const room = session.join({ name: 'r' });
    const told: unknown[][] = [];
    room.on(ROOM_EVENT.FAILED, (...args) => told.push(args));
    await assert.rejects(room.joined, refusal('login_taken'));
    assert.equal(told.length, 1);
    assert.equal(told[0]?.[0], room);
    assert.equal(told[0]?.[1], 'Room already has user with such login');
    assert.deepEqual(session.getRooms(), []);
    await assert.rejects(room.sendMessage('too late'), refusal('not_joined'));
    const stream = room.publish({ mediaStream: fakeCamera() });
    await reached(stream, 'FAILED');
  });

  it('refuses a name that cannot be one without asking the backend', async (t) => {
    const backend = new FakeBackend(t);
    const room = open(t).join({ name: 'a\u0000b' });
    await assert.rejects(room.joined, refusal('invalid'));
    assert.deepEqual(backend.data('join'), []);
  });

  it('sends text as it is, to one or to all', async (t) => {
    const backend = new FakeBackend(t);
    backend.others = [person('Bob')];
    const room = open(t).join({ name: 'r' });
    await room.joined;
    const text = 'Привет, مرحبا 👋🏽 100% %D0%9F <b>&amp;';
    assert.deepEqual(await room.sendMessage(text), { at: 1_700_000_000_000 });
    await room.getParticipants()[0]?.sendMessage(text);
    assert.deepEqual(backend.data('message'), [
      { room: 'r', text },
      { room: 'r', to: 'Bob', text },
    ]);
    backend.tell('message', { room: 'r', message: { from: 'Bob', text, at: 5 } });
  });

  it('tells a text with who wrote it', async (t) => {
    const backend = new FakeBackend(t);
    backend.others = [person('Bob')];
    const room = open(t).join({ name: 'r' });
    await room.joined;
    const messages: unknown[] = [];
    room.on(ROOM_EVENT.MESSAGE, ({ from, text, at, to }) => messages.push([from?.name(), text, at, to]));
    backend.tell('message', { room: 'r', message: { from: 'Bob', to: 'Alice', text: '%41', at: 5 } });
    backend.tell('message', { room: 'r', message: { from: 'Gone', text: 'x', at: 6 } });
    assert.deepEqual(messages, [
      ['Bob', '%41', 5, 'Alice'],
      [undefined, 'x', 6, undefined],
    ]);
  });

  it('tells of a text that did not arrive by callback or by promise, as the page likes', async (t) => {
    const backend = new FakeBackend(t);
    backend.others = [person('Bob')];
    backend.answers.message = () => new WcsError('participant_unknown', 'There is no Bob in the room.');
    const room = open(t).join({ name: 'r' });
    await room.joined;
    const errors: Error[] = [];
    const sent = room.getParticipants()[0]?.sendMessage('hello', (error) => errors.push(error));
    await assert.rejects(sent ?? Promise.resolve(), refusal('participant_unknown'));
    assert.equal(errors.length, 1);
    await assert.rejects(room.sendMessage(' '), refusal('invalid'));
    await assert.rejects(room.record(true), refusal('recording_unavailable'));
  });

  it('can be left while it is being joined', async (t) => {
    const backend = new FakeBackend(t);
    const session = open(t);
    const early = session.join({ name: 'early' });
    await early.leave();
    await assert.rejects(early.joined, refusal('aborted'));
    assert.deepEqual(backend.data('join'), [], 'nothing was asked yet');
    backend.answers.join = () => 'silence';
    const late = session.join({ name: 'late' });
    const heard = listen(late);
    await until('it is being asked for', () => backend.data('join').length === 1);
    await late.leave();
    assert.deepEqual(backend.asked, ['connect', 'join', 'leave']);
    assert.deepEqual(heard, []);
  });

  it('can be joined again right after it was left', async (t) => {
    const backend = new FakeBackend(t);
    const session = open(t);
    const first = session.join({ name: 'r' });
    await first.joined;
    const left = first.leave();
    const second = session.join({ name: 'r' });
    await Promise.all([left, second.joined]);
    assert.deepEqual(session.getRooms(), [second]);
    assert.deepEqual(backend.asked, ['connect', 'join', 'leave', 'join']);
  });

  it('ends when the backend says so', async (t) => {
    const backend = new FakeBackend(t);
    const session = open(t);
    const room = session.join({ name: 'r' });
    await room.joined;
    const reasons: string[] = [];
    room.on(ROOM_EVENT.ENDED, (_room, reason) => reasons.push(reason));
    const stream = room.publish({ mediaStream: fakeCamera() });
    await reached(stream, 'PUBLISHING');
    backend.tell('ended', { room: 'r', reason: 'idle' });
    assert.deepEqual(reasons, ['idle']);
    assert.equal(stream.status(), 'FAILED');
    assert.deepEqual(session.getRooms(), []);
    assert.deepEqual(devices.open, []);
  });
});

describe('a stream of ours', () => {
  it('is announced once, complete, and then muted and unmuted', async (t) => {
    const backend = new FakeBackend(t);
    const room = open(t).join({ name: 'r' });
    await room.joined;
    const camera = fakeCamera();
    const stream = room.publish({ mediaStream: camera, name: 'second', muted: { video: true } });
    assert.match(stream.name(), /^r-Alice-[0-9a-f]{4}-second$/);
    assert.equal(stream.status(), 'PENDING');
    const heard: string[] = [];
    stream.on(STREAM_STATUS.PUBLISHING, (argument) => heard.push(argument.status()));
    await reached(stream, 'PUBLISHING');
    assert.deepEqual(heard, ['PUBLISHING']);
    assert.deepEqual(room.getStreams(), [stream]);
    const [published] = backend.data('publish');
    assert.equal(published?.stream, stream.name());
    assert.equal(published?.kind, 'camera');
    assert.deepEqual(published?.muted, { audio: false, video: true });
    assert.ok(published?.audio && published.video);
    assert.equal(backend.data('publish').length, 1);
    assert.equal(stream.isVideoMuted(), true);
    stream.muteAudio();
    stream.unmuteVideo();
    assert.equal(camera.getAudioTracks()[0]?.enabled, false);
    assert.equal(camera.getVideoTracks()[0]?.enabled, true);
    await until('both are told', () => backend.data('mute').length === 2);
    assert.deepEqual(backend.data('mute').at(-1)?.muted, { audio: true, video: false });
  });

  it('waits for the room, and keeps what was muted meanwhile', async (t) => {
    const backend = new FakeBackend(t);
    const room = open(t).join({ name: 'r' });
    const stream = room.publish({ mediaStream: fakeCamera(['audio']) });
    assert.equal(stream.status(), 'NEW');
    stream.muteAudio();
    await reached(stream, 'PUBLISHING');
    assert.deepEqual(backend.asked, ['connect', 'join', 'connectTransport', 'publish']);
    assert.equal(backend.data('publish')[0]?.muted.audio, true);
    assert.equal(stream.isVideoMuted(), true, 'there is no video');
  });

  it('knows the name of its recording when it is unpublished, by itself or by leaving', async (t) => {
    const backend = new FakeBackend(t);
    backend.answers.unpublish = ({ stream }) => ({ recordName: `${stream}.webm` });
    const room = open(t).join({ name: 'r' });
    const named = (stream: Stream) =>
      new Promise((resolve) => stream.on(STREAM_STATUS.UNPUBLISHED, () => resolve(stream.getRecordInfo())));
    const stopped = room.publish({ mediaStream: fakeCamera(), record: true });
    const left = room.publish({ mediaStream: fakeCamera(), record: true, name: 'two' });
    const plain = room.publish({ mediaStream: fakeCamera(), name: 'three' });
    for (const stream of [stopped, left, plain]) await reached(stream, 'PUBLISHING');
    assert.deepEqual(
      backend.data('publish').map(({ record }) => record),
      [true, true, false],
    );
    assert.equal(stopped.getRecordInfo(), undefined);
    const first = named(stopped);
    stopped.stop();
    assert.equal(await first, `${stopped.name()}.webm`);
    backend.answers.leave = () => ({ recordNames: { [left.name()]: 'left.mp4' } });
    const others = Promise.all([named(left), named(plain)]);
    await room.leave();
    assert.deepEqual(await others, ['left.mp4', undefined]);
  });

  it('ends by stop, after which nothing is sent and the page’s own tracks go on', async (t) => {
    const backend = new FakeBackend(t);
    const room = open(t).join({ name: 'r' });
    const camera = fakeCamera();
    const stream = room.publish({ mediaStream: camera });
    await reached(stream, 'PUBLISHING');
    const heard: string[] = [];
    stream.on(STREAM_STATUS.UNPUBLISHED, () => heard.push('UNPUBLISHED'));
    stream.stop();
    stream.stop();
    assert.deepEqual(heard, []);
    await until('the backend knows', () => backend.asked.at(-1) === 'unpublish');
    assert.deepEqual(heard, ['UNPUBLISHED']);
    assert.deepEqual(room.getStreams(), []);
    assert.equal(
      camera.getTracks().every(({ readyState }) => readyState === 'live'),
      true,
    );
  });

  it('stops before it has begun without a trace', async (t) => {
    const backend = new FakeBackend(t);
    const room = open(t).join({ name: 'r' });
    const stream = room.publish({ mediaStream: fakeCamera() });
    stream.stop();
    await room.joined;
    assert.equal(stream.status(), 'UNPUBLISHED');
    assert.deepEqual(backend.data('publish'), []);
  });

  it('fails with a reason when it is refused, and sends nothing', async (t) => {
    const backend = new FakeBackend(t);
    backend.answers.publish = () => new WcsError('too_many', 'A participant publishes 8 streams at most.');
    const room = open(t).join({ name: 'r' });
    const stream = room.publish({ mediaStream: fakeCamera() });
    await reached(stream, 'FAILED');
    assert.equal(stream.getInfo(), 'Failed by error');
    assert.equal(stream.getErrorInfo(), 'A participant publishes 8 streams at most.');
    assert.equal(stream.getError()?.code, 'too_many');
  });

  it('ends when the backend or an administrator ends it, with the reason where there is one', async (t) => {
    const backend = new FakeBackend(t);
    const room = open(t).join({ name: 'r' });
    const publish = async (name: string) => {
      const stream = room.publish({ mediaStream: fakeCamera(), name });
      await reached(stream, 'PUBLISHING');
      return stream;
    };
    const [fast, plain] = [await publish('one'), await publish('two')];
    const stopped: unknown[] = [];
    room.on('STOPPED', (stream, by) => stopped.push([stream, by]));
    const end = (stream: Stream, why: object) =>
      backend.tell('unpublished', { room: 'r', login: 'Alice', stream: stream.name(), ...why });
    end(fast, { error: { code: 'rate_limited', message: 'Send less.', retryAfter: 30_000 } });
    await reached(fast, 'FAILED');
    assert.equal(fast.getError()?.code, 'rate_limited');
    end(plain, {});
    await reached(plain, 'UNPUBLISHED');
    assert.deepEqual(stopped, [[plain, undefined]]);
  });

  it('sends another codec where the first is stripped, and fails when none is left', async (t) => {
    const backend = new FakeBackend(t);
    const room = open(t).join({ name: 'r' });
    await room.joined;
    const codecs = () =>
      backend
        .data('publish')
        .at(-1)
        ?.video?.codecs.map(({ mimeType }) => mimeType.toLowerCase());
    const usual = room.publish({ mediaStream: fakeCamera() });
    await reached(usual, 'PUBLISHING');
    assert.equal(codecs()?.[0], 'video/vp8');
    const other = room.publish({ mediaStream: fakeCamera(), stripCodecs: 'VP8' });
    await reached(other, 'PUBLISHING');
    assert.notEqual(codecs()?.[0], 'video/vp8');
    const none = room.publish({ mediaStream: fakeCamera(), stripCodecs: 'VP8,VP9,H264,H265,AV1' });
    await reached(none, 'FAILED');
    assert.equal(none.getInfo(), 'No common codecs');
  });

  it('takes another device in the place of one', async (t) => {
    const backend = new FakeBackend(t);
    const room = open(t).join({ name: 'r' });
    const stream = room.publish({ mediaStream: fakeCamera() });
    await reached(stream, 'PUBLISHING');
    stream.muteVideo();
    const { mediaStream } = stream;
    const track = fakeTrack('video');
    await stream.replaceTrack(track);
    assert.equal(stream.mediaStream, mediaStream);
    assert.deepEqual(stream.mediaStream?.getVideoTracks(), [track]);
    assert.equal(track.enabled, false, 'the camera is still off');
    assert.equal(backend.data('publish').length, 1);
  });

  it('is published again, under its name, when a camera comes to a microphone', async (t) => {
    const backend = new FakeBackend(t);
    const room = open(t).join({ name: 'r' });
    const stream = room.publish({ mediaStream: fakeCamera(['audio']) });
    await reached(stream, 'PUBLISHING');
    await stream.replaceTrack(fakeTrack('video'));
    await until('it is published again', () => backend.data('publish').length === 2);
    assert.deepEqual(backend.asked.slice(-2), ['unpublish', 'publish']);
    const [first, second] = backend.data('publish');
    assert.equal(second?.stream, first?.stream);
    assert.ok(second?.audio && second.video);
    assert.equal(stream.status(), 'PUBLISHING');
  });

  it('goes with the room that is left, and the devices that it opened are closed', async (t) => {
    const backend = new FakeBackend(t);
    const room = open(t).join({ name: 'r' });
    const stream = room.publish({ mediaStream: fakeCamera() });
    await reached(stream, 'PUBLISHING');
    await room.leave();
    assert.equal(stream.status(), 'UNPUBLISHED');
    assert.deepEqual(devices.open, []);
    assert.equal(backend.asked.at(-1), 'leave');
  });
});

describe('a stream of somebody else', () => {
  const bob = () => [person('Bob', [streamOf('r-Bob-0001')])];

  it('is played, tells what its publisher mutes, and stops', async (t) => {
    const backend = new FakeBackend(t);
    backend.others = bob();
    const room = open(t).join({ name: 'r' });
    await room.joined;
    const remote = room.getParticipants()[0]?.getStreams()[0];
    assert.ok(remote);
    assert.equal(remote.id(), undefined);
    const stream = remote.play();
    assert.equal(remote.id(), stream.id());
    const heard: string[] = [];
    for (const status of ['PENDING', 'PLAYING', 'STOPPED'] as const) stream.on(status, () => heard.push(status));
    stream.on('STREAM_EVENT', ({ type, mediaSessionId }) => heard.push(`${type} ${mediaSessionId === stream.id()}`));
    await reached(stream, 'PLAYING');
    assert.equal(stream.mediaStream?.getTracks().length, 2);
    backend.tell('muted', { room: 'r', login: 'Bob', stream: 'r-Bob-0001', muted: { audio: true, video: false } });
    assert.deepEqual([stream.getAudioState(), stream.getVideoState()], [{ muted: true }, { muted: false }]);
    stream.stop();
    await until('the backend knows', () => backend.asked.at(-1) === 'stop');
    assert.deepEqual(heard, ['PENDING', 'PLAYING', 'audioMuted true', 'STOPPED']);
    assert.equal(remote.id(), undefined);
  });

  it('is asked for together with others in one request', async (t) => {
    const backend = new FakeBackend(t);
    const names = ['r-Bob-0001', 'r-Carol-0001', 'r-Dave-0001'];
    backend.others = names.map((name, index) => person(`P${index}`, [streamOf(name)]));
    const room = open(t).join({ name: 'r' });
    await room.joined;
    const streams = room.getParticipants().map((each) => each.getStreams()[0]!.play());
    for (const stream of streams) await reached(stream, 'PLAYING');
    assert.deepEqual(
      backend.data('play').map((data) => data.streams),
      [names],
    );
    assert.equal(backend.data('resume').length, 1);
  });

  it('is received once when it is played twice', async (t) => {
    const backend = new FakeBackend(t);
    backend.others = bob();
    const room = open(t).join({ name: 'r' });
    await room.joined;
    const remote = room.getParticipants()[0]!.getStreams()[0]!;
    const [first, second] = [remote.play(), remote.play()];
    await reached(first, 'PLAYING');
    await reached(second, 'PLAYING');
    assert.equal(backend.data('play').length, 1);
    first.stop();
    second.stop();
    await until('it is stopped', () => backend.asked.at(-1) === 'stop');
    assert.equal(backend.data('stop').length, 1);
  });

  it('stops when its publisher ends it, also while it is being set up', async (t) => {
    const backend = new FakeBackend(t);
    backend.others = bob();
    const room = open(t).join({ name: 'r' });
    await room.joined;
    const stream = room.getParticipants()[0]!.getStreams()[0]!.play();
    backend.tell('unpublished', { room: 'r', login: 'Bob', stream: 'r-Bob-0001' });
    assert.equal(stream.status(), 'STOPPED');
    assert.equal(stream.getInfo(), 'Stopped by publisher stop');
    await until('the answers are in', () => backend.data('play').length === 1);
    assert.equal(stream.status(), 'STOPPED');
  });

  it('fails when this browser cannot decode it', async (t) => {
    const backend = new FakeBackend(t);
    backend.others = bob();
    backend.answers.play = ({ streams }) => ({
      streams: streams.map((stream) => ({ ok: false, stream, code: 'no_common_codecs', message: 'It cannot.' })),
    });
    const room = open(t).join({ name: 'r' });
    await room.joined;
    const stream = room.getParticipants()[0]!.getStreams()[0]!.play();
    await reached(stream, 'FAILED');
    assert.equal(stream.getInfo(), 'No common codecs');
  });

  it('goes on when the room moves to another media worker', async (t) => {
    const backend = new FakeBackend(t);
    backend.others = bob();
    const room = open(t).join({ name: 'r' });
    await room.joined;
    const heard = listen(room);
    const played = room.getParticipants()[0]!.getStreams()[0]!.play();
    const own = room.publish({ mediaStream: fakeCamera() });
    await reached(played, 'PLAYING');
    await reached(own, 'PUBLISHING');
    const statuses: string[] = [];
    for (const status of Object.values(STREAM_STATUS)) {
      own.on(status, () => statuses.push(status));
      played.on(status, () => statuses.push(status));
    }
    // Bob's stream is not back yet when we ask for it.
    backend.answers.play = ({ streams }) => ({
      streams: streams.map((stream) => ({ ok: false, stream, code: 'stream_unknown', message: 'Not yet.' })),
    });
    backend.tell('moved', { room: 'r', transports: transports() });
    await until(
      'both are asked for again',
      () => backend.data('play').length === 2 && backend.data('publish').length === 2,
    );
    delete backend.answers.play;
    const before = played.mediaStream?.getTracks();
    backend.tell('published', { room: 'r', login: 'Bob', stream: streamOf('r-Bob-0001') });
    await until('Bob is received again', () => played.mediaStream?.getTracks()[0] !== before?.[0]);
    assert.deepEqual(statuses, []);
    assert.deepEqual(heard, []);
    assert.equal(devices.open.length, 2);
  });
});
