import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { types } from 'mediasoup';
import { execa } from 'execa';
import { pino } from 'pino';
import { Capture } from '../../../backend/recording/capture/capture.ts';
import { StreamRecorder } from '../../../backend/recording/capture/stream-recorder.ts';
import {
  changesOf,
  type Codec,
  framesOf,
  packetsOf,
  pattern,
  probe,
  Sender,
  type SentPacket,
  soundsOf,
  startRouter,
} from './rtp-kit.ts';

const log = pino({ level: 'silent' });

describe('A recorded stream', () => {
  const capture = new Capture(log);
  let worker: types.Worker;
  let router: types.Router;
  let directory: string;
  let senders: Sender[] = [];

  before(async () => {
    ({ worker, router } = await startRouter());
  });
  after(async () => {
    worker.close();
    await capture.close();
  });
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
    return recordThose(senders);
  }

  async function recordThose(senders: Sender[]) {
    const origin = performance.now();
    const recorder = await StreamRecorder.start({
      capture,
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

  for (const codec of ['vp8', 'h264'] as const) {
    it(`shows nothing broken of ${codec} after packets were lost, came late, or came twice`, async () => {
      const packets = await packetsOf(codec, pattern(codec, 4, { size: '320x240', noise: 25 }));
      // One in fifty is lost, five at once, as networks do it; every tenth is overtaken by the next, every seventh comes twice.
      const lossy = packets.flatMap((packet, i) => {
        if (i % 250 > 105 && i % 250 < 111) return [];
        if (i % 10 === 3 && packets[i + 1]) return [packets[i + 1]!, packet];
        if (i % 10 === 4 && i > 0) return [];
        return i % 7 === 0 ? [packet, packet] : [packet];
      });
      const { recorder, origin } = await record([codec]);
      const startedAt = performance.now();
      await senders[0]!.play(lossy, { startedAt });
      await recorder.close();
      const file = join(directory, 'one-video.mkv');
      const { stderr } = await execa('ffmpeg', ['-v', 'error', '-i', file, '-f', 'null', '-']);
      assert.equal(stderr, '');
      const frames = await framesOf(file);
      assert.ok(frames.length > 20 && packets.length > 150, `${frames.length} frames of ${packets.length} packets`);
      for (const { at, grey, spread } of frames) {
        const sent = (at + recorder.video!.shiftMs - (startedAt - origin)) / 1000;
        const second = Math.floor(sent + 0.02);
        const expected = ((30 + 25 * second - 16) / 219) * 255;
        assert.ok(Math.abs(grey - expected) < 8, `grey ${grey} instead of ${expected} at ${sent} s`);
        assert.ok(spread < 25, `a smear at ${sent} s`);
      }
    });

    it(`goes on when the picture of ${codec} changes its size`, async () => {
      const [small, large] = await Promise.all(
        ['160x120', '320x240'].map((size) => packetsOf(codec, pattern(codec, 2, { size }))),
      );
      const { recorder } = await record([codec]);
      await senders[0]!.play(following(small!, large!));
      await until(() => recorder.video!.frames >= 58);
      await recorder.close();
      const entries = ['-select_streams', 'v:0', '-show_entries', 'frame=width,height'];
      const sizes = await probe(join(directory, 'one-video.mkv'), entries);
      assert.deepEqual([...new Set(sizes)], ['160,120', '320,240']);
    });
  }

  it('has the largest picture of simulcast, and the next one when the largest is not sent any longer', async () => {
    const [small, large] = await Promise.all([
      packetsOf('vp8', pattern('vp8', 8, { size: '160x120' })),
      packetsOf('vp8', pattern('vp8', 5, { size: '320x240' })),
    ]);
    const sender = await Sender.start(router, 'vp8', 2);
    senders = [sender];
    assert.equal(sender.producer.type, 'simulcast');
    const { recorder, origin } = await recordThose(senders);
    const startedAt = performance.now();
    await Promise.all([sender.play(small, { startedAt }), sender.play(large, { startedAt, layer: 1 })]);
    await recorder.close();
    const file = join(directory, 'one-video.mkv');
    const sizes = await probe(file, ['-select_streams', 'v:0', '-show_entries', 'frame=width,height']);
    const runs = sizes.filter((size, i) => size !== sizes[i - 1]);
    // mediasoup looks at the layers of a new stream for two or three seconds before it takes the largest.
    assert.deepEqual(runs.slice(-2), ['320,240', '160,120']);
    for (const { at, grey } of await framesOf(file)) {
      const sent = (at + recorder.video!.shiftMs - (startedAt - origin)) / 1000;
      const shown = ((grey / 255) * 219 + 16 - 30) / 25;
      assert.ok(shown > sent - 1.2 && shown < sent + 0.2, `grey of second ${shown} at ${sent} s`);
    }
  });

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

/** `second` as if it were sent by the sender of `first`, right after it. */
function following(first: SentPacket[], second: SentPacket[]): SentPacket[] {
  const last = first.at(-1)!;
  const gap = 1000 / 15;
  const moved = second.map(({ data, at }, i) => {
    const packet = Buffer.from(data);
    packet.writeUInt16BE((last.data.readUInt16BE(2) + 1 + i) & 0xffff, 2);
    packet.writeUInt32BE((last.data.readUInt32BE(4) + Math.round((at + gap) * 90)) >>> 0, 4);
    return { data: packet, at: last.at + gap + at };
  });
  return [...first, ...moved];
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!condition()) {
    assert.ok(performance.now() < deadline, 'waited for 5 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
