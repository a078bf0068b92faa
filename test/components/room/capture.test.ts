import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { capture, openCamera, openScreen } from '../../../components/room/capture/capture.ts';
import { codecOptions, videoEncodings, type VideoConstraints } from '../../../components/room/capture/constraints.ts';
import { WcsError } from '../../../protocol/errors.ts';
import { fakeCamera, installDevices, installMediaStream } from '../../fakes/room-media.ts';

installMediaStream();

const refusal = (code: string) => (error: unknown) => error instanceof WcsError && error.code === code;

/** A browser that has these devices; of the others it says that there are none. */
function having(...kinds: ('audio' | 'video')[]) {
  const asked: MediaStreamConstraints[] = [];
  const getUserMedia = async (constraints: MediaStreamConstraints = {}) => {
    asked.push(constraints);
    const wanted = (['audio', 'video'] as const).filter((kind) => constraints[kind]);
    if (!wanted.every((kind) => kinds.includes(kind))) throw new DOMException('Requested device', 'NotFoundError');
    return fakeCamera(wanted);
  };
  return { asked, getUserMedia };
}

describe('camera and microphone', () => {
  it('are opened with one question', async (t) => {
    const { asked, getUserMedia } = having('audio', 'video');
    installDevices(t, { getUserMedia });
    const { mediaStream, problems } = await openCamera({ audio: true, video: true });
    assert.equal(mediaStream.getTracks().length, 2);
    assert.deepEqual(problems, []);
    assert.equal(asked.length, 1);
  });

  it('are opened one by one when one of them is missing, which is told', async (t) => {
    installDevices(t, having('audio'));
    const { mediaStream, problems } = await openCamera({ audio: true, video: true });
    assert.deepEqual(
      mediaStream.getTracks().map(({ kind }) => kind),
      ['audio'],
    );
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['device_missing'],
    );
    assert.match(problems[0]?.message ?? '', /camera/);
  });

  it('may both be missing', async (t) => {
    installDevices(t, having());
    const { mediaStream, problems } = await openCamera({ audio: true, video: true });
    assert.equal(mediaStream.getTracks().length, 0);
    assert.equal(problems.length, 2);
  });

  for (const [name, code] of [
    ['NotAllowedError', 'device_denied'],
    ['NotFoundError', 'device_missing'],
    ['OverconstrainedError', 'device_missing'],
    ['NotReadableError', 'device_busy'],
    ['AbortError', 'device_busy'],
    ['TypeError', 'device_failed'],
  ] as const) {
    it(`that fail with ${name} are ${code}, with the browser's words as the cause`, async (t) => {
      const cause = new DOMException('the words of the browser', name);
      installDevices(t, { getUserMedia: () => Promise.reject(cause) });
      await assert.rejects(
        capture({ video: true }),
        (error) => refusal(code)(error) && (error as Error).cause === cause,
      );
    });
  }

  it('cannot be had on a page without https', async () => {
    await assert.rejects(capture({ audio: true }), refusal('browser_unsupported'));
  });
});

describe('what is asked of the browser', () => {
  async function asked(t: Parameters<typeof installDevices>[0], request: Parameters<typeof capture>[0]) {
    const devices = having('audio', 'video');
    installDevices(t, devices);
    await capture(request);
    return devices.asked[0];
  }

  it('is 640x480 at 30 frames a second, or less, unless said otherwise', async (t) => {
    assert.deepEqual(await asked(t, { audio: true, video: true }), {
      audio: true,
      video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } },
    });
  });

  it('is what the page says', async (t) => {
    const request = await asked(t, {
      audio: { deviceId: 'mic', stereo: true },
      video: { deviceId: 'cam', width: 320, height: 180, frameRate: 15, maxBitrate: 500 },
    });
    assert.deepEqual(request, {
      audio: { deviceId: { exact: 'mic' }, channelCount: 2, echoCancellation: false },
      video: { width: 320, height: 180, frameRate: 15, deviceId: { exact: 'cam' } },
    });
  });

  it('takes empty form fields for nothing said', async (t) => {
    const request = await asked(t, { video: { deviceId: '', width: NaN, height: 0, frameRate: NaN } });
    assert.deepEqual(request?.video, {
      width: { ideal: 640 },
      height: { ideal: 480 },
      frameRate: { ideal: 30 },
    });
  });
});

