/** Somebody who enters a room over a real transport, and sends. */
import type { Client } from '../../backend/client.ts';
import { FakePublisher, SIZE } from './publisher.ts';
import { FakeTransport, OWN_DTLS } from './transport.ts';

export interface FakePerson {
  client: Client;
  publisher: FakePublisher;
  stream: string;
  close(): void;
}

/** Milliseconds between two looks at what is due. */
const TICK = 5;

/** `client` has signed in. Sends until it is closed. */
export async function enterAndSend(client: Client, room: string): Promise<FakePerson> {
  const { send } = (await client.join(room)).transports;
  await client.request('connectTransport', { room, transport: send.id, dtlsParameters: OWN_DTLS });
  const transport = await FakeTransport.connect(send);
  const publisher = new FakePublisher(transport, performance.now());
  const { audio, video } = publisher;
  const { name: stream } = await client.publish(room, 'abcd', { audio, video, size: SIZE });
  const timer = setInterval(() => publisher.send(performance.now()), TICK);
  const close = () => {
    clearInterval(timer);
    transport.close();
  };
  return { client, publisher, stream, close };
}
