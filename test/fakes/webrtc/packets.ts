/** RTP as Chromium would send it: sizes, rates and headers are right, what is in them is noise. */

/** Of the one-byte header extension that says how loud a packet of sound is (RFC 6464). */
export const LEVEL_EXTENSION_ID = 10;

/** Frames a second of every layer, and how many of them are between two key frames. */
export const FPS = 30;
const KEY_FRAME_EVERY = 60;
/** Milliseconds between two key frames. */
export const KEY_FRAME_INTERVAL = (KEY_FRAME_EVERY / FPS) * 1000;
/** A key frame is so much larger than another one. */
const KEY_FRAME_FACTOR = 4;
const PAYLOAD_MAX = 1100;
/** Which temporal layer a frame is of, in turn (L1T3), and whether a receiver may go up to that one here. */
const TEMPORAL = [
  { layer: 0, sync: false },
  { layer: 2, sync: true },
  { layer: 1, sync: true },
  { layer: 2, sync: false },
];

export interface RtpPacket {
  data: Buffer;
  /** Of the header, with its extensions. */
  headerBytes: number;
}

/** One track, or one layer of one. */
export class PacketSource {
  readonly #ssrc: number;
  readonly #payloadType: number;
  #sequence = Math.floor(Math.random() * 1000);
  #packets = 0;
  #bytes = 0;
  #timestamp = 0;
  #frame = 0;
  #base = 0;

  constructor({ ssrc, payloadType }: { ssrc: number; payloadType: number }) {
    this.#ssrc = ssrc;
    this.#payloadType = payloadType;
  }

  /** The packets of the next frame of VP8 (RFC 7741), `bitrate` in bits per second; `at` is in milliseconds. */
  frame(at: number, { bitrate, size }: { bitrate: number; size: { width: number; height: number } }): RtpPacket[] {
    const frame = this.#frame++;
    const key = frame % KEY_FRAME_EVERY === 0;
    // What key frames take more, the others take less.
    const usual = bitrate / 8 / FPS / (1 + (KEY_FRAME_FACTOR - 1) / KEY_FRAME_EVERY);
    const bytes = Math.round(key ? usual * KEY_FRAME_FACTOR : usual);
    const count = Math.ceil(bytes / PAYLOAD_MAX);
    const { layer, sync } = TEMPORAL[frame % TEMPORAL.length]!;
    if (layer === 0) this.#base = (this.#base + 1) & 0xff;
    this.#timestamp = Math.round(at * 90) >>> 0;
    return Array.from({ length: count }, (_, index) => {
      const payload = Buffer.alloc(6 + Math.ceil(bytes / count), 0x55);
      payload[0] = index === 0 ? 0x90 : 0x80;
      // There follow a picture's number, that of the last base layer, and the temporal layer.
      payload[1] = 0xe0;
      payload.writeUInt16BE(0x8000 | (frame & 0x7fff), 2);
      payload[4] = this.#base;
      payload[5] = (layer << 6) | (sync ? 0x20 : 0);
      if (index === 0) startOfFrame(payload, { key, size });
      return this.#packet(payload, { marker: index === count - 1 });
    });
  }

  /** 20 ms of Opus; `level` is in dBov, from -127 to 0. */
  sound(at: number, { level, bytes }: { level: number; bytes: number }): RtpPacket {
    this.#timestamp = Math.round(at * 48) >>> 0;
    const extension = Buffer.from([0xbe, 0xde, 0, 1, LEVEL_EXTENSION_ID << 4, -level & 0x7f, 0, 0]);
    return this.#packet(Buffer.alloc(bytes, 0x78), { extension });
  }

  /** What has been sent, and when the last of it was taken (RFC 3550 §6.4.1); `now` is in milliseconds since the Unix epoch. */
  senderReport(now: number): Buffer {
    const report = Buffer.alloc(28);
    report.writeUInt32BE(0x80c8_0006, 0);
    report.writeUInt32BE(this.#ssrc, 4);
    report.writeUInt32BE(Math.floor(now / 1000) + 2_208_988_800, 8);
    report.writeUInt32BE(Math.floor(((now % 1000) / 1000) * 2 ** 32), 12);
    report.writeUInt32BE(this.#timestamp, 16);
    report.writeUInt32BE(this.#packets, 20);
    report.writeUInt32BE(this.#bytes >>> 0, 24);
    return report;
  }

  #packet(payload: Buffer, { marker = false, extension = Buffer.alloc(0) }): RtpPacket {
    const header = Buffer.alloc(12);
    header[0] = extension.length > 0 ? 0x90 : 0x80;
    header[1] = this.#payloadType | (marker ? 0x80 : 0);
    header.writeUInt16BE((this.#sequence = (this.#sequence + 1) & 0xffff), 2);
    header.writeUInt32BE(this.#timestamp, 4);
    header.writeUInt32BE(this.#ssrc, 8);
    this.#packets += 1;
    this.#bytes += payload.length;
    return { data: Buffer.concat([header, extension, payload]), headerBytes: 12 + extension.length };
  }
}

/** The frame tag and, of a key frame, its start code and size (RFC 6386 §9.1). */
function startOfFrame(payload: Buffer, { key, size }: { key: boolean; size: { width: number; height: number } }): void {
  payload[6] = key ? 0x10 : 0x11;
  if (!key) return;
  payload.set([0x9d, 0x01, 0x2a], 9);
  payload.writeUInt16LE(size.width, 12);
  payload.writeUInt16LE(size.height, 14);
}
