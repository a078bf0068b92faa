import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { types } from 'mediasoup';
import { Hearing } from '../../backend/rooms/hearing.ts';

/** A transport of which only the count of what has come is there. */
function heard(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const state = { received: 0, expected: true };
  const make = () => ({ getStats: async () => [{ rtpBytesReceived: state.received }] }) as types.WebRtcTransport;
  let transport: types.WebRtcTransport | undefined = make();
  const told: boolean[] = [];
  const hearing = new Hearing({
    transport: () => transport,
    expects: () => state.expected,
    tell: (arrives) => told.push(arrives),
    measured: () => undefined,
  });
  t.after(() => hearing.close());
  hearing.start();
  const seconds = async (count: number, bytes = 0) => {
    for (let second = 0; second < count; second += 1) {
      state.received += bytes;
      t.mock.timers.tick(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const renew = () => {
    transport = make();
    state.received = 0;
  };
  return { state, told, hearing, seconds, renew };
}

describe('what somebody publishes', () => {
  it('is not missed while it arrives, nor before it ever did', async (t) => {
    const { told, seconds } = heard(t);
    await seconds(20);
    await seconds(20, 100);
    assert.deepEqual(told, []);
  });

  it('is missed within five seconds, again for as long as it is missing, and told when it is back', async (t) => {
    const { told, seconds } = heard(t);
    await seconds(5, 100);
    await seconds(5);
    assert.deepEqual(told, [false]);
    await seconds(4);
    assert.deepEqual(told, [false, false]);
    await seconds(2, 100);
    assert.deepEqual(told, [false, false, true]);
    await seconds(20, 100);
    assert.equal(told.length, 3);
  });

  it('may be nothing, while it is muted or nobody wants it', async (t) => {
    const { state, told, seconds } = heard(t);
    await seconds(4, 100);
    state.expected = false;
    await seconds(20);
    state.expected = true;
    await seconds(3);
    await seconds(10, 100);
    assert.deepEqual(told, []);
  });

  it('gets a new chance on new transports', async (t) => {
    const { told, seconds, renew } = heard(t);
    await seconds(4, 100);
    await seconds(4);
    renew();
    await seconds(10);
    assert.deepEqual(told, [false]);
  });
});
