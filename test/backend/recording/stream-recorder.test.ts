import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { types } from 'mediasoup';
import { pino } from 'pino';
import { StreamRecorder } from '../../../backend/recording/capture/stream-recorder.ts';
import { changesOf, type Codec, framesOf, packetsOf, pattern, Sender, soundsOf, startRouter } from './rtp-kit.ts';

const log = pino({ level: 'silent' });

describe('A recorded stream', () => {
  let worker: types.Worker;
  let router: types.Router;
  let directory: string;
  let senders: Sender[] = [];

  before(async () => {
    ({ worker, router } = await startRouter());
  });
  after(() => worker.close());
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'wcs-stream-'));
  });
  afterEach(async () => {
    for (const sender of senders) sender.close();
    senders = [];
    await rm(directory, { recursive: true });
  });

  async function record(codecs: Codec[]) {
    senders = await Promise.all(codecs.map((codec) => Sender.start(router, codec)));
    const origin = performance.now();
    const recorder = await StreamRecorder.start({
      router,
      producers: senders.map(({ producer }) => producer),
      directory,
      fileName: 'one',
      streamName: 'room-Анна-0a1b',
      origin,
      log,
    });
    return { recorder, origin };
  }

  for (const [video, audio] of [
    ['vp8', 'opus'],
    ['h264', 'pcmu'],
    ['vp8', 'pcma'],
  ] as const) {
    it(`shows and sounds what was sent when it was sent: ${video} that takes 120 ms longer than ${audio}`, async () => {
      const [pictures, sounds] = await Promise.all([
        packetsOf(video, pattern(video, 4)),
        packetsOf(audio, pattern(audio, 4)),
      ]);
      const { recorder, origin } = await record([audio, video]);
      const startedAt = performance.now();
      await Promise.all([
        senders[0]!.play(sounds, { startedAt }),
        senders[1]!.play(pictures, { startedAt, late: 120 }),
      ]);
      await recorder.close();
      const lead = startedAt - origin;
      const changes = changesOf(await framesOf(join(directory, 'one-video.mkv')));
      const heard = await soundsOf(join(directory, 'one-audio.mkv'));
      for (const second of [1, 2, 3]) {
        const shown = changes.get(second)! + recorder.video!.shiftMs;
        assert.ok(Math.abs(shown - (lead + second * 1000)) <= 40, `picture of second ${second} at ${shown - lead} ms`);
      }
      assert.equal(heard.length, 2);
      for (const [i, { from, to }] of heard.entries()) {
        const began = from + recorder.audio!.shiftMs - lead;
        assert.ok(Math.abs(began - (1000 + 2000 * i)) <= 30, `sound at ${began} ms`);
        assert.ok(Math.abs(to - from - 1000) <= 40, `sound for ${to - from} ms`);
      }
    });
  }

  it('leaves no file behind when nothing was sent', async () => {
    const { recorder } = await record(['opus', 'vp8']);
    await recorder.close();
    assert.deepEqual(await readdir(directory), []);
    assert.equal(recorder.video!.frames, 0);
  });

  it('keeps a single frame', async () => {
    const packets = await packetsOf('vp8', pattern('vp8', 0.05));
    const { recorder } = await record(['vp8']);
    await senders[0]!.play(packets);
    await until(() => recorder.video!.frames === 1);
    await recorder.close();
    assert.equal((await framesOf(join(directory, 'one-video.mkv'))).length, 1);
  });
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!condition()) {
    assert.ok(performance.now() < deadline, 'waited for 5 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
