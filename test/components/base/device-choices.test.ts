import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Choices } from '../../../components/base/own/devices/choices.ts';

const BUILT_IN = { id: 'a', label: 'Built-in' };
const HEADSET = { id: 'b', label: 'Headset' };

/** What a browser keeps for a site. */
function storage(kept?: string): Storage {
  const items = new Map(kept === undefined ? [] : [['wcs-devices', kept]]);
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  } as Storage;
}

describe('chosen devices', () => {
  it('are remembered for the next visit', () => {
    const site = storage();
    const first = new Choices(() => site);
    assert.equal(first.has('microphone'), false);
    first.choose('microphone', HEADSET);
    first.process('echoCancellation', false);
    const next = new Choices(() => site);
    assert.deepEqual(next.find('microphone', [BUILT_IN, HEADSET]), HEADSET);
    assert.equal(next.find('camera', [BUILT_IN, HEADSET]), undefined);
    assert.equal(next.processing('echoCancellation'), false);
    assert.equal(next.processing('noiseSuppression'), true);
  });

  it('are found by name when the browser has made up new ids', () => {
    const choices = new Choices(() => storage());
    choices.choose('camera', HEADSET);
    const renamed = { id: 'new', label: 'Headset' };
    assert.deepEqual(choices.find('camera', [BUILT_IN, renamed]), renamed);
  });

  it('are told apart by id where several have the same name', () => {
    const choices = new Choices(() => storage());
    const second = { id: 'c', label: 'Headset' };
    choices.choose('camera', second);
    assert.deepEqual(choices.find('camera', [HEADSET, second]), second);
  });

  it('are not taken for others that have no name yet', () => {
    const choices = new Choices(() => storage());
    choices.choose('camera', { id: '', label: '' });
    assert.equal(choices.find('camera', [{ id: '', label: '' }]), undefined);
    assert.equal(choices.id('camera'), undefined);
  });

  for (const [what, kept] of [
    ['nonsense', '{'],
    ['something else', '["a"]'],
    ['a choice of another shape', '{"microphone":"b"}'],
    ['too much', '{"microphone":{"id":1,"label":2}}'],
  ] as const) {
    it(`start anew where ${what} was kept`, () => {
      const choices = new Choices(() => storage(kept));
      assert.equal(choices.has('microphone'), false);
    });
  }

  it('last as long as the page where storage is refused', () => {
    const choices = new Choices(() => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    });
    choices.choose('microphone', HEADSET);
    assert.deepEqual(choices.find('microphone', [HEADSET]), HEADSET);
  });
});
