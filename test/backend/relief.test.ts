import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { mock, test, type TestContext } from 'node:test';
import type { types } from 'mediasoup';
import { Relief } from '../../backend/rooms/relief.ts';

/** A picture on its way to a viewer, whose relief pauses and resumes it. */
function picture(t: TestContext, type: 'simple' | 'simulcast' = 'simple') {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const state = { type, paused: false, producerPaused: false, observer: new EventEmitter() };
  const consumer = Object.assign(new EventEmitter(), state);
  const relief = new Relief(consumer as unknown as types.Consumer, () => (consumer.paused = relief.resting));
  const arrives = (score: number) => void consumer.emit('score', { score });
  return { consumer, relief, arrives };
}

test('a screen of which too little arrives gives way to the sound for a while, each time longer', (t) => {
  const { consumer, arrives } = picture(t);
  arrives(8);
  assert.ok(!consumer.paused);
  for (const rest of [15_000, 30_000, 60_000, 60_000]) {
    arrives(2);
    assert.ok(consumer.paused);
    mock.timers.tick(rest - 1);
    assert.ok(consumer.paused);
    mock.timers.tick(1);
    assert.ok(!consumer.paused, 'it is tried again');
  }
});

test('what is not sent just now does not count against a screen', (t) => {
  const { consumer, relief, arrives } = picture(t);
  consumer.producerPaused = true;
  arrives(0);
  assert.ok(!relief.resting);
});

test('of a picture in several sizes a smaller one is sent instead', (t) => {
  const { relief, arrives } = picture(t, 'simulcast');
  arrives(0);
  assert.ok(!relief.resting);
});
