import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enterAndSend } from '../fakes/webrtc/person.ts';
import { People, refused, startServer } from './backend.ts';
import { until } from './until.ts';

const SECONDS = 20_000;

test('a stream that goes on coming too fast is ended, with a time after which it may come again; others go on', async (t) => {
  const server = await startServer({ max_incoming_bitrate: 1_000_000 });
  t.after(() => server.close());
  const people = new People(t, server);
  const watcher = await people.join('room', 'Watcher');
  // Whoever sends as a browser would that does not listen to what it is asked: 3.3 Mbit/s, and 0.2 Mbit/s.
  const [hose, tap] = [await people.connect('Hose'), await people.connect('Tap')];
  const sending = [await enterAndSend(hose, 'room'), await enterAndSend(tap, 'room')];
  t.after(() => sending.forEach((person) => person.close()));
  sending[1]!.publisher.layers = 1;

  await until('it is ended', () => watcher.heard('unpublished').length > 0, SECONDS);
  const told = await hose.hears('unpublished');
  assert.equal(told.stream, sending[0]!.stream);
  assert.deepEqual([told.by, told.error?.code, told.error?.retryAfter], [undefined, 'rate_limited', 30_000]);
  assert.deepEqual(watcher.heard('unpublished'), [told]);
  await refused(hose.publish('room', '0001'), 'rate_limited');
  assert.equal(watcher.heard('left').length, 0, 'and may go on listening and writing');
  assert.equal(tap.heard('unpublished').length, 1);
});
