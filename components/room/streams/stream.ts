import type { WcsError } from '../../../protocol/errors.ts';
import type { Reply } from '../../../protocol/messages.ts';
import {
  ERROR_INFO,
  STREAM_EVENT,
  STREAM_STATUS,
  STREAM_STATUS_INFO,
  type ContentHint,
  type StreamEventType,
  type StreamStatus,
} from '../constants.ts';
import type { AudioConstraints, VideoConstraints } from '../capture/constraints.ts';
import { Emitter } from '../emitter.ts';
import { uuid } from '../random.ts';
import type { Processors } from './outgoing.ts';
import type { StreamStats } from './stats.ts';

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
  /** Keep the preview in `display` and its devices when the stream ends, for the next one; default true. */
  cacheLocalResources?: boolean;
  /** Publish these tracks instead of capturing; they stay the page's to stop. */
  mediaStream?: MediaStream;
  /** Codecs not to send, by name, with commas: `VP8` or `opus,PCMU`. */
  stripCodecs?: string;
  /** How to encode: for movement, or for what is to be read. Default: the browser's choice. */
  videoContentHint?: ContentHint;
  /** Makes the tracks that are sent out of the captured ones; applied again whenever a track is replaced. */
  process?: Processors | undefined;
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
  /** Receive a picture no larger than its `<video>` is, and a small one while that is out of sight; default true. */
  adaptive?: boolean;
}

/** How a played stream reaches us, as the backend sees it: scores from 0 to 10, and layers. */
export type Inspection = Reply<'inspect'>;

export type StatsOf<Native extends boolean> = Native extends true ? RTCStatsReport : StreamStats;

export interface StreamEvent {
  /** `stream.id()`. */
  mediaSessionId: string;
  type: StreamEventType;
  payload?: unknown;
}

export interface StreamEvents extends Record<StreamStatus, [stream: Stream]> {
  STREAM_EVENT: [event: StreamEvent];
}

/**
 * A stream of ours, or the playing of somebody else's. It begins at once, and once: after UNPUBLISHED, STOPPED or
 * FAILED it is over. Over a lost connection it stays PUBLISHING or PLAYING while it may come back.
 */
export abstract class Stream extends Emitter<StreamEvents> {
  readonly #id = uuid();
  readonly #name: string;
  #status: StreamStatus = STREAM_STATUS.NEW;
  #info = '';
  #error: WcsError | undefined;

  constructor(name: string) {
    super();
    this.#name = name;
  }

  /** A UUID made by this browser; also the id of the `<video>`. */
  id(): string {
    return this.#id;
  }

  name(): string {
    return this.#name;
  }

  status(): StreamStatus {
    return this.#status;
  }

  /** True for a stream of ours, false for one that we play. */
  abstract published(): boolean;

  /**
   * What is captured, or received: set before PUBLISHING or PLAYING; the same object for the stream's life, whose
   * tracks may change.
   */
  abstract get mediaStream(): MediaStream | undefined;

  /**
   * Of a played stream: receives the picture no larger than `video` shows it, and none while that is out of sight (scrolled
   * away, of no size, the page hidden). For pages that show `mediaStream` themselves; `undefined` watches no more.
   */
  abstract showIn(video: HTMLVideoElement | undefined): void;

  /** Of a played stream: receives the picture no larger than that, in pixels of the screen; 0 by 0: none. */
  abstract show(size: { width: number; height: number }): void;

  /** Ends it. Then UNPUBLISHED or STOPPED. In a stream that is over it does nothing. */
  abstract stop(): void;

  /** Text from STREAM_STATUS_INFO or ERROR_INFO that belongs to the status; often empty. */
  getInfo(): string {
    return this.#info;
  }

  /** What the browser or the backend said about a failure; empty without one. */
  getErrorInfo(): string {
    const error = this.#error;
    return error?.cause instanceof Error ? error.cause.message : (error?.message ?? '');
  }

  /** The failure, with a code for programs and words for people. */
  getError(): WcsError | undefined {
    return this.#error;
  }

  /** After UNPUBLISHED the name of the recording's file, of a stream that was published with `record`. */
  getRecordInfo(): string | undefined {
    return undefined;
  }

  /** Switches our microphone off: nothing of it is sent, and viewers are told. On a played stream it does nothing. */
  abstract muteAudio(): void;
  abstract unmuteAudio(): void;
  /** Whether our microphone is off; true also when the stream has no audio, or is not ours. */
  abstract isAudioMuted(): boolean;
  /** Switches our camera off: black is sent, and viewers are told. On a played stream it does nothing. */
  abstract muteVideo(): void;
  abstract unmuteVideo(): void;
  abstract isVideoMuted(): boolean;

