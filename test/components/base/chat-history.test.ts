import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ChatHistory } from '../../../components/base/chat-history.ts';

describe('the history of a chat', () => {
  it('follows an own line from being sent to the clock of the backend', () => {
    let changes = 0;
    const chat = new ChatHistory(() => changes++);
    const id = chat.sending('Alice', 'Hi');
    assert.equal(chat.lines[0]?.delivery, 'sending');
    chat.sent(id, 42);
    assert.deepEqual([chat.lines[0]?.delivery, chat.lines[0]?.at, changes], ['sent', 42, 2]);
  });

  it('puts a line that is sent again at the end, once', () => {
    const chat = new ChatHistory(() => undefined);
    const id = chat.sending('Alice', 'Hi');
    chat.failed(id);
    chat.note('joined', 'Bob');
    chat.sending('Alice', 'Hi', { again: id });
    assert.deepEqual(
      chat.lines.map(({ kind, delivery }) => `${kind} ${delivery}`),
      ['joined sent', 'text sending'],
    );
  });

  it('counts what others wrote until it is read', () => {
    const chat = new ChatHistory(() => undefined);
    chat.received('Bob', 'one', 1);
    chat.note('joined', 'Eve');
    chat.received('Bob', 'two', 2);
    assert.equal(chat.unread, 2);
    chat.read();
    assert.equal(chat.unread, 0);
  });

  it('keeps the last 500 lines, in a new array after each change', () => {
    const chat = new ChatHistory(() => undefined);
    for (let line = 1; line <= 600; line++) chat.received('Bob', `${line}`, line);
    assert.equal(chat.lines.length, 500);
    assert.equal(chat.lines[0]?.text, '101');
    assert.equal(chat.lines.at(-1)?.text, '600');
    const { lines } = chat;
    chat.note('left', 'Bob');
    assert.notEqual(chat.lines, lines);
  });
});
