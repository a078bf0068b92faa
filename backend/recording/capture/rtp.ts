/** One RTP packet (RFC 3550 §5.1), without padding and header extensions. */
export interface RtpPacket {
  payloadType: number;
  /** Last packet of a frame, for video. */
  marker: boolean;
  /** 16 bits. */
  sequence: number;
  /** 32 bits, in units of the codec's clock. */
  timestamp: number;
  /** Whoever is handed a packet must copy what is needed for longer. */
  payload: Buffer;
  /** Milliseconds on the recorder's clock. */
  arrivedAt: number;
}

/** undefined when `data` is not RTP of version 2, or cut off. */
export function parseRtp(data: Buffer, arrivedAt: number): RtpPacket | undefined {
  if (data.length < 12) return undefined;
  const first = data[0]!;
  if (first >> 6 !== 2) return undefined;
  let start = 12 + 4 * (first & 0x0f);
  if (first & 0x10) {
    if (data.length < start + 4) return undefined;
    start += 4 + 4 * data.readUInt16BE(start + 2);
  }
  const end = first & 0x20 ? data.length - data[data.length - 1]! : data.length;
  if (end < start) return undefined;
  const second = data[1]!;
  return {
    payloadType: second & 0x7f,
    marker: second > 0x7f,
    sequence: data.readUInt16BE(2),
    timestamp: data.readUInt32BE(4),
    payload: data.subarray(start, end),
    arrivedAt,
  };
}