  /** Whether its publisher has switched the audio off. */
  abstract getAudioState(): { muted: boolean };
  abstract getVideoState(): { muted: boolean };

  /** 0 to 100, for this viewer only. */
  abstract setVolume(volume: number): void;
  /** 0 to 100; -1 without audio. */
  abstract getVolume(): number;
  /** Silences what we play, for this viewer only. */
  abstract muteRemoteAudio(): void;
  /** Lets the sound through again. Inside a click it also overcomes a browser that refused to start it. */
  abstract unmuteRemoteAudio(): void;
  /** True also when there is no audio, and when the browser refused to start the sound. */
  abstract isRemoteAudioMuted(): boolean;

  /**
   * How the tracks are doing, to the callback and by the promise. Empty before PUBLISHING or PLAYING.
   *
   * @param native - as the browser says it, instead of by track.
   */
  abstract getStats<N extends boolean = false>(callback?: (stats: StatsOf<N>) => void, native?: N): Promise<StatsOf<N>>;

  /** Of a played stream: how it reaches us, as the backend sees it. Undefined of a stream of ours, and while there is nothing to tell. */
  inspect(): Promise<Inspection | undefined> {
    return Promise.resolve(undefined);
  }

  /**
   * Sends another track instead of the one of its kind; when the stream has none of that kind yet, it is published
   * again, under its name, with both. The replaced track is stopped unless the page had brought it.
   *
   * @throws Error on a stream that is over, or is not ours.
   */
  abstract replaceTrack(track: MediaStreamTrack): Promise<void>;

  /**
   * Sends another camera of our own, without publishing anew.
   *
   * @param deviceId - default: the next one.
   * @returns the id of the one in use then. Rejects with an Error, ERROR_INFO.CAN_NOT_SWITCH_CAM, without another one, on
   * a screen, and on a played stream.
   */
  abstract switchCam(deviceId?: string): Promise<string>;

  /** The same for the microphone; ERROR_INFO.CAN_NOT_SWITCH_MIC. */
  abstract switchMic(deviceId?: string): Promise<string>;

  /** How loud our microphone is sent, 0 to 100; 100 at first. On a played stream it does nothing. */
  abstract setMicrophoneGain(volume: number): void;

  /**
   * Sends our picture, all its sizes together, with so many kilobits per second at most from now on; without a number with what
   * suits its size. On a played stream it does nothing.
   */
  abstract limitVideo(kilobits?: number): Promise<void>;

  /**
   * Plays the sound through this speaker. Rejects where the browser cannot, or where there is none such; without a `display`,
   * and on a stream of ours, it does nothing.
   */
  abstract setAudioOutputId(id: string): Promise<void>;

  /** Size of the received picture in pixels, 0 by 0 before it has come. Throws on a stream of ours. */
  videoResolution(): { width: number; height: number } {
    throw new Error('Only a stream that is played has a resolution to tell.');
  }

  /** Shows a played stream on the whole screen; to be called in a click. On a stream of ours it does nothing. */
  fullScreen(): void {}

  /** UNPUBLISHED, STOPPED or FAILED. */
  protected get over(): boolean {
    const { UNPUBLISHED, STOPPED, FAILED } = STREAM_STATUS;
    return this.#status === UNPUBLISHED || this.#status === STOPPED || this.#status === FAILED;
  }

  protected setStatus(status: StreamStatus, { info = '', error }: { info?: string; error?: WcsError } = {}): void {
    this.#status = status;
    this.#info = info;
    this.#error = error;
  }

  /** Tells the status, after the method of the page that brought it about has returned. */
  protected tellStatus(): void {
    const status = this.#status;
    queueMicrotask(() => this.emit(status, this));
  }

  protected tell(type: StreamEventType, payload?: unknown): void {
    this.emit(STREAM_EVENT, { mediaSessionId: this.#id, type, payload });
  }
}

/** The text of the original for a failure. */
export function failureInfo(error: WcsError): string {
  switch (error.code) {
    case 'device_denied':
    case 'device_missing':
    case 'device_busy':
    case 'device_failed':
    case 'browser_unsupported':
      return ERROR_INFO.LOCAL_ERROR;
    case 'no_common_codecs':
      return STREAM_STATUS_INFO.NO_COMMON_CODECS;
    case 'stream_unknown':
      return STREAM_STATUS_INFO.STREAM_NOT_FOUND;
    case 'stream_name_taken':
      return STREAM_STATUS_INFO.STREAM_NAME_ALREADY_IN_USE;
    default:
      return STREAM_STATUS_INFO.FAILED_BY_ERROR;
  }
}
