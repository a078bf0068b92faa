/** The list of people: who is there, what they do, finding somebody, writing to one of them. */
import { expect, fixture, html } from '@open-wc/testing';
import type { WcsConference } from '../../components/index.ts';
import '../../components/index.ts';
import { fakeMedia } from '../fakes/element-media.ts';
import { connectTo, fakeBackend } from '../fakes/element-room.ts';
import type { FakeBackend, FakeRoom } from '../fakes/element-room.ts';
import { part, parts, texts, type, until } from './tools.ts';

const NAMES = ['Bob', 'Claire', 'Émile', 'Dora', 'Eve', 'Fritz', 'Greta', 'Hugo', 'Ida'];

let backend: FakeBackend;

async function enter(
  people: string[],
  { width = '1100px', attributes = '', ...more }: { width?: string; attributes?: string } & Partial<FakeBackend> = {},
): Promise<{ element: WcsConference; room: FakeRoom }> {
  backend = fakeBackend({ others: people.map((login) => ({ login, media: fakeMedia() })), ...more });
  const box = await fixture<HTMLElement>(html`<div></div>`);
  Object.assign(box.style, { width, height: '700px' });
  box.innerHTML = `<wcs-conference room="team" username="Alice" no-prejoin no-invite ${attributes}></wcs-conference>`;
  const element = box.firstElementChild as WcsConference;
  element.connect = connectTo(backend);
  await element.join();
  await until('the buttons are there', () => parts(element, 'leave-button')[0]);
  return { element, room: backend.sessions[0]!.rooms[0]! };
}

const open = async (element: WcsConference) => {
  part(element, 'people-button').click();
  await until('the list is open', () => parts(element, 'people-item').length > 0);
};

const names = (element: WcsConference) =>
  parts(element, 'people-item').map((item) => item.querySelector('.name')!.textContent);

const press = (target: HTMLElement, key: string) =>
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }));

const focused = () => {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active;
};

describe('the list of people', () => {
  it('has everybody: oneself, then raised hands in order, then the others in the order they came', async () => {
    const { element, room } = await enter(['Bob', 'Claire', 'Dora']);
    await open(element);
    expect(names(element)).to.deep.equal(['Alice (you)', 'Bob', 'Claire', 'Dora']);
    room.raise('Dora', 'Claire');
    await until('hands come first', () => names(element)[1] === 'Dora');
    expect(names(element)).to.deep.equal(['Alice (you)', 'Dora', 'Claire', 'Bob']);
    room.raise();
    room.arrive('Zoe');
    await until('Zoe is there', () => names(element).includes('Zoe'));
    expect(names(element)).to.deep.equal(['Alice (you)', 'Bob', 'Claire', 'Dora', 'Zoe']);
    expect(part(element, 'people-button').getAttribute('aria-label')).to.equal('People, 5 people');
    await expect(element).to.be.accessible();
  });

  it('says what each of them does', async () => {
    const { element, room } = await enter(['Bob']);
    await open(element);
    room.mutes('Bob', 'audio', true);
    room.shares('Bob', fakeMedia());
    room.raise('Bob');
    await until('it is said', () => texts(element, 'people-item')[1]?.includes('microphone off'));
    const [, bob = ''] = texts(element, 'people-item');
    for (const words of ['shares a screen', 'hand raised, number 1']) expect(bob).to.include(words);
    room.connection('Bob', false);
    await until('it is said', () => texts(element, 'people-item')[1]?.includes('Reconnecting'));
  });

  it('is searched from eight people on, whatever the accents and capitals', async () => {
    const { element, room } = await enter(NAMES.slice(0, 6));
    await open(element);
    expect(parts(element, 'people-search')).to.have.lengthOf(0);
    room.arrive('Zoe');
    const field = await until('there is a field', () => parts<HTMLInputElement>(element, 'people-search')[0]);
    type(field, 'EMI');
    await until('one is found', () => names(element).join() === 'Émile');
    type(field, 'xyz');
    await until('nobody is found', () => names(element).length === 0);
    press(field, 'Escape');
    await until('all are there again', () => names(element).length === 8);
    press(field, 'Escape');
    await until('the list is closed', () => parts(element, 'people-item').length === 0);
  });

  it('takes the focus when it opens and gives it back to its button', async () => {
    const { element } = await enter(['Bob']);
    part(element, 'people-button').focus();
    await open(element);
    await until('the focus is in the list', () => focused()?.closest('.heading') !== null);
    press(focused() as HTMLElement, 'Escape');
    await until('the focus is on the button', () => focused()?.getAttribute('part') === 'people-button');
    expect(element.matches(':state(people-open)')).to.equal(false);
  });

  it('stands with the chat where there is room for both, and in its place where there is not', async () => {
    const wide = await enter(['Bob']);
    await open(wide.element);
    expect(wide.element.matches(':state(chat-open)')).to.equal(true);
    wide.element.remove();
    const { element } = await enter(['Bob'], { width: '400px' });
    element.toggleChat(true);
    await open(element);
    expect(element.matches(':state(chat-open)')).to.equal(false);
    element.toggleChat(true);
    await until('the chat is in its place', () => !element.matches(':state(people-open)'));
  });

  it('writes to somebody: the chat opens with them as recipient', async () => {
    const { element, room } = await enter(['Bob', 'Claire'], { width: '400px' });
    await open(element);
    const [, toClaire] = parts(element, 'person-button');
    expect(toClaire!.getAttribute('aria-label')).to.equal('Write to Claire');
    toClaire!.click();
    await until('the cursor is in the field', () => focused()?.getAttribute('part') === 'chat-input');
    expect(part<HTMLSelectElement>(element, 'chat-recipient').value).to.equal('Claire');
    type(part(element, 'chat-input'), 'psst');
    press(part(element, 'chat-input'), 'Enter');
    await until('it is sent to Claire', () => room.messages.includes('@Claire psst'));
  });

  it('is left out by no-people, button and key, too', async () => {
    const { element } = await enter(['Bob'], { attributes: 'no-people' });
    expect(parts(element, 'people-button')).to.have.lengthOf(0);
    press(part(element, 'leave-button'), 'p');
    element.togglePeople(true);
    await element.updateComplete;
    expect(element.matches(':state(people-open)')).to.equal(false);
  });
});

