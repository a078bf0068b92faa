import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buttonsThatFit } from '../../../components/parts/bar-fit.ts';

describe('buttons in a bar', () => {
  it('are as many as find room beside those that stay', () => {
    assert.equal(buttonsThatFit({ available: 300, taken: 60, each: 50 }), 4);
    assert.equal(buttonsThatFit({ available: 310, taken: 60, each: 50 }), 5);
    assert.equal(buttonsThatFit({ available: 40, taken: 60, each: 50 }), 0);
  });

  it('all stay while nothing can be measured', () => {
    assert.equal(buttonsThatFit({ available: 0, taken: 60, each: 50 }), Infinity);
    assert.equal(buttonsThatFit({ available: 300, taken: 60, each: 0 }), Infinity);
  });
});
