/**
 * Matroska (RFC 9559), as much as one live track needs: a header, then clusters of simple blocks. A file may end after
 * any byte: a reader gets everything up to the last whole block.
 */

export type AudioCodec = 'opus' | 'pcmu' | 'pcma';
export type VideoCodec = 'vp8' | 'h264';

export interface MatroskaTrack {
  /** Shown by players; here the stream's name. */
  name: string;
  codec: AudioCodec | VideoCodec;
  /** Video only; pixels. */
  width?: number;
  height?: number;
  /** H.264 only. */
  codecPrivate?: Buffer;
}

/** Times in a cluster are 16 bits, signed, from the cluster's own. */
const CLUSTER_SPAN = 0x7fff;

/** Bytes of a block before its frame, of a size, and of a cluster before its first element. */
const BLOCK_HEAD = 9;
const SIZE_BYTES = 8;
const CLUSTER_HEAD = 4 + SIZE_BYTES;

/** Bytes of a cluster's memory at first; a second of ordinary video is more, then it grows. */
const CLUSTER_BYTES = 16 * 1024;

const APP = 'wcs-rooms';
const SIZE_UNKNOWN = Buffer.from('01ffffffffffffff', 'hex');

/** Opus at 48 kHz in stereo, nothing to skip (RFC 7845 §5.1); decoders take mono packets in it as well. */
const OPUS_HEAD = Buffer.concat([Buffer.from('OpusHead'), Buffer.from('0102000080bb0000000000', 'hex')]);

/** Everything before the first cluster; the track's number is 1. */
export function matroskaHeader(track: MatroskaTrack): Buffer {
  const ebml = element(0x1a45dfa3, [
    uint(0x4286, 1),
    uint(0x42f7, 1),
    uint(0x42f2, 4),
    uint(0x42f3, 8),
    text(0x4282, 'matroska'),
    uint(0x4287, 4),
    uint(0x4285, 2),
  ]);
  const info = element(0x1549a966, [uint(0x2ad7b1, 1_000_000), text(0x4d80, APP), text(0x5741, APP)]);
  const tracks = element(0x1654ae6b, [trackEntry(track)]);
  return Buffer.concat([ebml, id(0x18538067), SIZE_UNKNOWN, info, tracks]);
}

/** Gathers the blocks of one cluster. Frames are copied at once. */
export class Cluster {
  readonly #start: number;
  #storage: Buffer;
  #length: number;

  /** `start`: milliseconds, a whole number from 0 up. `storage`: memory of a cluster that is no longer needed. */
  constructor(start: number, storage: Buffer = Buffer.allocUnsafeSlow(CLUSTER_BYTES)) {
    this.#start = start;
    this.#storage = storage;
    const head = Buffer.concat([id(0x1f43b675), size(0), uint(0xe7, start)]);
    head.copy(storage);
    this.#length = head.length;
  }

  /** Whether a block at `time` milliseconds can be in here. */
  reaches(time: number): boolean {
    return time >= this.#start && time - this.#start <= CLUSTER_SPAN;
  }

  add(time: number, data: Buffer, key: boolean): void {
    this.#reserve(BLOCK_HEAD + data.length);
    const [storage, at] = [this.#storage, this.#length];
    // SimpleBlock: identifier, size of 4 bytes, track number 1, time, flags, frame.
    storage[at] = 0xa3;
    storage.writeUInt32BE(0x10000000 + 4 + data.length, at + 1);
    storage[at + 5] = 0x81;
    storage.writeInt16BE(time - this.#start, at + 6);
    storage[at + 8] = key ? 0x80 : 0;
    data.copy(storage, at + BLOCK_HEAD);
    this.#length = at + BLOCK_HEAD + data.length;
  }

  /** The bytes of the whole cluster, to be written before its storage is used again. */
  encode(): Buffer {
    size(this.#length - CLUSTER_HEAD).copy(this.#storage, CLUSTER_HEAD - SIZE_BYTES);
    return this.#storage.subarray(0, this.#length);
  }

  get storage(): Buffer {
    return this.#storage;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#storage.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#storage.length, this.#length + more));
    this.#storage.copy(larger, 0, 0, this.#length);
    this.#storage = larger;
  }
}

function trackEntry({ name, codec, width, height, codecPrivate }: MatroskaTrack): Buffer {
  const video = codec === 'vp8' || codec === 'h264';
  const common = [
    uint(0xd7, 1),
    uint(0x73c5, 1),
    uint(0x83, video ? 1 : 2),
    uint(0x9c, 0),
    text(0x536e, name),
    text(0x22b59c, 'und'),
    ...codecElements(codec, codecPrivate),
  ];
  if (video) return element(0xae, [...common, element(0xe0, [uint(0xb0, width ?? 0), uint(0xba, height ?? 0)])]);
  const sound = codec === 'opus' ? [float(0xb5, 48_000), uint(0x9f, 2)] : [float(0xb5, 8000), uint(0x9f, 1)];
  return element(0xae, [...common, element(0xe1, sound)]);
}

function codecElements(codec: AudioCodec | VideoCodec, codecPrivate?: Buffer): Buffer[] {
  switch (codec) {
    case 'vp8':
      return [text(0x86, 'V_VP8')];
    case 'h264':
      return [text(0x86, 'V_MPEG4/ISO/AVC'), element(0x63a2, codecPrivate ? [codecPrivate] : [])];
    case 'opus':
      return [text(0x86, 'A_OPUS'), element(0x63a2, [OPUS_HEAD]), uint(0x56bb, 80_000_000)];
    case 'pcmu':
      return [text(0x86, 'A_MS/ACM'), element(0x63a2, [waveFormat(7)])];
    case 'pcma':
      return [text(0x86, 'A_MS/ACM'), element(0x63a2, [waveFormat(6)])];
  }
}

/** WAVEFORMATEX of one channel of 8 bits at 8 kHz. */
function waveFormat(tag: number): Buffer {
  const format = Buffer.alloc(18);
  format.writeUInt16LE(tag, 0);
  format.writeUInt16LE(1, 2);
  format.writeUInt32LE(8000, 4);
  format.writeUInt32LE(8000, 8);
  format.writeUInt16LE(1, 12);
  format.writeUInt16LE(8, 14);
  return format;
}

function element(name: number, parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([id(name), size(content.length), content]);
}

function uint(name: number, value: number): Buffer {
  const hex = value.toString(16);
  return element(name, [Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')]);
}

function float(name: number, value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleBE(value);
  return element(name, [bytes]);
}

function text(name: number, value: string): Buffer {
  return element(name, [Buffer.from(value)]);
}

/** Identifiers carry their own length marker. */
function id(name: number): Buffer {
  return Buffer.from(name.toString(16), 'hex');
}

/** A size in 8 bytes. */
function size(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(SIZE_BYTES);
  bytes.writeBigUInt64BE(BigInt(value));
  bytes[0] = 0x01;
  return bytes;
}
