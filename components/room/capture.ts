import { WcsError } from '../../protocol/errors.ts';
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

/**
 * Lets the user pick a screen, a window or a tab, with its sound where the browser offers it (`audio`, on by default).
 *
 * @throws WcsError device_denied (also when the picker was closed), device_failed, browser_unsupported.
 */
export async function openScreen({ audio = true, video = true }: CaptureRequest = {}): Promise<MediaStream> {
  try {
    const devices = mediaDevices();
    if (!devices.getDisplayMedia) throw new WcsError('browser_unsupported', 'This browser cannot share a screen.');
    return await devices.getDisplayMedia({ audio: Boolean(audio), video: screenConstraints(video) });
  } catch (cause) {
    throw deviceError(cause, 'screen');
  }
}

/**
 * Opens exactly what is asked for, or nothing.
 *
 * @throws WcsError device_denied, device_missing, device_busy, device_failed, browser_unsupported.
 */
export async function capture({ audio, video }: CaptureRequest): Promise<MediaStream> {
  if (isScreen(video)) return openScreen({ audio, video });
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
