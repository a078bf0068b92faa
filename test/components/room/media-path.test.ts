import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { FakeHandler } from 'mediasoup-client';
import { RoomSession, type ConnectOptions } from '../../../components/room/session.ts';
import { WcsError } from '../../../protocol/errors.ts';
import type { Reply } from '../../../protocol/messages.ts';
import { FakeBackend, person, streamOf } from '../../fakes/room-backend.ts';
import { FakeDevices, fakeCamera, installDevices, installMediaStream } from '../../fakes/room-media.ts';

installMediaStream();

/** Lets everything happen that waits for no timer. */
async function settle(turns = 10): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** The statistics of a transport that lives: more and more is sent, consent is given, and no media comes. */
function count(devices: FakeDevices, transport: number): void {
  let looks = 0;
  const handler = devices.open[transport]!.handler as FakeHandler;
  handler.getTransportStats = async () => {
    looks += 1;
    return new Map([
      ['pair', { type: 'candidate-pair', bytesReceived: 10 * looks }],
      ['sent', { type: 'outbound-rtp', packetsSent: looks }],
      ['received', { type: 'inbound-rtp', packetsReceived: 5 }],
    ]);
  };
}

async function publishing(t: TestContext, options: Partial<ConnectOptions> = {}) {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
  const backend = new FakeBackend(t);
  backend.others = [person('Bob', [streamOf('r-Bob-0001')])];
  const devices = new FakeDevices();
  const connect = { urlServer: 'ws://backend.test', username: 'Alice', ...options };
  const session = new RoomSession(connect, { loadDevice: devices.load });
  t.after(() => session.disconnect());
  const room = session.join({ name: 'r' });
  await room.joined;
  const heard: string[] = [];
  for (const event of ['RECONNECTING', 'RECONNECTED', 'ENDED'] as const) room.on(event, () => heard.push(event));
  const stream = room.publish({ mediaStream: fakeCamera() });
  await settle();
  assert.equal(stream.status(), 'PUBLISHING');
  const path = (state: RTCPeerConnectionState) => (devices.open[0]?.handler as FakeHandler).setConnectionState(state);
  const wait = async (milliseconds: number) => {
    t.mock.timers.tick(milliseconds);
    await settle();
  };
  return { backend, devices, room, stream, heard, path, wait };
}

describe('the path of the media', () => {
  it('is left alone when it is interrupted for a moment', async (t) => {
    const { backend, path, wait } = await publishing(t);
    path('connected');
    path('disconnected');
    await wait(400);
    path('connected');
    await wait(60_000);
    assert.deepEqual(backend.data('restartIce'), []);
  });

  it('is looked for anew when the interruption lasts, or it fails', async (t) => {
    const { backend, path, stream, wait } = await publishing(t);
    path('connected');
    path('disconnected');
    await wait(500);
    assert.equal(backend.data('restartIce').length, 1);
    path('connected');
    path('failed');
    await wait(0);
    assert.equal(backend.data('restartIce').length, 2);
    assert.equal(stream.status(), 'PUBLISHING');
  });

  it('is looked for when the backend hears nothing of what is sent, and that is over when it does', async (t) => {
    const { backend, devices, path, heard, wait } = await publishing(t);
    count(devices, 0);
    path('connected');
    for (let second = 0; second < 3; second += 1) await wait(1000);
    backend.tell('arrival', { room: 'r', arrives: false });
    await wait(0);
    assert.deepEqual(backend.data('restartIce').length, 1);
    assert.deepEqual(heard, ['RECONNECTING']);
    backend.tell('arrival', { room: 'r', arrives: true });
    await settle();
    assert.deepEqual(heard, ['RECONNECTING', 'RECONNECTED']);
    for (let second = 0; second < 10; second += 1) await wait(1000);
    assert.deepEqual(backend.data('renewTransports'), []);
  });

  it('that lives and carries nothing to the backend is replaced', async (t) => {
    const { backend, devices, path, stream, wait } = await publishing(t);
    count(devices, 0);
    path('connected');
    for (let second = 0; second < 3; second += 1) await wait(1000);
    backend.tell('arrival', { room: 'r', arrives: false });
    for (let second = 0; second < 5; second += 1) await wait(1000);
    assert.equal(backend.data('restartIce').length, 1);
    assert.equal(backend.data('renewTransports').length, 1);
    assert.equal(stream.status(), 'PUBLISHING');
  });

  it('is not blamed by a browser that sends nothing', async (t) => {
    const { backend, path, heard, wait } = await publishing(t);
    path('connected');
    backend.tell('arrival', { room: 'r', arrives: false });
    for (let second = 0; second < 10; second += 1) await wait(1000);
    assert.deepEqual(backend.data('restartIce'), []);
    assert.deepEqual(heard, []);
  });

  it('over which the backend sends what never arrives is replaced; one over which it sends nothing is not', async (t) => {
    const { backend, devices, room, wait } = await publishing(t);
    room.getParticipants()[0]!.getStreams()[0]!.play();
    await settle(20);
    const receiving = devices.open[1]!.handler as FakeHandler;
    receiving.setConnectionState('connected');
    count(devices, 1);
    let sent = 1000;
    backend.answers.restartIce = (data) => ({ ...(backend.usual.restartIce(data) as Reply<'restartIce'>), sent });
    for (let second = 0; second < 20; second += 1) await wait(1000);
    assert.deepEqual(backend.data('renewTransports'), []);
    for (let second = 0; second < 20; second += 1) {
      sent += 1000;
      await wait(1000);
    }
    assert.equal(backend.data('renewTransports').length, 1);
  });

  it('that never was ends the stream with a reason', async (t) => {
    const { backend, path, stream, room, wait } = await publishing(t);
    path('failed');
    for (let second = 0; second < 40; second += 1) await wait(1000);
    assert.equal(backend.data('restartIce').length, 3);
    assert.equal(stream.status(), 'FAILED');
    assert.equal(stream.getInfo(), 'Failed by ICE error');
    assert.match(stream.getError()?.message ?? '', /firewall/);
    assert.equal(room.isJoined(), true, 'one can still write');
  });

  it('that worked once and is gone for good is replaced by new transports, and the page is told', async (t) => {
    const { backend, path, stream, room, heard, wait } = await publishing(t);
    path('connected');
    path('failed');
    for (let second = 0; second < 14; second += 1) await wait(1000);
    assert.deepEqual(backend.asked.slice(-3), ['renewTransports', 'connectTransport', 'publish']);
    assert.equal(stream.status(), 'PUBLISHING');
    assert.equal(room.isJoined(), true);
    assert.deepEqual(heard, ['RECONNECTING']);
    path('connected');
    await settle();
    assert.deepEqual(heard, ['RECONNECTING', 'RECONNECTED']);
    assert.equal(room.reconnecting(), false);
  });

  it('is replaced by entering the room again where no new transports are given', async (t) => {
    const { backend, path, stream, wait } = await publishing(t);
    backend.answers.renewTransports = () => new WcsError('media_refused', 'No.');
    path('connected');
    path('failed');
    for (let second = 0; second < 14; second += 1) await wait(1000);
    assert.deepEqual(backend.asked.slice(-5), ['renewTransports', 'leave', 'join', 'connectTransport', 'publish']);
    assert.equal(stream.status(), 'PUBLISHING');
  });

  it('is looked for over and over until the page’s reconnectTimeout has passed', async (t) => {
    const { backend, path, stream, wait } = await publishing(t, { reconnectTimeout: 60_000 });
    path('connected');
    path('failed');
    for (let second = 0; second < 55; second += 1) {
      await wait(1000);
      // What is made anew does not find a path either.
      if (backend.asked.at(-1) === 'publish') path('failed');
    }
    assert.equal(stream.status(), 'PUBLISHING');
    assert.ok(backend.data('renewTransports').length > 1);
    for (let second = 0; second < 40; second += 1) await wait(1000);
    assert.equal(stream.status(), 'FAILED');
    assert.match(stream.getError()?.message ?? '', /firewall/);
  });
});

