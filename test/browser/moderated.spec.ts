/** What moderators can do in the element, and what those see about whom they decide. */
import { expect, fixture, html } from '@open-wc/testing';
import { WcsError } from '../../protocol/errors.ts';
import type { Grant } from '../../protocol/model.ts';
import '../../components/index.ts';
import type { WcsConference } from '../../components/conference/conference.ts';
import { connectTo, fakeBackend } from '../fakes/element-room.ts';
import type { FakeBackend } from '../fakes/element-room.ts';
import { fakeMedia } from '../fakes/element-media.ts';
import { nextEvent, outcome, part, parts, texts, until } from './tools.ts';

const MODERATOR: Grant[] = ['join', 'publish', 'screen', 'chat', 'record', 'moderate'];

const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
let element: WcsConference;
let backend = fakeBackend();
const room = () => backend.sessions[0]!.rooms[0]!;

async function place(options: Partial<FakeBackend> = {}): Promise<void> {
  backend = fakeBackend({ others: [{ login: 'Bob', media: fakeMedia() }, { login: 'Claire' }], ...options });
  const box = await fixture<HTMLElement>(html`<div></div>`);
  Object.assign(box.style, { width: '1000px', height: '700px' });
  element = document.createElement('wcs-conference');
  Object.assign(element, { username: 'Alice', noPrejoin: true, noInvite: true });
  element.connect = connectTo(backend);
  box.append(element);
  await element.updateComplete;
}

async function enter(options: Partial<FakeBackend> = {}): Promise<void> {
  await place(options);
  await element.join();
  await until('the buttons are there', () => parts(element, 'people-button')[0]);
}

const button = (name: string, words: string) =>
  until(`there is "${words}"`, () =>
    parts(element, name).find((one) => [one.textContent.trim(), one.getAttribute('aria-label')].includes(words)),
  );

const press = async (name: string, words: string) => (await button(name, words)).click();

const openList = async () => {
  part(element, 'people-button').click();
  await until('the list is open', () => parts(element, 'people-item').length > 0);
};

beforeEach(() => {
  navigator.mediaDevices.getUserMedia = () => Promise.resolve(fakeMedia());
});
afterEach(() => {
  element.remove();
  navigator.mediaDevices.getUserMedia = original;
});

describe('somebody whom a moderator', () => {
  it('mutes sees the microphone off and by whom, and can switch it on again', async () => {
    await enter();
    const pressed = () => part(element, 'microphone-button').getAttribute('aria-pressed');
    await until('the button is true', () => pressed() === 'true');
    room().silenced({ audio: true });
    await until('the button is false', () => pressed() === 'false');
    await until('it is said', () => texts(element, 'notice').join().includes('Bob has muted your microphone'));
    await element.toggleMicrophone();
    await until('the button is true', () => pressed() === 'true');
  });

  it('mutes for good finds the button disabled, with the reason, until it is allowed again', async () => {
    await enter();
    room().silenced({ audio: true }, { hold: true, note: 'Please wait' });
    const microphone = part(element, 'microphone-button');
    await until('it is disabled', () => microphone.getAttribute('aria-disabled') === 'true');
    expect(microphone.title).to.include('A moderator has muted you');
    expect(texts(element, 'notice').join()).to.match(/Bob has muted.*Please wait/);
    expect(await outcome(element.toggleMicrophone(true))).to.equal('forbidden');
    microphone.click();
    await until('the reason is said', () => texts(element, 'notice').join().includes('A moderator has muted you'));
    await expect(element).to.be.accessible();
    room().silenced({ audio: true });
    await until('it works again', () => !microphone.hasAttribute('aria-disabled'));
    await until('it is said', () => texts(element, 'notice').join().includes('lets you unmute'));
  });

  it('has muted for good is told so again when they come back', async () => {
    await enter({ heldBefore: { audio: true } });
    await until('it is said', () => texts(element, 'notice').join().includes('A moderator has muted you'));
    expect(part(element, 'microphone-button').getAttribute('aria-disabled')).to.equal('true');
  });

  it('removes is told so, with what the moderator has to say', async () => {
    await enter();
    const left = nextEvent(element, 'wcs-leave');
    room().ends('expelled', { by: 'Bob', note: 'Wrong meeting' });
    expect((await left).detail.reason).to.equal('expelled');
    await until('it is said', () => /removed.*Wrong meeting/.test(part(element, 'error').textContent));
  });
});

