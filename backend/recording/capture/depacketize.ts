import { H264Depacketizer } from './h264.ts';
import type { RtpPacket } from './rtp.ts';
import type { AudioCodec, VideoCodec } from './matroska.ts';

/** One frame of video, or one packet of sound. */
export interface Frame {
  /** RTP timestamp, 32 bits. */
  timestamp: number;
  /** May be overwritten by the next frame. */
  data: Buffer;
  /** Can be decoded without the frames before it. */
  key: boolean;
  /** Of key frames of video. */
  picture?: Picture;
}

export interface Picture {
  /** Pixels. */
  width: number;
  height: number;
  /** What a decoder must know first (Matroska's CodecPrivate). */
  codecPrivate?: Buffer;
}

export interface Depacketizer {
  /** Nothing can be decoded until the next key frame comes. */
  readonly waiting: boolean;
  /** Takes packets in order and returns the frame that `packet` completes. `lost`: packets are missing before it. */
  push(packet: RtpPacket, lost: boolean): Frame | undefined;
  /** A frame that was returned could not be kept: what follows makes no sense until the next key frame. */
  dropped(): void;
}

/** Bytes of a frame's memory at first; larger ones make it grow. */
const FRAME_BYTES = 16 * 1024;

export function createDepacketizer(codec: AudioCodec | VideoCodec): Depacketizer {
  if (codec === 'vp8') return new Vp8Depacketizer();
  if (codec === 'h264') return new H264Depacketizer();
  return new AudioDepacketizer();
}

/** Opus (RFC 7587 §4.2), PCMU and PCMA (RFC 3551 §4.5.14): the payload is the sound. */
class AudioDepacketizer implements Depacketizer {
  readonly waiting = false;

  push({ payload, timestamp }: RtpPacket): Frame | undefined {
    return payload.length === 0 ? undefined : { timestamp, data: payload, key: true };
  }

  dropped(): void {
    // Each packet of sound stands for itself.
  }
}

/**
 * VP8 (RFC 7741). A frame with a missing part is dropped, and so is every frame after it up to the next key frame:
 * decoding them would smear what is not there over the picture.
 */
class Vp8Depacketizer implements Depacketizer {
  waiting = true;
  /** Memory of the frame that is being put together, and how much of that there is. */
  #frame = Buffer.allocUnsafeSlow(FRAME_BYTES);
  #length = 0;
  #timestamp = 0;

  push(packet: RtpPacket, lost: boolean): Frame | undefined {
    if (lost) this.dropped();
    const { payload, timestamp, marker } = packet;
    const start = descriptorLength(payload);
    if (start === undefined) return undefined;
    // The S bit on partition 0: a frame begins.
    const begins = (payload[0]! & 0x17) === 0x10;
    if (begins) {
      this.#length = 0;
      this.#timestamp = timestamp;
    } else if (this.#length === 0 || this.#timestamp !== timestamp) {
      this.dropped();
      return undefined;
    }
    this.#append(payload, start);
    return marker ? this.#complete() : undefined;
  }

  dropped(): void {
    this.waiting = true;
    this.#length = 0;
  }

  #append(payload: Buffer, start: number): void {
    const length = this.#length + payload.length - start;
    if (length > this.#frame.length) {
      const larger = Buffer.allocUnsafeSlow(2 * length);
      this.#frame.copy(larger, 0, 0, this.#length);
      this.#frame = larger;
    }
    payload.copy(this.#frame, this.#length, start);
    this.#length = length;
  }

  #complete(): Frame | undefined {
    const data = this.#frame.subarray(0, this.#length);
    this.#length = 0;
    const picture = vp8Picture(data);
    if (picture) this.waiting = false;
    if (this.waiting) return undefined;
    return { timestamp: this.#timestamp, data, key: picture !== undefined, ...(picture ? { picture } : {}) };
  }
}

/** Bytes of the payload descriptor (RFC 7741 §4.2); undefined when there is nothing behind it. */
function descriptorLength(payload: Buffer): number | undefined {
  let length = 1;
  if (payload.length > 1 && payload[0]! & 0x80) {
    const extensions = payload[1]!;
    length += 1;
    if (extensions & 0x80) length += (payload[length] ?? 0) & 0x80 ? 2 : 1;
    if (extensions & 0x40) length += 1;
    if (extensions & 0x30) length += 1;
  }
  return length < payload.length ? length : undefined;
}

/** Size of a key frame (RFC 6386 §9.1); undefined for any other frame. */
function vp8Picture(data: Buffer): Picture | undefined {
  if (data.length < 10 || data[0]! & 1 || data.readUIntBE(3, 3) !== 0x9d012a) return undefined;
  return { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff };
}
