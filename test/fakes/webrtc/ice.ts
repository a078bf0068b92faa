/** STUN as far as one end of ICE needs it that has one pair of addresses and picks it (RFC 8445, RFC 8489). */
import { createHmac, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const COOKIE = 0x2112_a442;
const FINGERPRINT_MASK = 0x5354_554e;

const ATTRIBUTE = {
  username: 0x0006,
  integrity: 0x0008,
  priority: 0x0024,
  useCandidate: 0x0025,
  fingerprint: 0x8028,
  controlling: 0x802a,
} as const;

export interface IceEnd {
  usernameFragment: string;
  password: string;
}

/** Asks `end` whether it hears us, and picks this pair of addresses. */
export function bindingRequest({ usernameFragment, password }: IceEnd): Buffer {
  let message = Buffer.alloc(20);
  message.writeUInt16BE(BINDING_REQUEST, 0);
  message.writeUInt32BE(COOKIE, 4);
  randomBytes(12).copy(message, 8);
  const add = (type: number, value: Buffer) => {
    const attribute = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
    attribute.writeUInt16BE(type, 0);
    attribute.writeUInt16BE(value.length, 2);
    value.copy(attribute, 4);
    message = Buffer.concat([message, attribute]);
  };
  add(ATTRIBUTE.username, Buffer.from(`${usernameFragment}:fake`));
  add(ATTRIBUTE.priority, Buffer.from([0x7e, 0xff, 0xff, 0xff]));
  add(ATTRIBUTE.controlling, randomBytes(8));
  add(ATTRIBUTE.useCandidate, Buffer.alloc(0));
  // Both are made of the message with the length that it has with them.
  message.writeUInt16BE(message.length - 20 + 24, 2);
  add(ATTRIBUTE.integrity, createHmac('sha1', password).update(message).digest());
  message.writeUInt16BE(message.length - 20 + 8, 2);
  const fingerprint = Buffer.alloc(4);
  fingerprint.writeUInt32BE((crc32(message) ^ FINGERPRINT_MASK) >>> 0, 0);
  add(ATTRIBUTE.fingerprint, fingerprint);
  return message;
}

export function isBindingSuccess(data: Buffer): boolean {
  return data.length >= 20 && data.readUInt16BE(0) === BINDING_SUCCESS && data.readUInt32BE(4) === COOKIE;
}
