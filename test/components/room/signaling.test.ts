import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { Signaling } from '../../../components/room/signaling/signaling.ts';
import { WcsError } from '../../../protocol/errors.ts';
import { PING_INTERVAL, REQUEST_TIMEOUT, REQUEST_WINDOW } from '../../../protocol/limits.ts';
import { FakeBackend } from '../../fakes/room-backend.ts';

const refusal = (code: string) => (error: unknown) => error instanceof WcsError && error.code === code;

/** Lets everything happen that waits for no timer. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

async function open(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const backend = new FakeBackend(t);
  const closed: string[] = [];
  const link = new Signaling({
    url: 'ws://backend.test/ws',
    onOpen: () => undefined,
    onEvent: () => undefined,
    onClose: (error) => closed.push(error.code),
  });
  t.after(() => link.close(1000));
  await settle();
  return { backend, link, closed };
}

describe('one socket', () => {
  it('asks no faster than the backend allows, and in order', async (t) => {
    const { backend, link } = await open(t);
    const texts = Array.from({ length: 2 * REQUEST_WINDOW + 1 }, (_, index) => `text ${index}`);
    const answers = texts.map((text) => link.request('message', { room: 'r', text }));
    await settle();
    assert.equal(backend.requests.length, REQUEST_WINDOW);
    t.mock.timers.tick(999);
    await settle();
    assert.equal(backend.requests.length, REQUEST_WINDOW);
    t.mock.timers.tick(1);
    await settle();
    assert.equal(backend.requests.length, 2 * REQUEST_WINDOW);
    t.mock.timers.tick(1000);
    await Promise.all(answers);
    assert.deepEqual(
      backend.data('message').map(({ text }) => text),
      texts,
    );
  });

  it('gives up a request that is not answered', async (t) => {
    const { backend, link } = await open(t);
    backend.answers.message = () => 'silence';
    const asked = assert.rejects(link.request('message', { room: 'r', text: 'x' }), refusal('request_timeout'));
    await settle();
    t.mock.timers.tick(REQUEST_TIMEOUT);
    await asked;
  });

  it('rejects an answer that makes no sense', async (t) => {
    const { backend, link } = await open(t);
    backend.answers.message = () => ({ at: 'yesterday' }) as never;
    await assert.rejects(link.request('message', { room: 'r', text: 'x' }), refusal('internal'));
  });

  it('looks for signs of life and takes silence for the end', async (t) => {
    const { backend, closed } = await open(t);
    for (let round = 1; round <= 3; round += 1) {
      t.mock.timers.tick(PING_INTERVAL);
      await settle();
      assert.equal(backend.data('ping').length, round);
    }
    assert.deepEqual(closed, []);
    backend.answers.ping = () => 'silence';
    t.mock.timers.tick(PING_INTERVAL);
    await settle();
    assert.deepEqual(closed, []);
    t.mock.timers.tick(PING_INTERVAL);
    assert.deepEqual(closed, ['connection_lost']);
  });

  it('says why the backend closed it, and rejects what was asked', async (t) => {
    const { backend, link, closed } = await open(t);
    backend.answers.message = () => 'silence';
    const asked = assert.rejects(link.request('message', { room: 'r', text: 'x' }), refusal('flood'));
    await settle();
    backend.cut(4429);
    await asked;
    assert.deepEqual(closed, ['flood']);
    await assert.rejects(link.request('ping', {}), refusal('connection_lost'));
  });
});
