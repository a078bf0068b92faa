/** How well streams reach those who play them, with packets over real transports. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { FakePublisher, SIZE } from '../fakes/webrtc/publisher.ts';
import { FakeTransport, OWN_DTLS } from '../fakes/webrtc/transport.ts';
import { People, startServer } from './backend.ts';
import type { Client } from './client.ts';
import { until } from './until.ts';

const ROOM = 'hall';

/** Somebody who sends a camera and a microphone until the test ends. */
async function startPublishing(t: TestContext, client: Client): Promise<{ publisher: FakePublisher; stream: string }> {
  const { transports } = await client.join(ROOM);
  const { send } = transports;
  await client.request('connectTransport', { room: ROOM, transport: send.id, dtlsParameters: OWN_DTLS });
  const transport = await FakeTransport.connect(send);
  t.after(() => transport.close());
  const publisher = new FakePublisher(transport, performance.now());
  publisher.sound = 'voice';
  const timer = setInterval(() => publisher.send(performance.now()), 5);
  t.after(() => clearInterval(timer));
  const { audio, video } = publisher;
  const { name } = await client.publish(ROOM, 'abcd', { audio, video, size: SIZE });
  return { publisher, stream: name };
}

test('whoever plays a stream is told when its packets get lost', async (t) => {
  const server = await startServer();
  t.after(() => server.close());
  const people = new People(t, server);
  const { publisher, stream } = await startPublishing(t, await people.connect('Alice'));
  const bob = await people.join(ROOM, 'Bob');
  const { streams } = await bob.request('play', { room: ROOM, streams: [stream] });
  assert.ok(streams[0]?.ok);
  await bob.request('resume', { room: ROOM, streams: [stream] });

  const told = () => bob.heard('quality').flatMap((event) => event.streams);
  publisher.loss = 0.3;
  await until('Bob is told that it is not good', () => ['poor', 'lost'].includes(told().at(-1)?.quality ?? ''), 20_000);
  assert.ok(told().every((one) => one.stream === stream));
});
