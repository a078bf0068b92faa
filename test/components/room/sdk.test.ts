import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { RoomApi } from '../../../components/room-api.ts';
import { FakeBackend } from '../../fakes/room-backend.ts';
import { fakeCamera, installDevices, installMediaStream } from '../../fakes/room-media.ts';

installMediaStream();

const { sdk } = RoomApi;

/** A computer with one device of each kind, whose names are told once a device was opened. */
function installComputer(t: TestContext) {
  const opened: MediaStream[] = [];
  const device = (kind: MediaDeviceKind) => {
    const label = opened.length > 0 ? `the ${kind}` : '';
    return { kind, deviceId: kind, groupId: '', label, toJSON: () => ({}) };
  };
  installDevices(t, {
    getUserMedia: async () => {
      const stream = fakeCamera();
      opened.push(stream);
      return stream;
    },
    enumerateDevices: async () => (['audioinput', 'videoinput', 'audiooutput'] as const).map(device),
  });
  return opened;
}

describe('what old pages call', () => {
  it('has the strings under the names that they compare with', () => {
    for (const table of [sdk.constants.SESSION_STATUS, sdk.constants.STREAM_STATUS, RoomApi.events]) {
      for (const [name, value] of Object.entries(table)) assert.equal(name, value);
    }
    assert.equal(sdk.constants.STREAM_STATUS_INFO.STREAM_NOT_FOUND, 'Stream not found');
    assert.equal(sdk.constants.STREAM_EVENT_TYPE.AUDIO_MUTED, 'audioMuted');
  });

  it('says at once when there is no WebRTC', () => {
    assert.throws(() => sdk.init({}), { message: 'None of MediaProviders available' });
    assert.deepEqual(sdk.getMediaProviders(), []);
  });

  it('lists microphones and cameras, and speakers when asked for', async (t) => {
    installComputer(t);
    assert.deepEqual(await sdk.getMediaDevices(), {
      audio: [{ id: 'audioinput', label: '', type: 'mic' }],
      video: [{ id: 'videoinput', label: '', type: 'camera' }],
    });
    assert.deepEqual(await sdk.getMediaDevices(null, false, 'output'), {
      audio: [{ id: 'audiooutput', label: '', type: 'speaker' }],
      video: [],
    });
    const all = await sdk.getMediaDevices(null, false, 'all');
    assert.deepEqual([all.audio.length, all.video.length], [2, 1]);
  });

  it('asks for the devices where their names are wanted, and closes them again', async (t) => {
    const opened = installComputer(t);
    const { video } = await sdk.getMediaDevices(null, true);
    assert.equal(video[0]?.label, 'the videoinput');
    assert.equal(opened.length, 1);
    assert.ok(opened[0]?.getTracks().every(({ readyState }) => readyState === 'ended'));
  });

  it('finds the sessions that are not over', async (t) => {
    new FakeBackend(t);
    const session = RoomApi.connect({ urlServer: 'ws://backend.test', username: 'Alice' });
    await session.established;
    assert.deepEqual(sdk.getSessions(), [session]);
    assert.equal(sdk.getSession(session.id()), session);
    const over = new Promise((resolve) => session.on('DISCONNECTED', resolve));
    session.disconnect();
    await over;
    assert.deepEqual(sdk.getSessions(), []);
  });
});