describe('hands and reactions', () => {
  it('a hand goes up and down with its button, and shows its place in the queue', async () => {
    const { element, room } = await enter(['Bob']);
    const button = () => part(element, 'hand-button');
    button().click();
    await until('it is asked for', () => room.asked.some(({ method, on }) => method === 'hand' && on));
    room.raise('Bob', 'Alice');
    await until('it is up', () => button().getAttribute('aria-pressed') === 'true');
    expect(button().getAttribute('aria-label')).to.include('number 2');
    expect(element.matches(':state(hand-raised)')).to.equal(true);
    const tile = part(element, 'local-tile');
    expect(tile.shadowRoot!.querySelector('[role=group]')!.getAttribute('aria-label')).to.include('number 2');
    await element.raiseHand(false);
    expect(room.asked.at(-1)).to.include({ method: 'hand', on: false });
  });

  it('a raised hand is told to the page and to a screen reader', async () => {
    const { element, room } = await enter(['Bob']);
    const heard: string[][] = [];
    element.addEventListener('wcs-hand', ({ detail }) => heard.push([...detail.hands]));
    room.raise('Bob');
    const log = element.shadowRoot!.querySelector('[role=log]')!;
    await until('it is said', () => log.textContent.includes('Bob raised a hand'));
    expect(heard).to.deep.equal([['Bob']]);
  });

  it('a reaction is chosen by keyboard, and shown over the tile of whoever reacts', async () => {
    const { element, room } = await enter(['Bob']);
    part(element, 'reactions-button').click();
    await until('the menu has the focus', () => focused()?.getAttribute('part') === 'menu-item');
    await expect(element).to.be.accessible();
    press(focused() as HTMLElement, 'ArrowRight');
    expect(focused()!.getAttribute('aria-label')).to.equal('Love');
    (focused() as HTMLElement).click();
    await until('it is asked for', () => room.asked.some(({ reaction }) => reaction === 'love'));
    expect(focused()!.getAttribute('part')).to.equal('reactions-button');
    room.reacts('Bob', 'applause');
    const [, bob] = parts(element, 'tile');
    await until(
      'it is over the tile',
      () => bob!.shadowRoot!.querySelector('.reaction')?.getAttribute('data-reaction') === 'applause',
    );
  });

  it('many reactions are told to a screen reader in few words', async () => {
    const { element, room } = await enter(['Bob', 'Claire']);
    for (let count = 0; count < 20; count += 1) room.reacts(count % 2 ? 'Bob' : 'Claire', 'applause');
    const log = element.shadowRoot!.querySelector('[role=log]')!;
    await until('it is said', () => log.textContent.includes('Applause'));
    expect(log.querySelectorAll('p').length).to.be.lessThan(4);
  });

  it('are left out by no-reactions', async () => {
    const { element } = await enter(['Bob'], { attributes: 'no-reactions' });
    for (const name of ['hand-button', 'reactions-button']) expect(parts(element, name)).to.have.lengthOf(0);
  });
});

describe('the bar of buttons on a phone', () => {
  it('has what does not fit in a menu, by keyboard too', async () => {
    const { element } = await enter(['Bob'], { width: '320px' });
    const more = await until('there is a menu', () => parts(element, 'more-button')[0]);
    const bar = part(element, 'controls').getBoundingClientRect();
    const box = element.getBoundingClientRect();
    expect(bar.left).to.be.at.least(box.left);
    expect(bar.right).to.be.at.most(box.right);
    expect(part(element, 'controls').scrollWidth).to.be.at.most(Math.ceil(bar.width));
    more.focus();
    more.click();
    await until('its first entry has the focus', () => focused()?.getAttribute('part') === 'menu-item');
    await expect(element).to.be.accessible();
    expect(texts(element, 'menu-item')).to.include('Raise hand');
    press(focused() as HTMLElement, 'End');
    press(focused() as HTMLElement, 'Escape');
    await until('the focus is back', () => focused() === more);
    expect(parts(element, 'menu-item')).to.have.lengthOf(0);
  });

  it('has every button in sight where there is room', async () => {
    const { element } = await enter(['Bob'], { width: '1100px' });
    for (const name of ['microphone', 'camera', 'publish', 'share', 'hand', 'reactions', 'people', 'chat', 'leave'])
      expect(parts(element, `${name}-button`), name).to.have.lengthOf(1);
    expect(parts(element, 'more-button')).to.have.lengthOf(0);
  });
});
