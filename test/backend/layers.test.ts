import assert from 'node:assert/strict';
import { after, before, describe, it, mock, test } from 'node:test';
import { Demand } from '../../backend/rooms/demand.ts';
import { Placement, sizeFor } from '../../backend/rooms/layers.ts';
import type { Server } from '../../backend/server.ts';
import { simulcastVp8 } from '../fakes/rtp.ts';
import { People, refused, startServer } from './backend.ts';

describe('the size for a box', () => {
  const hd = { count: 3, size: { width: 1280, height: 720 } };

  it('is the smallest that looks good in it', () => {
    assert.equal(sizeFor(hd, { width: 320, height: 180 }), 0);
    assert.equal(sizeFor(hd, { width: 400, height: 225 }), 0);
    assert.equal(sizeFor(hd, { width: 480, height: 270 }), 1);
    assert.equal(sizeFor(hd, { width: 801, height: 300 }), 2);
    assert.equal(sizeFor(hd, { width: 3840, height: 2160 }), 2);
  });

  it('is chosen by the side that fills the box when the picture is cut', () => {
    assert.equal(sizeFor(hd, { width: 200, height: 360 }), 1);
  });

  it('is none for a box without pixels, and the only one where there is one', () => {
    assert.equal(sizeFor(hd, { width: 0, height: 0 }), -1);
    assert.equal(sizeFor({ count: 1, size: undefined }, { width: 40, height: 40 }), 0);
  });
});

describe('the layer of a size', () => {
  it('is its own, until the publisher has moved the sizes that are sent into the last layers', () => {
    const placement = new Placement(3);
    const layers = () => [0, 1, 2].map((size) => placement.layerOf(size));
    assert.deepEqual(layers(), [0, 1, 2]);
    placement.place(2);
    assert.deepEqual(layers(), [1, 2, 2]);
    placement.place(1);
    assert.deepEqual(layers(), [2, 2, 2]);
    assert.deepEqual([placement.sizeIn(0), placement.sizeIn(2)], [0, 0]);
    placement.place(3);
    assert.deepEqual([placement.sizeIn(0), placement.sizeIn(2)], [0, 2]);
  });
});

describe('what viewers want of a picture', () => {
  function demand(all: number) {
    const told: number[] = [];
    return { told, demand: new Demand(all, (layers) => told.push(layers)) };
  }

  it('is told to its publisher: more at once, less when it has stayed so', () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const { told, demand: one } = demand(3);
      const [bob, carol] = [{}, {}];
      one.set(bob, 1);
      assert.deepEqual(told, []);
      mock.timers.tick(2_000);
      assert.deepEqual(told, [1]);
      one.set(carol, Infinity);
      assert.deepEqual(told, [1, 3]);
      one.delete(carol);
      one.set(carol, 2);
      mock.timers.tick(2_000);
      assert.deepEqual(told, [1, 3, 2]);
      one.delete(carol);
      one.delete(bob);
      mock.timers.tick(2_000);
      assert.deepEqual(told, [1, 3, 2, 0]);
    } finally {
      mock.timers.reset();
    }
  });

  it('is not told any more when the picture has ended', () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const { told, demand: one } = demand(3);
      one.close();
      mock.timers.tick(10_000);
      one.set({}, 1);
      assert.deepEqual(told, []);
    } finally {
      mock.timers.reset();
    }
  });
});

let server: Server;
before(async () => {
  server = await startServer({ room_idle_timeout: 100 });
});
after(() => server.close());

test('a publisher hears which layers of its picture somebody wants', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('stage', 'Alice');
  const bob = await people.join('stage', 'Bob');
  const { name: stream } = await alice.publish('stage', 'abcd', {
    audio: undefined,
    video: simulcastVp8(),
    size: { width: 1280, height: 720 },
  });
  const wanted = async (count: number) => {
    const { layers } = await alice.hears('wanted', count);
    return layers;
  };
  assert.equal(await wanted(1), 0, 'nobody looks yet');
  await bob.request('play', { room: 'stage', streams: [stream] });
  await bob.request('resume', { room: 'stage', streams: [stream] });
  assert.equal(await wanted(2), 3);
  const show = (width: number, height: number) =>
    bob.request('show', { room: 'stage', streams: [{ stream, width, height }] });
  await show(320, 180);
  assert.equal(await wanted(3), 1);
  await show(600, 300);
  assert.equal(await wanted(4), 2);
  await bob.request('stop', { room: 'stage', streams: [stream] });
  assert.equal(await wanted(5), 0);
});

test('only a publisher says where the sizes of a picture are', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('moved', 'Alice');
  const bob = await people.join('moved', 'Bob');
  const { name: stream } = await alice.publish('moved', 'abcd', { audio: undefined, video: simulcastVp8() });
  await refused(bob.request('resize', { room: 'moved', stream, sizes: 1 }), 'stream_unknown');
  assert.deepEqual(await alice.request('resize', { room: 'moved', stream, sizes: 1 }), {});
});

test('whoever is shown a picture that has become smaller is sent a larger part of it', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('smaller', 'Alice');
  const bob = await people.join('smaller', 'Bob');
  const size = { width: 1280, height: 720 };
  const { name: stream } = await alice.publish('smaller', 'abcd', { audio: undefined, video: simulcastVp8(), size });
  await bob.request('play', { room: 'smaller', streams: [stream] });
  await bob.request('show', { room: 'smaller', streams: [{ stream, width: 320, height: 180 }] });
  const wanted = async () => (await bob.request('inspect', { room: 'smaller', stream })).layers?.spatial.wanted;
  assert.equal(await wanted(), 1);
  await alice.request('resize', { room: 'smaller', stream, sizes: 3, size: { width: 640, height: 360 } });
  assert.equal(await wanted(), 2);
  await alice.request('resize', { room: 'smaller', stream, sizes: 3 });
  assert.equal(await wanted(), 2, 'what is not said has stayed');
});

test('a viewer can ask how a stream reaches them, with its layers', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('inspected', 'Alice');
  const bob = await people.join('inspected', 'Bob');
  const { name: stream } = await alice.publish('inspected', 'abcd', { audio: undefined, video: simulcastVp8() });
  const inspect = () => bob.request('inspect', { room: 'inspected', stream });
  await refused(inspect(), 'stream_unknown');
  await bob.request('play', { room: 'inspected', streams: [stream] });
  await bob.request('resume', { room: 'inspected', streams: [stream] });
  await bob.request('show', { room: 'inspected', streams: [{ stream, width: 600, height: 300 }] });
  const { tracks, layers } = await inspect();
  assert.deepEqual(
    tracks.map(({ kind }) => kind),
    ['video'],
  );
  assert.deepEqual(layers?.spatial, { count: 3, current: 0, wanted: 2 });
  assert.equal(layers?.temporal.wanted, layers?.temporal.count);
  await bob.request('show', { room: 'inspected', streams: [{ stream, width: 0, height: 0 }] });
  assert.equal((await inspect()).layers?.spatial.wanted, 0);
});

test('to say how large a stream is shown that has just ended is no mistake', async (t) => {
  const people = new People(t, server);
  const bob = await people.join('stage', 'Bob');
  assert.deepEqual(
    await bob.request('show', { room: 'stage', streams: [{ stream: 'stage-Alice-abcd', width: 40, height: 40 }] }),
    {},
  );
});