describe('how sound and picture are sent', () => {
  const camera = (width: number, height: number) => ({ getSettings: () => ({ width, height }) });

  it('is with forward error correction, and with next to nothing in silence, but for music', () => {
    for (const audio of [true, {}, { bitrate: 64 }])
      assert.partialDeepStrictEqual(codecOptions(audio, true), { opusFec: true, opusDtx: true });
    assert.partialDeepStrictEqual(codecOptions({ stereo: true }, false), { opusFec: true, opusDtx: false });
    assert.partialDeepStrictEqual(codecOptions({ fec: false, dtx: false }, false), { opusFec: false, opusDtx: false });
  });

  it('is in three sizes from a large camera, in fewer from a small one, and in one from a screen', () => {
    const scales = (video: true | VideoConstraints, width: number, height: number) =>
      videoEncodings(video, camera(width, height))?.map(({ scaleResolutionDownBy }) => scaleResolutionDownBy);
    assert.deepEqual(scales(true, 1280, 720), [4, 2, 1]);
    assert.deepEqual(scales(true, 640, 480), [2, 1]);
    assert.equal(scales(true, 320, 180), undefined);
    assert.equal(scales({ type: 'screen' }, 1920, 1080), undefined);
  });

  it('takes no more than the page allows, all sizes together', () => {
    const bits = (video: true | VideoConstraints) =>
      videoEncodings(video, camera(1280, 720))!.reduce((sum, { maxBitrate = 0 }) => sum + maxBitrate, 0);
    assert.ok(Math.abs(bits({ maxBitrate: 800 }) - 800_000) < 3);
    assert.ok(bits({ maxBitrate: 100_000 }) < 4_000_000);
    assert.deepEqual(videoEncodings({ maxBitrate: 100 }, camera(320, 180)), [{ maxBitrate: 100_000 }]);
  });
});

describe('a screen', () => {
  it('is picked with its sound, and wished for in size', async (t) => {
    const asked: DisplayMediaStreamOptions[] = [];
    const getDisplayMedia = async (options: DisplayMediaStreamOptions = {}) => {
      asked.push(options);
      return fakeCamera(['video']);
    };
    installDevices(t, { ...having(), getDisplayMedia });
    await capture({ video: { type: 'screen', width: 640, height: { exact: 480 } } });
    await openScreen({ video: { width: { max: 1280 }, height: { max: 720 }, frameRate: { max: 30 } } });
    await openScreen({ audio: false });
    assert.deepEqual(
      asked.map(({ video }) => video),
      [
        { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } },
        { width: { max: 1280 }, height: { max: 720 }, frameRate: { max: 30 } },
        { frameRate: { ideal: 30 } },
      ],
    );
    assert.deepEqual(
      asked.map(({ audio }) => typeof audio === 'object' && 'restrictOwnAudio' in audio && audio.restrictOwnAudio),
      [true, true, false],
    );
  });

  type Sound = MediaTrackSettings & { restrictOwnAudio?: boolean };
  const sounds: [what: string, surface: string | undefined, sound: Sound, keeps: boolean][] = [
    ['another tab', 'browser', {}, true],
    ['the system, where the browser takes this page out of it', 'monitor', { restrictOwnAudio: true }, true],
    ['the system', 'monitor', { restrictOwnAudio: false }, false],
    ['something that the browser says nothing about', undefined, {}, false],
  ];
  for (const [what, surface, sound, keeps] of sounds) {
    it(`${keeps ? 'keeps' : 'leaves out'} the sound of ${what}`, async (t) => {
      const screen = fakeCamera(['audio', 'video']);
      const [audio, video] = [screen.getAudioTracks()[0]!, screen.getVideoTracks()[0]!];
      audio.getSettings = () => sound;
      video.getSettings = () => ({ displaySurface: surface });
      installDevices(t, { ...having(), getDisplayMedia: async () => screen });
      const { mediaStream, soundLeftOut } = await openScreen();
      assert.equal(soundLeftOut, !keeps);
      assert.equal(mediaStream.getAudioTracks().length, keeps ? 1 : 0);
      assert.equal(audio.readyState, keeps ? 'live' : 'ended');
      assert.equal(mediaStream.getVideoTracks().length, 1);
    });
  }

  it('that is not picked after all says so', async (t) => {
    const getDisplayMedia = () => Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
    installDevices(t, { ...having(), getDisplayMedia });
    await assert.rejects(openScreen(), { code: 'device_denied', message: /Nothing was shared/ });
  });

  it('cannot be picked on a phone', async (t) => {
    installDevices(t, having('video'));
    await assert.rejects(openScreen(), refusal('browser_unsupported'));
  });
});
