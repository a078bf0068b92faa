/** Screens and video chats: two Chromiums and a Firefox on the demo pages, with real media through a real worker. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { startBackend, type Backend } from './backend.ts';
import { closeTabs, startChromium, startFirefox, until, type Browser, type Tab } from './browsers.ts';
import type { Seen } from './probe.ts';

/** Title of the tab that the second Chromium shares. */
const SLIDES = 'Slides to share';

let backend: Backend;
let chromium: Browser;
/** Has a picker: it shares a tab, with its sound. */
let sharer: Browser;
let firefox: Browser;
let rooms = 0;

before(async () => {
  backend = await startBackend();
  [chromium, sharer, firefox] = await Promise.all([startChromium(), startChromium({ shares: SLIDES }), startFirefox()]);
});

after(async () => {
  await Promise.allSettled([chromium.close(), sharer.close(), firefox.close()]);
  await backend.close();
});

afterEach(closeTabs);

describe('sharing a screen', () => {
  it('goes in both directions at once, to late joiners too, and ends where it began', async () => {
    const url = page('screen-share');
    const alice = await enter(chromium, url, 'Alice', 3);
    const claire = await enter(firefox, url, 'Claire');
    await share(alice);
    await until('Claire sees Alice’s screen', () => moves(claire, 'Alice’s screen'));
    await pickPainting(claire);
    await share(claire);
    await until('Alice sees Claire’s screen', () => moves(alice, 'Claire’s screen'));
    await until('and still shares her own', () => see(alice, 'Your screen'));

    const bob = await enter(chromium, url, 'Bob');
    for (const name of ['Alice’s screen', 'Claire’s screen']) await until(`Bob sees ${name}`, () => moves(bob, name));

    await share(alice);
    for (const tab of [bob, claire]) {
      await until('Alice’s screen is gone', async () => !(await see(tab, 'Alice’s screen')), 2000);
      await until('her camera goes on', () => moves(tab, 'Alice'));
    }
    await until('Claire’s screen stays', () => moves(bob, 'Claire’s screen'));
    assert.equal(
      await alice.run(() => probe.part('share-button')[0]?.getAttribute('aria-label'), null),
      'Share screen',
    );
  });

  it('keeps to 1280 by 720, and leaves out sound in which the others would hear themselves', async () => {
    const url = page('screen-share');
    const alice = await enter(chromium, url, 'Alice');
    const bob = await enter(chromium, url, 'Bob');
    await share(alice);
    await until('Bob sees the screen', () => moves(bob, 'Alice’s screen'));
    const seen = await until('and how large it is', () => see(bob, 'Alice’s screen'));
    assert.ok(seen.width <= 1280 && seen.height <= 720, `${seen.width} by ${seen.height}`);
    await until('Alice is told', () => alice.run(() => /without its sound/.test(probe.text('notice') ?? ''), null));
    assert.equal(await soundOf(bob, 'Alice’s screen'), 0);
  });

  it('sends a tab with its sound, and ends when the tab is closed', async () => {
    const url = page('screen-share');
    const slides = await sharer.open();
    await slides.goto(`data:text/html,<title>${SLIDES}</title><h1>One</h1><script>
      setInterval(() => (document.body.style.background = document.body.style.background ? '' : 'gold'), 100)</script>`);
    const alice = await enter(sharer, url, 'Alice');
    const bob = await enter(firefox, url, 'Bob');
    await share(alice);
    await until('Bob sees the slides', () => moves(bob, 'Alice’s screen'));
    assert.equal(await soundOf(bob, 'Alice’s screen'), 1);
    assert.equal(await alice.run(() => probe.text('notice'), null), undefined);
    await slides.close();
    await until('the screen is gone', async () => !(await see(bob, 'Alice’s screen')), 5000);
    await until('Alice can share again', () =>
      alice.run(() => probe.part('share-button')[0]?.getAttribute('aria-label') === 'Share screen', null),
    );
  });

  it('makes one participant with two streams of two elements on a page', async () => {
    const room = newRoom();
    const alice = await enter(chromium, page('conference-and-screen', room), 'Alice');
    const bob = await enter(chromium, page('conference', room), 'Bob');
    await share(alice);
    await until('Bob sees the screen', () => moves(bob, 'Alice’s screen'));
    await until('and the camera', () => moves(bob, 'Alice'));
    assert.equal(await people(bob), 1);
    await share(bob);
    await until('Alice sees both screens in the element for screens', () =>
      alice.run(() => {
        const stage = probe.deep('wcs-screen-share')[0]!.shadowRoot!.querySelector('wcs-stage');
        return stage?.shadowRoot?.querySelectorAll('[part~=screen]').length === 2;
      }, null),
    );
    await until('Bob’s moves', () => moves(alice, 'Bob’s screen'));
  });
});

