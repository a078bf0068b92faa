/** Devices in the course of a call: two people in Chromium, of whom one has three cameras and microphones. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { startBackend, type Backend } from './backend.ts';
import { closeTabs, startChromium, until, type Browser, type Tab } from './browsers.ts';
import { enter, seesMove } from './call.ts';

let backend: Backend;
let chromium: Browser;

before(async () => {
  backend = await startBackend();
  chromium = await startChromium({ flags: ['--use-fake-device-for-media-stream=device-count=3'] });
});

after(async () => {
  await chromium.close();
  await backend.close();
});

afterEach(closeTabs);

async function call(room: string): Promise<{ alice: Tab; bob: Tab }> {
  const url = `${backend.url}/conference.html?roomName=devices-${room}`;
  const alice = await enter(chromium, url, 'Alice');
  const bob = await enter(chromium, url, 'Bob');
  await seesMove(bob, 'Alice');
  return { alice, bob };
}

/** What the viewer receives of somebody, by the ids of its tracks: another consumer would bring others. */
const receives = (tab: Tab) =>
  tab.run(() => {
    const remote = probe.deep('video').map((video) => (video as HTMLVideoElement).srcObject as MediaStream | null);
    return remote.flatMap((media) => media?.getTracks().map(({ id }) => id) ?? []).sort();
  }, null);

/** Names of what somebody captures, and whether it is live. */
const captures = (tab: Tab) =>
  tab.run(() => {
    const [own] = probe
      .part('local-tile')
      .flatMap((tile) => probe.deep('video').filter((video) => within(video, tile)));
    const media = (own as HTMLVideoElement | undefined)?.srcObject as MediaStream | null | undefined;
    return media?.getTracks().map(({ label, readyState }) => `${label} ${readyState}`) ?? [];

    function within(node: Node, tile: Node): boolean {
      for (let at: Node | null = node; at; at = at.parentNode ?? (at as ShadowRoot).host ?? null)
        if (at === tile) return true;
      return false;
    }
  }, null);

const loudness = (tab: Tab, name: string) =>
  tab.run(() => probe.seen(), null).then((seen) => seen.find((one) => one.name.startsWith(name))?.loudness ?? 0);

const packetsOfSound = (tab: Tab) => tab.run(() => probe.soundPackets(), null);

/** Chooses another device from a list of the settings; gives its name. Chromium's second fake camera is one for depth, which WebRTC does not send. */
async function chooseLast(tab: Tab, kind: 'camera' | 'microphone'): Promise<string> {
  await until('the list is there', () =>
    tab.run((id) => ((probe.deep(`#${id}`)[0] as HTMLSelectElement | undefined)?.options.length ?? 0) > 1, kind),
  );
  return tab.run((id) => {
    const select = probe.deep(`#${id}`)[0] as HTMLSelectElement;
    const option = [...select.options].at(-1)!;
    select.value = option.value;
    select.dispatchEvent(new Event('change', { bubbles: true, composed: true }));
    return option.textContent.trim();
  }, kind);
}

describe('devices in a call', () => {
  it('are changed in the settings while the other one goes on seeing and hearing', async () => {
    const { alice, bob } = await call('change');
    const before = await receives(bob);
    await until('Bob hears Alice', async () => (await loudness(bob, 'Alice')) > 0.001);
    await alice.run(() => probe.click('settings-button'), null);

    const camera = await chooseLast(alice, 'camera');
    await until('the camera is used', async () => (await captures(alice)).includes(`${camera} live`));
    const microphone = await chooseLast(alice, 'microphone');
    await until('the microphone is used', async () => (await captures(alice)).includes(`${microphone} live`));

    await seesMove(bob, 'Alice');
    const heard = await packetsOfSound(bob);
    await until('Bob goes on hearing', async () => (await packetsOfSound(bob)) > heard + 20);
    assert.deepEqual(await receives(bob), before, 'nothing was published anew');
    assert.deepEqual(alice.errors, []);

    await alice.reload();
    await until('the same camera is used the next time', () =>
      alice.run((label) => {
        const shown = probe.deep('video').map((video) => (video as HTMLVideoElement).srcObject as MediaStream | null);
        return shown.some((media) => media?.getVideoTracks()[0]?.label === label);
      }, camera),
    );
  });

  it('that fail in mid-call are replaced by others, and that is said', async () => {
    const { alice, bob } = await call('fail');
    const before = await receives(bob);
    const [broken] = await alice.run(() => {
      const own = probe
        .deep('video')
        .map((video) => (video as HTMLVideoElement).srcObject as MediaStream | null)
        .flatMap((media) => media?.getVideoTracks() ?? [])
        .filter(({ label }) => label.startsWith('fake_device'));
      // As Chromium does it when somebody pulls the plug.
      own[0]!.stop();
      own[0]!.dispatchEvent(new Event('ended'));
      return own.map(({ id }) => id);
    }, null);
    assert.ok(broken);
    await until('it is said', () => alice.run(() => /is used now/.test(probe.text('notice') ?? ''), null));
    await seesMove(bob, 'Alice');
    assert.deepEqual(await receives(bob), before, 'nothing was published anew');
  });
});
