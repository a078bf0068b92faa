import { expect, fixture, html } from '@open-wc/testing';
import '../../components/conference/conference.ts';
import type { WcsConference } from '../../components/conference/conference.ts';
import { connectTo, fakeBackend, type FakeBackend, type FakeRoom, type FakeStream } from '../fakes/element-room.ts';
import { PluggedDevices } from '../fakes/plugged-devices.ts';
import { fakeMedia } from '../fakes/element-media.ts';
import { deep, nextEvent, part, parts, texts, until } from './tools.ts';

const BUILT_IN = { kind: 'audioinput', id: 'mic-1', label: 'Built-in microphone' } as const;
const HEADSET = { kind: 'audioinput', id: 'mic-2', label: 'Headset' } as const;
const WEBCAM = { kind: 'videoinput', id: 'cam-1', label: 'Webcam' } as const;
const CAMERA = { kind: 'videoinput', id: 'cam-2', label: 'Table camera' } as const;
const SPEAKER = { kind: 'audiooutput', id: 'out-1', label: 'Loudspeaker' } as const;
const EARS = { kind: 'audiooutput', id: 'out-2', label: 'Headset' } as const;
const ALL = [BUILT_IN, HEADSET, WEBCAM, CAMERA, SPEAKER, EARS];

async function place(attributes = 'no-prejoin', room: Omit<FakeBackend, 'sessions'> = {}): Promise<WcsConference> {
  const box = await fixture<HTMLElement>(html`<div></div>`);
  Object.assign(box.style, { width: '1000px', height: '700px' });
  box.innerHTML = `<wcs-conference room="team" username="Alice" ${attributes}></wcs-conference>`;
  const element = box.firstElementChild as WcsConference;
  element.connect = connectTo(fakeBackend({ others: [{ login: 'Bob', media: fakeMedia() }], ...room }));
  await element.updateComplete;
  return element;
}

/** In the room as Alice, with what the others get of her. */
async function enter(
  attributes?: string,
  room?: Omit<FakeBackend, 'sessions'>,
): Promise<{ element: WcsConference; stream: FakeStream }> {
  const element = await place(attributes, room);
  await element.join();
  const stream = await until('something is published', () => element.currentRoom?.getStreams()[0]);
  return { element, stream: stream as unknown as FakeStream };
}

async function openSettings(element: WcsConference): Promise<HTMLDialogElement> {
  part(element, 'settings-button').click();
  return until('the dialog is open', () => parts<HTMLDialogElement>(element, 'settings').find(({ open }) => open));
}

const field = (dialog: Element, kind: string) => dialog.querySelector<HTMLSelectElement>(`#${kind}`)!;

const options = (dialog: Element, kind: string) =>
  [...field(dialog, kind).options].map(({ textContent }) => textContent.trim());

function choose(dialog: Element, kind: string, label: string): void {
  const select = field(dialog, kind);
  select.value = [...select.options].find(({ textContent }) => textContent.trim() === label)!.value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
}

const notices = (element: WcsConference) => texts(element, 'notice');

const pressIn = (element: WcsConference, words: RegExp, button: string) =>
  until(`a notice says ${words}`, () =>
    parts(element, 'notice').find(({ textContent }) => words.test(textContent)),
  ).then((notice) => deep<HTMLButtonElement>(notice, button)[0]!.click());

