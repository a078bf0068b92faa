import { expect, fixture, html } from '@open-wc/testing';
import '../../components/conference/conference.ts';
import type { WcsConference } from '../../components/conference/conference.ts';
import { connectTo, fakeBackend } from './fake-room.ts';
import { deep, fakeMedia, part, parts, texts, until } from './tools.ts';

/** What `task` makes the console warn of. */
async function warnings(task: () => Promise<unknown>): Promise<string[]> {
  const { warn } = console;
  const heard: string[] = [];
  console.warn = (...words) => void heard.push(words.join(' '));
  try {
    await task();
  } finally {
    console.warn = warn;
  }
  return heard;
}

async function place(attributes: string): Promise<WcsConference> {
  const box = await fixture<HTMLElement>(html`<div></div>`);
  Object.assign(box.style, { width: '360px', height: '500px' });
  box.innerHTML = `<wcs-conference no-prejoin ${attributes}></wcs-conference>`;
  const element = box.firstElementChild as WcsConference;
  await element.updateComplete;
  return element;
}

describe('attributes that make no sense', () => {
  for (const [attribute, value, takes, property, used] of [
    ['max-participants', 'many', 'a whole number from 1 to 10000', 'maxParticipants', undefined],
    ['max-participants', '-3', 'a whole number from 1 to 10000', 'maxParticipants', undefined],
    ['max-participants', '2.5', 'a whole number from 1 to 10000', 'maxParticipants', undefined],
    ['server-url', 'ftp://example.org', 'an address that begins with wss://', 'serverUrl', ''],
    ['server-url', 'http://', 'an address that begins with wss://', 'serverUrl', ''],
    ['username', 'x'.repeat(65), 'text of up to 64 characters', 'username', ''],
    ['room', `a\u0007b`, 'text of up to 64 characters', 'room', ''],
    ['lang', '??', 'a language tag', 'lang', ''],
    ['share-width', 'wide', 'a whole number', 'shareWidth', 1280],
  ] as const) {
    it(`${attribute}="${value.slice(0, 20)}" is warned of once, and the default used`, async () => {
      let element: WcsConference | undefined;
      const heard = await warnings(async () => {
        element = await place('');
        element.setAttribute(attribute, value);
        await element.updateComplete;
        element.requestUpdate();
        await element.updateComplete;
      });
      expect(heard).to.have.length(1);
      expect(heard[0]).to.contain(`<wcs-conference> ${attribute}="${value.slice(0, 40)}`);
      expect(heard[0]).to.contain(takes);
      expect(heard[0]).to.contain('default');
      expect(element?.[property]).to.equal(used);
    });
  }

  it('are held to the same rules when a script sets the property', async () => {
    const element = await place('');
    const heard = await warnings(async () => {
      element.maxParticipants = 0;
      await element.updateComplete;
    });
    expect(heard).to.have.length(1);
    expect(element.maxParticipants).to.equal(undefined);
  });

  it('boolean ones: "false" is off, other words are on, and both are warned of', async () => {
    const element = await place('');
    const heard = await warnings(async () => {
      element.setAttribute('record', 'false');
      element.setAttribute('muted', 'yes');
      element.setAttribute('no-chat', '');
      element.setAttribute('no-invite', 'no-invite');
      await element.updateComplete;
    });
    expect(heard).to.have.length(2);
    expect(heard[0]).to.match(/record="false".*off/);
    expect(heard[1]).to.match(/muted="yes".*on/);
    expect([element.record, element.muted, element.noChat, element.noInvite]).to.deep.equal([false, true, true, true]);
  });

  it('good ones are not warned of, and taking them away brings the defaults back', async () => {
    let element: WcsConference | undefined;
    const heard = await warnings(async () => {
      element = await place('max-participants="3" server-url="/ws" room=" Team 🚀 " username="Zoë" lang="pt-BR"');
      for (const { name } of [...element.attributes]) element.removeAttribute(name);
      await element.updateComplete;
    });
    expect(heard).to.deep.equal([]);
    expect(element?.room).to.equal('');
    expect(element?.maxParticipants).to.equal(undefined);
    expect(element?.roomName).to.match(/^room-/);
  });
});

