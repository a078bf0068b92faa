import { WcsError } from '../../../protocol/errors.ts';
import {
  audioConstraints,
  isScreen,
  screenConstraints,
  videoConstraints,
  type AudioConstraints,
  type VideoConstraints,
} from './constraints.ts';

export interface CaptureRequest {
  audio?: boolean | AudioConstraints;
  video?: boolean | VideoConstraints;
}

export interface CaptureResult {
  mediaStream: MediaStream;
  /** What was asked for and did not work, in plain words; empty when everything did. */
  problems: WcsError[];
}

/**
 * Opens microphone and camera: both at once, so that the browser asks once, and when that fails each by itself. The
 * stream has no tracks when nothing could be opened; it never rejects.
 */
export async function openCamera({ audio = false, video = false }: CaptureRequest): Promise<CaptureResult> {
  if (!audio && !video) return { mediaStream: new MediaStream(), problems: [] };
  const result = await attempt({ audio, video });
  if (!audio || !video || result.problems.length === 0) return result;
  // One after the other: two questions at a time would hide one another.
  const sound = await attempt({ audio });
  const picture = await attempt({ video });
  const tracks = [...sound.mediaStream.getTracks(), ...picture.mediaStream.getTracks()];
  return { mediaStream: new MediaStream(tracks), problems: [...sound.problems, ...picture.problems] };
}

export interface ScreenCapture {
  mediaStream: MediaStream;
  /** Whether the browser offered sound that was left out, because everybody would have heard themselves in it. */
  soundLeftOut: boolean;
}

/** What browsers offer beyond the W3C's dictionary in TypeScript (Screen Capture §5.3, §5.6). */
interface ScreenRequest extends DisplayMediaStreamOptions {
  audio: false | (MediaTrackConstraints & { restrictOwnAudio: boolean; suppressLocalAudioPlayback: boolean });
  systemAudio: 'include' | 'exclude';
  windowAudio: 'exclude' | 'window' | 'system';
  selfBrowserSurface: 'include' | 'exclude';
  surfaceSwitching: 'include' | 'exclude';
}

/**
 * Lets the user pick a screen, a window or a tab, with its sound where the browser offers it (`audio`, on by default) and
 * only if the voices of the room, which come out of this page, are not in it.
 *
 * @throws WcsError device_denied (also when the picker was closed), device_failed, browser_unsupported.
 */
export async function openScreen({ audio = true, video = true }: CaptureRequest = {}): Promise<ScreenCapture> {
  try {
    const devices = mediaDevices();
    if (!devices.getDisplayMedia) throw new WcsError('browser_unsupported', 'This browser cannot share a screen.');
    const mediaStream = await devices.getDisplayMedia(screenRequest(Boolean(audio), screenConstraints(video)));
    return { mediaStream, soundLeftOut: leaveEchoOut(mediaStream) };
  } catch (cause) {
    throw deviceError(cause, 'screen');
  }
}

/** The own page is never offered, and not switched to later: then a tab's sound is somebody else's. */
function screenRequest(audio: boolean, video: MediaTrackConstraints): ScreenRequest {
  const unprocessed = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  return {
    video,
    audio: audio && { ...unprocessed, restrictOwnAudio: true, suppressLocalAudioPlayback: false },
    systemAudio: audio ? 'include' : 'exclude',
    windowAudio: audio ? 'window' : 'exclude',
    selfBrowserSurface: 'exclude',
    surfaceSwitching: 'exclude',
  };
}

/** Takes the sound out of a capture in which this page may be heard. Returns whether there was any to take out. */
function leaveEchoOut(mediaStream: MediaStream): boolean {
  const surface = mediaStream.getVideoTracks()[0]?.getSettings().displaySurface;
  const echoing = mediaStream.getAudioTracks().filter((track) => {
    const { restrictOwnAudio } = track.getSettings() as { restrictOwnAudio?: boolean };
    return surface !== 'browser' && restrictOwnAudio !== true;
  });
  for (const track of echoing) {
    track.stop();
    mediaStream.removeTrack(track);
  }
  return echoing.length > 0;
}

/**
 * Opens exactly what is asked for, or nothing.
 *
 * @throws WcsError device_denied, device_missing, device_busy, device_failed, browser_unsupported.
 */
export async function capture({ audio, video }: CaptureRequest): Promise<MediaStream> {
  if (isScreen(video)) return (await openScreen({ audio, video })).mediaStream;
  try {
    return await mediaDevices().getUserMedia({ audio: audioConstraints(audio), video: videoConstraints(video) });
  } catch (cause) {
    throw deviceError(cause, audio && video ? 'camera or microphone' : audio ? 'microphone' : 'camera');
  }
}

async function attempt(wanted: CaptureRequest): Promise<CaptureResult> {
  try {
    return { mediaStream: await capture(wanted), problems: [] };
  } catch (error) {
    return { mediaStream: new MediaStream(), problems: [error as WcsError] };
  }
}

function mediaDevices(): MediaDevices {
  const devices = globalThis.navigator?.mediaDevices as MediaDevices | undefined;
  if (!devices?.getUserMedia) {
    throw new WcsError('browser_unsupported', 'Camera and microphone work only on pages opened over https.');
  }
  return devices;
}

/** The browser's exceptions (Media Capture and Streams §10.2), once and for all in words that say what to do. */
function deviceError(cause: unknown, what: string): WcsError {
  if (cause instanceof WcsError) return cause;
  switch ((cause as Error).name) {
    case 'NotAllowedError':
    case 'SecurityError': {
      const message = `The browser does not let this page use the ${what}. Allow it in the address bar and try again.`;
      const closed = 'Nothing was shared: the browser was not allowed to, or the choice was closed.';
      return new WcsError('device_denied', what === 'screen' ? closed : message, { cause });
    }
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new WcsError('device_missing', `There is no such ${what}. Plug it in or choose another.`, { cause });
    case 'NotReadableError':
    case 'AbortError': {
      const message = `The ${what} cannot be opened: another program may be using it. Close that and try again.`;
      return new WcsError('device_busy', message, { cause });
    }
    default:
      return new WcsError('device_failed', `The ${what} cannot be opened: ${(cause as Error).message}`, { cause });
  }
}
