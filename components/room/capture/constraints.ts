/**
 * From what a page asks for to what the browser is asked for and how it is sent. A plain number is a wish, as in the
 * W3C's own constraints (Media Capture and Streams §11); a device that was picked is required.
 */
import type { types } from 'mediasoup-client';
import type { Size } from '../../../protocol/model.ts';

export interface AudioConstraints {
  deviceId?: ConstrainDOMString;
  /** Two channels; turns echo cancellation off. */
  stereo?: boolean;
  /** Kilobits per second. */
  bitrate?: number;
  /** Forward error correction of Opus (RFC 6716 §2.1.7); on unless false. */
  fec?: boolean;
  /** Sends next to nothing while nobody speaks (discontinuous transmission, RFC 6716 §2.1.9); on unless false, or in stereo, which is for music. */
  dtx?: boolean;
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

const DEFAULT_VIDEO: MediaTrackConstraints = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 30 },
};

export function audioConstraints(wanted: boolean | AudioConstraints | undefined): boolean | MediaTrackConstraints {
  if (!wanted || wanted === true) return wanted ?? false;
  const { deviceId, stereo, echoCancellation, noiseSuppression, autoGainControl } = wanted;
  return defined({
    deviceId: device(deviceId),
    channelCount: stereo ? 2 : undefined,
    echoCancellation: stereo ? false : echoCancellation,
    noiseSuppression,
    autoGainControl,
  });
}

export function videoConstraints(wanted: boolean | VideoConstraints | undefined): boolean | MediaTrackConstraints {
  if (!wanted) return false;
  if (wanted === true) return DEFAULT_VIDEO;
  const { deviceId, facingMode } = wanted;
  const width = number(wanted.width);
  const height = number(wanted.height);
  const size = width === undefined && height === undefined ? DEFAULT_VIDEO : { width, height };
  const frameRate = number(wanted.frameRate) ?? DEFAULT_VIDEO.frameRate;
  return defined({ ...size, frameRate, deviceId: device(deviceId), facingMode });
}

/** The picker of a screen takes wishes and upper limits only (W3C Screen Capture §5.4): what must be elsewhere is wished for. */
export function screenConstraints(wanted: boolean | VideoConstraints | undefined): MediaTrackConstraints {
  if (!wanted || wanted === true) return { frameRate: { ideal: 30 } };
  const { width, height, frameRate } = wanted;
  return defined({ width: wish(width), height: wish(height), frameRate: wish(frameRate) ?? { ideal: 30 } });
}

/** The same, but for what it takes of the line at most; undefined: what suits it. */
export function limited(video: boolean | VideoConstraints | undefined, kilobits: number | undefined) {
  return video && { ...(video === true ? {} : video), bitrate: undefined, maxBitrate: kilobits };
}

export function isScreen(video: boolean | VideoConstraints | undefined): boolean {
  return typeof video === 'object' && (video.type === 'screen' || video.mediaSource === 'screen');
}

/** Pixels from which a picture is sent in so many layers: of fewer browsers leave out the last ones, the largest. */
const LAYERS: readonly { from: number; count: number }[] = [
  { from: 960 * 540, count: 3 },
  { from: 480 * 270, count: 2 },
];

/** Bits per second for each pixel of a picture: 2.5 Mbit/s at 1280x720. */
const BITS_PER_PIXEL = 2.75;

/**
 * Kilobits per second that Chromium begins with: by itself it begins with 300, and sends only the smallest layer until it
 * has found out, some seconds later, that there is more.
 */
const START_BITRATE = 1_000;

/**
 * How a picture is sent: a camera in several sizes at once, each half as wide as the next, smallest first (simulcast, RFC
 * 8853), so that everybody can be sent the one that fits; a screen in one: browsers would begin with
 * the smaller one, which nobody can read.
 */
export function videoEncodings(
  video: boolean | VideoConstraints | undefined,
  track: Pick<MediaStreamTrack, 'getSettings'>,
): types.RtpEncodingParameters[] | undefined {
  const kilobits = typeof video === 'object' ? (number(video.maxBitrate) ?? number(video.bitrate)) : undefined;
  const size = track.getSettings();
  const count = isScreen(video) ? 1 : layersOf(size);
  const bitrates = layerBitrates(count, size, typeof kilobits === 'number' ? kilobits : undefined);
  if (count === 1) return bitrates[0] === undefined ? undefined : [{ maxBitrate: bitrates[0] }];
  return bitrates.map((maxBitrate, layer) => ({
    scaleResolutionDownBy: 2 ** (count - 1 - layer),
    maxBitrate,
    scalabilityMode: 'L1T3',
  }));
}

/** In how many layers a picture of this size can be sent. */
export function layersOf({ width = 0, height = 0 }: MediaTrackSettings): number {
  return LAYERS.find(({ from }) => width * height >= from)?.count ?? 1;
}

/**
 * Bits per second that each layer of a picture takes at most, smallest first; together they keep to `kilobits` per second. A
 * picture in one layer is left to the browser without that.
 */
export function layerBitrates(
  count: number,
  { width = 0, height = 0 }: MediaTrackSettings,
  kilobits: number | undefined,
): (number | undefined)[] {
  const most = kilobits === undefined ? undefined : kilobits * 1000;
  if (count === 1) return [most];
  const shares = Array.from({ length: count }, (_, layer) => 4 ** -layer).reduce((sum, share) => sum + share);
  const largest = Math.min(width * height * BITS_PER_PIXEL, (most ?? Infinity) / shares);
  return Array.from({ length: count }, (_, layer) => Math.round(largest / 4 ** (count - 1 - layer)));
}

export function codecOptions(
  audio: boolean | AudioConstraints | undefined,
  video: boolean | VideoConstraints | undefined,
): types.ProducerCodecOptions {
  const { bitrate, stereo, fec, dtx = stereo !== true } = typeof audio === 'object' ? audio : {};
  const { minBitrate } = typeof video === 'object' ? video : {};
  return defined({
    opusFec: fec !== false,
    opusDtx: dtx,
    opusStereo: stereo,
    opusMaxAverageBitrate: bitrate ? bitrate * 1000 : undefined,
    videoGoogleMinBitrate: minBitrate || undefined,
    videoGoogleStartBitrate: START_BITRATE,
  });
}

/** What a track is captured at, where the browser says so. */
export function sizeOf(track: Pick<MediaStreamTrack, 'getSettings'>): Size | undefined {
  const { width, height } = track.getSettings();
  return width && height ? { width, height } : undefined;
}

/** Empty form fields arrive as NaN, 0 or ''. */
function number<T>(value: T | undefined): T | undefined {
  return typeof value === 'object' || Number(value) > 0 ? value : undefined;
}

function device(id: ConstrainDOMString | undefined): ConstrainDOMString | undefined {
  return typeof id === 'string' && id !== '' ? { exact: id } : id || undefined;
}

function wish(value: ConstrainULong | ConstrainDouble | undefined): { ideal?: number; max?: number } | undefined {
  if (typeof value !== 'object') return value ? { ideal: value } : undefined;
  const ideal = value.exact ?? value.ideal ?? value.min;
  return defined({ ideal, max: value.max });
}

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}
