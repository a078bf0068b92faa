import assert from 'node:assert/strict';
import { readFile, readdir, truncate, writeFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, describe, it } from 'node:test';
import { FfmpegError, runFfmpeg } from '../../../backend/recording/ffmpeg.ts';
import { MixError, type MixOptions, type MixResult, mix } from '../../../backend/recording/mixing/mixer.ts';
import { checkMixerConfig } from '../../../backend/recording/mixing/config.ts';
import { layOut } from '../../../backend/recording/mixing/layout.ts';
import { FPS, type Sender, brightness, onset, picture, probe, record, samples, scratch, toneAt } from './media.ts';

const WIDTH = 320;
const HEIGHT = 180;
const SMALL = { mixerVideoWidth: WIDTH, mixerVideoHeight: HEIGHT };

/** Brightness that tells the second: 40 in the first, 60 in the second, … */
const STAIRS = '40+20*floor(T+0.001)';
/** White for the first fifth of every second, else dark; and a beep at the same time. */
const FLASH = 'if(lt(mod(T+0.001,1),0.2),235,40)';
const beep = (hertz: number, level = 0.4) => `if(lt(mod(t,1),0.2),${level}*sin(2*PI*${hertz}*t),0)`;
const tone = (hertz: number, level = 0.3) => `${level}*sin(2*PI*${hertz}*t)`;

/** What luma in a video (16 to 235) comes out as grey (0 to 255). */
const grey = (luma: number) => ((luma - 16) * 255) / 219;

async function mixed(
  t: TestContext,
  senders: Sender[],
  {
    settings = {},
    timeline,
    ...options
  }: Partial<MixOptions> & { settings?: object; timeline?: Parameters<typeof record>[2] } = {},
): Promise<MixResult & { source: string; directory: string }> {
  const directory = await scratch((clean) => t.after(clean));
  const source = await record(directory, senders, timeline);
  const result = await mix({ file: source, config: checkMixerConfig({ ...SMALL, ...settings }), ...options });
  return { ...result, source, directory };
}

/** A few pixels in the middle of a tile. */
function middle(tiles: number, index: number, large = 0) {
  const layoutClass = large > 0 ? 'DesktopLayout' : 'GridLayout';
  const rect = layOut({ layoutClass, width: WIDTH, height: HEIGHT, tiles, large })[index];
  assert.ok(rect);
  return { x: rect.x + rect.width / 2 - 4, y: rect.y + rect.height / 2 - 4, width: 8, height: 8 };
}

function assertNear(actual: number | undefined, expected: number, within: number, what: string): void {
  assert.ok(actual !== undefined && Math.abs(actual - expected) <= within, `${what}: ${actual}, not ${expected}`);
}

