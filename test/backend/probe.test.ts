import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Server } from '../../backend/server.ts';
import { empty, People, refused, startServer } from './backend.ts';
import { until } from './until.ts';

describe('a probe', () => {
  let server: Server;
  before(async () => {
    server = await startServer({ turn_urls: ['turn:turn.example.org:3478'], turn_secret: 'secret' });
  });
  after(() => server.close());

  it('gives a transport by UDP and TCP, and the TURN servers, without a room', async (t) => {
    const alice = await new People(t, server).connect('Alice');
    const { transport, iceServers } = await alice.request('probe', {});
    assert.deepEqual([...new Set(transport.iceCandidates.map(({ protocol }) => protocol))].sort(), ['tcp', 'udp']);
    assert.deepEqual(iceServers?.[0]?.urls, ['turn:turn.example.org:3478']);
    assert.equal(server.snapshot().rooms, 0);
    assert.equal(server.snapshot().transports, 1);
  });

  it('ends with the next one, and with its session', async (t) => {
    const alice = await new People(t, server).connect('Alice');
    for (let n = 0; n < 5; n += 1) await alice.request('probe', {});
    await until('one is left', () => server.snapshot().routers === 1 && server.snapshot().transports === 1);
    await alice.close();
    await empty(server);
  });

  it('is not for strangers, and counts among the joins', async (t) => {
    const few = await startServer({ limit_joins_per_session: 2 });
    t.after(() => few.close());
    const people = new People(t, few);
    await refused((await people.socket()).request('probe', {}), 'connect_first');
    const alice = await people.connect('Alice');
    await alice.request('probe', {});
    await alice.request('probe', {});
    await refused(alice.request('probe', {}), 'rate_limited');
  });
});
