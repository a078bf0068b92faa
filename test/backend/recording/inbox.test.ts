import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Inbox } from '../../../backend/recording/capture/inbox.ts';

describe('An inbox', () => {
  it('hands over what has come, in order, whether the event loop has turned meanwhile or not', async () => {
    const inbox = await Inbox.open();
    const sender = createSocket('udp4');
    sender.connect(inbox.port, '127.0.0.1');
    await once(sender, 'connect');
    const sent = Array.from({ length: 300 }, (_, i) => `packet ${i}`);
    const received: string[] = [];
    const take = () => inbox.take((packet) => received.push(packet.toString()));
    const deadline = performance.now() + 5000;
    for (const [i, packet] of sent.entries()) {
      sender.send(packet);
      // Half of them are seen by the event loop before they are taken.
      if (i % 20 < 10) await turn();
      if (i % 50 === 49) take();
    }
    while (received.length < sent.length && performance.now() < deadline) {
      await turn();
      take();
    }
    assert.deepEqual(received, sent);
    assert.equal(take(), 0);
    sender.close();
    inbox.close();
  });
});
