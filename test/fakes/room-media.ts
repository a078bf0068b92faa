/** What a browser brings to the room API, for Node: media streams with tracks that can end, and a mediasoup-client device. */
import type { TestContext } from 'node:test';
import { FakeMediaStreamTrack } from 'fake-mediastreamtrack';
import { Device, FakeHandler, testFakeParameters, type types } from 'mediasoup-client';
import type { LoadDevice } from '../../components/room/media/media.ts';

class FakeMediaStream {
  readonly #tracks: MediaStreamTrack[];

  constructor(tracks: MediaStreamTrack[] = []) {
    this.#tracks = [...tracks];
  }

  getTracks(): MediaStreamTrack[] {
    return [...this.#tracks];
  }

  getAudioTracks(): MediaStreamTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'audio');
  }

  getVideoTracks(): MediaStreamTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'video');
  }

  addTrack(track: MediaStreamTrack): void {
    if (!this.#tracks.includes(track)) this.#tracks.push(track);
  }

  removeTrack(track: MediaStreamTrack): void {
    const index = this.#tracks.indexOf(track);
    if (index !== -1) this.#tracks.splice(index, 1);
  }
}

/** Gives Node a MediaStream. */
export function installMediaStream(): void {
  Object.assign(globalThis, { MediaStream: FakeMediaStream });
}

export function fakeTrack(kind: 'audio' | 'video'): MediaStreamTrack {
  return new FakeMediaStreamTrack({ kind });
}

/** A microphone and a camera, switched on. */
export function fakeCamera(kinds: ('audio' | 'video')[] = ['audio', 'video']): MediaStream {
  return new MediaStream(kinds.map(fakeTrack));
}

/** Puts devices into the browser for one test: `open` is what getUserMedia does. */
export function installDevices(t: TestContext, devices: Partial<MediaDevices>): void {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { mediaDevices: devices } });
  t.after(() => before && Object.defineProperty(globalThis, 'navigator', before));
}

/** Every device that was loaded, with its transports. */
export class FakeDevices {
  readonly transports: types.Transport[] = [];

  readonly load: LoadDevice = async (routerRtpCapabilities) => {
    const device = new Device({ handlerFactory: FakeHandler.createFactory(testFakeParameters) });
    device.observer.on('newtransport', (transport) => this.transports.push(transport));
    await device.load({ routerRtpCapabilities });
    return device;
  };

  /** The peer connections that are open. */
  get open(): types.Transport[] {
    return this.transports.filter(({ closed }) => !closed);
  }
}