describe('devices that the room opened', () => {
  it('are closed when the stream ends', async (t) => {
    new FakeBackend(t);
    const camera = fakeCamera();
    installDevices(t, { getUserMedia: async () => camera });
    const devices = new FakeDevices();
    const session = new RoomSession(
      { urlServer: 'ws://backend.test', username: 'Alice' },
      { loadDevice: devices.load },
    );
    t.after(() => session.disconnect());
    const room = session.join({ name: 'r' });
    const stream = room.publish({ constraints: { audio: true, video: true } });
    await settle(20);
    assert.equal(stream.status(), 'PUBLISHING');
    assert.equal(stream.mediaStream, camera);
    await room.leave();
    assert.ok(camera.getTracks().every(({ readyState }) => readyState === 'ended'));
  });

  it('are closed also when the stream was stopped while they were being opened', async (t) => {
    new FakeBackend(t);
    const camera = fakeCamera();
    installDevices(t, { getUserMedia: async () => camera });
    const session = new RoomSession(
      { urlServer: 'ws://backend.test', username: 'Alice' },
      { loadDevice: new FakeDevices().load },
    );
    t.after(() => session.disconnect());
    const stream = session.join({ name: 'r' }).publish({ constraints: { video: true } });
    stream.stop();
    await settle(20);
    assert.ok(camera.getTracks().every(({ readyState }) => readyState === 'ended'));
  });

  it('that do not open end the stream with the browser’s words', async (t) => {
    new FakeBackend(t);
    installDevices(t, { getUserMedia: () => Promise.reject(new DOMException('Permission denied', 'NotAllowedError')) });
    const session = new RoomSession(
      { urlServer: 'ws://backend.test', username: 'Alice' },
      { loadDevice: new FakeDevices().load },
    );
    t.after(() => session.disconnect());
    const stream = session.join({ name: 'r' }).publish({ constraints: { video: true } });
    await settle(20);
    assert.equal(stream.status(), 'FAILED');
    assert.equal(stream.getInfo(), 'Local error');
    assert.equal(stream.getErrorInfo(), 'Permission denied');
    assert.equal(stream.getError()?.code, 'device_denied');
  });

  it('a screen whose sharing is ended in the browser ends its stream', async (t) => {
    new FakeBackend(t);
    const screen = fakeCamera(['video']);
    installDevices(t, { getUserMedia: async () => screen, getDisplayMedia: async () => screen });
    const session = new RoomSession(
      { urlServer: 'ws://backend.test', username: 'Alice' },
      { loadDevice: new FakeDevices().load },
    );
    t.after(() => session.disconnect());
    const room = session.join({ name: 'r' });
    const stream = room.publish({ constraints: { video: { type: 'screen' } } });
    await settle(20);
    assert.equal(stream.status(), 'PUBLISHING');
    (screen.getVideoTracks()[0] as unknown as { remoteStop(): void }).remoteStop();
    assert.equal(stream.status(), 'UNPUBLISHED');
  });
});
