import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StreamClock, type TrackClock } from '../../../backend/recording/capture/clock.ts';

/** A sender whose RTP clock runs `fast` times as fast as ours, and whose packets take `delay(at)` milliseconds. */
interface Sent {
  clock: TrackClock;
  rate: number;
  start: number;
  fast?: number;
  delay: (at: number) => number;
}

const rtp = ({ rate, start, fast = 1 }: Sent, at: number) => (start + Math.round((at / 1000) * rate * fast)) >>> 0;

function arrive(sent: Sent, at: number): void {
  sent.clock.arrived(rtp(sent, at), at + sent.delay(at));
}

/** How far the time given to what was sampled at `at` is from it, milliseconds. */
function error(sent: Sent, at: number): number {
  return sent.clock.timeOf(rtp(sent, at)) + sent.clock.shift - at;
}

/** A repeatable stand-in for jitter, 0 to `most`. */
const jitter = (most: number) => (at: number) => (Math.abs(Math.sin(at * 12.9898) * 43758.5453) % 1) * most;

describe('The clock of a stream', () => {
  it('keeps sound and picture in step by sender reports, however differently late they come', () => {
    const stream = new StreamClock();
    const audio: Sent = { clock: stream.track(48_000), rate: 48_000, start: 0xfffff000, delay: jitter(15) };
    const video: Sent = { clock: stream.track(90_000), rate: 90_000, start: 77, delay: (at) => 130 + jitter(60)(at) };
    for (let at = 0; at < 20_000; at += 20) {
      arrive(audio, at);
      if (at % 40 === 0) arrive(video, at);
      if (at === 1000 || at === 6000) video.clock.report(rtp(video, at), at + 1_700_000_000_000);
      if (at === 2500 || at === 7500) audio.clock.report(rtp(audio, at), at + 1_700_000_000_000);
    }
    assert.ok(Math.abs(error(audio, 19_000)) < 5, `sound is off by ${error(audio, 19_000)} ms`);
    assert.ok(Math.abs(error(video, 19_000)) < 5, `picture is off by ${error(video, 19_000)} ms`);
    // What was written before the first report is moved by the same shift.
    assert.ok(Math.abs(error(video, 40)) < 5, `picture was off by ${error(video, 40)} ms at the beginning`);
  });

  for (const reports of [true, false]) {
    it(`drifts less than 40 ms in two hours, ${reports ? 'with' : 'without'} sender reports`, () => {
      const stream = new StreamClock();
      const audio: Sent = { clock: stream.track(48_000), rate: 48_000, start: 5, fast: 1 + 80e-6, delay: jitter(20) };
      const video: Sent = { clock: stream.track(90_000), rate: 90_000, start: 9, fast: 1 - 50e-6, delay: jitter(30) };
      for (let at = 0; at < 2 * 3_600_000; at += 20) {
        arrive(audio, at);
        if (at % 100 === 0) arrive(video, at);
        if (reports && at % 5000 === 0) {
          audio.clock.report(rtp(audio, at), at * (1 + 20e-6) + 1e12);
          video.clock.report(rtp(video, at), at * (1 + 20e-6) + 1e12);
        }
        if (at % 60_000 !== 0 || at < 15_000) continue;
        for (const sent of [audio, video])
          assert.ok(Math.abs(error(sent, at)) < 20, `off by ${error(sent, at)} ms after ${at / 60_000} min`);
      }
    });
  }

  it('goes on at the right time after a pause during which the RTP clock stood still', () => {
    const stream = new StreamClock();
    const audio: Sent = { clock: stream.track(8000), rate: 8000, start: 1, delay: () => 10 };
    for (let at = 0; at < 12_000; at += 20) arrive(audio, at);
    for (let at = 12_000; at < 15_000; at += 20) audio.clock.arrived(rtp(audio, at), at + 10_010);
    const off = audio.clock.timeOf(rtp(audio, 14_000)) + audio.clock.shift - 24_010;
    assert.ok(Math.abs(off) < 20, `off by ${off} ms`);
  });

  it('takes no harm from a stalled network', () => {
    const stream = new StreamClock();
    const audio: Sent = {
      clock: stream.track(8000),
      rate: 8000,
      start: 1,
      delay: (at) => (at > 15_000 && at < 16_500 ? 16_500 - at : 10),
    };
    for (let at = 0; at < 30_000; at += 20) {
      arrive(audio, at);
      assert.ok(Math.abs(error(audio, at) - 10) < 15, `off by ${error(audio, at)} ms at ${at}`);
    }
  });
});
