import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TypeAhead } from '../../../components/parts/menu/type-ahead.ts';

const LABELS = [
  'Write to \u2068Bob\u2069',
  'Mute microphone',
  'Mute for good',
  'Écran',
  'Remove',
  'Remove and keep out',
];

/** Where one is after typing, a key each 100 milliseconds. */
function typed(keys: string, from = 0): (number | undefined)[] {
  const typing = new TypeAhead();
  let at = from;
  return [...keys].map((key, index) => {
    const found = typing.find(key, LABELS, { from: at, now: index * 100 });
    at = found ?? at;
    return found;
  });
}

describe('typing in a menu', () => {
  it('goes to what begins with the letter, whatever the capitals and accents', () => {
    assert.deepEqual(typed('R'), [4]);
    assert.deepEqual(typed('e'), [3]);
  });

  it('goes on to the next one with the same letter, round and round', () => {
    assert.deepEqual(typed('mmm'), [1, 2, 1]);
    assert.deepEqual(typed('r', 4), [5]);
  });

  it('takes what is typed in one go for a word', () => {
    assert.deepEqual(typed('mute f'.replace(' ', '')), [1, 1, 1, 1, undefined]);
    assert.deepEqual(typed('rem'), [4, 4, 4]);
    assert.deepEqual(typed('wr', 1), [0, 0]);
  });

  it('begins another word after a pause', () => {
    const typing = new TypeAhead();
    assert.equal(typing.find('m', LABELS, { from: 0, now: 0 }), 1);
    assert.equal(typing.find('w', LABELS, { from: 1, now: 2_000 }), 0);
  });

  it('stays where nothing is meant', () => {
    assert.deepEqual(typed('x'), [undefined]);
    assert.equal(new TypeAhead().find('a', [], { from: -1, now: 0 }), undefined);
  });
});
