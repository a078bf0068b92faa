import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { TrackInfo } from '../../../backend/recording/mixing/tracks.ts';
import { probe, record, scratch } from './media.ts';

const COMMAND = fileURLToPath(new URL('../../../backend/wcs-mixer.ts', import.meta.url));

const wcsMixer = (...args: string[]) => execa(process.execPath, [COMMAND, ...args], { reject: false });

describe('wcs-mixer', { concurrency: 1 }, () => {
  let directory = '';
  let file = '';
  let clean = () => Promise.resolve();
  after(() => clean());
  before(async () => {
    directory = await scratch((remove) => (clean = remove));
    const sent: [number, number][] = [
      [400, 2000],
      [4000, 5000],
    ];
    file = await record(directory, [{ name: 'r-Alice', login: 'Alice', sent, luma: '200', sound: '0.3*sin(2764*t)' }]);
  });

  it('prints its use', async () => {
    const { stdout, exitCode } = await wcsMixer('--help');
    assert.equal(exitCode, 0);
    assert.match(stdout, /wcs-mixer FILE \[--config FILE\] \[--layout CLASS\] \[--out FILE\]/);
    assert.equal((await wcsMixer()).exitCode, 2);
    assert.equal((await wcsMixer('--colour', 'red')).exitCode, 2);
  });

  it('prints the tracks of a recording with the pauses that carry the alignment', async () => {
    const { stdout } = await wcsMixer('--show-tracks-info', file);
    const [video, audio] = JSON.parse(stdout) as TrackInfo[];
    assert.ok(audio);
    const about = { streamName: 'r-Alice', mediaSessionId: 'id-of-r-Alice', timescale: 1000 };
    assert.deepEqual(video, {
      ...about,
      trackId: 1,
      trackType: 'VIDEO',
      trackCodec: 'vp8',
      durationInMS: 5000,
      width: 160,
      height: 120,
      trackEdits: [
        { type: 'pause', startInMs: 0, endInMs: 400 },
        { type: 'media', startInMs: 400, endInMs: 2000 },
        { type: 'pause', startInMs: 2000, endInMs: 4000 },
        { type: 'media', startInMs: 4000, endInMs: 5000 },
      ],
    });
    assert.equal(audio.trackType, 'AUDIO');
    assert.equal(audio.trackCodec, 'opus');
    assert.equal(audio.sampleRate, 48_000);
    const types = audio.trackEdits.map(({ type }) => type);
    assert.deepEqual(types, ['pause', 'media', 'pause', 'media']);
  });

  it('mixes again in another way and prints where', async () => {
    const config = join(directory, 'small.json');
    await writeFile(config, '{"mixerVideoWidth": 320, "mixerVideoHeight": 180, "hasAudio": "false"}');
    const out = join(directory, 'again.mp4');
    const { stdout, exitCode } = await wcsMixer(file, '--config', config, '--layout', 'SpeakerLayout', '--out', out);
    assert.deepEqual([exitCode, stdout], [0, out]);
    const { streams } = await probe(out);
    assert.deepEqual(
      streams.map(({ codec_name, width }) => [codec_name, width]),
      [['h264', 320]],
    );
  });

  it('ends with the exit codes of the original for a missing file and for settings that are missing or wrong', async () => {
    assert.equal((await wcsMixer(join(directory, 'none.mkv'))).exitCode, 64);
    assert.equal((await wcsMixer(file, '--config', join(directory, 'none.json'))).exitCode, 65);
    const wrong = join(directory, 'wrong.json');
    await writeFile(wrong, '{"hasVidio": true}');
    const { exitCode, stderr } = await wcsMixer(file, '--config', wrong);
    assert.equal(exitCode, 65);
    assert.match(stderr, /hasVidio is not a setting of the mixer; did you mean hasVideo\?/);
    const layout = await wcsMixer(file, '--layout', 'Grid');
    assert.equal(layout.exitCode, 65);
    assert.match(layout.stderr, /GridLayout/);
  });

  it('says why a file cannot be mixed', async () => {
    const rubbish = join(directory, 'rubbish.mkv');
    await writeFile(rubbish, 'x');
    const { exitCode, stderr } = await wcsMixer(rubbish);
    assert.equal(exitCode, 1);
    assert.match(stderr, /rubbish\.mkv cannot be read/);
  });
});
