import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { PageFunctions, type TileLayout } from '../../../components/base/tile-layout.ts';
import type { TileView } from '../../../components/base/view.ts';
import { arrange, arrangeByPage, type Scene } from '../../../components/parts/stage/arrange.ts';

const SIZE = { width: 800, height: 600, gap: 8 };

const tile = (id: string, view: Partial<TileView> = {}): TileView => {
  const media = { media: undefined, video: true, audio: true, connected: true };
  return { id, kind: 'camera', name: `${id}’s name`, login: id, own: false, ...media, ...view };
};
const people = ['Bob', 'Carol', 'Dave'].map((id) => tile(id));
const ids = (tiles: readonly TileView[]) => tiles.map(({ id }) => id);

function listen(t: TestContext): string[] {
  const told: string[] = [];
  t.mock.method(console, 'warn', (...words: unknown[]) => void told.push(words.join(' ')));
  return told;
}

describe('the order that a page gives', () => {
  it('holds, and leaves equal tiles as they are', () => {
    const functions = new PageFunctions();
    const byPicture = [tile('Bob', { video: false }), tile('Carol'), tile('Dave')];
    const last = functions.ordered(byPicture, (a, b) => Number(b.video) - Number(a.video), undefined);
    assert.deepEqual(ids(last), ['Carol', 'Dave', 'Bob']);
    assert.deepEqual(ids(functions.ordered(people, undefined, undefined)), ['Bob', 'Carol', 'Dave']);
  });

  it('is told what is shown, and cannot change it', (t) => {
    const told = listen(t);
    const seen = new Set<unknown>();
    const functions = new PageFunctions();
    functions.ordered(people, (a) => (seen.add(a.pinned && a.username), 0), 'Carol');
    assert.ok(seen.has('Carol'));
    const order = (a: object) => {
      Object.assign(a, { username: 'Eve' });
      return 0;
    };
    assert.deepEqual(ids(functions.ordered(people, order, undefined)), ['Bob', 'Carol', 'Dave']);
    assert.match(told.join(), /^tileOrder does not work/);
  });

  it('does not count when it throws or answers no number, which is told of once', (t) => {
    const told = listen(t);
    const functions = new PageFunctions();
    for (const bad of [
      () => {
        throw new Error('Oops');
      },
      () => 'first' as unknown as number,
      () => NaN,
    ]) {
      for (let time = 0; time < 3; time += 1) assert.deepEqual(functions.ordered(people, bad, undefined), people);
    }
    assert.equal(told.length, 3);
  });
});

describe('the layout that a page gives', () => {
  const boxes = (layout: TileLayout, functions = new PageFunctions()) =>
    functions.boxes(people, layout, { ...SIZE, pinned: undefined });

  it('puts each tile into its box, and shows none without one', () => {
    const box = { x: 10, y: 20, width: 300, height: 200 };
    const given = boxes((tiles, { width }) =>
      tiles.map(({ username }) => (username === 'Bob' ? null : { ...box, width })),
    );
    const { boxes: placed, pages } = arrangeByPage(people, given!);
    assert.deepEqual(
      [...placed].map(([{ id }, at]) => [id, at]),
      [
        ['Carol', { ...box, width: 800 }],
        ['Dave', { ...box, width: 800 }],
      ],
    );
    assert.equal(pages, 1);
  });

  it('leaves it to the element when it gives nothing', () => {
    assert.equal(
      boxes(() => undefined),
      undefined,
    );
    assert.equal(
      boxes(() => null),
      undefined,
    );
  });

  it('does not count when it throws or gives what are no boxes, which is told of once', (t) => {
    const told = listen(t);
    const functions = new PageFunctions();
    for (const bad of [
      () => {
        throw new Error('Oops');
      },
      () => [{ x: 0, y: 0, width: Infinity, height: 10 }],
      () => [{}],
      () => 5,
    ] as unknown as TileLayout[]) {
      for (let time = 0; time < 2; time += 1) assert.equal(boxes(bad, functions), undefined);
    }
    assert.equal(told.length, 4);
  });
});

describe('the element’s own layouts', () => {
  const scene = (change: Partial<Scene> = {}): Scene => ({
    tiles: people,
    arrangement: 'grid',
    layout: 'grid',
    pinned: undefined,
    speaker: undefined,
    page: 0,
    corner: 'bottom-left',
    ...change,
  });
  const area = ({ width, height }: { width: number; height: number }) => width * height;

  it('show everybody alike, or who is pinned or speaks larger', () => {
    const alike = [...arrange(scene(), SIZE).boxes.values()].map(area);
    assert.equal(new Set(alike.map(Math.round)).size, 1);
    for (const change of [{ pinned: 'Carol' }, { layout: 'speaker', speaker: 'Carol' }] as const) {
      const { boxes } = arrange(scene(change), SIZE);
      const largest = [...boxes].sort(([, a], [, b]) => area(b) - area(a))[0]!;
      assert.equal(largest[0].id, 'Carol');
    }
  });

  it('show a page of many, the last one when there are fewer', () => {
    const tiles = Array.from({ length: 60 }, (_, index) => tile(String(index)));
    const first = arrange(scene({ tiles }), SIZE);
    assert.ok(first.pages > 1 && first.boxes.size < 60);
    const last = arrange(scene({ tiles, page: 1_000 }), SIZE);
    assert.equal(last.page, last.pages - 1);
    assert.ok(last.boxes.has(tiles[59]!));
  });

  it('let one’s own camera float over the others, but not over a screen', () => {
    const own = tile('own', { own: true });
    const two = { arrangement: 'spotlight', tiles: [own, people[0]!] } as const;
    const floats = arrange(scene(two), SIZE).boxes;
    assert.ok(area(floats.get(own)!) < area(floats.get(people[0]!)!) / 4);
    const screen = tile('s', { kind: 'screen' });
    const beside = arrange(scene({ ...two, tiles: [own, people[0]!, screen] }), SIZE).boxes;
    assert.ok(beside.get(own)!.x >= beside.get(screen)!.width);
  });

  it('keep the place of a screen until there is one', () => {
    const waiting = arrange(scene({ arrangement: 'presentation' }), SIZE);
    assert.ok(waiting.emptyScreen);
    const tiles = [...people, tile('s', { kind: 'screen' })];
    assert.equal(arrange(scene({ arrangement: 'presentation', tiles }), SIZE).emptyScreen, undefined);
  });
});
