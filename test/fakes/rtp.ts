/** RTP parameters as a browser would send them, for tests that need real producers and consumers but no packets. */
import type { DtlsParameters, RtpParameters } from '../../protocol/rtp.ts';

let lastSsrc = 1_000_000;
let lastMid = 0;

const nextSsrc = () => ++lastSsrc;
const nextMid = () => String(lastMid++);
const rtcp = { cname: 'test', reducedSize: true };

export function opus(): RtpParameters {
  return {
    mid: nextMid(),
    codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2, parameters: {} }],
    encodings: [{ ssrc: nextSsrc() }],
    rtcp,
  };
}

export function vp8(): RtpParameters {
  return {
    mid: nextMid(),
    codecs: [{ mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000, parameters: {} }],
    encodings: [{ ssrc: nextSsrc() }],
    rtcp,
  };
}

export function h264(profile: string): RtpParameters {
  const parameters = { 'packetization-mode': 1, 'profile-level-id': profile, 'level-asymmetry-allowed': 1 };
  return {
    mid: nextMid(),
    codecs: [{ mimeType: 'video/H264', payloadType: 102, clockRate: 90_000, parameters }],
    encodings: [{ ssrc: nextSsrc() }],
    rtcp,
  };
}

/** Three sizes of one picture. */
export function simulcastVp8(): RtpParameters {
  const encodings = ['r0', 'r1', 'r2'].map((rid) => ({ rid, scalabilityMode: 'L1T3' }));
  const uris = ['urn:ietf:params:rtp-hdrext:sdes:mid', 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id'];
  const headerExtensions = uris.map((uri, index) => ({ uri, id: index + 1 }));
  return { ...vp8(), headerExtensions, encodings };
}

/** One end of a DTLS handshake that never comes. */
export function dtls(): DtlsParameters {
  const value = Array.from({ length: 32 }, () => 'AB').join(':');
  return { role: 'client', fingerprints: [{ algorithm: 'sha-256', value }] };
}
