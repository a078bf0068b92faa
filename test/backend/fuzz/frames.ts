/** Frames as the protocol's table has them, and as it does not, made up from a seed: the same seed, the same frames. */
import type { GenericSchema } from 'valibot';
import { REQUESTS, type Method } from '../../../protocol/messages.ts';
import { Login, MessageText, Note, RoomName, StreamName } from '../../../protocol/model.ts';
import { DtlsParameters, RtpCapabilities, RtpParameters } from '../../../protocol/rtp.ts';
import { dtls, opus, simulcastVp8, vp8 } from '../../fakes/rtp.ts';
import type { Random } from './random.ts';

/** What somebody knows of the backend, so that some of what they ask is right. */
export interface Knowledge {
  login: string;
  logins: readonly string[];
  rooms: readonly string[];
  /** The room that one has asked to enter. */
  room: string;
  /** Names of streams, of oneself and of others. */
  streams: readonly string[];
  /** Those of them that one publishes or plays. */
  own: readonly string[];
  transports: readonly string[];
  capabilities: RtpCapabilities | undefined;
}

/** A frame that may be refused, or one for which a socket is closed. */
export type Frame = string | Buffer;

/** From here on, so that no answer to garbage is taken for one to a request. */
const GARBAGE_ID = 2_000_000;

const METHODS = Object.keys(REQUESTS) as Method[];

/** Values that have broken programs before. */
const NASTY: readonly unknown[] = [
  ...[null, true, 0, -1, 0.5, 1e308, 2 ** 53, 4_294_967_296, -0, '', ' ', '\0', '\ud800', '\udfff\ud800'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '../../../etc/passwd', '<img src=x onerror=alert(1)>'],
  ...['\u202eabc', '\ufeff', 'e\u0301'.repeat(40), '👩‍👩‍👧‍👦'.repeat(70), 'x'.repeat(2001), 'x'.repeat(50_000), '%s%n${7*7}'],
  ...[
    [],
    {},
    [[]],
    [null],
    { length: -1 },
    { then: 1 },
    { toJSON: 'x' },
    Array.from({ length: 500 }, (_, index) => index),
  ],
  ...[JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}') as unknown],
  nested(200),
];

const PROTOTYPE_KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty'];

/** A request that follows the table; what it speaks of may be there or not. */
export function valid(random: Random, known: Knowledge): { method: Method; data: unknown } {
  const method = random.one(METHODS);
  const data = REQUESTS[method].data as GenericSchema;
  return { method, data: made(random, known, data, method) };
}

/** A request that nearly follows the table. */
export function almostValid(random: Random, known: Knowledge): { method: Method; data: unknown } {
  const { method, data } = valid(random, known);
  let wrong = structuredClone(data);
  for (let count = 1 + random.below(2); count > 0; count -= 1) wrong = broken(random, wrong);
  return { method, data: wrong };
}

/** What is no request at all; nearly all of it closes the socket. */
export function garbage(random: Random, known: Knowledge): Frame {
  const { method, data } = valid(random, known);
  const request = { id: GARBAGE_ID + random.below(1000), method, data };
  const text = JSON.stringify(request);
  const kinds: readonly (() => Frame)[] = [
    () => text.slice(0, random.below(text.length)),
    () => flipped(random, text),
    () => random.bytes(random.below(300)),
    () => random.bytes(random.below(300)).toString('latin1'),
    () => Buffer.from(text),
    () => JSON.stringify({ ...request, id: random.one(NASTY) }),
    () => JSON.stringify({ ...request, method: random.one([...NASTY, ...PROTOTYPE_KEYS]) }),
    () => JSON.stringify(random.one(NASTY)),
    () => JSON.stringify({ id: 1, data: request }),
    () => JSON.stringify({ event: 'ended', data }),
    () => JSON.stringify({ ...request, padding: 'x'.repeat(70_000) }),
    () => '['.repeat(random.below(60_000)),
    () => `{"id":${GARBAGE_ID},"method":"ping","data":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}`,
    () => '',
  ];
  return random.one(kinds)();
}

