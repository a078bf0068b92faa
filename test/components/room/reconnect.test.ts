import assert from 'node:assert/strict';
import { it } from 'node:test';
import { GIVE_UP_AFTER, reconnectDelay } from '../../../components/room/signaling/reconnect.ts';

it('waits longer each time, from 0.2 to 5 seconds', () => {
  const delays = [0, 1, 2, 3, 4, 5, 6, 50].map((attempt) => reconnectDelay(attempt, 0, 0));
  assert.deepEqual(delays, [200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
});

it('leaves up to half of the wait to chance', () => {
  assert.equal(reconnectDelay(0, 0, 0.5), 150);
  assert.equal(reconnectDelay(0, 0, 1), 100);
});

it('gives up after 30 seconds, and makes its last attempt then', () => {
  assert.equal(GIVE_UP_AFTER, 30_000);
  assert.equal(reconnectDelay(9, 29_000, 0), 1000);
  assert.equal(reconnectDelay(9, 30_000, 0), undefined);
});
