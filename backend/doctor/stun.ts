/** STUN messages (RFC 8489) as far as asking a TURN server (RFC 8656) for a relay needs them. */
import { createHash, createHmac, randomBytes } from 'node:crypto';

const COOKIE = 0x2112_a442;
const HEADER_BYTES = 20;
const INTEGRITY_BYTES = 24;

export const METHOD = { allocate: 0x0003, refresh: 0x0004 } as const;

export const ATTRIBUTE = {
  username: 0x0006,
  integrity: 0x0008,
  errorCode: 0x0009,
  lifetime: 0x000d,
  realm: 0x0014,
  nonce: 0x0015,
  relayedAddress: 0x0016,
  requestedTransport: 0x0019,
  mappedAddress: 0x0020,
} as const;

/** UDP, as the number that IP gives it. */
export const TRANSPORT_UDP = Buffer.from([17, 0, 0, 0]);

export type Attributes = ReadonlyMap<number, Buffer>;

export interface StunReply {
  isError: boolean;
  attributes: Attributes;
}

/** Of the long-term credential mechanism (RFC 8489 §9.2). */
export interface Credentials {
  username: string;
  password: string;
  realm: string;
}

export function encodeRequest(method: number, attributes: Iterable<readonly [number, Buffer]>, signer?: Credentials) {
  const body = Buffer.concat([...attributes].map(([type, value]) => encodeAttribute(type, value)));
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(method, 0);
  header.writeUInt32BE(COOKIE, 4);
  randomBytes(12).copy(header, 8);
  // The signature is made with the length that the message has with it.
  header.writeUInt16BE(body.length + (signer ? INTEGRITY_BYTES : 0), 2);
  const message = Buffer.concat([header, body]);
  if (!signer) return message;
  const { username, realm, password } = signer;
  const key = createHash('md5').update(`${username}:${realm}:${password}`).digest();
  const signature = createHmac('sha1', key).update(message).digest();
  return Buffer.concat([message, encodeAttribute(ATTRIBUTE.integrity, signature)]);
}

/** The reply to `request` at the start of `data`; undefined when it is not one, or not whole yet. */
export function decodeReply(data: Buffer, request: Buffer): StunReply | undefined {
  if (data.length < HEADER_BYTES || !data.subarray(4, HEADER_BYTES).equals(request.subarray(4, HEADER_BYTES)))
    return undefined;
  const end = HEADER_BYTES + data.readUInt16BE(2);
  if (data.length < end) return undefined;
  const attributes = new Map<number, Buffer>();
  for (let at = HEADER_BYTES; at + 4 <= end;) {
    const length = data.readUInt16BE(at + 2);
    attributes.set(data.readUInt16BE(at), data.subarray(at + 4, at + 4 + length));
    at += 4 + padded(length);
  }
  return { isError: (data.readUInt16BE(0) & 0x0110) === 0x0110, attributes };
}

/** The number of an error reply: 401, 437, 486. */
export function errorNumber({ attributes }: StunReply): number {
  const value = attributes.get(ATTRIBUTE.errorCode);
  return value && value.length >= 4 ? value.readUInt8(2) * 100 + value.readUInt8(3) : 0;
}

/** An XOR'ed address (RFC 8489 §14.2); undefined for one of IPv6. */
export function ipv4Address(value: Buffer | undefined): string | undefined {
  if (!value || value.length < 8 || value.readUInt8(1) !== 1) return undefined;
  const address = (value.readUInt32BE(4) ^ COOKIE) >>> 0;
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

function encodeAttribute(type: number, value: Buffer): Buffer {
  const attribute = Buffer.alloc(4 + padded(value.length));
  attribute.writeUInt16BE(type, 0);
  attribute.writeUInt16BE(value.length, 2);
  value.copy(attribute, 4);
  return attribute;
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}
