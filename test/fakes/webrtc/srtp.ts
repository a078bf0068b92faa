/** The sending half of SRTP (RFC 3711) with AEAD_AES_128_GCM (RFC 7714), which browsers and mediasoup agree on. */
import { createCipheriv } from 'node:crypto';

const KEY_BYTES = 16;
const SALT_BYTES = 12;
const TAG_BYTES = 16;

/** Bytes of keying material that a handshake gives to its two ends. */
export const KEYING_BYTES = 2 * (KEY_BYTES + SALT_BYTES);

/** Which of the keys that are derived from the master key (RFC 3711 §4.3.2). */
const LABEL = { rtp: 0, rtpSalt: 2, rtcp: 3, rtcpSalt: 5 } as const;

interface Keys {
  key: Buffer;
  salt: Buffer;
}

export class SrtpSender {
  readonly #rtp: Keys;
  readonly #rtcp: Keys;
  /** How often the sequence numbers have begun again, and the last one, by source. */
  readonly #rollovers = new Map<number, { count: number; last: number }>();
  #reports = 0;

  /** `material` of a DTLS handshake (RFC 5764 §4.2) in which this end was the client. */
  constructor(material: Buffer) {
    const key = material.subarray(0, KEY_BYTES);
    const salt = material.subarray(2 * KEY_BYTES, 2 * KEY_BYTES + SALT_BYTES);
    const derive = (label: number, bytes: number) => {
      // The salt is shorter than the 14 bytes that the derivation wants: zeros follow it (RFC 7714 §11).
      const iv = Buffer.concat([salt, Buffer.alloc(4)]);
      iv[7]! ^= label;
      return createCipheriv('aes-128-ctr', key, iv).update(Buffer.alloc(bytes));
    };
    this.#rtp = { key: derive(LABEL.rtp, KEY_BYTES), salt: derive(LABEL.rtpSalt, SALT_BYTES) };
    this.#rtcp = { key: derive(LABEL.rtcp, KEY_BYTES), salt: derive(LABEL.rtcpSalt, SALT_BYTES) };
  }

  /** `headerBytes`: of the packet's header, with its extensions, which stays readable. */
  rtp(packet: Buffer, headerBytes: number): Buffer {
    const sequence = packet.readUInt16BE(2);
    const ssrc = packet.readUInt32BE(8);
    const rollover = this.#rollovers.get(ssrc) ?? { count: 0, last: sequence };
    this.#rollovers.set(ssrc, rollover);
    if (sequence < rollover.last) rollover.count += 1;
    rollover.last = sequence;
    const iv = Buffer.alloc(SALT_BYTES);
    iv.writeUInt32BE(ssrc, 2);
    iv.writeUInt32BE(rollover.count, 6);
    iv.writeUInt16BE(sequence, 10);
    const header = packet.subarray(0, headerBytes);
    return Buffer.concat([header, ...seal(this.#rtp, iv, header, packet.subarray(headerBytes))]);
  }

  rtcp(packet: Buffer): Buffer {
    const index = (this.#reports += 1);
    const iv = Buffer.alloc(SALT_BYTES);
    packet.copy(iv, 2, 4, 8);
    iv.writeUInt32BE(index, 8);
    const header = packet.subarray(0, 8);
    // The first bit says that it is encrypted.
    const trailer = Buffer.alloc(4);
    trailer.writeUInt32BE((0x8000_0000 | index) >>> 0, 0);
    const sealed = seal(this.#rtcp, iv, Buffer.concat([header, trailer]), packet.subarray(8));
    return Buffer.concat([header, ...sealed, trailer]);
  }
}

function seal({ key, salt }: Keys, iv: Buffer, authenticated: Buffer, plain: Buffer): Buffer[] {
  for (let at = 0; at < SALT_BYTES; at += 1) iv[at]! ^= salt[at]!;
  const cipher = createCipheriv('aes-128-gcm', key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(authenticated);
  return [cipher.update(plain), cipher.final(), cipher.getAuthTag()];
}
