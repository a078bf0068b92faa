/** How well streams reach those who play them, with packets over real transports. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enterAndSend } from '../fakes/webrtc/person.ts';
import { People, startServer } from './backend.ts';
import { until } from './until.ts';

const ROOM = 'hall';

test('whoever plays a stream is told when its packets get lost', async (t) => {
  const server = await startServer();
  t.after(() => server.close());
  const people = new People(t, server);
  const { publisher, stream, close } = await enterAndSend(await people.connect('Alice'), ROOM);
  t.after(close);
  publisher.sound = 'voice';
  const bob = await people.join(ROOM, 'Bob');
  const { streams } = await bob.request('play', { room: ROOM, streams: [stream] });
  assert.ok(streams[0]?.ok);
  await bob.request('resume', { room: ROOM, streams: [stream] });

  const told = () => bob.heard('quality').flatMap((event) => event.streams);
  publisher.loss = 0.3;
  await until('Bob is told that it is not good', () => ['poor', 'lost'].includes(told().at(-1)?.quality ?? ''), 20_000);
  assert.ok(told().every((one) => one.stream === stream));
});
