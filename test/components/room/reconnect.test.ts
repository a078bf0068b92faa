import assert from 'node:assert/strict';
import { it } from 'node:test';
import { RECONNECT_TIMEOUT, reconnectDelay } from '../../../components/room/signaling/reconnect.ts';

const search = { attempt: 0, elapsed: 0, timeout: RECONNECT_TIMEOUT, random: 0 };

it('waits longer each time, from 0.2 to 2 seconds', () => {
  const delays = [0, 1, 2, 3, 4, 5, 50].map((attempt) => reconnectDelay({ ...search, attempt }));
  assert.deepEqual(delays, [200, 400, 800, 1600, 2000, 2000, 2000]);
});

it('leaves up to half of the wait to chance', () => {
  assert.equal(reconnectDelay({ ...search, random: 0.5 }), 150);
  assert.equal(reconnectDelay({ ...search, random: 1 }), 100);
});

it('gives up after two minutes, or when the page says, and makes its last attempt then', () => {
  assert.equal(RECONNECT_TIMEOUT, 120_000);
  assert.equal(reconnectDelay({ ...search, attempt: 9, elapsed: 119_000 }), 1000);
  assert.equal(reconnectDelay({ ...search, attempt: 9, elapsed: 120_000 }), undefined);
  assert.equal(reconnectDelay({ ...search, elapsed: 500, timeout: 500 }), undefined);
});
