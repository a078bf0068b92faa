import { expect, fixture, html } from '@open-wc/testing';
import { WcsError } from '../../protocol/errors.ts';
import '../../components/conference/conference.ts';
import type { WcsConference } from '../../components/conference/conference.ts';
import { connectTo, fakeBackend, type FakeBackend } from './fake-room.ts';
import { deep, fakeMedia, outcome, part, parts, until } from './tools.ts';

let sheets: HTMLStyleElement[] = [];

function style(css: string): void {
  const sheet = document.createElement('style');
  sheet.textContent = css;
  document.head.append(sheet);
  sheets.push(sheet);
}

async function place(content = '', backend: FakeBackend = fakeBackend()): Promise<WcsConference> {
  const box = await fixture<HTMLElement>(html`<div class="box"></div>`);
  Object.assign(box.style, { width: '700px', height: '500px' });
  box.innerHTML = `<wcs-conference username="Alice" room="team" no-prejoin>${content}</wcs-conference>`;
  const element = box.firstElementChild as WcsConference;
  element.connect = connectTo(backend);
  await element.updateComplete;
  return element;
}

const background = (element: Element) => getComputedStyle(element).backgroundColor;

describe('theming', () => {
  afterEach(() => {
    for (const sheet of sheets) sheet.remove();
    sheets = [];
    document.documentElement.style.colorScheme = '';
  });

  it('follows the page between light and dark, and the element’s own color-scheme before that', async () => {
    const element = await place();
    const frame = deep(element, '.frame')[0]!;
    document.documentElement.style.colorScheme = 'dark';
    const inDark = await place();
    expect(background(deep(inDark, '.frame')[0]!)).to.equal('rgb(13, 15, 19)');
    document.documentElement.style.colorScheme = 'light';
    expect(background(deep(inDark, '.frame')[0]!)).to.equal('rgb(238, 240, 244)');
    document.documentElement.style.colorScheme = '';
    // A page that says nothing leaves it to the system, which is light here.
    expect(background(frame)).to.equal('rgb(238, 240, 244)');
    inDark.style.colorScheme = 'dark';
    expect(background(deep(inDark, '.frame')[0]!)).to.equal('rgb(13, 15, 19)');
  });

  it('takes palette tokens from anywhere above, and specific ones before them', async () => {
    const element = await place();
    style('.box { --wcs-accent: rgb(1, 2, 3); --wcs-surface: rgb(4, 5, 6); }');
    expect(background(part(element, 'join-button'))).to.equal('rgb(1, 2, 3)');
    await element.join();
    const controls = await until('there are controls', () => parts(element, 'controls')[0]);
    expect(background(controls)).to.equal('rgb(4, 5, 6)');
    style('wcs-conference { --wcs-controls-background: rgb(7, 8, 9); }');
    expect(background(controls)).to.equal('rgb(7, 8, 9)');
  });

  it('shows every part to the page', async () => {
    style(
      `${['form', 'join-button', 'tile', 'tile-name', 'tile-video', 'chat-input', 'microphone-button', 'help-button']
        .map((name) => `wcs-conference::part(${name})`)
        .join()} { opacity: 0.5; }`,
    );
    const element = await place();
    expect(getComputedStyle(part(element, 'join-button')).opacity).to.equal('0.5');
    await element.join();
    element.toggleChat(true);
    await until('there is a tile', () => parts(element, 'tile-video')[0]);
    for (const name of ['tile', 'tile-name', 'tile-video', 'chat-input', 'microphone-button', 'help-button'])
      expect(getComputedStyle(part(element, name)).opacity, name).to.equal('0.5');
  });

  it('tells its states', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const backend = fakeBackend({ recording: 'on', held });
    const element = await place('', backend);
    expect(element.matches(':state(joined)')).to.equal(false);
    const joining = element.join();
    await until('joining', () => element.matches(':state(joining)'));
    release();
    await joining;
    await until('joined, alone, recording', () => element.matches(':state(joined):state(alone):state(recording)'));
    expect(element.matches(':state(joining)')).to.equal(false);
    backend.sessions[0]!.rooms[0]!.arrive('Bob');
    await until('not alone', () => !element.matches(':state(alone)'));
    element.toggleChat(true);
    await until('the devices are open', () => element.currentRoom?.getStreams()[0]);
    await element.toggleMicrophone(false);
    await element.toggleCamera(false);
    await until('the rest', () => element.matches(':state(chat-open):state(muted):state(camera-off)'));
    backend.sessions[0]!.become('RECONNECTING');
    await until('reconnecting', () => element.matches(':state(reconnecting)'));
    await element.leave();
    await until('out', () => !element.matches(':state(joined)'));
  });

  it('tells that the room is full, to those inside and to those who were refused', async () => {
    const inside = await place('', fakeBackend({ others: [{ login: 'Bob' }] }));
    inside.maxParticipants = 2;
    await inside.join();
    await until('full', () => inside.matches(':state(full)'));
    const outside = await place('', fakeBackend({ refused: new WcsError('room_full', 'full') }));
    await outcome(outside.join());
    await until('full', () => outside.matches(':state(full)'));
  });

  it('lays what is in tile-overlay over every picture, knowing whose it is', async () => {
    const element = await place(
      '<i slot="tile-overlay" id="mark">©</i>',
      fakeBackend({ others: [{ login: 'Bob', media: fakeMedia() }] }),
    );
    await element.join();
    const overlays = await until(
      'two',
      () => parts(element, 'tile-overlay').length === 2 && parts(element, 'tile-overlay'),
    );
    const marks = await until('marks', () => {
      const found = overlays.map((overlay) => overlay.querySelector('i'));
      return found.every((mark) => mark !== null) && found;
    });
    expect(marks.map((mark) => mark?.dataset.username)).to.deep.equal(['Alice', 'Bob']);
    expect(marks.some((mark) => mark?.id)).to.equal(false);
    element.querySelector('i')?.remove();
    await until('gone', () => overlays.every((overlay) => overlay.childElementCount === 0));
  });

  it('takes an icon of the page’s own in every place where it is shown', async () => {
    const element = await place('<b slot="icon-leave">X</b>');
    await element.join();
    const leave = await until('there is a button', () => parts(element, 'leave-button')[0]);
    const slot = leave.querySelector('slot')!;
    expect(slot.assignedElements({ flatten: true }).map((icon) => icon.textContent)).to.deep.equal(['X']);
  });

  it('lets nothing of the page in, and nothing out', async () => {
    const plain = await place();
    const wanted = getComputedStyle(part(plain, 'form'));
    const [font, size, color] = [wanted.fontFamily, wanted.fontSize, wanted.color];
    style(`
      * { letter-spacing: 1em; }
      body { font: italic 40px/3 monospace; color: red; text-transform: uppercase; text-indent: 5em; white-space: pre;
        word-spacing: 1em; text-shadow: 0 0 9px red; cursor: wait; list-style: square; text-align: right; }
      button, input, form, p, h2 { display: none; background: red; }
    `);
    const element = await place();
    const form = part(element, 'form');
    const seen = getComputedStyle(form);
    expect([seen.fontFamily, seen.fontSize, seen.color]).to.deep.equal([font, size, color]);
    for (const [property, value] of Object.entries({
      'font-style': 'normal',
      'text-transform': 'none',
      'text-indent': '0px',
      'white-space-collapse': 'collapse',
      'word-spacing': '0px',
      'text-shadow': 'none',
      'text-align': 'start',
    }))
      expect(seen.getPropertyValue(property), property).to.equal(value);
    expect(part(element, 'join-button').getBoundingClientRect().width).to.be.greaterThan(50);
    const outside = await fixture<HTMLElement>(html`<button>Outside</button>`);
    expect(getComputedStyle(outside).borderRadius).to.equal('0px');
  });

  it('is hidden when the page hides what it is in', async () => {
    const element = await place();
    element.parentElement!.style.visibility = 'hidden';
    expect(part(element, 'join-button').checkVisibility({ visibilityProperty: true })).to.equal(false);
  });
});
