import { expect, fixture, html } from '@open-wc/testing';
import { WcsError } from '../../protocol/errors.ts';
import '../../components/video-chat/video-chat.ts';
import type { WcsVideoChat } from '../../components/video-chat/video-chat.ts';
import { connectTo, fakeBackend, type FakeBackend, type FakeRoom } from './fake-room.ts';
import { fakeMedia, outcome, part, parts, texts, until } from './tools.ts';

async function place(backend: FakeBackend, attributes = ''): Promise<WcsVideoChat> {
  const box = await fixture<HTMLElement>(html`<div></div>`);
  Object.assign(box.style, { width: '1000px', height: '700px' });
  box.innerHTML = `<wcs-video-chat room="team" username="Alice" no-prejoin no-chat ${attributes}></wcs-video-chat>`;
  const element = box.firstElementChild as WcsVideoChat;
  element.connect = connectTo(backend);
  await element.updateComplete;
  return element;
}

/** In the room as Alice; with `others`, they have pictures. */
async function enter(others: string[] = [], attributes = ''): Promise<[WcsVideoChat, FakeRoom]> {
  const backend = fakeBackend({ others: others.map((login) => ({ login, media: fakeMedia() })) });
  const element = await place(backend, attributes);
  await element.join();
  await until('everybody has a place', () => placed(element, others.length + 1));
  return [element, backend.sessions[0]!.rooms[0]!];
}

function placed(element: WcsVideoChat, count: number): boolean {
  const tiles = parts(element, 'tile');
  return tiles.length === count && tiles.every((tile) => tile.getBoundingClientRect().width > 0);
}

/** Where something is when it has come to rest: for ten frames. */
async function settled(element: Element): Promise<DOMRect> {
  let rect = element.getBoundingClientRect();
  for (let still = 0; still < 10; still += 1) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const now = element.getBoundingClientRect();
    if (JSON.stringify(now) !== JSON.stringify(rect)) still = 0;
    rect = now;
  }
  return rect;
}

const other = (element: WcsVideoChat) => parts(element, 'tile').find((tile) => !tile.part.contains('local-tile'))!;

/** The corner of the other one's picture in which one's own is. */
async function corner(element: WcsVideoChat): Promise<string> {
  const [own, large] = [await settled(part(element, 'local-tile')), await settled(other(element))];
  const isTop = own.top + own.height / 2 < large.top + large.height / 2;
  const isLeft = own.left + own.width / 2 < large.left + large.width / 2;
  return `${isTop ? 'top' : 'bottom'} ${isLeft ? 'left' : 'right'}`;
}

const press = (element: WcsVideoChat, key: string) =>
  part(element, 'move-button').dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));

