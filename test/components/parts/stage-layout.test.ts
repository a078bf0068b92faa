import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TileView } from '../../../components/base/view.ts';
import { largeTiles } from '../../../components/parts/stage/stage-order.ts';
import { layoutFloating, layoutGrid, layoutStage, type Box } from '../../../components/parts/stage/stage-layout.ts';

const SIZES = [
  { width: 320, height: 400, gap: 8 },
  { width: 768, height: 900, gap: 8 },
  { width: 1440, height: 800, gap: 8 },
  { width: 3840, height: 2000, gap: 8 },
];

describe('the grid of tiles', () => {
  it('keeps every tile inside the stage and off the others, whatever their number', () => {
    for (const size of SIZES) {
      for (let count = 1; count <= 49; count++) {
        const boxes = layoutGrid(count, size);
        assert.equal(boxes.length, count);
        for (const box of boxes) assertInside(box, size);
        assertApart(boxes);
      }
    }
  });

  it('makes one tile as large as its shape allows', () => {
    const [box] = layoutGrid(1, { width: 1600, height: 900, gap: 8 });
    assert.deepEqual(box, { x: 0, y: 0, width: 1600, height: 900 });
  });

  it('puts two side by side in a wide box, and on top of each other in a high one', () => {
    const wide = layoutGrid(2, { width: 1200, height: 700, gap: 10 });
    assert.equal(wide[0]?.y, wide[1]?.y);
    const withChat = layoutGrid(2, { width: 920, height: 660, gap: 8 });
    assert.equal(withChat[0]?.y, withChat[1]?.y);
    const high = layoutGrid(2, { width: 400, height: 800, gap: 10 });
    assert.equal(high[0]?.x, high[1]?.x);
  });

  it('centres the last row', () => {
    const boxes = layoutGrid(3, { width: 800, height: 700, gap: 0 });
    assert.ok(Math.abs(boxes[2]!.x + boxes[2]!.width / 2 - 400) < 0.01);
  });

  it('goes on on other pages before tiles become too small, with about as many on each', () => {
    for (const size of SIZES) {
      for (let count = 1; count <= 200; count += 7) {
        const { pages, perPage } = layoutStage({ large: 0, small: count, page: 0 }, size);
        const shown = Array.from(
          { length: pages },
          (_, page) => layoutStage({ large: 0, small: count, page }, size).small,
        );
        assert.equal(shown.flat().length, count, 'everybody is on one page');
        assert.ok(shown.every((boxes) => boxes.length > 0 && boxes.length <= perPage));
        for (const box of shown.flat()) {
          assertInside(box, size);
          assert.ok(box.width >= 88, `${box.width}`);
        }
      }
    }
  });

  it('takes nine people on a phone, and 20 on a desk, on one page', () => {
    assert.equal(layoutStage({ large: 0, small: 9, page: 0 }, { width: 374, height: 600, gap: 8 }).pages, 1);
    assert.equal(layoutStage({ large: 0, small: 20, page: 0 }, { width: 1264, height: 640, gap: 8 }).pages, 1);
  });

  it('places nothing in a box of no size', () => {
    assert.deepEqual(layoutGrid(3, { width: 0, height: 0, gap: 8 }), []);
  });
});

describe('the stage with shared screens', () => {
  it('gives the screen most of the room, and the cameras a strip', () => {
    for (const size of SIZES) {
      for (const cameras of [1, 4, 12]) {
        const layout = layoutStage({ large: 1, small: cameras, page: 0 }, size);
        const [screen] = layout.large;
        assert.ok(screen!.width * screen!.height > 0.5 * size.width * size.height);
        assert.ok(layout.small.length > 0 && layout.small.length * layout.pages >= cameras);
        assertApart([...layout.large, ...layout.small]);
        for (const box of layout.small) assertInside(box, size);
      }
    }
  });

  it('shows several screens at once, and screens alone', () => {
    const both = layoutStage({ large: 2, small: 2, page: 0 }, SIZES[2]!);
    assert.equal(both.large.length, 2);
    assertApart([...both.large, ...both.small]);
    assert.deepEqual(layoutStage({ large: 1, small: 0, page: 0 }, SIZES[2]!).large, [
      { x: 0, y: 0, width: 1440, height: 800 },
    ]);
  });
});