describe('a mixed recording', { concurrency: 1 }, () => {
  it('shows and sounds in each second what was sent in that second, for a late joiner and after a mute too', async (t) => {
    const { file, source, ...result } = await mixed(t, [
      {
        name: 'Alice',
        sent: [
          [0, 3000],
          [5000, 7000],
        ],
        luma: STAIRS,
        sound: tone(440),
        muted: [{ kind: 'video', fromMs: 3000, toMs: 5000 }],
      },
      { name: 'Bob', sent: [[2000, 6000]], luma: STAIRS, sound: tone(1000), codec: 'libx264' },
    ]);
    assert.deepEqual([result.durationMs, result.hasVideo, result.hasAudio, result.notes], [7000, true, true, []]);
    assert.equal(file, source.replace('.mkv', '-mixed.mp4'));

    const alone = await brightness(file, middle(1, 0));
    const [alice, bob] = [await brightness(file, middle(2, 0)), await brightness(file, middle(2, 1))];
    assert.equal(alone.length, 7 * FPS);
    for (const second of [0, 1, 6]) {
      for (const frame of [0, 1, 12, 23, 24])
        assertNear(alone[second * FPS + frame], grey(40 + 20 * second), 4, `alone in ${second} + ${frame}`);
    }
    for (const second of [2, 3, 4, 5]) {
      for (const frame of [0, 1, 12, 23, 24]) {
        assertNear(bob[second * FPS + frame], grey(40 + 20 * second), 4, `Bob in ${second} + ${frame}`);
        if (second === 2 || second === 5)
          assertNear(alice[second * FPS + frame], grey(40 + 20 * second), 4, `Alice in ${second} + ${frame}`);
      }
    }

    const sound = await samples(file);
    assertNear(sound.length, 7 * 48_000, 1024, 'samples');
    for (let second = 0; second < 7; second++) {
      const at = (hertz: number) => toneAt(sound, hertz, second * 1000 + 50, second * 1000 + 950);
      assertNear(at(440), second < 3 || second > 4 ? 0.3 : 0, 0.03, `Alice's tone in second ${second}`);
      assertNear(at(1000), second >= 2 && second < 6 ? 0.3 : 0, 0.03, `Bob's tone in second ${second}`);
    }
  });

  it('keeps sound and picture within 40 ms of each other, and people too', async (t) => {
    const { file } = await mixed(t, [
      { name: 'Alice', sent: [[0, 4000]], luma: FLASH, sound: beep(440) },
      { name: 'Bob', sent: [[1500, 4000]], luma: FLASH },
      { name: 'Carol', sent: [[500, 4000]], sound: beep(3000) },
    ]);
    const sound = await samples(file);
    const [alice, bob] = [await brightness(file, middle(3, 0)), await brightness(file, middle(3, 2))];
    for (const second of [2, 3]) {
      const white = (levels: number[]) =>
        (levels.findIndex((level, frame) => frame > second * FPS - 5 && level > 150) * 1000) / FPS;
      assert.deepEqual([white(alice), white(bob)], [second * 1000, second * 1000]);
      assertNear(onset(sound, second * 1000 - 300, 0.1), second * 1000, 20, 'the beep');
      for (const hertz of [440, 3000]) {
        assert.ok(toneAt(sound, hertz, second * 1000 + 20, second * 1000 + 180) > 0.3, `${hertz} Hz is late`);
        assert.ok(toneAt(sound, hertz, second * 1000 - 180, second * 1000 - 20) < 0.03, `${hertz} Hz is early`);
      }
    }
  });

  it('shows a name in a tile while the camera is off, and a shared screen large', async (t) => {
    const { file } = await mixed(t, [
      {
        name: 'r-Alice',
        login: 'Alice',
        sent: [[0, 1000]],
        endMs: 4000,
        luma: '200',
        muted: [{ kind: 'video', fromMs: 1000, toMs: null }],
      },
      { name: 'r-Bob', login: 'Bob', sent: [[0, 4000]], luma: '150' },
      { name: 'r-Bob-screenShare', login: 'Bob', kind: 'screen', sent: [[2000, 3000]], luma: '230', size: '320x180' },
    ]);
    const name = (await brightness(file, middle(2, 0))).slice(FPS, 2 * FPS);
    assert.ok(
      name.every((level) => level < grey(190)),
      'the last picture still stands',
    );
    const screen = await brightness(file, middle(3, 0, 1));
    const bob = await brightness(file, middle(3, 2, 1));
    for (let frame = 2 * FPS; frame < 3 * FPS; frame++) {
      assertNear(screen[frame], grey(230), 5, `screen in frame ${frame}`);
      assertNear(bob[frame], grey(150), 5, `camera beside it in frame ${frame}`);
    }
    assert.ok((screen[2 * FPS - 1] ?? 255) < 200 && (screen[3 * FPS] ?? 255) < 200, 'the screen comes early or stays');
  });

  it('follows a sender that turns its phone, whole or cropped', async (t) => {
    const directory = await scratch((clean) => t.after(clean));
    const parts = ['160x120', '120x160'];
    for (const [index, size] of parts.entries()) {
      const source = ['-f', 'lavfi', '-i', `color=c=white:s=${size}:r=${FPS}:d=1`];
      await runFfmpeg({ args: [...source, '-c:v', 'libvpx', '-deadline', 'realtime', `${index}.mkv`], cwd: directory });
    }
    await writeFile(join(directory, 'list.txt'), parts.map((_, index) => `file ${index}.mkv\n`).join(''));
    const videoFile = join(directory, 'turning.mkv');
    await runFfmpeg({ args: ['-f', 'concat', '-i', 'list.txt', '-c', 'copy', videoFile], cwd: directory });

    const source = await record(directory, [{ name: 'Alice', sent: [[0, 2000]], videoFile }]);
    const filled = async (mixerLayoutClass: string) => {
      const out = join(directory, `${mixerLayoutClass}.mp4`);
      await mix({ file: source, out, config: checkMixerConfig({ ...SMALL, mixerLayoutClass }) });
      const frames = [await picture(out, 12), await picture(out, 40)];
      return frames.map((frame) => {
        const bright = (x: number, y: number) => (frame[y * WIDTH + x] ?? 0) > 200;
        return { middle: bright(160, 90), top: bright(160, 6), besideUpright: bright(70, 90), edge: bright(10, 90) };
      });
    };
    assert.deepEqual(await filled('GridLayout'), [
      { middle: true, top: true, besideUpright: true, edge: false },
      { middle: true, top: true, besideUpright: false, edge: false },
    ]);
    const everywhere = { middle: true, top: true, besideUpright: true, edge: true };
    assert.deepEqual(await filled('CropNoPaddingGridLayout'), [everywhere, everywhere]);
  });

  it('writes names in any script: no boxes, and a word about letters that no font has', async (t) => {
    const written = async (logins: string[]) => {
      const senders = logins.map((login, index): Sender => {
        const muted = [{ kind: 'video' as const, fromMs: 200, toMs: null }];
        return { name: `r-${index}`, login, sent: [[0, 200]], endMs: 400, luma: '60', muted };
      });
      const { file, notes } = await mixed(t, senders, { settings: { mixerVideoWidth: 640, mixerVideoHeight: 360 } });
      return { frames: [await picture(file, 2), await picture(file, 7)], notes };
    };
    const logins = ['Алёна', 'محمد ع', 'שלום ה', 'Ζωή Ωμ', '{\\b1}'];
    const names = await written(logins);
    const boxes = await written(logins.map(() => '\ue000'.repeat(5)));
    assert.deepEqual(names.notes, []);
    assert.match(boxes.notes.join(), /No font on this machine has the letters/);
    const rects = layOut({ layoutClass: 'GridLayout', width: 640, height: 360, tiles: logins.length, large: 0 });
    for (const [index, rect] of rects.entries()) {
      for (const [position, frame] of names.frames.entries()) {
        const other = boxes.frames[position];
        let differing = 0;
        for (let y = rect.y; y < rect.y + rect.height; y++) {
          for (let x = rect.x; x < rect.x + rect.width; x++) {
            if (Math.abs((frame[y * 640 + x] ?? 0) - (other?.[y * 640 + x] ?? 0)) > 60) differing++;
          }
        }
        assert.ok(differing > 40, `${logins[index]} looks like boxes in frame ${position}: ${differing}`);
      }
    }
  });

  it('does not clip when everybody shouts', async (t) => {
    const senders = [300, 310, 320, 330].map((hertz) => ({
      name: `s-${hertz}`,
      sent: [[0, 2000]] as Sender['sent'],
      sound: tone(hertz, 0.8),
    }));
    const { file } = await mixed(t, senders);
    const sound = await samples(file);
    const peak = sound.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    assert.ok(peak > 0.5 && peak < 0.99, `the peak is ${peak}`);
  });

  it('has the voices that telephones send, PCMU and PCMA, each at its time', async (t) => {
    const { file } = await mixed(t, [
      { name: 'Alice', sent: [[0, 2000]], sound: tone(440), audioCodec: 'pcm_mulaw' },
      { name: 'Bob', sent: [[1000, 3000]], sound: tone(1000), audioCodec: 'pcm_alaw' },
    ]);
    const sound = await samples(file);
    for (let second = 0; second < 3; second++) {
      const at = (hertz: number) => toneAt(sound, hertz, second * 1000 + 50, second * 1000 + 950);
      assertNear(at(440), second < 2 ? 0.3 : 0, 0.04, `Alice's tone in second ${second}`);
      assertNear(at(1000), second > 0 ? 0.3 : 0, 0.04, `Bob's tone in second ${second}`);
    }
  });

  it('has the background behind the tiles and the watermark over everything, all the time', async (t) => {
    const directory = await scratch((clean) => t.after(clean));
    const image = async (name: string, colour: string, size: string) => {
      const path = join(directory, name);
      const source = ['-f', 'lavfi', '-i', `color=c=${colour}:s=${size},format=rgba`];
      await runFfmpeg({ args: [...source, '-frames:v', '1', path] });
      return path;
    };
    const settings = {
      background: await image('wall.png', '0x808080', '90x90'),
      watermark: await image('logo.png', 'white@0.5', '32x32'),
    };
    const { file } = await mixed(t, [{ name: 'Alice', sent: [[0, 2000]], luma: '60' }], { settings });
    for (const frame of [0, 25, 49]) {
      const shown = await picture(file, frame);
      const at = (x: number, y: number) => shown[y * WIDTH + x];
      assertNear(at(160, 90), grey(60), 6, `Alice in frame ${frame}`);
      assertNear(at(12, 90), 128, 6, `the background beside her in frame ${frame}`);
      assertNear(at(300, 20), 191, 8, `the background under half of the watermark in frame ${frame}`);
    }
  });

  it('of voices alone is an .m4a', async (t) => {
    const { file, hasVideo } = await mixed(t, [{ name: 'Alice', sent: [[0, 1000]], sound: tone(440) }]);
    assert.equal(hasVideo, false);
    assert.match(file, /-mixed\.m4a$/);
    const { streams } = await probe(file);
    assert.deepEqual(
      streams.map(({ codec_name }) => codec_name),
      ['aac'],
    );
  });

  it('is H.264 and AAC of the same length with the index in front, and has one of them when only that is wanted', async (t) => {
    const sender: Sender = { name: 'Alice', sent: [[0, 2000]], luma: STAIRS, sound: tone(440) };
    const { file, source, directory } = await mixed(t, [sender]);
    const { streams } = await probe(file);
    assert.deepEqual(
      streams.map(({ codec_name }) => codec_name),
      ['h264', 'aac'],
    );
    for (const { duration } of streams) assertNear(Number(duration), 2, 0.03, 'length');
    const bytes = await readFile(file);
    assert.ok(bytes.indexOf('moov') < bytes.indexOf('mdat'));
    assert.deepEqual((await readdir(directory)).sort(), ['room-test-mixed.mp4', 'room-test.json', 'room-test.mkv']);

    const soundless = await mix({ file: source, config: checkMixerConfig({ ...SMALL, hasAudio: 'false' }) });
    assert.deepEqual(
      (await probe(soundless.file)).streams.map(({ codec_name }) => codec_name),
      ['h264'],
    );
    const pictureless = await mix({
      file: source.replace('.mkv', '.json'),
      config: checkMixerConfig({ hasVideo: false }),
    });
    assert.deepEqual(
      (await probe(pictureless.file)).streams.map(({ codec_name }) => codec_name),
      ['aac'],
    );
  });

  it('in pieces has the same frames as in one', async (t) => {
    const { file, source, directory } = await mixed(t, [
      { name: 'Alice', sent: [[0, 4000]], luma: STAIRS },
      { name: 'Bob', sent: [[1000, 3000]], luma: FLASH },
    ]);
    const out = join(directory, 'pieces.mp4');
    await mix({ file: source, out, pieces: 3, config: checkMixerConfig(SMALL) });
    for (const [tiles, index] of [
      [1, 0],
      [2, 0],
      [2, 1],
    ] as const) {
      const [whole, pieces] = [
        await brightness(file, middle(tiles, index)),
        await brightness(out, middle(tiles, index)),
      ];
      assert.equal(pieces.length, whole.length);
      for (const [frame, level] of whole.entries()) assertNear(pieces[frame], level, 4, `frame ${frame}`);
    }
    const { streams } = await probe(out);
    assert.equal(Number(streams[0]?.nb_frames), 4 * FPS);
  });

  it('tells how far it is, and stops at once when it is told to', async (t) => {
    const told: number[] = [];
    const sender: Sender = { name: 'Alice', sent: [[0, 3000]], luma: STAIRS, sound: tone(440) };
    const { source, directory } = await mixed(t, [sender], { onProgress: (fraction) => told.push(fraction) });
    assert.equal(told.at(-1), 1);
    assert.deepEqual(
      told,
      [...told].sort((a, b) => a - b),
    );

    const aborter = new AbortController();
    const out = join(directory, 'stopped.mp4');
    const onProgress = () => aborter.abort(new Error('enough'));
    await assert.rejects(
      mix({ file: source, out, config: checkMixerConfig(SMALL), signal: aborter.signal, onProgress }),
      /enough/,
    );
    assert.ok(!(await readdir(directory)).some((name) => name.includes('stopped')));
  });
});

