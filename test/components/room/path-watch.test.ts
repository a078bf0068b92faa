import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { PathWatch, type Silence } from '../../../components/room/media/path-watch.ts';

/** A peer connection of which only the numbers are there. */
function watched(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const numbers = { bytes: 0, consent: 0, packets: 0, sent: 0, reportedAt: 1 };
  const expected = { path: true, media: true };
  const heard: Silence[] = [];
  const report = () => [
    ['pair', { type: 'candidate-pair', bytesReceived: numbers.bytes, responsesReceived: numbers.consent }],
    ['audio', { type: 'inbound-rtp', packetsReceived: numbers.packets }],
    ['camera', { type: 'outbound-rtp', kind: 'video', packetsSent: numbers.sent }],
    ['report', { type: 'remote-inbound-rtp', kind: 'video', timestamp: numbers.reportedAt }],
  ];
  const watch = new PathWatch({
    getStats: async () => new Map(report() as [string, unknown][]),
    expects: { path: () => expected.path, media: () => expected.media },
    onSilence: (silence) => heard.push(silence),
  });
  t.after(() => watch.close());
  const seconds = async (count: number, each: () => void = () => {}) => {
    for (let second = 0; second < count; second += 1) {
      each();
      t.mock.timers.tick(1000);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { watch, numbers, expected, heard, seconds };
}

describe('what should arrive over a peer connection', () => {
  it('raises no alarm while it does, however little it is', async (t) => {
    const { numbers, heard, seconds } = watched(t);
    let second = 0;
    // Silence in Opus (RFC 6716 §2.1.9) is a packet now and then.
    await seconds(30, () => {
      numbers.bytes += 40;
      if ((second += 1) % 3 === 0) numbers.packets += 1;
    });
    assert.deepEqual(heard, []);
  });

  it('is missed within five seconds, and again for as long as it is missing', async (t) => {
    const { watch, numbers, heard, seconds } = watched(t);
    numbers.bytes = numbers.packets = 1000;
    await seconds(5);
    assert.deepEqual(heard, ['path', 'media']);
    assert.equal(watch.hears, false);
    await seconds(4);
    assert.deepEqual(heard, ['path', 'media', 'path', 'media']);
    await seconds(1, () => (numbers.bytes += numbers.packets += 1));
    assert.equal(watch.hears, true);
  });

  it('is told apart: media that stops on a path that lives', async (t) => {
    const { numbers, heard, seconds } = watched(t);
    await seconds(6, () => (numbers.consent += 1));
    assert.deepEqual(heard, ['media']);
  });

  it('is word of the picture that is sent: without it nobody can ask for another', async (t) => {
    const { watch, numbers, heard, seconds } = watched(t);
    const lives = () => {
      numbers.consent += 1;
      numbers.packets += 1;
    };
    await seconds(10, lives);
    assert.deepEqual(heard, [], 'nothing is sent, so there is nothing to say');
    const sends = () => {
      lives();
      numbers.sent += 30;
    };
    await seconds(10, () => {
      sends();
      numbers.reportedAt += 1000;
    });
    assert.deepEqual(heard, []);
    await seconds(5, sends);
    assert.deepEqual(heard, ['reports']);
    assert.equal(watch.hears, false);
  });

  it('may be nothing, in a room where all are silent', async (t) => {
    const { expected, heard, seconds } = watched(t);
    expected.path = false;
    await seconds(30);
    assert.deepEqual(heard, []);
    expected.path = true;
    expected.media = false;
    await seconds(5);
    assert.deepEqual(heard, ['path']);
  });

  it('is missed sooner when there is reason for doubt', async (t) => {
    const { watch, numbers, heard, seconds } = watched(t);
    await seconds(2, () => (numbers.bytes += 1));
    watch.hurry();
    await seconds(2);
    assert.ok(heard.includes('path'));
  });
});
