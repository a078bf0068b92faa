/** What people see and are asked who may not do everything, and the names that a site gives. */
import { expect, fixture, html } from '@open-wc/testing';
import type { Grant } from '../../protocol/model.ts';
import type { WcsConference } from '../../components/index.ts';
import '../../components/index.ts';
import { connectTo, fakeBackend, type FakeBackend } from '../fakes/element-room.ts';
import { parts, texts, until } from './tools.ts';

/** As a site signs it; the element looks only at what it says. */
const token = (grants: Grant[]) => `x.${btoa(JSON.stringify({ room: 'team', grants }))}.x`;

async function place(backend: FakeBackend, attributes: string): Promise<WcsConference> {
  const box = await fixture<HTMLElement>(html`<div></div>`);
  Object.assign(box.style, { width: '1000px', height: '700px' });
  box.innerHTML = `<wcs-conference room="team" username="Alice" ${attributes}></wcs-conference>`;
  const element = box.firstElementChild as WcsConference;
  element.connect = connectTo(backend);
  await element.updateComplete;
  return element;
}

describe('grants in the element', () => {
  const { mediaDevices } = navigator;
  const original = mediaDevices.getUserMedia.bind(mediaDevices);
  let asked = 0;

  beforeEach(() => {
    asked = 0;
    mediaDevices.getUserMedia = (constraints) => {
      asked += 1;
      return original(constraints);
    };
  });
  afterEach(() => {
    mediaDevices.getUserMedia = original;
  });

  it('a viewer is not asked for devices, and has no buttons for what they may not do', async () => {
    const element = await place(fakeBackend({ grants: ['join'] }), `token="${token(['join'])}"`);
    expect(parts(element, 'preview')).to.have.lengthOf(0);
    await element.join();
    await element.updateComplete;
    const shown = (name: string) => parts(element, name).length > 0;
    for (const name of ['microphone-button', 'camera-button', 'publish-button', 'share-button', 'chat-input'])
      expect(shown(name), name).to.equal(false);
    expect(parts(element, 'record-control')).to.have.lengthOf(0);
    expect(shown('leave-button')).to.equal(true);
    expect(shown('chat-log')).to.equal(true);
    expect(asked).to.equal(0);
    await expect(element).to.be.accessible();
  });

  it('with a function for tokens, devices are opened once the server has granted it', async () => {
    const backend = fakeBackend({ grants: ['join', 'publish', 'chat'] });
    const element = await place(backend, '');
    element.token = () => Promise.resolve(token(['join', 'publish', 'chat']));
    await element.updateComplete;
    await element.join();
    await until('the camera is published', () => element.currentRoom?.getStreams().length === 1);
    expect(asked).to.be.greaterThan(0);
    expect(parts(element, 'microphone-button')).to.have.lengthOf(1);
    expect(parts(element, 'share-button')).to.have.lengthOf(0);
  });

  it('shows the names that the site gives, and tells namesakes apart by their logins', async () => {
    const others = [
      { login: 'u-1', displayName: 'Bob Brown' },
      { login: 'u-2', displayName: 'Eve' },
      { login: 'u-3', displayName: 'Eve' },
    ];
    const backend = fakeBackend({ grants: ['join', 'chat'], others });
    const element = await place(backend, `token="${token(['join', 'chat'])}"`);
    await element.join();
    await element.updateComplete;
    const names = texts(element, 'tile-name').join(' | ');
    for (const name of ['Bob Brown', 'Eve (u-2)', 'Eve (u-3)']) expect(names).to.contain(name);
    backend.sessions[0]!.rooms[0]!.says('u-1', 'Hello');
    await until('it is in the chat', () => texts(element, 'chat-line').some((line) => /Bob Brown.*Hello/.test(line)));
    expect(texts(element, 'chat-line').join(' ')).not.to.contain('u-1');
  });
});
