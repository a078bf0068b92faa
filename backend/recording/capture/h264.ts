import type { Depacketizer, Frame, Picture } from './depacketize.ts';
import type { RtpPacket } from './rtp.ts';

/** NAL unit types (ITU-T H.264 table 7-1, RFC 6184 §5.4). */
const SLICE = 1;
const IDR = 5;
const SPS = 7;
const PPS = 8;
const STAP_A = 24;
const FU_A = 28;

/**
 * H.264 in packetization mode 1 (RFC 6184): single NAL units, STAP-A and FU-A become access units of NAL units with
 * 4-byte lengths. Every key frame carries its own parameter sets, so that the picture may change its size on the way.
 */
export class H264Depacketizer implements Depacketizer {
  waiting = true;
  #units: Buffer[] = [];
  #fragments: Buffer[] = [];
  #timestamp = 0;
  #damaged = false;
  #sps: Buffer | undefined;
  #pps: Buffer | undefined;

  push({ payload, timestamp, marker }: RtpPacket, lost: boolean): Frame | undefined {
    if (lost) this.dropped();
    // The last packet of an access unit must have the marker (RFC 6184 §5.1): without it, the unit is not whole.
    if (this.#units.length + this.#fragments.length > 0 && timestamp !== this.#timestamp) this.dropped();
    if (lost) this.#damaged = true;
    this.#timestamp = timestamp;
    this.#take(Buffer.from(payload));
    return marker ? this.#complete() : undefined;
  }

  dropped(): void {
    this.waiting = true;
    this.#units = [];
    this.#fragments = [];
  }

  #take(payload: Buffer): void {
    if (payload.length < 2) return;
    const type = payload[0]! & 0x1f;
    if (type === FU_A) this.#takeFragment(payload);
    else if (type === STAP_A) this.#takeAggregate(payload);
    else this.#units.push(payload);
  }

  #takeAggregate(payload: Buffer): void {
    for (let at = 1; at + 2 < payload.length;) {
      const end = at + 2 + payload.readUInt16BE(at);
      if (end > payload.length) return;
      this.#units.push(payload.subarray(at + 2, end));
      at = end;
    }
  }

  #takeFragment(payload: Buffer): void {
    const header = payload[1]!;
    if (header & 0x80) this.#fragments = [Buffer.of((payload[0]! & 0xe0) | (header & 0x1f))];
    if (this.#fragments.length === 0) return;
    this.#fragments.push(payload.subarray(2));
    if (!(header & 0x40)) return;
    this.#units.push(Buffer.concat(this.#fragments));
    this.#fragments = [];
  }

  #complete(): Frame | undefined {
    const units = this.#units;
    const damaged = this.#damaged;
    const timestamp = this.#timestamp;
    this.#units = [];
    this.#fragments = [];
    this.#damaged = false;
    for (const unit of units) {
      if (typeOf(unit) === SPS) this.#sps = unit;
      if (typeOf(unit) === PPS) this.#pps = unit;
    }
    const slices = units.filter((unit) => typeOf(unit) >= SLICE && typeOf(unit) <= IDR);
    if (slices.length === 0) return undefined;
    const picture = slices.some((unit) => typeOf(unit) === IDR) ? this.#picture() : undefined;
    // After a loss, the picture is whole when its first slice begins with macroblock 0 (a 1 as Exp-Golomb's 0).
    if (picture && (!damaged || (slices[0]![1]! & 0x80) !== 0)) this.waiting = false;
    if (this.waiting) return undefined;
    if (!picture) return { timestamp, data: lengthPrefixed(slices), key: false };
    return { timestamp, data: lengthPrefixed([this.#sps!, this.#pps!, ...slices]), key: true, picture };
  }

  #picture(): Picture | undefined {
    if (!this.#sps || !this.#pps || this.#sps.length < 4) return undefined;
    const size = pictureSize(this.#sps);
    return size && { ...size, codecPrivate: decoderConfiguration(this.#sps, this.#pps) };
  }
}

function typeOf(unit: Buffer): number {
  return (unit[0] ?? 0) & 0x1f;
}

function lengthPrefixed(units: Buffer[]): Buffer {
  return Buffer.concat(
    units.flatMap((unit) => {
      const length = Buffer.allocUnsafe(4);
      length.writeUInt32BE(unit.length);
      return [length, unit];
    }),
  );
}

/** AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1). */
function decoderConfiguration(sps: Buffer, pps: Buffer): Buffer {
  const sized = (unit: Buffer) => Buffer.concat([Buffer.of(unit.length >> 8, unit.length & 0xff), unit]);
  return Buffer.concat([
    Buffer.of(1, sps[1]!, sps[2]!, sps[3]!, 0xff, 0xe1),
    sized(sps),
    Buffer.of(1),
    sized(pps),
    // High profiles add the chroma format and bit depths; WebRTC has 4:2:0 in 8 bits only.
    sps[1]! >= 100 ? Buffer.of(0xfd, 0xf8, 0xf8, 0) : Buffer.alloc(0),
  ]);
}

/** Pixels of the pictures of a sequence parameter set (ITU-T H.264 §7.3.2.1.1); undefined when it is broken. */
function pictureSize(sps: Buffer): { width: number; height: number } | undefined {
  const bits = new BitReader(sps.subarray(4));
  bits.exp();
  let chroma = 1;
  if (sps[1]! >= 100) {
    chroma = bits.exp();
    // Scaling lists, separate planes and other chroma formats do not occur in WebRTC.
    if (chroma > 1) return undefined;
    bits.exp();
    bits.exp();
    bits.take(1);
    if (bits.take(1) === 1) return undefined;
  }
  bits.exp();
  const orderType = bits.exp();
  if (orderType === 0) bits.exp();
  if (orderType === 1) {
    bits.take(1);
    bits.exp();
    bits.exp();
    for (let count = Math.min(bits.exp(), 255); count > 0; count -= 1) bits.exp();
  }
  bits.exp();
  bits.take(1);
  const columns = bits.exp() + 1;
  const rows = bits.exp() + 1;
  const fields = bits.take(1) === 1 ? 1 : 2;
  if (fields === 2) bits.take(1);
  bits.take(1);
  const [left, right, top, bottom] = bits.take(1) ? [bits.exp(), bits.exp(), bits.exp(), bits.exp()] : [0, 0, 0, 0];
  const unit = chroma === 0 ? 1 : 2;
  const width = 16 * columns - unit * (left + right);
  const height = fields * (16 * rows - unit * (top + bottom));
  return bits.broken || width <= 0 || height <= 0 ? undefined : { width, height };
}

/** Reads bits and Exp-Golomb numbers (ITU-T H.264 §9.1) of a NAL unit, past its emulation prevention bytes. */
class BitReader {
  readonly #bytes: number[] = [];
  #at = 0;

  constructor(unit: Buffer) {
    for (let i = 0; i < unit.length; i += 1)
      if (!(unit[i] === 3 && i >= 2 && unit[i - 1] === 0 && unit[i - 2] === 0)) this.#bytes.push(unit[i]!);
  }

  /** Whether more was read than there is. */
  get broken(): boolean {
    return this.#at > 8 * this.#bytes.length;
  }

  take(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i += 1, this.#at += 1)
      value = 2 * value + (((this.#bytes[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7))) & 1);
    return value;
  }

  exp(): number {
    let zeros = 0;
    while (zeros < 32 && !this.broken && this.take(1) === 0) zeros += 1;
    return 2 ** zeros - 1 + this.take(zeros);
  }
}