describe('somebody who does not moderate', () => {
  it('has no buttons that decide over others, and sees whether the room is locked', async () => {
    await enter();
    await openList();
    for (const name of ['meeting', 'lock-switch', 'end-button', 'admit-button'])
      expect(parts(element, name), name).to.have.lengthOf(0);
    expect(parts(element, 'person-button').map((one) => one.getAttribute('aria-haspopup'))).to.deep.equal([null, null]);
    room().guarded({ locked: true });
    await until('it is said', () => part(element, 'people').shadowRoot!.textContent.includes('The room is locked'));
  });
});

describe('a moderator', () => {
  it('mutes somebody, for good and not, switches off their camera and stops their screen', async () => {
    await enter({ grants: MODERATOR });
    room().shares('Bob', fakeMedia());
    await openList();
    const choose = async (words: string) => {
      await press('person-button', 'Options for Bob');
      await press('menu-item', words);
      const asked = await until('it is asked for', () => room().asked.shift());
      return asked;
    };
    expect(await choose('Mute microphone')).to.include({ method: 'silence', login: 'Bob', audio: true, hold: false });
    expect(await choose('Mute for good')).to.include({ method: 'silence', login: 'Bob', audio: true, hold: true });
    room().silences('Bob', { audio: true }, 'Alice');
    expect(await choose('Allow to unmute')).to.include({ method: 'silence', audio: true, hold: false });
    expect(await choose('Turn off camera')).to.include({ method: 'silence', audio: false, video: true });
    expect(await choose('Stop screen sharing')).to.include({ method: 'unpublish' });
    room().raise('Bob');
    expect(await choose('Lower hand')).to.include({ method: 'hand', login: 'Bob', on: false });
  });

  it('has the whole menu in sight, however little room the list has, and finds things in it by letters', async () => {
    await enter({ grants: MODERATOR });
    element.parentElement!.style.height = '540px';
    room().shares('Bob', fakeMedia());
    room().raise('Bob');
    element.toggleChat(true);
    await openList();
    await press('person-button', 'Options for Bob');
    const menu = await until('the menu is open', () => parts(element, 'menu')[0]);
    await until('the focus is in it', () => menu.querySelector(':focus'));
    expect(menu.scrollHeight).to.equal(menu.clientHeight);
    const box = menu.getBoundingClientRect();
    for (const y of [box.top + 10, box.bottom - 10]) {
      let at = document.elementFromPoint(box.left + box.width / 2, y);
      while (at?.shadowRoot) at = at.shadowRoot.elementFromPoint(box.left + box.width / 2, y);
      expect(menu.contains(at), `${y}`).to.equal(true);
    }
    const typed = (key: string) => {
      const focused = menu.querySelector(':focus')!;
      focused.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
      return menu.querySelector(':focus')!.textContent.trim();
    };
    expect(['r', 'r'].map(typed)).to.deep.equal(['Remove', 'Remove and keep out']);
    await expect(element).to.be.accessible();
  });

  it('is asked once more before somebody is removed, and can think better of it', async () => {
    await enter({ grants: MODERATOR });
    await openList();
    const remove = async (words: string) => {
      await press('person-button', 'Options for Claire');
      await press('menu-item', words);
      await until('the dialog is open', () => part<HTMLDialogElement>(element, 'confirm').open);
    };
    await remove('Remove');
    expect(part(element, 'confirm').textContent).to.include('Remove Claire from the meeting?');
    part(element, 'cancel-button').click();
    expect(part<HTMLDialogElement>(element, 'confirm').open).to.equal(false);
    expect(room().asked).to.deep.equal([]);
    await remove('Remove and keep out');
    await expect(element).to.be.accessible();
    part(element, 'confirm-button').click();
    await until('it is asked for', () => room().asked.some(({ method, ban }) => method === 'remove' && ban));
  });

  it('locks the room, lets newcomers wait, mutes all and ends the meeting', async () => {
    await enter({ grants: MODERATOR });
    await openList();
    part(element, 'meeting-summary').click();
    part(element, 'lock-switch').click();
    part(element, 'lobby-switch').click();
    part(element, 'mute-all-button').click();
    await until('all is asked for', () => room().asked.length === 3);
    expect(room().asked.map(({ method, locked, lobby }) => ({ method, locked, lobby }))).to.deep.equal([
      { method: 'guard', locked: true, lobby: undefined },
      { method: 'guard', locked: undefined, lobby: true },
      { method: 'silence', locked: undefined, lobby: undefined },
    ]);
    room().guarded({ locked: true });
    await until('it shows', () => part(element, 'lock-switch').getAttribute('aria-checked') === 'true');
    part(element, 'end-button').click();
    await press('confirm-button', 'End for everybody');
    await until('it is asked for', () => room().asked.at(-1)?.method === 'end');
  });

  it('is told who knocks, and lets them in from the notice', async () => {
    await enter({ grants: MODERATOR });
    room().waits('Zoe');
    const notice = await until('it is said', () => parts(element, 'notice')[0]);
    expect(notice.closest('[role=status]')).to.not.equal(null);
    expect(notice.textContent).to.include('Zoe wants to come in');
    expect(part(element, 'people-button').getAttribute('aria-label')).to.include('1 ');
    notice.shadowRoot!.querySelector<HTMLElement>('.primary')!.click();
    await until('it is asked for', () => room().asked.some(({ login, on }) => login === 'Zoe' && on === true));
    room().waits();
    await until('the notice is gone', () => parts(element, 'notice').length === 0);
  });

  it('lets in or refuses those who wait from the list', async () => {
    await enter({ grants: MODERATOR });
    room().waits('Zoe', 'Yuri');
    await openList();
    expect(texts(element, 'waiting-item').map((text) => text.split(' ')[0])).to.deep.equal(['Zoe', 'Yuri']);
    await press('refuse-button', 'Refuse Zoe');
    await press('admit-button', 'Admit Yuri');
    await press('admit-button', 'Admit all');
    await until('all is asked for', () => room().asked.length === 3);
    expect(room().asked).to.deep.equal([
      { method: 'admit', login: 'Zoe', on: false, note: undefined },
      { method: 'admit', login: 'Yuri', on: true },
      { method: 'admit', login: undefined, on: true },
    ]);
  });
});

