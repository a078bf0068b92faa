import type { WcsError } from '../../protocol/errors.ts';
import type { AudioConstraints, VideoConstraints } from './stream.ts';

export interface CaptureResult {
  mediaStream: MediaStream;
  /** What was asked for and did not work, in plain words; empty when everything did. */
  problems: WcsError[];
}

/**
 * Opens microphone and camera: both at once, so that the browser asks once, and when that fails each by itself. The
 * stream has no tracks when nothing could be opened; it never rejects.
 */
export function openCamera(wanted: {
  audio?: boolean | AudioConstraints;
  video?: boolean | VideoConstraints;
}): Promise<CaptureResult> {
  throw new Error(`not implemented ${wanted}`);
}

/**
 * Lets the user pick a screen, a window or a tab, with its sound where the browser offers it.
 *
 * @throws WcsError device_denied (also when the picker was closed), device_failed, browser_unsupported.
 */
export function openScreen(wanted?: { audio?: boolean; video?: VideoConstraints }): Promise<MediaStream> {
  throw new Error(`not implemented ${wanted}`);
}
