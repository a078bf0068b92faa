import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SpeechSense } from '../../../components/base/own/devices/speech-sense.ts';

/** Seconds of levels, ten a second, and whether speech is heard in them. */
function hears(...levels: number[][]): boolean {
  const sense = new SpeechSense();
  return levels.flat().some((level) => sense.hears(level));
}

const steady = (level: number, seconds: number) => Array.from({ length: seconds * 10 }, () => level);
/** Words with pauses between them. */
const speech = (level: number, seconds: number, pause = -70) =>
  Array.from({ length: seconds * 10 }, (_, index) => (index % 5 < 4 ? level : pause));

describe('somebody who speaks into a microphone that is off', () => {
  it('is heard, loud or soft, in a quiet room', () => {
    assert.ok(hears(steady(-75, 2), speech(-25, 2)));
    assert.ok(hears(steady(-75, 2), speech(-45, 2)));
  });

  it('is heard over a fan', () => {
    assert.ok(hears(steady(-50, 5), speech(-25, 2, -50)));
  });

  it('is heard when they were speaking already as they switched it off', () => {
    assert.ok(hears(speech(-30, 3)));
  });

  it('is not heard in silence, nor in noise that does not change, however loud', () => {
    assert.ok(!hears(steady(-100, 20)));
    assert.ok(!hears(steady(-60, 20)));
    assert.ok(!hears(steady(-30, 20)));
  });

  it('is not heard in a cough, or a door', () => {
    assert.ok(!hears(steady(-70, 3), steady(-15, 0.4), steady(-70, 3)));
  });
});
