import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { MixerConfigError, checkMixerConfig, readMixerConfig } from '../../../backend/recording/mixing/config.ts';
import { scratch } from './media.ts';

const refusal = (data: unknown): string => {
  try {
    checkMixerConfig(data);
  } catch (error) {
    assert.ok(error instanceof MixerConfigError);
    return error.message;
  }
  return assert.fail('was accepted');
};

describe('offline_mixer.json', () => {
  it('may be empty: every setting has a default', () => {
    const config = checkMixerConfig({});
    assert.equal(config.hasVideo, true);
    assert.equal(config.mixerVideoWidth, 1280);
    assert.equal(config.mixerLayoutClass, 'GridLayout');
    assert.equal(config.mixerTextColour, 'FFFFFF');
  });

  it('that comes with the project holds the defaults', async () => {
    const ours = await readMixerConfig(fileURLToPath(new URL('../../../offline_mixer.json', import.meta.url)));
    assert.deepEqual(
      { ...ours, background: undefined, watermark: undefined },
      { ...checkMixerConfig({}), background: undefined, watermark: undefined },
    );
  });

  it('takes switches as true and as "true", and colours in both ways of writing', () => {
    const config = checkMixerConfig({
      hasVideo: 'false',
      hasAudio: 'true',
      mixerDisplayStreamName: true,
      mixerTextColour: '0x2b2A2b',
    });
    assert.deepEqual([config.hasVideo, config.hasAudio, config.mixerDisplayStreamName], [false, true, true]);
    assert.equal(config.mixerTextColour, '2B2A2B');
  });

  it('is refused with the name of a key that is unknown, and of the one that was probably meant', () => {
    assert.match(refusal({ mixerVideoHight: 720 }), /mixerVideoHight.*mixerVideoHeight/);
    assert.match(refusal({ hasvideo: true }), /hasvideo.*hasVideo/);
    assert.match(refusal({ __proto__x: 1 }), /__proto__x/);
  });

  it('is refused with all that is wrong at once', () => {
    const message = refusal({
      hasVideo: 'yes',
      mixerVideoWidth: 641,
      mixerVideoFps: 0,
      mixerLayoutClass: 'Grid',
      callbackUrl: 'ftp://x',
      mixerTextColour: 'red',
    });
    for (const key of [
      'hasVideo',
      'mixerVideoWidth',
      'mixerVideoFps',
      'mixerLayoutClass',
      'callbackUrl',
      'mixerTextColour',
    ]) {
      assert.match(message, new RegExp(`^${key} `, 'm'));
    }
    for (const data of [null, [], 'x', 1]) assert.match(refusal(data), /must be an object/);
  });

  it('that is not JSON says so, and images are found beside it', async (t) => {
    const directory = await scratch((clean) => t.after(clean));
    const path = join(directory, 'offline_mixer.json');
    await writeFile(path, '{ hasVideo: true }');
    await assert.rejects(readMixerConfig(path), /is not JSON/);
    await writeFile(path, '{ "background": "wall.png" }');
    assert.equal((await readMixerConfig(path)).background, join(directory, 'wall.png'));
  });
});
