import { expect } from '@open-wc/testing';
import '../../components/index.ts';
import type { WcsConference } from '../../components/conference/conference.ts';
import { connectTo, fakeBackend } from '../fakes/element-room.ts';
import { fakeMedia } from '../fakes/element-media.ts';
import { nextEvent, part, until } from './tools.ts';

describe('somebody whom a moderator', () => {
  let element: WcsConference;
  const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);

  beforeEach(async () => {
    navigator.mediaDevices.getUserMedia = () => Promise.resolve(fakeMedia());
    element = document.createElement('wcs-conference');
    Object.assign(element, { username: 'Alice', noPrejoin: true });
    element.connect = connectTo((backend = fakeBackend({ others: [{ login: 'Bob' }] })));
    document.body.append(element);
    await element.join();
  });
  afterEach(() => {
    element.remove();
    navigator.mediaDevices.getUserMedia = original;
  });
  let backend = fakeBackend();
  const room = () => backend.sessions[0]!.rooms[0]!;

  it('mutes sees the microphone off, and can switch it on again', async () => {
    const pressed = () => part(element, 'microphone-button').getAttribute('aria-pressed');
    await until('the button is true', () => pressed() === 'true');
    room().silenced({ audio: true });
    await until('the button is false', () => pressed() === 'false');
    await element.toggleMicrophone();
    await until('the button is true', () => pressed() === 'true');
  });

  it('removes is told so', async () => {
    const left = nextEvent(element, 'wcs-leave');
    room().ends('expelled', { by: 'Bob' });
    expect((await left).detail.reason).to.equal('expelled');
    await until('it is said', () => part(element, 'error').textContent.includes('removed'));
  });
});