describe('<wcs-video-chat>', () => {
  it('passes the accessibility audit alone, for two, and beside a screen', async () => {
    const [element, room] = await enter();
    await settled(part(element, 'local-tile'));
    await expect(element).to.be.accessible();
    room.arrive('Bob');
    room.publishes('Bob', fakeMedia());
    await until('two are there', () => placed(element, 2));
    await expect(element).to.be.accessible();
    room.shares('Bob', fakeMedia());
    await until('a screen is there', () => placed(element, 3));
    await expect(element).to.be.accessible();
  });

  it('makes a room for two, and for as many as the page says', async () => {
    const [, room] = await enter();
    expect(room.options.capacity).to.equal(2);
    const [, larger] = await enter([], 'max-participants="5"');
    expect(larger.options.capacity).to.equal(5);
    const [, nonsense] = await enter([], 'max-participants="many"');
    expect(nonsense.options.capacity).to.equal(2);
  });

  it('shows oneself large while alone, and small over the lower left corner of the other one', async () => {
    const [element, room] = await enter();
    const alone = await settled(part(element, 'local-tile'));
    expect(alone.width).to.be.greaterThan(700);
    room.arrive('Bob');
    await until('Bob has a place', () => placed(element, 2));
    const [own, large] = [await settled(part(element, 'local-tile')), await settled(other(element))];
    expect(large.width).to.be.greaterThan(700);
    expect(own.width).to.be.lessThan(large.width / 3);
    expect(own.left).to.be.within(large.left, large.left + 30);
    expect(own.bottom).to.be.within(large.bottom - 30, large.bottom);
    expect(texts(element, 'tile-name')).to.deep.equal(['Alice (you)', 'Bob']);
  });

  it('keeps the names from lying under one’s own picture', async () => {
    const [element] = await enter(['Bob']);
    const own = await settled(part(element, 'local-tile'));
    const name = part(other(element), 'tile-name').getBoundingClientRect();
    expect(name.left).to.be.greaterThan(own.right);
  });

  it('moves one’s own picture by the arrow keys, and says where it is', async () => {
    const [element] = await enter(['Bob']);
    for (const [key, place] of [
      ['ArrowUp', 'top left'],
      ['ArrowRight', 'top right'],
      ['ArrowDown', 'bottom right'],
      ['ArrowLeft', 'bottom left'],
    ] as const) {
      press(element, key);
      await until(place, () => part(element, 'move-button').getAttribute('aria-label')?.includes(place));
      expect(await corner(element)).to.equal(place);
    }
    const said = part(element, 'stage').shadowRoot!.querySelector('[role=status]');
    expect(said?.textContent).to.equal('bottom left');
  });

  it('moves it to the next corner by a click', async () => {
    const [element] = await enter(['Bob']);
    for (const place of ['top left', 'top right', 'bottom right', 'bottom left']) {
      part(element, 'move-button').click();
      await until(place, () => part(element, 'move-button').getAttribute('aria-label')?.includes(place));
      expect(await corner(element)).to.equal(place);
    }
  });

  it('lets it be dragged, and drops it into the nearest corner', async () => {
    const [element] = await enter(['Bob']);
    const button = part(element, 'move-button');
    button.setPointerCapture = () => undefined;
    const at = (type: string, clientX: number, clientY: number) =>
      button.dispatchEvent(new PointerEvent(type, { clientX, clientY, pointerId: 1, bubbles: true }));
    const before = await settled(part(element, 'local-tile'));
    at('pointerdown', before.left + 5, before.top + 5);
    at('pointermove', before.left + 405, before.top - 295);
    await until('it is under the pointer', () => {
      const now = part(element, 'local-tile').getBoundingClientRect();
      return Math.abs(now.left - before.left - 400) < 2 && Math.abs(now.top - before.top + 300) < 2;
    });
    at('pointermove', before.left + 605, before.top - 395);
    at('pointerup', before.left + 605, before.top - 395);
    button.click();
    await until('it is dropped', () => button.getAttribute('aria-label')?.includes('top right'));
    expect(await corner(element)).to.equal('top right');
  });

  it('shows a shared screen large and everybody beside it, nobody over it', async () => {
    const [element, room] = await enter(['Bob']);
    const screen = room.shares('Bob', fakeMedia());
    await until('the screen is there', () => placed(element, 3));
    const shown = await settled(part(element, 'screen'));
    expect(parts(element, 'move-button')).to.have.length(0);
    for (const tile of parts(element, 'tile').filter((each) => !each.part.contains('screen'))) {
      const { left, width } = await settled(tile);
      expect(left).to.be.greaterThan(shown.right - 1);
      expect(width).to.be.lessThan(shown.width / 2);
    }
    room.unpublishes('Bob', screen);
    await until('one’s own picture floats again', () => parts(element, 'move-button').length === 1);
  });

  it('has everything that is asked of a video chat, and leaves out what the page does not want', async () => {
    const element = await place(fakeBackend());
    element.noChat = false;
    await element.join();
    for (const name of [
      'microphone-button',
      'camera-button',
      'publish-button',
      'chat-button',
      'leave-button',
      'invite',
    ])
      await until(name, () => parts(element, name).length === 1);
    element.noScreenShare = true;
    await element.updateComplete;
    expect(parts(element, 'share-button')).to.have.length(0);
  });

  it('says to a third one that the room is full, and keeps nothing open', async () => {
    const backend = fakeBackend({ refused: new WcsError('room_full', 'Current room is full.') });
    const element = await place(backend);
    expect(await outcome(element.join())).to.equal('room_full');
    await until('it is said', () => /room is full/i.test(part(element, 'error').textContent));
    expect(element.session).to.equal(undefined);
  });
});
