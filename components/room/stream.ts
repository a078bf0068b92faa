import type { WcsError } from '../../protocol/errors.ts';
import type { ContentHint, StreamEventType, StreamStatus } from './constants.ts';
import { Emitter } from './emitter.ts';

export interface AudioConstraints {
  deviceId?: ConstrainDOMString;
  /** Turns echo cancellation off. */
  stereo?: boolean;
  /** Kilobits per second. */
  bitrate?: number;
  /** Forward error correction of Opus; on unless false. */
  fec?: boolean;
  echoCancellation?: ConstrainBoolean;
  noiseSuppression?: ConstrainBoolean;
  autoGainControl?: ConstrainBoolean;
}

export interface VideoConstraints {
  deviceId?: ConstrainDOMString;
  facingMode?: ConstrainDOMString;
  /** Pixels. */
  width?: ConstrainULong;
  height?: ConstrainULong;
  /** Frames per second. */
  frameRate?: ConstrainDouble;
  /** Kilobits per second. */
  minBitrate?: number;
  maxBitrate?: number;
  /** Kilobits per second; `maxBitrate` wins. */
  bitrate?: number;
  type?: 'camera' | 'screen';
  /** `screen`: the same as `type: 'screen'`, as pages for Firefox wrote it. */
  mediaSource?: string;
  /** Accepted for pages written for WCS; no browser needs an extension any more. */
  withoutExtension?: boolean;
}

export interface MediaConstraints {
  audio?: boolean | AudioConstraints;
  video?: boolean | VideoConstraints;
  /** Publish these tracks; the same as `mediaStream`. */
  customStream?: MediaStream;
}

export interface PublishOptions {
  /** Where the preview goes, as a child `<video>` whose id is `stream.id()`; without it the page uses `stream.mediaStream`. */
  display?: HTMLElement | null;
  /** What to capture; default: microphone and camera at 640x480, 30 frames per second. */
  constraints?: MediaConstraints | null;
  /** Suffix of the stream's name `<room>-<login>-<4 hex>-<name>`. */
  name?: string;
  /** Record this stream to a file of its own. */
  record?: boolean;
  /** Keep the preview and the capture when the stream ends, for the next one; default true. */
  cacheLocalResources?: boolean;
  /** Publish these tracks instead of capturing; they stay the page's to stop. */
  mediaStream?: MediaStream;
  /** Codecs not to send, by name, with commas: `VP8` or `opus,PCMU`. */
  stripCodecs?: string;
  /** Default: `detail` for a screen, `motion` for a camera. */
  videoContentHint?: ContentHint;
  /** How to start. */
  muted?: { audio?: boolean; video?: boolean };
  /** Accepted for pages written for WCS, and ignored. */
  receiveVideo?: boolean;
  receiveAudio?: boolean;
  custom?: unknown;
}

export interface PlayOptions {
  /** Let the sound through as soon as the browser allows it; default true. */
  unmutePlayOnStart?: boolean;
  /** Show the browser's own controls on the `<video>`. */
  useControls?: boolean;
  /** Play in this `<video>` of the page. */
  remoteVideo?: HTMLVideoElement;
}

export interface StreamEvent {
  /** `stream.id()`. */
  mediaSessionId: string;
  type: StreamEventType;
  payload?: unknown;
}

export interface StreamEvents extends Record<StreamStatus, [stream: Stream]> {
  STREAM_EVENT: [event: StreamEvent];
}

/** A stream of ours, or the playing of somebody else's. It begins once; after UNPUBLISHED, STOPPED or FAILED it is over. */
export class Stream extends Emitter<StreamEvents> {
  /** A UUID made by this browser; also the id of the `<video>`. */
  id(): string {
    throw new Error('not implemented');
  }
  name(): string {
    throw new Error('not implemented');
  }
  status(): StreamStatus {
    throw new Error('not implemented');
  }
  /** True for a stream of ours, false for one that we play. */
  published(): boolean {
    throw new Error('not implemented');
  }
  /** What is captured, or received: set before PUBLISHING or PLAYING; the same object for the stream's life. */
  get mediaStream(): MediaStream | undefined {
    throw new Error('not implemented');
  }
  /** Ends it. Then UNPUBLISHED or STOPPED. In a stream that is over it does nothing. */
  stop(): void {
    throw new Error('not implemented');
  }
  /** Text from STREAM_STATUS_INFO or ERROR_INFO that belongs to the status. */
  getInfo(): string {
    throw new Error('not implemented');
  }
  /** What the browser or the backend said about the failure. */
  getErrorInfo(): string {
    throw new Error('not implemented');
  }
  getError(): WcsError | undefined {
    throw new Error('not implemented');
  }
  /** The recording's file name, where there is one. */
  getRecordInfo(): string | undefined {
    throw new Error('not implemented');
  }
  muteAudio(): void {}
  unmuteAudio(): void {}
  /** True also when there is no audio. */
  isAudioMuted(): boolean {
    throw new Error('not implemented');
  }
  muteVideo(): void {}
  unmuteVideo(): void {}
  isVideoMuted(): boolean {
    throw new Error('not implemented');
  }
  /** Whether the publisher has switched the audio off. */
  getAudioState(): { muted: boolean } {
    throw new Error('not implemented');
  }
  getVideoState(): { muted: boolean } {
    throw new Error('not implemented');
  }
  /** 0 to 100, for this viewer. */
  setVolume(volume: number): void {
    throw new Error(`not implemented ${volume}`);
  }
  /** 0 to 100; -1 without audio. */
  getVolume(): number {
    throw new Error('not implemented');
  }
  /** Silences it for this viewer only. */
  muteRemoteAudio(): void {}
  unmuteRemoteAudio(): void {}
  /** True also when there is no audio, and when the browser refused to start the sound. */
  isRemoteAudioMuted(): boolean {
    throw new Error('not implemented');
  }
  /**
   * Sends another track instead of the one of its kind, or adds it when the stream has none of that kind yet.
   * The replaced track is stopped unless the page had brought it.
   */
  replaceTrack(track: MediaStreamTrack): Promise<void> {
    throw new Error(`not implemented ${track}`);
  }
}