describe('a video chat', () => {
  it('lets two see and hear one another, and refuses a third one before anybody notices', async () => {
    const url = page('video-chat');
    const alice = await enter(chromium, url, 'Alice');
    const bob = await enter(firefox, url, 'Bob');
    for (const [tab, other] of [
      [alice, 'Bob'],
      [bob, 'Alice'],
    ] as const) {
      await until(`${other} moves`, () => moves(tab, other));
      await until(`${other} is heard`, async () => ((await see(tab, other))?.loudness ?? 0) > 0.001);
    }
    await alice.run(() => {
      const log: string[] = ((globalThis as Record<string, unknown>).log = []);
      const { currentRoom } = probe.deep('wcs-video-chat')[0] as unknown as {
        currentRoom: { on(event: string, listener: () => void): void };
      };
      for (const event of ['JOINED', 'LEFT', 'PUBLISHED']) currentRoom.on(event, () => log.push(event));
    }, null);
    const third = await open(chromium, url);
    await fill(third, 'Claire');
    await until('it is said in words', () => third.run(() => /room is full/i.test(probe.text('error') ?? ''), null));
    const before = (await see(alice, 'Bob'))?.frames ?? 0;
    await until('the two go on', async () => ((await see(alice, 'Bob'))?.frames ?? 0) > before + 10);
    assert.deepEqual(await alice.run(() => (globalThis as unknown as { log: string[] }).log, null), []);

    await bob.run(() => probe.click('leave-button'), null);
    await until('Alice is alone', async () => (await people(alice)) === 0);
    await fill(third, 'Claire');
    await until('now she may come in', () => joined(third));
    await until('and is seen', () => moves(alice, 'Claire'));
  });
});

const newRoom = () => `share-${process.pid}-${++rooms}`;

const page = (name: string, room = newRoom()) => `${backend.url}/${name}.html?roomName=${room}`;

async function open(browser: Browser, url: string): Promise<Tab> {
  const tab = await browser.open();
  await tab.goto(url);
  await until('the form is there', () => tab.run(() => probe.part('join-button').length === 1, null));
  return tab;
}

const fill = (tab: Tab, name: string) =>
  tab.run((name) => {
    probe.type('username-input', name);
    probe.click('join-button');
  }, name);

const joined = (tab: Tab) => tab.run(() => probe.part('leave-button').length === 1, null);

async function enter(browser: Browser, url: string, name: string, capacity?: number): Promise<Tab> {
  const tab = await open(browser, url);
  if (capacity) {
    await tab.run((capacity) => {
      Object.assign(probe.deep('wcs-screen-share')[0]!, { maxParticipants: capacity });
    }, capacity);
  }
  await fill(tab, name);
  await until(`${name} is in the room`, () => joined(tab));
  return tab;
}

/** Presses the button that shares and stops sharing. */
const share = (tab: Tab) => tab.run(() => probe.click('share-button'), null);

/** A Firefox without a window has no screen to pick: it gets a painting that moves. Everything after the picker is real. */
const pickPainting = (tab: Tab) =>
  tab.run(() => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [640, 360];
    const context = canvas.getContext('2d')!;
    let count = 0;
    setInterval(() => {
      context.fillStyle = `hsl(${(count += 9)} 80% 50%)`;
      context.fillRect(0, 0, canvas.width, canvas.height);
    }, 50);
    navigator.mediaDevices.getDisplayMedia = () => Promise.resolve(canvas.captureStream(20));
  }, null);

const see = async (tab: Tab, name: string): Promise<Seen | undefined> =>
  (await tab.run(() => probe.seen(), null)).find((seen) => seen.name.startsWith(name));

/** Whether a picture with this name on it has been decoded for a while. */
async function moves(tab: Tab, name: string): Promise<boolean> {
  const seen = (await tab.run(() => probe.seen(), null)).find((seen) => seen.name === name);
  return seen !== undefined && seen.frames > 5 && seen.width > 0 && !seen.paused;
}

/** How many sounds come with a picture. */
const soundOf = (tab: Tab, name: string) =>
  tab.run((name) => {
    const tile = probe.part('tile').find((tile) => tile.shadowRoot?.textContent.includes(name));
    const media = tile?.shadowRoot?.querySelector('video')?.srcObject as MediaStream | undefined;
    return media?.getAudioTracks().length;
  }, name);

const people = (tab: Tab) =>
  tab.run(
    () =>
      (probe.deep('wcs-conference, wcs-screen-share, wcs-video-chat')[0] as unknown as { participants: unknown[] })
        .participants.length,
    null,
  );