describe('devices', () => {
  let devices: PluggedDevices;

  beforeEach(() => {
    localStorage.clear();
    devices = new PluggedDevices(...ALL);
  });

  afterEach(() => {
    devices.remove();
    localStorage.clear();
  });

  describe('the settings', () => {
    it('show nothing of themselves before they are opened for the first time', async () => {
      const { element } = await enter();
      const [settings] = deep(element, 'wcs-settings');
      expect(settings).to.not.equal(undefined);
      expect(settings?.getBoundingClientRect().height).to.equal(0);
    });

    it('list what is plugged in, show oneself, and pass the accessibility audit', async () => {
      const { element } = await enter();
      const dialog = await openSettings(element);
      await until('the lists are there', () => options(dialog, 'camera').length === 2);
      expect(options(dialog, 'camera')).to.deep.equal(['Webcam', 'Table camera']);
      expect(options(dialog, 'microphone')).to.deep.equal(['Built-in microphone', 'Headset']);
      expect(options(dialog, 'speaker')).to.deep.equal(['Loudspeaker', 'Headset']);
      await until('the picture plays', () => dialog.querySelector('video')?.readyState);
      await expect(element).to.be.accessible();
    });

    it('change the camera in the call: the others go on seeing, by the same stream', async () => {
      const { element, stream } = await enter();
      choose(await openSettings(element), 'camera', 'Table camera');
      await until('another track is sent', () => stream.replaced.length === 1);
      expect(stream.replaced[0]!.label).to.equal('Table camera');
      expect(stream.status()).to.equal('PUBLISHING');
      await until('the other camera is closed', () => !devices.inUse.includes('cam-1'));
    });

    it('are held to what the page allows, also when that changes in the call', async () => {
      const { element, stream } = await enter('no-prejoin max-video-bitrate="800"');
      const [camera] = [...devices.open.keys()].filter(({ kind }) => kind === 'video');
      const applied: MediaTrackConstraints[] = [];
      camera!.applyConstraints = async (constraints = {}) => void applied.push(constraints);
      element.setAttribute('max-video-height', '360');
      await until('the stream is held to it', () => stream.limits.length === 1);
      expect(applied[0]).to.deep.include({ width: { ideal: 640, max: 640 }, height: { ideal: 360, max: 360 } });
      element.maxVideoBitrate = 300;
      await until('and to that', () => stream.limits.length === 2);
      element.removeAttribute('max-video-bitrate');
      await until('and to nothing', () => stream.limits.length === 3);
      expect(stream.limits).to.deep.equal([800, 300, undefined]);
    });

    it('change a microphone that is off, and it stays off', async () => {
      const { element, stream } = await enter();
      await element.toggleMicrophone(false);
      choose(await openSettings(element), 'microphone', 'Headset');
      await until('another track is sent', () => stream.replaced.length === 1);
      expect(stream.replaced[0]!.enabled).to.equal(false);
      expect(stream.isAudioMuted()).to.equal(true);
    });

    it('let everybody be heard through the chosen speaker', async () => {
      const { element } = await enter();
      const video = await until('Bob is there', () => parts<HTMLVideoElement>(element, 'tile-video')[1]);
      const through: string[] = [];
      video.setSinkId = async (id) => void through.push(id);
      choose(await openSettings(element), 'speaker', 'Headset');
      await until('Bob is heard in the headset', () => through.at(-1) === 'out-2');
    });

    it('switch what the browser does to the voice, each by itself', async () => {
      const { element, stream } = await enter();
      const dialog = await openSettings(element);
      const echo = await until('there are switches', () =>
        dialog.querySelector<HTMLInputElement>('input[name=echoCancellation]'),
      );
      expect(echo.checked).to.equal(true);
      echo.click();
      await until('another track is sent', () => stream.replaced.length === 1);
      const { audio } = devices.asked.at(-1)!;
      expect(audio).to.deep.equal({ deviceId: { exact: 'mic-1' }, echoCancellation: false });
    });

    it('are remembered for the next call, by name where ids are new', async () => {
      const { element } = await enter();
      const dialog = await openSettings(element);
      choose(dialog, 'microphone', 'Headset');
      await until('the headset is used', () => devices.inUse.includes('mic-2'));
      dialog.querySelector<HTMLInputElement>('input[name=noiseSuppression]')!.click();
      await until('it is switched', () => JSON.stringify(devices.asked.at(-1)).includes('noiseSuppression'));
      await element.leave();

      devices.devices = ALL.map((device) => ({ ...device, id: `new-${device.id}` }));
      devices.asked.length = 0;
      await enter();
      const [{ audio } = {}] = devices.asked;
      expect(audio).to.deep.equal({ deviceId: { exact: 'new-mic-2' }, noiseSuppression: false });
      expect(devices.inUse).to.include('new-mic-2');
    });

    it('say so when a device does not open, and keep the one that works', async () => {
      const { element, stream } = await enter();
      const dialog = await openSettings(element);
      devices.refusal = { name: 'NotReadableError' };
      devices.onlyOneCamera = false;
      choose(dialog, 'microphone', 'Headset');
      await until('it is said', () => notices(element).some((text) => /could not be used/.test(text)));
      expect(stream.status()).to.equal('PUBLISHING');
    });

    it('are there before joining, with a level meter, and not with no-settings', async () => {
      const element = await place('');
      await until('the meter is there', () => deep(element, 'wcs-meter')[0]?.shadowRoot?.querySelector('[role=meter]'));
      const meter = deep(element, 'wcs-meter')[0]!.shadowRoot!.querySelector('[role=meter]')!;
      devices.loudness = 0.5;
      await until('it shows what is said', () => Number(meter.getAttribute('aria-valuenow')) >= 7);
      devices.loudness = 0;
      await until('and silence', () => meter.getAttribute('aria-valuenow') === '0');
      const dialog = await openSettings(element);
      choose(dialog, 'camera', 'Table camera');
      await until('the other camera is used', () => devices.inUse.includes('cam-2'));
      dialog.close();
      const without = await place('no-settings');
      expect(parts(without, 'settings-button')).to.have.length(0);
    });
  });

  describe('what is plugged out and in', () => {
    it('a camera that is gone is replaced by another one, which is said', async () => {
      const { element, stream } = await enter();
      devices.plugOut('cam-1');
      await until('the other camera is sent', () => stream.replaced.at(-1)?.label === 'Table camera');
      await until('it is said', () => notices(element).some((text) => /Table camera.*is used now/.test(text)));
      expect(stream.status()).to.equal('PUBLISHING');
      expect(stream.isVideoMuted()).to.equal(false);
    });

    it('without another one it is said, and it comes back by itself when it is plugged in again', async () => {
      devices.devices = [BUILT_IN, WEBCAM];
      const { element, stream } = await enter();
      const told = nextEvent(element, 'wcs-error');
      devices.plugOut('mic-1');
      expect((await told).detail.code).to.equal('device_missing');
      await until('it is said', () => notices(element).some((text) => /without a microphone/.test(text)));
      await until('the others know', () => stream.isAudioMuted());
      devices.plugIn(HEADSET);
      await until('the new one is sent', () => stream.replaced.at(-1)?.label === 'Headset');
      expect(stream.isAudioMuted()).to.equal(false);
      await until('nothing is said any more', () => notices(element).length === 0);
    });

    it('a new one is offered, and used when asked for', async () => {
      devices.devices = [BUILT_IN, WEBCAM];
      const { element, stream } = await enter();
      devices.plugIn(HEADSET);
      await pressIn(element, /plugged in: “Headset”/, 'button.primary');
      await until('it is sent', () => stream.replaced.at(-1)?.label === 'Headset');
      await until('nothing is said any more', () => notices(element).length === 0);
    });

    it('the one that was chosen before is used as soon as it is there', async () => {
      localStorage.setItem('wcs-devices', JSON.stringify({ microphone: { id: 'mic-2', label: 'Headset' } }));
      devices.devices = [BUILT_IN, WEBCAM];
      const { stream } = await enter();
      devices.plugIn(HEADSET);
      await until('it is sent', () => stream.replaced.at(-1)?.label === 'Headset');
    });

    it('the lists in open settings follow', async () => {
      const { element } = await enter();
      const dialog = await openSettings(element);
      await until('two', () => options(dialog, 'camera').length === 2);
      devices.plugOut('cam-2');
      await until('one', () => options(dialog, 'camera').length === 1);
    });
  });

  describe('permissions', () => {
    it('that are missing are explained, and tried again by a button', async () => {
      devices.refusal = { name: 'NotAllowedError' };
      const element = await place('');
      await until('where to click is said', () => notices(element).some((text) => /left of the address/.test(text)));
      devices.refusal = undefined;
      await pressIn(element, /without/, 'button.primary');
      await until('both are open', () => devices.inUse.length === 2);
    });

    it('that the system refuses are explained otherwise', async () => {
      devices.refusal = { name: 'NotAllowedError', message: 'Permission denied by system' };
      const element = await place('');
      await until('it is said', () => notices(element).some((text) => /system’s settings/.test(text)));
    });

    it('that the site refuses to its page are not looked for in the browser', async () => {
      devices.refusal = { name: 'NotAllowedError' };
      const value = { allowsFeature: (feature: string) => feature === 'geolocation' };
      Object.defineProperty(document, 'featurePolicy', { configurable: true, value });
      try {
        const element = await place('');
        // The tests are in a frame of the runner themselves, or not.
        const words = window.top === window ? /Permissions-Policy/ : /allow="camera; microphone"/;
        await until('it is said', () => notices(element).some((text) => words.test(text)));
      } finally {
        Reflect.deleteProperty(document, 'featurePolicy');
      }
    });
  });

  describe('a microphone that is off', () => {
    it('says once that somebody speaks into it, and switches on by the button', async () => {
      const { element } = await enter();
      await element.toggleMicrophone(false);
      devices.speak();
      await pressIn(element, /nobody hears you/, 'button.primary');
      await until('it is on', () => part(element, 'microphone-button').getAttribute('aria-pressed') === 'true');
      await until('nothing is said any more', () => notices(element).length === 0);
    });

    it('says it once only, and sends nothing of what it heard', async () => {
      const { element, stream } = await enter();
      await element.toggleMicrophone(false);
      devices.speak();
      await pressIn(element, /nobody hears you/, 'button.quiet');
      await until('it is gone', () => notices(element).length === 0);
      const [track] = [...devices.open.keys()].filter(({ kind }) => kind === 'audio');
      expect(track?.enabled).to.equal(false);
      expect(stream.replaced).to.have.length(0);
    });
  });

  it('a microphone that a moderator has muted for good says so to whoever speaks, and offers no button', async () => {
    const { element } = await enter();
    const room = element.currentRoom as unknown as FakeRoom;
    room.silenced({ audio: true }, { hold: true });
    devices.speak();
    const notice = await until('it is said', () =>
      parts(element, 'notice').find(({ textContent }) => /nobody hears you/.test(textContent)),
    );
    expect(deep(notice, 'button.primary')).to.deep.equal([]);
  });

  describe('on a phone', () => {
    const FRONT = { kind: 'videoinput', id: 'front', label: 'Front camera', facingMode: 'user' } as const;
    const BACK = { kind: 'videoinput', id: 'back', label: 'Back camera', facingMode: 'environment' } as const;

    it('a button switches to the camera on the back, not mirrored, and back again', async () => {
      devices.devices = [BUILT_IN, FRONT, BACK];
      devices.onlyOneCamera = true;
      const { element, stream } = await enter();
      const flip = await until('there is a button', () => parts(element, 'flip-button')[0]);
      flip.click();
      await until('the back is sent', () => stream.replaced.at(-1)?.label === 'Back camera');
      const own = () => deep(part(element, 'local-tile'), 'video')[0]!;
      await until('it is not mirrored', () => !own().classList.contains('mirrored'));
      flip.click();
      await until('the front is sent', () => stream.replaced.at(-1)?.label === 'Front camera');
      await until('it is mirrored', () => own().classList.contains('mirrored'));
      expect(devices.inUse).to.deep.equal(['mic-1', 'front']);
    });

    it('the on-screen keyboard does not lie over what one writes', async () => {
      const screen = Object.assign(new EventTarget(), { offsetTop: 0, height: innerHeight, scale: 1 });
      const property = Object.getOwnPropertyDescriptor(globalThis, 'visualViewport')!;
      Object.defineProperty(globalThis, 'visualViewport', { configurable: true, value: screen });
      try {
        const { element } = await enter();
        Object.assign(element.parentElement!.style, { position: 'fixed', inset: '0', width: 'auto', height: 'auto' });
        element.toggleChat(true);
        const input = await until('one can write', () => parts(element, 'chat-input')[0]);
        input.focus();
        screen.height = innerHeight - 200;
        screen.dispatchEvent(new Event('resize'));
        await until('the field is above it', () => input.getBoundingClientRect().bottom <= screen.height);
        screen.height = innerHeight;
        screen.dispatchEvent(new Event('resize'));
        await until('it goes back', () => input.getBoundingClientRect().bottom > screen.height - 200);
      } finally {
        Object.defineProperty(globalThis, 'visualViewport', property);
      }
    });

    it('the screen stays on from joining to leaving, also after the page was hidden', async () => {
      const locks: { released: boolean; release: () => Promise<void> }[] = [];
      const request = async () => {
        const lock = { released: false, release: async () => void (lock.released = true) };
        locks.push(lock);
        return lock as unknown as WakeLockSentinel;
      };
      const property = Object.getOwnPropertyDescriptor(Navigator.prototype, 'wakeLock');
      Object.defineProperty(navigator, 'wakeLock', { configurable: true, value: { request } });
      try {
        const { element } = await enter();
        await until('it is kept on', () => locks.length === 1);
        // Hidden pages lose it.
        locks[0]!.released = true;
        document.dispatchEvent(new Event('visibilitychange'));
        await until('it is kept on again', () => locks.length === 2);
        await element.leave();
        await until('it goes off', () => locks[1]!.released);
      } finally {
        Reflect.deleteProperty(navigator, 'wakeLock');
        if (property) Object.defineProperty(Navigator.prototype, 'wakeLock', property);
      }
    });

    it('buttons of a headset switch the microphone and hang up, and pause nobody’s sound', async () => {
      const handlers = new Map<string, (() => void) | null>();
      const { mediaSession } = navigator;
      const set = mediaSession.setActionHandler.bind(mediaSession);
      mediaSession.setActionHandler = (action: string, handler: unknown) =>
        void handlers.set(action, handler as (() => void) | null);
      try {
        const { element } = await enter();
        await until('the call has a name', () => mediaSession.metadata?.title === 'team');
        handlers.get('togglemicrophone')!();
        await until('it is off', () => part(element, 'microphone-button').getAttribute('aria-pressed') === 'false');
        expect(handlers.get('pause')).to.be.a('function');
        const left = nextEvent(element, 'wcs-leave');
        handlers.get('hangup')!();
        await left;
        await until('there is no call any more', () => mediaSession.metadata === null);
        expect([...handlers.values()].every((handler) => handler === null)).to.equal(true);
      } finally {
        mediaSession.setActionHandler = set;
      }
    });

    it('everything fits into the bar of a small one, while the room is recorded', async () => {
      devices.devices = [BUILT_IN, FRONT, BACK];
      const { element } = await enter('no-prejoin style="width: 320px"', { recording: 'on', others: [] });
      await until('there is a button', () => parts(element, 'flip-button')[0]);
      await until('and one for the recording', () => parts(element, 'record-control')[0]);
      const { right } = element.getBoundingClientRect();
      for (const button of ['record-control', 'invite-button', 'flip-button', 'settings-button'])
        expect(part(element, button).getBoundingClientRect().right, button).to.be.at.most(right);
    });

    it('what a phone call takes is captured anew, else a button does it', async () => {
      const { element, stream } = await enter();
      const microphone = () =>
        [...devices.open.keys()].filter(({ kind, readyState }) => kind === 'audio' && readyState === 'live').at(-1)!;
      devices.hold(microphone(), true);
      await until('a new track is sent', () => stream.replaced.length === 1);
      devices.refusal = { name: 'NotReadableError' };
      devices.hold(microphone(), true);
      await until('it is said', () => notices(element).some((text) => /taken over/.test(text)));
      devices.refusal = undefined;
      await pressIn(element, /taken over/, 'button.primary');
      await until('another track is sent', () => stream.replaced.length === 2);
      await until('nothing is said any more', () => notices(element).length === 0);
    });
  });
});
