import type { types } from 'mediasoup';

const LEVEL_URI = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

/** The id under which packets say how loud they are; undefined where they do not. */
export function levelId({ headerExtensions = [] }: types.RtpParameters): number | undefined {
  return headerExtensions.find(({ uri }) => (uri as string) === LEVEL_URI)?.id;
}

/** How loud a packet of RTP says that it is, in dBov: 0 is the loudest, -127 silence (RFC 6464, RFC 8285). */
export function levelOf(packet: Buffer, id: number): number | undefined {
  const value = extension(packet, id);
  return value === undefined || value.length === 0 ? undefined : -(value[0]! & 0x7f);
}

function extension(packet: Buffer, wanted: number): Buffer | undefined {
  const start = 12 + 4 * (packet[0]! & 0x0f);
  if ((packet[0]! & 0x10) === 0 || packet.length < start + 4) return undefined;
  const profile = packet.readUInt16BE(start);
  const end = Math.min(packet.length, start + 4 + 4 * packet.readUInt16BE(start + 2));
  const header = profile === 0xbede ? 1 : 2;
  if (header === 2 && profile >> 4 !== 0x100) return undefined;
  for (let at = start + 4; at + header <= end;) {
    if (packet[at] === 0) {
      // Padding.
      at += 1;
      continue;
    }
    const id = header === 1 ? packet[at]! >> 4 : packet[at]!;
    const length = header === 1 ? (packet[at]! & 0x0f) + 1 : packet[at + 1]!;
    if (id === wanted) return packet.subarray(at + header, Math.min(end, at + header + length));
    at += header + length;
  }
  return undefined;
}
