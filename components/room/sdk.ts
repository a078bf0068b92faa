/**
 * The core functions that pages written for WCS call around the room API: `RoomApi.sdk`, and by its older name
 * `Flashphoner`. New code needs none of them.
 */
import { Browser } from './capture/browser.ts';
import { capture } from './capture/capture.ts';
import {
  CONNECTION_QUALITY,
  CONTENT_HINT_TYPE,
  ERROR_INFO,
  MEDIA_DEVICE_KIND,
  SESSION_STATUS,
  STREAM_EVENT,
  STREAM_EVENT_TYPE,
  STREAM_STATUS,
  STREAM_STATUS_INFO,
  TRANSPORT_TYPE,
  type MediaDeviceKindFilter,
} from './constants.ts';
import { listDevices, type Device } from './capture/devices.ts';
import { cachePreview, reusePreview, releasePreview, showPreview } from './streams/display.ts';
import { uuid } from './random.ts';
import { getSession, getSessions } from './session.ts';
import type { MediaConstraints } from './streams/stream.ts';

export interface ListedDevice {
  id: string;
  label: string;
  type: 'mic' | 'speaker' | 'camera';
}

/**
 * Looks whether the browser can take part. Every option is accepted and ignored; calling it is not required.
 *
 * @throws Error "None of MediaProviders available" without WebRTC.
 */
const init: (options?: object) => void = () => {
  if (getMediaProviders().length === 0) throw new Error(ERROR_INFO.NONE_OF_MEDIAPROVIDERS_AVAILABLE);
};

export const sdk = {
  constants: {
    SESSION_STATUS,
    STREAM_STATUS,
    STREAM_STATUS_INFO,
    STREAM_EVENT,
    STREAM_EVENT_TYPE,
    ERROR_INFO,
    CONNECTION_QUALITY,
    CONTENT_HINT_TYPE,
    TRANSPORT_TYPE,
    MEDIA_DEVICE_KIND,
  } as const,
  Browser,
  init,
  getMediaProviders,
  getMediaAccess,
  getMediaDevices,
  releaseLocalMedia: releasePreview,
  playFirstVideo,
  playFirstSound,
  getSession,
  getSessions,
};

function getMediaProviders(): string[] {
  return 'RTCPeerConnection' in globalThis ? ['WebRTC'] : [];
}

/**
 * Opens devices and shows them in `display`, ready for a `publish` with the same element.
 *
 * @param constraints - default: microphone and camera.
 * @returns `display`. Rejects with a WcsError whose `cause` is the browser's exception.
 */
async function getMediaAccess(constraints: MediaConstraints | null, display: HTMLElement): Promise<HTMLElement> {
  const wanted = constraints ?? { audio: true, video: true };
  const id = uuid();
  const preview =
    reusePreview(display, id, wanted) ?? showPreview(display, id, wanted.customStream ?? (await capture(wanted)));
  cachePreview(preview);
  return display;
}

/**
 * The devices, by kind.
 *
 * @param labels - ask for the devices first if their names are hidden until then.
 * @param kind - microphones and cameras unless said otherwise.
 */
async function getMediaDevices(
  _provider?: string | null,
  labels = false,
  kind: MediaDeviceKindFilter = MEDIA_DEVICE_KIND.INPUT,
  constraints: MediaConstraints = { audio: true, video: true },
): Promise<{ audio: ListedDevice[]; video: ListedDevice[] }> {
  let devices = await listDevices();
  if (
    labels &&
    Object.values(devices)
      .flat()
      .some(({ label }) => label === '')
  ) {
    const stream = await capture(constraints);
    devices = await listDevices();
    for (const track of stream.getTracks()) track.stop();
  }
  const listed = (type: ListedDevice['type'], of: Device[]) => of.map((device) => ({ ...device, type }));
  const output = kind === MEDIA_DEVICE_KIND.INPUT ? [] : listed('speaker', devices.speakers);
  if (kind === MEDIA_DEVICE_KIND.OUTPUT) return { audio: output, video: [] };
  return { audio: [...listed('mic', devices.microphones), ...output], video: listed('camera', devices.cameras) };
}

/**
 * Finds out, from inside a click, whether the browser lets a silent video play: an iPhone that saves power does not.
 * Playing itself does not need it.
 *
 * @param source - address of a short clip.
 * @returns `display`. Rejects with the browser's NotAllowedError.
 */
async function playFirstVideo(display: HTMLElement, isLocal: boolean, source: string): Promise<HTMLElement> {
  if (isLocal && display.querySelector('video')) return display;
  const video = display.ownerDocument.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.src = source;
  try {
    await video.play();
  } catch (error) {
    // A clip that is missing says nothing about the browser.
    if ((error as Error).name === 'NotAllowedError') throw error;
  } finally {
    video.removeAttribute('src');
    video.load();
  }
  return display;
}

/** Wakes the sound up from inside a click, for browsers that want that. */
async function playFirstSound(): Promise<void> {
  const context = new AudioContext();
  await context.resume();
  await context.close();
}