/** Something that `schema` takes, as far as its shape says; `key` is where it stands. */
function made(random: Random, known: Knowledge, schema: GenericSchema, key: string): unknown {
  const own = random.chance(0.85) ? mentioned(random, known, schema, key) : undefined;
  if (own !== undefined) return own;
  // What a schema is made of, which its type does not tell.
  const one = schema as unknown as {
    type: string;
    wrapped: GenericSchema;
    item: GenericSchema;
    value: GenericSchema;
    entries: Record<string, GenericSchema>;
    options: readonly unknown[];
    literal: unknown;
  };
  const bound = (type: 'min_length' | 'max_length' | 'min_value' | 'max_value', otherwise: number) => {
    const found = [...requirements(schema, type)].filter((requirement) => typeof requirement === 'number');
    if (found.length === 0) return otherwise;
    return type.startsWith('min') ? Math.max(...found) : Math.min(...found);
  };
  switch (one.type) {
    case 'optional':
    case 'nullable':
      return random.chance(0.5) ? undefined : made(random, known, one.wrapped, key);
    case 'object':
      return Object.fromEntries(
        Object.entries(one.entries).map(([name, entry]) => [name, made(random, known, entry, name)]),
      );
    case 'array': {
      const [least, most] = [bound('min_length', 0), Math.min(bound('max_length', 4), 70)];
      const length = random.chance(0.1) ? most : least + random.below(Math.min(3, most - least + 1));
      return Array.from({ length }, () => made(random, known, one.item, key));
    }
    case 'record':
      return Object.fromEntries(
        Array.from({ length: random.below(4) }, () => [random.word(), made(random, known, one.value, key)]),
      );
    case 'picklist':
      return random.one(one.options);
    case 'union':
      return made(random, known, random.one(one.options) as GenericSchema, key);
    case 'literal':
      return one.literal;
    case 'boolean':
      return random.chance(0.5);
    case 'number': {
      const [least, most] = [bound('min_value', 0), bound('max_value', 100_000)];
      return random.one([least, most, least + random.below(most - least + 1)]);
    }
    case 'string':
      return random.chance(0.5) ? random.word() : 'x'.repeat(random.below(bound('max_length', 300)));
    case 'custom':
      return random.one(['video/VP8', 'audio/opus', 'video/rtx', 'video/x', 'urn:ietf:params:rtp-hdrext:sdes:mid']);
    default:
      throw new Error(`The table has a schema "${one.type}", of which nothing can be made up here.`);
  }
}

/** What actions of a kind want of a value, also those of schemas that this one is made of. */
function* requirements(schema: object, type: string): Generator<unknown> {
  const { pipe = [] } = schema as { pipe?: readonly { type: string; requirement?: unknown }[] };
  for (const action of pipe) {
    if (action.type === type) yield action.requirement;
    if (action !== schema) yield* requirements(action, type);
  }
}

/** Something that means something to the backend; undefined when nothing is known that fits there. */
function mentioned(random: Random, known: Knowledge, schema: unknown, key: string): unknown {
  switch (schema) {
    case RoomName:
      return random.chance(0.8) ? known.room : random.one(known.rooms);
    case Login:
      return random.one(known.logins);
    case StreamName: {
      if (known.own.length > 0 && random.chance(0.5)) return random.one(known.own);
      const tag = random.below(65_536).toString(16).padStart(4, '0');
      return random.one([...known.streams, `${known.room}-${known.login}-${tag}`]);
    }
    case RtpCapabilities:
      return known.capabilities;
    case RtpParameters:
      return key === 'audio' ? opus() : random.one([vp8, simulcastVp8])();
    case DtlsParameters:
      return dtls();
    case MessageText:
    case Note:
      return random.word();
    default:
      if (key === 'transport') return random.one([...known.transports, 'none']);
      return key === 'version' ? 1 : undefined;
  }
}

/** `value` with one thing in it that should not be so. */
function broken(random: Random, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.05)) return nasty(random);
  const holder = value as Record<string, unknown>;
  const keys = Object.keys(holder);
  const key = keys.length === 0 ? 'key' : random.one(keys);
  const kind = random.below(10);
  if (kind < 5) holder[key] = broken(random, holder[key]);
  else if (kind === 5) delete holder[key];
  else if (kind === 6) define(holder, random.one(PROTOTYPE_KEYS), nasty(random));
  else if (kind === 7) holder[key] = Array.from({ length: 20 }, () => holder[key]);
  else if (kind === 8) holder[key] = { [key]: holder[key] };
  else holder[key] = JSON.stringify(holder[key]) ?? '';
  return value;
}

function nasty(random: Random): unknown {
  return structuredClone(random.one(NASTY));
}

/** Also where assigning would change the prototype. */
function define(holder: object, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, configurable: true, enumerable: true, writable: true });
}

function flipped(random: Random, text: string): string {
  const at = random.below(text.length);
  return text.slice(0, at) + String.fromCharCode(random.below(0x1_0000)) + text.slice(at + 1);
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}
