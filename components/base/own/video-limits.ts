import type { VideoConstraints } from '../../room/capture/constraints.ts';

/** What one's own camera sends at most. */
export interface VideoLimits {
  /** Pixels. */
  height: number;
  /** Kilobits per second; undefined: what suits its size. */
  bitrate: number | undefined;
}

/** What a camera is asked for, as wide as screens are. A camera that can do less gives less. */
export function cameraWish({ height, bitrate }: VideoLimits): VideoConstraints {
  const size = (pixels: number) => ({ ideal: pixels, max: pixels });
  return {
    width: size(Math.round((height * 16) / 9)),
    height: size(height),
    ...(bitrate === undefined ? {} : { maxBitrate: bitrate }),
  };
}