describe('somebody who waits before the room', () => {
  it('is told so, can give up, and gets their preview back', async () => {
    await place({ lobby: new Promise(() => undefined) });
    element.noPrejoin = false;
    const joining = outcome(element.join());
    await until('it is said', () => /Waiting until somebody lets you in/.test(texts(element, 'waiting').join()));
    expect(element.matches(':state(waiting)')).to.equal(true);
    await expect(element).to.be.accessible();
    part(element, 'cancel-button').click();
    expect(await joining).to.equal('aborted');
    await until('the form is back', () => parts(element, 'form').length > 0);
    expect(parts(element, 'error')).to.have.lengthOf(0);
    const video = () => part(element, 'preview').querySelector('video')!;
    await until('the camera is back', () => (video().srcObject as MediaStream | null)?.getVideoTracks().length);
  });

  it('comes in when somebody admits them', async () => {
    const admitted = Promise.withResolvers<void>();
    await place({ lobby: admitted.promise });
    const joining = element.join();
    await until('they wait', () => parts(element, 'waiting').length > 0);
    admitted.resolve();
    await joining;
    await until('they are in', () => parts(element, 'leave-button').length > 0);
  });

  it('is told when they are not let in, and why', async () => {
    const words = new WcsError('not_admitted', 'A moderator has not let you in.', { cause: { note: 'Come at five' } });
    const refusal = Promise.withResolvers<void>();
    await place({ lobby: refusal.promise });
    const joining = outcome(element.join());
    await until('they wait', () => parts(element, 'waiting').length > 0);
    refusal.reject(words);
    expect(await joining).to.equal('not_admitted');
    await until('it is said', () => /not let in.*Come at five/.test(part(element, 'error').textContent));
  });
});
