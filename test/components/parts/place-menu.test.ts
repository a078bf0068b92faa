import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { placeMenu } from '../../../components/parts/menu/place-menu.ts';

const bounds = { left: 0, top: 0, right: 400, bottom: 600 };
const anchor = (left: number, top: number) => ({ left, top, right: left + 40, bottom: top + 40 });
const menu = { width: 200, height: 150 };

describe('a menu', () => {
  it('opens below its button, its end at the button’s end', () => {
    const { x, y } = placeMenu(menu, { anchor: anchor(300, 100), bounds, align: 'right' });
    assert.deepEqual([x, y], [140, 146]);
    assert.equal(placeMenu(menu, { anchor: anchor(100, 100), bounds, align: 'left' }).x, 100);
  });

  it('opens above where there is no room below', () => {
    assert.equal(placeMenu(menu, { anchor: anchor(300, 500), bounds, align: 'right' }).y, 344);
  });

  it('stays inside whatever would cut it off', () => {
    assert.equal(placeMenu(menu, { anchor: anchor(0, 100), bounds, align: 'right' }).x, 6);
    assert.equal(placeMenu(menu, { anchor: anchor(390, 100), bounds, align: 'left' }).x, 194);
  });

  it('scrolls where it is higher than there is room', () => {
    const { y, maxHeight } = placeMenu(
      { width: 200, height: 900 },
      { anchor: anchor(300, 300), bounds, align: 'right' },
    );
    assert.deepEqual([y, maxHeight], [6, 588]);
  });
});