describe('odd recordings', { concurrency: 1 }, () => {
  it('with one frame, without packets, or with a broken camera are mixed', async (t) => {
    const { file, durationMs } = await mixed(t, [
      { name: 'Alice', sent: [[0, 2000]], luma: '200', frames: 1, sound: tone(440) },
      { name: 'Nobody', sent: [], startMs: 1000, endMs: 2000 },
    ]);
    assert.equal(durationMs, 2000);
    const alone = await brightness(file, middle(1, 0));
    assertNear(alone[20], grey(200), 4, 'the one frame stays');
    const beside = await brightness(file, middle(2, 0));
    assertNear(beside[40], grey(200), 4, 'and moves over');
  });

  it('without a timeline are mixed by their tracks', async (t) => {
    const { durationMs } = await mixed(t, [{ name: 'Alice', sent: [[500, 1500]], luma: '200' }], { timeline: null });
    assertNear(durationMs, 1500, 41, 'length');
  });

  it('that are damaged give what can be read, and say so', async (t) => {
    const directory = await scratch((clean) => t.after(clean));
    const source = await record(directory, [{ name: 'Alice', sent: [[0, 4000]], luma: FLASH, sound: tone(440) }]);
    await truncate(source, Math.round((await stat(source)).size * 0.6));
    const result = await mix({ file: source, config: checkMixerConfig(SMALL) });
    assert.ok(result.notes.length > 0, 'nothing was said');
    const { streams } = await probe(result.file);
    assert.equal(Number(streams[0]?.nb_frames), 4 * FPS);
    const sound = await samples(result.file);
    assertNear(toneAt(sound, 440, 200, 1200), 0.3, 0.03, 'the sound at the beginning');
  });

  it('that hold nothing, or are no recordings, are refused with the reason', async (t) => {
    const directory = await scratch((clean) => t.after(clean));
    const config = checkMixerConfig(SMALL);
    const rubbish = join(directory, 'rubbish.mkv');
    await writeFile(rubbish, 'no media at all');
    await assert.rejects(
      mix({ file: rubbish, config }),
      (error) => error instanceof MixError && /cannot be read/.test(error.message),
    );
    await assert.rejects(mix({ file: join(directory, 'missing.mkv'), config }), { code: 'ENOENT' });
    const source = await record(directory, [{ name: 'Alice', sent: [[0, 1000]], sound: tone(440) }]);
    const silent = checkMixerConfig({ hasAudio: false });
    await assert.rejects(
      mix({ file: source, config: silent }),
      (error) => error instanceof MixError && /nothing to mix/.test(error.message),
    );
  });
});

describe('ffmpeg', () => {
  it('that makes no progress is killed at its deadline', async () => {
    const args = ['-re', '-f', 'lavfi', '-i', 'anullsrc', '-t', '60', '-f', 'null', '-'];
    await assert.rejects(
      runFfmpeg({
        args: ['-f', 'u8', '-ar', '8000', '-ac', '1', '-i', 'pipe:0', '-f', 'null', '-'],
        stallMs: 300,
        onInput: () => new Promise(() => undefined),
      }),
      (error) => error instanceof FfmpegError && /no progress for 0.3 s/.test(error.message),
    );
    const aborter = new AbortController();
    const running = runFfmpeg({ args, signal: aborter.signal });
    aborter.abort(new Error('not needed'));
    await assert.rejects(running, /not needed/);
  });
});
