import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { covered } from '../../../components/call/aids/keyboard-room.ts';

const PAGE = 800;
const keyboard = { offsetTop: 0, height: 500, scale: 1 };

describe('the on-screen keyboard', () => {
  it('covers the lower end of an element that reaches below it', () => {
    assert.equal(covered(800, PAGE, keyboard), 300);
    assert.equal(covered(600, PAGE, keyboard), 100);
  });

  it('covers nothing of one that ends above it', () => {
    assert.equal(covered(450, PAGE, keyboard), 0);
  });

  it('covers as much as it is high, however far the element goes on below the page', () => {
    assert.equal(covered(2000, PAGE, keyboard), 300);
  });

  it('covers less when the page was moved up for it', () => {
    assert.equal(covered(800, PAGE, { ...keyboard, offsetTop: 200 }), 100);
  });

  it('is not what somebody sees who zooms in', () => {
    assert.equal(covered(800, PAGE, { offsetTop: 100, height: 400, scale: 2 }), 0);
  });
});
