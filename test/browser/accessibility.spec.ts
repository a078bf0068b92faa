import { expect, fixture, html } from '@open-wc/testing';
import { WcsError } from '../../protocol/errors.ts';
import '../../components/conference/conference.ts';
import '../../components/screen-share/screen-share.ts';
import '../../components/video-chat/video-chat.ts';
import type { WcsConference } from '../../components/conference/conference.ts';
import { connectTo, fakeBackend, type FakeBackend, type FakeRoom } from '../fakes/element-room.ts';
import { fakeMedia } from '../fakes/element-media.ts';
import { deep, outcome, part, parts, until } from './tools.ts';

const SCHEMES = ['light', 'dark'] as const;
const SIZES = [
  [240, 400],
  [320, 256],
  [320, 568],
  [768, 600],
  [1440, 900],
] as const;

interface Setting {
  scheme: 'light' | 'dark';
  size: readonly [width: number, height: number];
  backend?: FakeBackend;
  attributes?: string;
  username?: string;
  tag?: 'wcs-conference' | 'wcs-video-chat' | 'wcs-screen-share';
}

async function place(setting: Setting): Promise<WcsConference> {
  const {
    scheme,
    size,
    backend = fakeBackend(),
    attributes = '',
    username = 'Alice',
    tag = 'wcs-conference',
  } = setting;
  const box = await fixture<HTMLElement>(html`<div></div>`);
  Object.assign(box.style, { width: `${size[0]}px`, height: `${size[1]}px`, colorScheme: scheme });
  box.innerHTML = `<${tag} room="team" username="${username}" no-prejoin ${attributes}></${tag}>`;
  const element = box.firstElementChild as WcsConference;
  element.connect = connectTo(backend);
  await element.updateComplete;
  return element;
}

async function enter(setting: Setting): Promise<[WcsConference, FakeRoom]> {
  const backend = setting.backend ?? fakeBackend();
  const element = await place({ ...setting, backend });
  await element.join();
  await element.updateComplete;
  return [element, backend.sessions[0]!.rooms[0]!];
}

const people = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ login: `Person ${index}`, media: fakeMedia() }));

/** What somebody may meet: brings an element into each state. */
const STATES: Record<string, (setting: Setting) => Promise<WcsConference>> = {
  'before joining': (setting) => place(setting),
  'asked for a name': async (setting) => {
    const element = await place({ ...setting, username: '' });
    await outcome(element.join());
    return element;
  },
  'refused, the room being full': async (setting) => {
    const element = await place({ ...setting, backend: fakeBackend({ refused: new WcsError('room_full', 'full') }) });
    await outcome(element.join());
    return element;
  },
  'alone, with the link': async (setting) => (await enter(setting))[0],
  'in a room of nine, with chat': async (setting) => {
    const [element, room] = await enter({ ...setting, backend: fakeBackend({ others: people(8) }) });
    room.says('Person 1', 'Hello');
    element.toggleChat(true);
    await element.sendMessage('Hi');
    return element;
  },
  'recording, one person reconnecting, one silent': async (setting) => {
    const [element, room] = await enter({
      ...setting,
      backend: fakeBackend({ others: people(2), recording: 'on' }),
    });
    room.connection('Person 0', false);
    room.mutes('Person 1', 'audio', true);
    element.toggleChat(false);
    return element;
  },
  'without devices, with a message that was not sent': async (setting) => {
    const backend = fakeBackend({ others: people(1), mute: new WcsError('connection_lost', 'lost') });
    const [element] = await enter({ ...setting, backend });
    await element.toggleMicrophone(false);
    element.toggleChat(true);
    await outcome(element.sendMessage('Hi'));
    return element;
  },
  'with the list of people, as a moderator': async (setting) => {
    const grants = ['join', 'publish', 'screen', 'chat', 'moderate'] as const;
    const [element, room] = await enter({ ...setting, backend: fakeBackend({ others: people(8), grants }) });
    room.waits('Zoe', 'Yuri');
    room.raise('Person 3');
    element.togglePeople(true);
    await until('the list is there', () => parts(element, 'people-item').length > 0);
    return element;
  },
  'muted for good, with reactions': async (setting) => {
    const [element, room] = await enter({ ...setting, backend: fakeBackend({ others: people(2) }) });
    element.toggleChat(false);
    room.silenced({ audio: true }, { hold: true });
    room.reacts('Person 1', 'party');
    return element;
  },
  'with the list of shortcuts': async (setting) => {
    const [element] = await enter(setting);
    part(element, 'help-button').click();
    return element;
  },
};

