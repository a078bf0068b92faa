/** Tokens that the page makes as they are needed, shown to a real backend that goes down and comes back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mintToken } from '../../../backend/auth/token.ts';
import { RoomSession } from '../../../components/room/session.ts';
import { startServer } from '../../backend/backend.ts';
import { until } from '../../backend/until.ts';
import { FakeDevices, installMediaStream } from '../../fakes/room-media.ts';

installMediaStream();

const SECRET = 'a-secret-of-the-site-that-is-long-enough';

test('a function is asked for a fresh token whenever the session signs in anew', async (t) => {
  const { load: loadDevice } = new FakeDevices();
  let asked = 0;
  const token = async () => {
    asked += 1;
    return await mintToken(SECRET, { room: 'lesson', lifetime: 60, sub: `turn ${asked}` });
  };
  let server = await startServer({ token_secret: SECRET });
  const { port } = server;
  const session = new RoomSession({ urlServer: `ws://127.0.0.1:${port}`, username: 'alice', token }, { loadDevice });
  t.after(() => session.disconnect());
  const room = await session.join({ name: 'lesson' }).joined;
  assert.equal(asked, 1);
  await server.close();
  server = await startServer({ token_secret: SECRET, port });
  t.after(() => server.close());
  await until('it is in the room again', () => server.snapshot().rooms === 1 && !room.reconnecting());
  assert.ok(asked > 1);
});

test('a page that cannot give a token is told so', async (t) => {
  const server = await startServer({ token_secret: SECRET });
  t.after(() => server.close());
  const { load: loadDevice } = new FakeDevices();
  const token = () => Promise.reject(new Error('signed out'));
  const session = new RoomSession(
    { urlServer: `ws://127.0.0.1:${server.port}`, username: 'alice', token },
    { loadDevice },
  );
  await assert.rejects(session.established, { code: 'auth_unavailable' });
});
