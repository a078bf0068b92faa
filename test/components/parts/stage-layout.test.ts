import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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
        const { boxes, height } = layoutGrid(count, size);
        assert.equal(boxes.length, count);
        for (const box of boxes) assertInside(box, { ...size, height });
        assertApart(boxes);
      }
    }
  });

  it('makes one tile as large as its shape allows', () => {
    const [box] = layoutGrid(1, { width: 1600, height: 900, gap: 8 }).boxes;
    assert.deepEqual(box, { x: 0, y: 0, width: 1600, height: 900 });
  });

  it('puts two side by side in a wide box, and on top of each other in a high one', () => {
    const wide = layoutGrid(2, { width: 1200, height: 700, gap: 10 }).boxes;
    assert.equal(wide[0]?.y, wide[1]?.y);
    const high = layoutGrid(2, { width: 400, height: 800, gap: 10 }).boxes;
    assert.equal(high[0]?.x, high[1]?.x);
  });

  it('centres the last row', () => {
    const boxes = layoutGrid(3, { width: 800, height: 700, gap: 0 }).boxes;
    assert.ok(Math.abs(boxes[2]!.x + boxes[2]!.width / 2 - 400) < 0.01);
  });

  it('grows past the stage, to be scrolled, before tiles become too small', () => {
    const { boxes, height } = layoutGrid(100, { width: 300, height: 300, gap: 4 });
    assert.ok(height > 300);
    assert.ok(boxes.every(({ width }) => width >= 88));
  });

  it('places nothing in a box of no size', () => {
    assert.deepEqual(layoutGrid(3, { width: 0, height: 0, gap: 8 }).boxes, []);
  });
});

describe('the stage with shared screens', () => {
  it('gives the screen most of the room, and the cameras a strip', () => {
    for (const size of SIZES) {
      for (const cameras of [1, 4, 12]) {
        const layout = layoutStage(1, cameras, size);
        const [screen] = layout.screens;
        assert.ok(screen!.width * screen!.height > 0.5 * size.width * size.height);
        assert.equal(layout.cameras.length, cameras);
        assertApart([...layout.screens, ...layout.cameras]);
        for (const box of layout.cameras) assertInside(box, { ...size, height: layout.height });
      }
    }
  });

  it('shows several screens at once, and screens alone', () => {
    const both = layoutStage(2, 2, SIZES[2]!);
    assert.equal(both.screens.length, 2);
    assertApart([...both.screens, ...both.cameras]);
    assert.deepEqual(layoutStage(1, 0, SIZES[2]!).screens, [{ x: 0, y: 0, width: 1440, height: 800 }]);
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
      const [large] = layoutStage(0, 1, size).cameras as [Box];
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
