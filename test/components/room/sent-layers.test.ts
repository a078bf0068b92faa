import assert from 'node:assert/strict';
import { mock, test, type TestContext } from 'node:test';
import { SentLayers } from '../../../components/room/media/sent-layers.ts';

type Encodings = RTCRtpEncodingParameters[];

/** Sends three sizes, and notes in `log` what is changed and told. */
function camera(t: TestContext, sizes: Partial<RTCRtpEncodingParameters>[] = [{ r: 4 }, { r: 2 }, { r: 1 }].map(by)) {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  let encodings = sizes.map((size) => ({ active: true, ...size }));
  const picture = { width: 1280, height: 720 };
  const log: string[] = [];
  const sender = {
    track: { getSettings: () => picture },
    getParameters: () => ({ encodings: structuredClone(encodings) }),
    setParameters: async ({ encodings: next }: { encodings: Encodings }) => {
      encodings = next as typeof encodings;
      log.push(
        next.map(({ active, scaleResolutionDownBy }) => (active ? `1/${scaleResolutionDownBy}` : '-')).join(' '),
      );
      await Promise.resolve();
    },
  } as unknown as RTCRtpSender;
  const layers = new SentLayers(sender, (sent) => log.push(`told ${sent}`));
  const take = async () => {
    await new Promise(setImmediate);
    return log.splice(0);
  };
  return { layers, picture, take, bitrates: () => encodings.map(({ maxBitrate }) => maxBitrate) };
}

function by({ r }: { r: number }): Partial<RTCRtpEncodingParameters> {
  return { scaleResolutionDownBy: r, maxBitrate: 1600 / r ** 2 };
}

test('what nobody wants is not sent, and what is wanted comes in the last layers', async (t) => {
  const { layers, take, bitrates } = camera(t);
  layers.want(Infinity);
  assert.deepEqual(await take(), [], 'all are sent at first');
  layers.want(1);
  assert.deepEqual(await take(), ['1/4 1/4 1/4', 'told 1'], 'until all viewers have been sent the last layer');
  mock.timers.tick(1_000);
  assert.deepEqual(await take(), ['- - 1/4']);
  assert.deepEqual(bitrates(), [100, 100, 100]);
  layers.want(2);
  assert.deepEqual(await take(), ['told 2', '- 1/4 1/2'], 'the larger picture comes in a layer that has never stopped');
  assert.deepEqual(bitrates(), [100, 100, 400]);
  layers.want(3);
  assert.deepEqual(await take(), ['told 3', '1/4 1/2 1/1']);
  layers.want(0);
  assert.deepEqual(await take(), ['- - -']);
});

test('who wants more at once, after less, is not sent less', async (t) => {
  const { layers, take } = camera(t);
  layers.want(1);
  layers.want(3);
  assert.deepEqual(await take(), []);
  layers.want(1);
  await take();
  layers.want(2);
  await take();
  mock.timers.tick(1_000);
  assert.deepEqual(await take(), [], 'nothing is stopped any more that has been wanted again');
  layers.want(1);
  layers.close();
  assert.deepEqual(await take(), []);
});

test('a picture in one size is sent or not', async (t) => {
  const { layers, take } = camera(t, [{}]);
  layers.want(0);
  assert.deepEqual(await take(), ['-']);
  layers.want(1);
  assert.deepEqual(await take(), ['told 1', '1/undefined']);
});

test('a limit that changes holds for all sizes together, for those that are sent and for those that come', async (t) => {
  const { layers, take, bitrates } = camera(t);
  layers.want(2);
  await take();
  await layers.limit(210);
  assert.deepEqual(bitrates().slice(1), [10_000, 40_000]);
  layers.want(3);
  await take();
  assert.deepEqual(bitrates(), [10_000, 40_000, 160_000]);
  await layers.limit(undefined);
  assert.ok(bitrates()[2]! > 2_000_000);
});

test('another size of the picture is told, unless it is too small for its layers', async (t) => {
  const { layers, take, picture } = camera(t);
  layers.want(2);
  await take();
  Object.assign(picture, { width: 960, height: 540 });
  assert.equal(layers.remeasure(), true);
  assert.deepEqual(await take(), ['told 2']);
  Object.assign(picture, { width: 640, height: 480 });
  assert.equal(layers.remeasure(), false, 'browsers would leave out the last layer');
  assert.deepEqual(await take(), []);
  layers.want(0);
  await take();
  Object.assign(picture, { width: 1920, height: 1080 });
  assert.equal(layers.remeasure(), true);
  assert.deepEqual(await take(), [], 'told with the next one that somebody wants');
});
