import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LAYOUT_CLASSES } from '../../../backend/recording/mixing/config.ts';
import { type Rect, layOut } from '../../../backend/recording/mixing/layout.ts';

const picture = { width: 1280, height: 720 };
const area = ({ width, height }: Rect) => width * height;
const apart = (a: Rect, b: Rect) =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

describe('a layout', () => {
  for (const layoutClass of LAYOUT_CLASSES) {
    it(`of ${layoutClass} keeps any number of tiles in the picture, apart, and on even pixels`, () => {
      for (const size of [picture, { width: 320, height: 180 }, { width: 720, height: 1280 }]) {
        for (let tiles = 0; tiles <= 50; tiles++) {
          for (const large of [0, 1, 2].filter((count) => count <= tiles)) {
            const rects = layOut({ layoutClass, ...size, tiles, large });
            assert.equal(rects.length, tiles);
            for (const [index, rect] of rects.entries()) {
              assert.ok(
                Object.values(rect).every((value) => value % 2 === 0),
                JSON.stringify(rect),
              );
              assert.ok(rect.width >= 2 && rect.height >= 2);
              assert.ok(rect.x >= 0 && rect.y >= 0);
              assert.ok(
                rect.x + rect.width <= size.width && rect.y + rect.height <= size.height,
                JSON.stringify({ tiles, large, rect }),
              );
              for (const other of rects.slice(index + 1))
                assert.ok(apart(rect, other), JSON.stringify({ tiles, large, rect, other }));
            }
          }
        }
      }
    });
  }

  it('without padding fills the picture with two tiles beside each other, with padding leaves a gap', () => {
    const [left, right] = layOut({ layoutClass: 'CenterNoPaddingGridLayout', ...picture, tiles: 2, large: 0 });
    assert.deepEqual(left, { x: 0, y: 0, width: 640, height: 720 });
    assert.deepEqual(right, { x: 640, y: 0, width: 640, height: 720 });
    const [padded] = layOut({ layoutClass: 'GridLayout', ...picture, tiles: 2, large: 0 });
    assert.deepEqual(padded, { x: 8, y: 8, width: 628, height: 704 });
  });

  it('of equal tiles centres a last row that is not full', () => {
    const rects = layOut({ layoutClass: 'CenterNoPaddingGridLayout', ...picture, tiles: 3, large: 0 });
    assert.deepEqual(
      rects.map(({ x, y }) => [x, y]),
      [
        [0, 0],
        [640, 0],
        [320, 360],
      ],
    );
  });

  it('with a screen gives it most of the picture, with the cameras beside it', () => {
    const [screen, ...cameras] = layOut({ layoutClass: 'DesktopLayout', ...picture, tiles: 4, large: 1 });
    assert.ok(screen && area(screen) > 0.7 * 1280 * 720);
    for (const camera of cameras) assert.ok(camera.x >= screen.x + screen.width);
  });

  it('gives a screen the whole picture when there is nobody else', () => {
    const [screen] = layOut({ layoutClass: 'DesktopLayout', ...picture, tiles: 1, large: 1 });
    assert.ok(screen && area(screen) > 0.95 * 1280 * 720);
  });
});