describe('names and messages that mean mischief', () => {
  const NAMES = {
    markup: '<img src=x onerror="globalThis.bad = 1"><b>',
    override: 'abc\u202Egnp.exe',
    'nothing visible': '\u200B\u200D\u2060',
    'marks over marks': `Z${'\u0300\u0334'.repeat(31)}`,
    'one long word': 'W'.repeat(64),
    'closed isolates': '\u2069\u2069\u202Eolleh',
  };
  const TEXTS = {
    ...NAMES,
    'ten thousand marks': `Z${'\u0301'.repeat(10_000)}`,
    'a very long word': 'w'.repeat(2000),
    'many lines': 'line\n'.repeat(300),
  };

  const enter = async (login: string, chat: boolean) => {
    const element = await place('username="Alice" room="team"');
    const backend = fakeBackend({ others: [{ login, media: fakeMedia() }, { login: 'Bob' }] });
    element.connect = connectTo(backend);
    await element.join();
    element.toggleChat(chat);
    await element.updateComplete;
    return [element, backend.sessions[0]!.rooms[0]!] as const;
  };

  const isInside = (inner: Element, outer: Element, what: string) => {
    const [one, other] = [inner.getBoundingClientRect(), outer.getBoundingClientRect()];
    expect(one.left, what).to.be.at.least(other.left - 0.5);
    expect(one.right, what).to.be.at.most(other.right + 0.5);
  };

  for (const [kind, name] of Object.entries(NAMES)) {
    it(`a name of ${kind} stays text on its tile`, async () => {
      const [element] = await enter(name, false);
      const tile = await until('the tile is there', () => parts(element, 'tile')[1]);
      const label = part(tile, 'tile-name');
      await until('it has a size', () => label.clientWidth > 0);
      isInside(label, tile, 'label');
      expect(label.getBoundingClientRect().height).to.be.at.most(30);
      expect(label.getBoundingClientRect().height).to.be.at.least(10);
      expect(deep(element, 'img, b')).to.have.length(0);
      expect('bad' in globalThis).to.equal(false);
      // The neighbours read as ever.
      expect(texts(element, 'tile-name')).to.include.members(['Alice (you)', 'Bob']);
    });
  }

  for (const [kind, text] of Object.entries(TEXTS)) {
    it(`a message of ${kind} stays text in the log`, async () => {
      const [element, room] = await enter('Eve', true);
      room.says('Eve', text);
      room.says('Bob', 'After it');
      const log = part(element, 'chat-log');
      await until('both are shown', () => texts(element, 'chat-line').some((line) => line.includes('After it')));
      expect(log.textContent).to.contain(text);
      expect(log.scrollWidth).to.be.at.most(log.clientWidth);
      for (const line of parts(element, 'chat-line')) isInside(line, log, kind);
      expect(deep(element, 'img, b')).to.have.length(0);
      // Marks are cut off at the edge of their line: the one after it is not covered.
      const [last, before] = parts(element, 'chat-line').toReversed();
      expect(getComputedStyle(before!).overflowY).to.equal('clip');
      expect(last!.getBoundingClientRect().top).to.be.at.least(before!.getBoundingClientRect().bottom - 0.5);
    });
  }

  it('a name that turns the direction does not turn the words around it', async () => {
    const [element, room] = await enter('Eve', true);
    room.arrive('عمر');
    room.arrive('x\u202Ey');
    await until('they are told', () => texts(element, 'chat-line').length >= 3);
    const lines = texts(element, 'chat-line').join('\n');
    expect(lines).to.contain('\u2068عمر\u2069 joined');
    expect(lines).to.contain('\u2068xy\u2069 joined');
  });
});
