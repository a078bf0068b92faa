import type { types } from 'mediasoup';

/**
 * H.264 at 30 frames of 1280x720 (level 3.1, RFC 6184 §8.1), packetization mode 1; a sender may use a lower level
 * than it can receive.
 */
function h264(profileLevelId: string): types.RouterRtpCodecCapability {
  return {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    parameters: { 'packetization-mode': 1, 'profile-level-id': profileLevelId, 'level-asymmetry-allowed': 1 },
  };
}

/** What rooms carry, in the order in which browsers are asked to prefer it. */
export const MEDIA_CODECS: types.RouterRtpCodecCapability[] = [
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 },
  { kind: 'audio', mimeType: 'audio/PCMU', clockRate: 8_000 },
  { kind: 'audio', mimeType: 'audio/PCMA', clockRate: 8_000 },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
  // Constrained baseline, then main: what every browser's hardware has, then what records best.
  h264('42e01f'),
  h264('4d001f'),
];

/**
 * Header extensions that browsers are not offered. Without video-orientation (3GPP TS 26.114 §7.4.5) a phone that is
 * turned sends its picture turned, so that whoever records or decodes it need not know of the extension.
 */
export const WITHHELD_EXTENSIONS: ReadonlySet<string> = new Set(['urn:3gpp:video-orientation']);