/** What measures itself answers to its size in the frame after. */
async function laidOut(): Promise<void> {
  for (let frames = 0; frames < 3; frames += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/** Buttons, links and fields that somebody can see and use. */
function targets(element: WcsConference): HTMLElement[] {
  const dialog = deep(element, 'dialog[open]')[0];
  return deep(element, 'button, a[href], input:not([type=checkbox]), label:has(input), textarea').filter(
    (target) => target.checkVisibility({ visibilityProperty: true }) && (!dialog || dialog.contains(target)),
  );
}

describe('accessibility of the elements', () => {
  for (const [state, bring] of Object.entries(STATES)) {
    for (const scheme of SCHEMES) {
      it(`passes the audit ${state}, ${scheme}`, async () => {
        for (const size of SIZES) {
          const element = await bring({ scheme, size });
          await laidOut();
          await expect(element).to.be.accessible();
          element.parentElement?.remove();
        }
      });
    }

    it(`fits from 240 pixels on ${state}, with targets that can be hit`, async () => {
      for (const size of SIZES) {
        const element = await bring({ scheme: 'light', size });
        await laidOut();
        const host = element.getBoundingClientRect();
        for (const target of targets(element)) {
          const name = `${target.getAttribute('part')} at ${size.join('×')}`;
          const { left, right, width, height } = target.getBoundingClientRect();
          expect(Math.min(width, height), name).to.be.at.least(24);
          if (target.closest('dialog')) continue;
          expect(left, name).to.be.at.least(host.left - 0.5);
          expect(right, name).to.be.at.most(host.right + 0.5);
        }
        for (const box of deep(element, '*'))
          if (getComputedStyle(box).overflowX === 'auto') expect(box.scrollWidth).to.be.at.most(box.clientWidth + 1);
        element.parentElement?.remove();
      }
    });
  }

  for (const tag of ['wcs-video-chat', 'wcs-screen-share'] as const) {
    for (const scheme of SCHEMES) {
      it(`<${tag}> passes the audit alone, with somebody, and with the chat, ${scheme}`, async () => {
        for (const size of SIZES) {
          const [element, room] = await enter({ tag, scheme, size });
          await laidOut();
          await expect(element).to.be.accessible();
          room.arrive('Bob');
          room.publishes('Bob', fakeMedia());
          await laidOut();
          await expect(element).to.be.accessible();
          element.toggleChat(true);
          await laidOut();
          await expect(element).to.be.accessible();
          element.parentElement?.remove();
        }
      });
    }
  }

  it('keeps every button in sight of the chat, or out of reach of the keyboard', async () => {
    for (const size of [...SIZES, [568, 320], [640, 400], [900, 400]] as const) {
      const [element] = await enter({ scheme: 'light', size, backend: fakeBackend({ others: people(2) }) });
      element.toggleChat(true);
      await laidOut();
      const chat = part(element, 'chat').getBoundingClientRect();
      expect(chat.width, size.join('×')).to.be.at.least(200);
      for (const name of ['microphone-button', 'chat-button', 'leave-button']) {
        // Where there is no room for it, it is in the menu.
        const [button] = parts(element, name);
        if (!button?.checkVisibility({ visibilityProperty: true })) continue;
        const { left, right, top, bottom } = button.getBoundingClientRect();
        const isApart = right <= chat.left || left >= chat.right || bottom <= chat.top || top >= chat.bottom;
        expect(isApart, `${name} at ${size.join('×')}`).to.equal(true);
      }
      element.parentElement?.remove();
    }
  });

  it('keeps its words whole when text is spaced out (WCAG 1.4.12)', async () => {
    const spaced = new CSSStyleSheet();
    spaced.replaceSync(
      '* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important; line-height: 1.5 !important }',
    );
    for (const state of ['before joining', 'refused, the room being full', 'alone, with the link'] as const) {
      const element = await STATES[state]!({ scheme: 'light', size: [320, 568] });
      for (const box of [element, ...deep(element, '*')]) box.shadowRoot?.adoptedStyleSheets.push(spaced);
      await laidOut();
      for (const box of deep(element, ':is(button, h2, p, label, wcs-notice):not(.visually-hidden *)'))
        expect(box.scrollWidth, `${state}: ${box.textContent}`).to.be.at.most(box.clientWidth + 1);
      element.parentElement?.remove();
    }
  });

  it('reads out messages, comings and goings, and the recording, also with the chat closed', async () => {
    const [element, room] = await enter({ scheme: 'light', size: [600, 400] });
    const log = await until('there is a log', () => deep(element, '[role=log].visually-hidden')[0]);
    element.toggleChat(false);
    room.arrive('Bob');
    room.says('Bob', 'Hello');
    room.says('Bob', 'Hello');
    room.leaves('Bob');
    await until('it tells all of it', () => log.children.length >= 4);
    const told = [...log.children].map((line) => line.textContent);
    expect(told.slice(-4)).to.deep.equal(['Bob joined', 'Bob: Hello', 'Bob: Hello', 'Bob left']);
  });

  it('reads out errors at once, the same one again too', async () => {
    const [element] = await enter({ scheme: 'light', size: [600, 400] });
    await element.updateComplete;
    const alert = deep(element, '[role=alert]')[0]!;
    expect(alert.childElementCount).to.equal(0);
    const fail = () => outcome(element.startRecording());
    element.currentRoom!.record = () => Promise.reject(new WcsError('recording_unavailable', 'no'));
    await fail();
    const first = await until('there is an error', () => alert.firstElementChild);
    await fail();
    await until('and a new one', () => alert.firstElementChild !== first && alert.firstElementChild);
  });

  describe('shortcuts', () => {
    const press = (target: Element, key: string, code = '', options: KeyboardEventInit = {}) =>
      target.dispatchEvent(
        new KeyboardEvent('keydown', { key, code, bubbles: true, composed: true, cancelable: true, ...options }),
      );

    it('switch microphone and camera and open the chat', async () => {
      const [element] = await enter({ scheme: 'light', size: [600, 400] });
      const button = part(element, 'leave-button');
      press(button, 'm', 'KeyM');
      await until('silent', () => part(element, 'microphone-button').getAttribute('aria-pressed') === 'false');
      press(button, 'v', 'KeyV');
      await until('dark', () => part(element, 'camera-button').getAttribute('aria-pressed') === 'false');
      press(button, 'c', 'KeyC');
      await until('open', () => !part(element, 'chat').hidden);
    });

    it('work on a keyboard of another script', async () => {
      const [element] = await enter({ scheme: 'light', size: [600, 400] });
      press(part(element, 'leave-button'), 'ь', 'KeyM');
      await until('silent', () => part(element, 'microphone-button').getAttribute('aria-pressed') === 'false');
    });

    it('leave typing, browser shortcuts and held keys alone', async () => {
      const [element] = await enter({ scheme: 'light', size: [900, 600] });
      const before = element.matches(':state(muted)');
      expect(press(part(element, 'chat-input'), 'm', 'KeyM')).to.equal(true);
      expect(press(part(element, 'leave-button'), 'm', 'KeyM', { ctrlKey: true })).to.equal(true);
      expect(press(part(element, 'leave-button'), 'm', 'KeyM', { repeat: true })).to.equal(true);
      expect(press(document.body, 'm', 'KeyM')).to.equal(true);
      await element.updateComplete;
      expect(element.matches(':state(muted)')).to.equal(before);
    });

    it('are listed by "?", and closed by Escape without closing anything else', async () => {
      const [element] = await enter({ scheme: 'light', size: [600, 400] });
      press(part(element, 'leave-button'), '?', 'Slash', { shiftKey: true });
      const dialog = await until('there is a list', () => deep<HTMLDialogElement>(element, 'dialog[open]')[0]);
      expect([...dialog.querySelectorAll('kbd')].map((key) => key.textContent)).to.include.members([
        'M',
        'V',
        'C',
        '?',
      ]);
      expect(parts(element, 'invite')).to.have.length(1);
      press(dialog, 'Escape', 'Escape');
      await element.updateComplete;
      expect(parts(element, 'invite')).to.have.length(1);
    });

    it('are told by the buttons', async () => {
      const [element] = await enter({ scheme: 'light', size: [600, 400] });
      const button = part(element, 'microphone-button');
      expect(button.getAttribute('aria-keyshortcuts')).to.equal('M');
      await until('it says so', () => button.title === 'Turn off microphone (M)');
    });

    it('can be switched off', async () => {
      const [element] = await enter({ scheme: 'light', size: [600, 400], attributes: 'no-shortcuts' });
      expect(press(part(element, 'leave-button'), 'm', 'KeyM')).to.equal(true);
      expect(press(part(element, 'leave-button'), '?')).to.equal(true);
      expect(parts(element, 'help-button')).to.have.length(0);
      expect(part(element, 'microphone-button').hasAttribute('aria-keyshortcuts')).to.equal(false);
    });
  });
});
