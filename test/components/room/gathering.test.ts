import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { connect } from '../../../components/room/session.ts';
import { FakeBackend } from '../../fakes/room-backend.ts';
import { person } from '../../fakes/room-backend.ts';

const join = async (t: TestContext, backend: FakeBackend) => {
  const session = connect({ urlServer: 'ws://backend/ws', username: 'Alice' });
  t.after(() => session.disconnect());
  const room = session.join({ name: 'r' });
  const messages: string[] = [];
  const hands: string[] = [];
  const reactions: string[] = [];
  room
    .on('MESSAGE', ({ username, text, to }) => messages.push(`${username}: ${text}${to ? ` (${to})` : ''}`))
    .on('HANDS', (logins) => hands.push(logins.join(' ')))
    .on('REACTION', (login, reaction) => reactions.push(`${login} ${reaction}`));
  await room.joined;
  return { room, messages, hands, reactions, backend };
};

describe('what people say in a room without a microphone', () => {
  it('has what was written and who raised a hand before we came, as no news', async (t) => {
    const backend = new FakeBackend(t);
    const { join: usual } = backend.usual;
    const history = [{ from: 'Bob', text: 'earlier', at: 5 }];
    backend.answers.join = async (data) => {
      const reply = (await usual(data)) as Exclude<Awaited<ReturnType<typeof usual>>, Error | 'silence'>;
      return { ...reply, room: { ...reply.room, hands: ['Bob'] }, history };
    };
    const { room, messages, hands } = await join(t, backend);
    assert.deepEqual(room.history(), history);
    assert.deepEqual(room.hands(), ['Bob']);
    assert.deepEqual([...messages, ...hands], []);
  });

  it('tells of messages, also private ones, and who wrote them when they have left', async (t) => {
    const { messages, backend } = await join(t, new FakeBackend(t));
    backend.tell('message', { room: 'r', message: { from: 'Gone', text: 'bye', at: 6 } });
    backend.tell('message', { room: 'r', message: { from: 'Bob', to: 'Alice', text: 'psst', at: 7 } });
    assert.deepEqual(messages, ['Gone: bye', 'Bob: psst (Alice)']);
  });

  it('raises and lowers hands, and tells of the queue when it has changed', async (t) => {
    const { room, hands, backend } = await join(t, new FakeBackend(t));
    backend.tell('joined', { room: 'r', participant: person('Bob') });
    await room.raiseHand();
    await room.lowerHand('Bob');
    assert.deepEqual(backend.data('hand'), [
      { room: 'r', on: true },
      { room: 'r', login: 'Bob', on: false },
    ]);
    backend.tell('hands', { room: 'r', hands: ['Bob', 'Alice'] });
    backend.tell('hands', { room: 'r', hands: ['Bob', 'Alice'] });
    backend.tell('hands', { room: 'r', hands: [] });
    assert.deepEqual(hands, ['Bob Alice', '']);
    assert.deepEqual(room.hands(), []);
  });

  it('shows reactions, its own as those of others', async (t) => {
    const { room, reactions, backend } = await join(t, new FakeBackend(t));
    await room.react('party');
    assert.deepEqual(backend.data('react'), [{ room: 'r', reaction: 'party' }]);
    backend.tell('reaction', { room: 'r', login: 'Alice', reaction: 'party' });
    assert.deepEqual(reactions, ['Alice party']);
  });
});
