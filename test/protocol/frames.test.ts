import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type * as v from 'valibot';
import { ERRORS, WcsError, errorCode, errorCodeOfClose } from '../../protocol/errors.ts';
import {
  RequestFrame,
  ServerFrame,
  check,
  decode,
  encodeError,
  encodeEvent,
  encodeReply,
  encodeRequest,
  toError,
} from '../../protocol/frames.ts';
import { EVENTS, REQUESTS } from '../../protocol/messages.ts';

describe('frames', () => {
  it('come out as they went in', () => {
    const data = { room: 'room-1', text: 'привет' };
    assert.deepEqual(decode(RequestFrame, encodeRequest(7, 'message', data)), { id: 7, method: 'message', data });
    assert.deepEqual(decode(ServerFrame, encodeReply(7, { at: 1 })), { id: 7, data: { at: 1 } });
    const left = { room: 'room-1', login: 'Bob', reason: 'left' } as const;
    assert.deepEqual(decode(ServerFrame, encodeEvent('left', left)), { event: 'left', data: left });
  });

  it('carry errors with their code, and an unknown code as internal', () => {
    const frame = decode(ServerFrame, encodeError(7, new WcsError('room_full', 'Current room is full.')));
    assert.ok('error' in frame);
    assert.equal(toError(frame.error).code, 'room_full');
    assert.equal(toError(frame.error).message, 'Current room is full.');
    assert.equal(toError({ code: 'from_the_future', message: 'x' }).code, 'internal');
    assert.equal(errorCode('constructor'), 'internal');
  });

  it('that are not frames are refused as such', () => {
    for (const text of [
      '',
      'x',
      '[]',
      'null',
      '7',
      '{"id":-1,"method":"ping","data":{}}',
      '{"id":1.5}',
      '{"method":"ping"}',
    ]) {
      assert.throws(() => decode(RequestFrame, text), { code: 'bad_frame' }, text);
    }
  });
});

describe('checking data', () => {
  it('names every wrong field, and stays short however long the data', () => {
    assert.throws(
      () => check(REQUESTS.message.data, { room: '', text: 'x'.repeat(60_000) }),
      (error: WcsError) => {
        assert.equal(error.code, 'invalid');
        assert.match(error.message, /room: .*empty/);
        assert.match(error.message, /text: .*2000/);
        return error.message.length < 1000;
      },
    );
    assert.throws(
      () => check(REQUESTS.mute.data, { room: 'r', stream: 's', muted: { audio: 'y'.repeat(60_000), video: false } }),
      (error: WcsError) => error.message.length < 1000,
    );
  });

  it('drops fields that nobody asked for', () => {
    assert.deepEqual(check(REQUESTS.leave.data, { room: 'r', constructor: 1, extra: true }), { room: 'r' });
  });

  it('bounds every list and every text of a request', () => {
    const unbounded = Object.entries(REQUESTS).flatMap(([method, { data }]) => findUnbounded(data, method));
    assert.deepEqual(unbounded, []);
  });
});

describe('the error table', () => {
  it('gives each violation a close code of its own that browsers accept', () => {
    const closes = Object.values(ERRORS).flatMap((traits) => ('close' in traits ? [traits.close] : []));
    assert.equal(new Set(closes).size, closes.length);
    for (const close of closes) assert.ok(close === 1009 || close === 1012 || (close >= 4000 && close < 5000));
    assert.equal(errorCodeOfClose(4429), 'flood');
    assert.equal(errorCodeOfClose(1006), undefined);
  });
});

it('every event names its room', () => {
  for (const schema of Object.values(EVENTS)) assert.ok('room' in schema.entries);
});

/** The paths in a schema at which a browser could send a text or a list of any length. */
function findUnbounded(schema: v.GenericSchema, path: string): string[] {
  const node = schema as unknown as {
    type: string;
    pipe?: { type: string; pipe?: { type: string }[] }[];
    entries?: Record<string, v.GenericSchema>;
    wrapped?: v.GenericSchema;
    item?: v.GenericSchema;
    key?: v.GenericSchema;
    value?: v.GenericSchema;
    options?: v.GenericSchema[];
  };
  const actions = (node.pipe ?? []).flatMap((action) => [action, ...(action.pipe ?? [])]).map(({ type }) => type);
  const bounded = actions.some((type) => ['max_length', 'regex', 'check'].includes(type));
  const found = ['string', 'array', 'record'].includes(node.type) && !bounded ? [path] : [];
  const children: [string, v.GenericSchema | undefined][] = [
    ...Object.entries(node.entries ?? {}),
    ['?', node.wrapped],
    ['[]', node.item],
    ['key', node.key],
    ['value', node.value],
  ];
  for (const [name, child] of children) if (child) found.push(...findUnbounded(child, `${path}.${name}`));
  if (node.type === 'union') {
    for (const option of node.options ?? []) found.push(...findUnbounded(option, `${path}|`));
  }
  return found;
}
