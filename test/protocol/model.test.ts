import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MESSAGE_MAX_LENGTH, NAME_MAX_LENGTH } from '../../protocol/limits.ts';
import { check } from '../../protocol/frames.ts';
import { Login, MessageText, RoomName, isStreamNameOf, streamName } from '../../protocol/model.ts';

const refused = (schema: typeof Login | typeof MessageText, value: unknown) =>
  assert.throws(() => check(schema, value), { name: 'WcsError', code: 'invalid' }, JSON.stringify(value));

describe('a name', () => {
  it('may be in any script, with emoji', () => {
    for (const name of ['Bob', 'Алиса', 'علي', '李雷', '👩‍👩‍👧 family', "O'Neil <b>", 'a/b?c#d']) {
      assert.equal(check(Login, name), name.normalize('NFC'));
    }
  });

  it('is the same however it was typed: trimmed, and composed', () => {
    assert.equal(check(Login, '  Zoe\u0308 '), check(Login, 'Zoë'));
    assert.equal(check(RoomName, ' room-1'), 'room-1');
  });

  it(`has at most ${NAME_MAX_LENGTH} characters, counted as people count them`, () => {
    assert.equal(check(Login, '😀'.repeat(NAME_MAX_LENGTH)), '😀'.repeat(NAME_MAX_LENGTH));
    refused(Login, 'a'.repeat(NAME_MAX_LENGTH + 1));
  });

  it('is not empty, not a number, and has no control characters or text direction overrides', () => {
    for (const name of ['', '   ', 7, null, undefined, 'a\u0000b', 'a\nb', 'a\u202eb', 'a\u2066b', 'half \ud83d']) {
      refused(Login, name);
    }
  });
});

describe('a message', () => {
  it('may hold any Unicode text, and arrives as it was sent', () => {
    for (const text of ['привет', 'مرحبا', '👋🏽', '%D0%BF 100%', '<b>x</b>', 'two\nlines', '  spaces  ']) {
      assert.equal(check(MessageText, text), text);
    }
  });

  it('is not empty and not longer than a page', () => {
    refused(MessageText, '');
    refused(MessageText, ' \n ');
    refused(MessageText, 'x'.repeat(4000));
    assert.equal(check(MessageText, 'x'.repeat(MESSAGE_MAX_LENGTH)).length, MESSAGE_MAX_LENGTH);
  });
});

describe('a stream name', () => {
  it('is made of the room, the login, four digits and what the publisher calls it', () => {
    assert.equal(streamName('room-1', 'Bob', 'a1b2'), 'room-1-Bob-a1b2');
    assert.equal(streamName('room-1', 'Bob', 'a1b2', 'screenShare'), 'room-1-Bob-a1b2-screenShare');
  });

  it('belongs to one participant of one room, compared whole', () => {
    assert.ok(isStreamNameOf('room-1-Bob-a1b2', 'room-1', 'Bob'));
    assert.ok(isStreamNameOf('room-1-Bob-a1b2-screenShare', 'room-1', 'Bob'));
    assert.ok(isStreamNameOf(streamName('a.*b', 'x-y', '0000'), 'a.*b', 'x-y'));
    for (const name of [
      'room-1-Bobby-a1b2',
      'room-12-Bob-a1b2',
      'room-1-Bob-A1B2',
      'room-1-Bob-a1b2-',
      'room-1-Bob-a1b',
      '',
    ]) {
      assert.ok(!isStreamNameOf(name, 'room-1', 'Bob'), name);
    }
    assert.ok(!isStreamNameOf(`room-1-Bob-a1b2-${'x'.repeat(65)}`, 'room-1', 'Bob'));
    assert.ok(!isStreamNameOf('room-1-Bob-a1b2-two\nlines', 'room-1', 'Bob'));
  });
});