describe('two screens', () => {
  it('stand as they are seen largest: one above the other unless the stage is very wide', () => {
    const stacked = layoutStage({ large: 2, small: 3, page: 0 }, { width: 920, height: 620, gap: 8 }).large;
    assert.equal(stacked[0]?.x, stacked[1]?.x);
    const beside = layoutStage({ large: 2, small: 0, page: 0 }, { width: 1900, height: 620, gap: 8 }).large;
    assert.equal(beside[0]?.y, beside[1]?.y);
  });
});

describe('who speaks, on a phone', () => {
  it('is larger than the only other one', () => {
    const { large, small } = layoutStage({ large: 1, small: 1, page: 0 }, { width: 344, height: 612, gap: 8 });
    assert.ok(large[0]!.height > 1.3 * small[0]!.height);
  });
});

describe('who is large', () => {
  const tile = (id: string, view: Partial<TileView> = {}): TileView => {
    const media = { media: undefined, video: true, audio: true, connected: true };
    return { id, kind: 'camera', name: id, own: false, ...media, ...view };
  };
  const own = tile('own', { own: true });
  const people = [own, tile('Bob'), tile('Carol')];
  const screen = tile('screen', { kind: 'screen' });
  const nobody = { pinned: undefined, speaker: undefined, follows: false };
  const ids = (tiles: readonly TileView[]) => tiles.map(({ id }) => id);

  it('is nobody but screens in a grid', () => {
    assert.deepEqual(ids(largeTiles(people, { ...nobody, speaker: 'Bob' })), []);
    assert.deepEqual(ids(largeTiles([...people, screen], nobody)), ['screen']);
  });

  it('is one’s own screen only while nobody else shows theirs', () => {
    const mine = tile('mine', { kind: 'screen', own: true });
    assert.deepEqual(ids(largeTiles([...people, mine], nobody)), ['mine']);
    assert.deepEqual(ids(largeTiles([...people, mine, screen], nobody)), ['screen']);
  });

  it('is who speaks where the layout follows them, somebody else before that, and never oneself', () => {
    const follows = { ...nobody, follows: true };
    assert.deepEqual(ids(largeTiles(people, follows)), ['Bob']);
    assert.deepEqual(ids(largeTiles(people, { ...follows, speaker: 'Carol' })), ['Carol']);
    assert.deepEqual(ids(largeTiles(people, { ...follows, speaker: 'gone' })), ['Bob']);
    assert.deepEqual(ids(largeTiles([own], follows)), []);
    assert.deepEqual(ids(largeTiles([...people, screen], { ...follows, speaker: 'Carol' })), ['screen']);
  });

  it('is whom the viewer has pinned, before everything else', () => {
    assert.deepEqual(ids(largeTiles([...people, screen], { pinned: 'Carol', speaker: 'Bob', follows: true })), [
      'Carol',
    ]);
  });
});

function assertInside(box: Box, { width, height }: { width: number; height: number }): void {
  const inside =
    box.x >= -0.01 && box.y >= -0.01 && box.x + box.width <= width + 0.01 && box.y + box.height <= height + 0.01;
  assert.ok(inside, `${JSON.stringify(box)} is not inside ${width}x${height}`);
}

function assertApart(boxes: readonly Box[]): void {
  boxes.forEach((one, index) => {
    for (const other of boxes.slice(index + 1)) {
      const apart =
        one.x + one.width <= other.x + 0.01 ||
        other.x + other.width <= one.x + 0.01 ||
        one.y + one.height <= other.y + 0.01 ||
        other.y + other.height <= one.y + 0.01;
      assert.ok(apart, `${JSON.stringify(one)} covers ${JSON.stringify(other)}`);
    }
  });
}

describe('a floating tile', () => {
  it('lies in each corner of what is large, inside it and small', () => {
    for (const size of SIZES) {
      const [large] = layoutStage({ large: 0, small: 1, page: 0 }, size).small as [Box];
      for (const corner of ['top-left', 'top-right', 'bottom-left', 'bottom-right'] as const) {
        const box = layoutFloating(corner, [large], size);
        const what = `${corner} of ${size.width} by ${size.height}`;
        assert.ok(box.x >= large.x && box.x + box.width <= large.x + large.width, what);
        assert.ok(box.y >= large.y && box.y + box.height <= large.y + large.height, what);
        assert.ok(box.width * box.height < (large.width * large.height) / 4, what);
        assert.equal(box.x + box.width / 2 < large.x + large.width / 2, corner.endsWith('left'), what);
        assert.equal(box.y + box.height / 2 < large.y + large.height / 2, corner.startsWith('top'), what);
      }
    }
  });
});
