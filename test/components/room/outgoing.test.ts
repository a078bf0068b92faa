import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { STREAM_EVENT } from '../../../components/room/constants.ts';
import { RoomSession } from '../../../components/room/session.ts';
import type { PublishOptions, Stream, StreamEvent } from '../../../components/room/streams/stream.ts';
import { until } from '../../backend/until.ts';
import { FakeBackend } from '../../fakes/room-backend.ts';
import { FakeDevices, fakeCamera, fakeTrack, installDevices, installMediaStream } from '../../fakes/room-media.ts';

installMediaStream();

async function publish(t: TestContext, options: PublishOptions): Promise<Stream> {
  new FakeBackend(t);
  const devices = new FakeDevices();
  const session = new RoomSession({ urlServer: 'ws://backend.test', username: 'Alice' }, { loadDevice: devices.load });
  t.after(() => session.disconnect());
  await session.established;
  const room = await session.join({ name: 'team' }).joined;
  const stream = room.publish(options);
  await until('it is published', () => stream.status() === 'PUBLISHING');
  return stream;
}

describe('a processor of what is sent', () => {
  it('makes the track that is sent, again for a replaced one, and ends it with the stream', async (t) => {
    const made: MediaStreamTrack[] = [];
    const seen: MediaStreamTrack[] = [];
    const video = (track: MediaStreamTrack) => {
      seen.push(track);
      made.push(fakeTrack('video'));
      return made.at(-1)!;
    };
    const mediaStream = fakeCamera();
    const stream = await publish(t, { mediaStream, process: { video } });
    assert.deepEqual(seen, mediaStream.getVideoTracks());
    assert.deepEqual(stream.mediaStream?.getVideoTracks(), made);
    assert.deepEqual(stream.mediaStream?.getAudioTracks(), mediaStream.getAudioTracks(), 'the sound goes out as it is');

    const other = fakeTrack('video');
    await stream.replaceTrack(other);
    assert.equal(seen[1], other);
    assert.deepEqual(stream.mediaStream?.getVideoTracks(), [made[1]]);
    assert.equal(made[0]?.readyState, 'ended');
    stream.stop();
    assert.equal(made[1]?.readyState, 'ended');
    assert.equal(other.readyState, 'live', 'what the page brought stays the page’s');
  });

  for (const [what, video] of [
    ['fails', () => Promise.reject(new Error('no graphics'))],
    ['gives the wrong kind', () => fakeTrack('audio')],
  ] as const) {
    it(`that ${what} is told, and the captured track is sent`, async (t) => {
      const mediaStream = fakeCamera();
      const told: StreamEvent[] = [];
      let failing = false;
      const process = { video: (track: MediaStreamTrack) => (failing ? video() : track) };
      const stream = await publish(t, { mediaStream, process });
      stream.on(STREAM_EVENT, (event) => told.push(event));
      failing = true;
      const other = fakeTrack('video');
      await stream.replaceTrack(other);
      assert.deepEqual(stream.mediaStream?.getVideoTracks(), [other]);
      assert.deepEqual(
        told.map(({ type }) => type),
        ['processorFailed'],
      );
    });
  }
});

describe('switching devices of a stream', () => {
  it('opens the next one, sends it under the same name and closes the other', async (t) => {
    const asked: MediaStreamConstraints[] = [];
    installDevices(t, {
      enumerateDevices: async () =>
        ['one', 'two'].map((deviceId) => ({ deviceId, kind: 'videoinput', label: '' }) as MediaDeviceInfo),
      getUserMedia: async (constraints = {}) => {
        asked.push(constraints);
        return fakeCamera((['audio', 'video'] as const).filter((kind) => constraints[kind]));
      },
    });
    const stream = await publish(t, { constraints: { video: { width: 320, height: 240 } } });
    const [before] = stream.mediaStream!.getVideoTracks();
    await stream.switchCam();
    const { video } = asked[1]!;
    assert.deepEqual(
      (video as MediaTrackConstraints).deviceId,
      { exact: 'one' },
      'the one after one that is not known',
    );
    assert.equal((video as MediaTrackConstraints).width, 320);
    assert.equal(before?.readyState, 'ended');
    assert.notEqual(stream.mediaStream?.getVideoTracks()[0], before);
    assert.equal(stream.status(), 'PUBLISHING');
    await assert.rejects(stream.switchMic(), /Number of mics is less than 2/);
  });
});
