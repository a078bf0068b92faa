/**
 * People in a conference: two Chromiums and a Firefox on the demo page, with real media through a real worker.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { startBackend, type Backend } from './backend.ts';
import { closeTabs, startChromium, startFirefox, until, type Browser, type Tab } from './browsers.ts';
import type { Seen } from './probe.ts';
import { Wire } from './wire.ts';

let backend: Backend;
let chromium: Browser;
let firefox: Browser;
let rooms = 0;

before(async () => {
  backend = await startBackend();
  [chromium, firefox] = await Promise.all([startChromium(), startFirefox()]);
});

after(async () => {
  await Promise.allSettled([chromium.close(), firefox.close()]);
  await backend.close();
});

afterEach(closeTabs);

describe('a conference on the demo page', () => {
  it('shows and lets hear everyone to everyone, in Chromium and Firefox', async () => {
    const url = conferenceUrl(newRoom());
    const alice = await enter(chromium, url, 'Alice');
    const bob = await enter(chromium, url, 'Bob');
    const claire = await enter(firefox, url, 'Claire');

    for (const [tab, others] of [
      [alice, ['Bob', 'Claire']],
      [bob, ['Alice', 'Claire']],
      [claire, ['Alice', 'Bob']],
    ] as const) {
      for (const other of others) {
        await until(`${tab.browser} decodes ten frames of ${other} and hears them`, async () => {
          const seen = await see(tab, other);
          return seen && seen.frames > 10 && seen.width > 0 && !seen.paused && seen.loudness > 0.001;
        });
      }
    }
    const before = (await see(claire, 'Alice'))!.frames;
    await until('the pictures keep moving', async () => (await see(claire, 'Alice'))!.frames > before + 10);
  });

  it('carries what people write, in any script, as they typed it', async () => {
    const url = conferenceUrl(newRoom());
    const alice = await enter(chromium, url, 'Alice');
    const bob = await enter(firefox, url, 'Боб');
    for (const text of ['Привет, как дела?', 'مرحبا بالعالم', '👩‍👩‍👧 👋🏽', '<img src=x onerror=alert(1)> & 100%25']) {
      await write(alice, text);
      for (const tab of [alice, bob]) {
        await until(`${tab.browser} shows "${text}"`, async () =>
          (await chat(tab)).some((line) => line.includes(text)),
        );
      }
    }
    await write(bob, 'и тебе');
    await until('the answer arrives', async () =>
      (await chat(alice)).some((line) => line.includes('и тебе') && line.includes('Боб')),
    );
  });

  it('shows who has muted themselves', async () => {
    const url = conferenceUrl(newRoom());
    const alice = await enter(chromium, url, 'Alice');
    const bob = await enter(chromium, url, 'Bob');
    await until('Alice sees Bob', () => see(alice, 'Bob'));
    await bob.run(() => probe.click('microphone-button'), null);
    await until('Alice sees that Bob is muted', async () => (await mutedOf(alice, 'Bob'))?.audio);
    await bob.run(() => probe.click('camera-button'), null);
    await until('Alice sees that Bob’s camera is off', async () => (await mutedOf(alice, 'Bob'))?.video);
    await bob.run(() => probe.click('microphone-button'), null);
    await bob.run(() => probe.click('camera-button'), null);
    await until('Alice sees both on again', async () => {
      const muted = await mutedOf(alice, 'Bob');
      return muted && !muted.audio && !muted.video;
    });
    const before = (await see(alice, 'Bob'))?.frames ?? 0;
    await until('Bob’s picture moves again', async () => ((await see(alice, 'Bob'))?.frames ?? 0) > before + 5);
  });

  it('shows within a second that somebody left, and that a tab was closed', async () => {
    const url = conferenceUrl(newRoom());
    const alice = await enter(chromium, url, 'Alice');
    const bob = await enter(chromium, url, 'Bob');
    const claire = await enter(firefox, url, 'Claire');
    await until('Alice sees both', async () => (await people(alice)).length === 2);
    await bob.run(() => probe.click('leave-button'), null);
    await until('Alice sees that Bob left', async () => !(await people(alice)).includes('Bob'), 1000);
    await claire.close();
    await until('Alice sees that Claire is gone', async () => !(await people(alice)).includes('Claire'), 1000);
  });

  it('invites to the same room by a link', async () => {
    const alice = await enter(chromium, `${backend.url}/conference.html`, 'Alice');
    const invitation = await until('there is a link', () =>
      alice.run(() => (document.querySelector('wcs-conference') as unknown as { inviteUrl: string }).inviteUrl, null),
    );
    assert.match(invitation, /\/conference\.html\?roomName=room-[0-9a-f]{6}$/);
    await enter(firefox, invitation, 'Bob');
    await until('Alice sees Bob', () => see(alice, 'Bob'));
  });

  it('refuses a name that is taken, in words, and lets in under another', async () => {
    const url = conferenceUrl(newRoom());
    await enter(chromium, url, 'Alice');
    const other = await open(firefox, url);
    await fill(other, 'Alice');
    await until('the reason is shown', () =>
      other.run(() => /Alice|name|login/i.test(probe.text('error') ?? ''), null),
    );
    await fill(other, 'Alicia');
    await until('Alicia is in', () => joined(other));
  });

  it('goes on after a reload without leaving, under the same name', async () => {
    const url = conferenceUrl(newRoom());
    const alice = await enter(chromium, url, 'Alice');
    const bob = await enter(chromium, url, 'Bob');
    await until('Alice sees Bob', () => see(alice, 'Bob'));
    await bob.reload();
    await until('the page is back', () => bob.run(() => probe.part('join-button').length === 1, null));
    await fill(bob, 'Bob');
    await until('Bob is in again', () => joined(bob));
    await until('Alice sees one Bob, moving', async () => {
      const bobs = (await alice.run(() => probe.seen(), null)).filter(({ name }) => name.includes('Bob'));
      return bobs.length === 1 && bobs[0]!.frames > 5;
    });
  });

  it('survives ten seconds without a socket: media goes on, nobody leaves', async () => {
    const wire = await Wire.to(Number(new URL(backend.url).port));
    try {
      const room = newRoom();
      const alice = await enter(chromium, conferenceUrl(room), 'Alice');
      const bob = await enter(chromium, conferenceUrl(room, `http://localhost:${wire.port}`), 'Bob');
      await until('Alice sees Bob', async () => ((await see(alice, 'Bob'))?.frames ?? 0) > 5);
      await alice.run(() => {
        const log: string[] = ((globalThis as Record<string, unknown>).log = []);
        const { currentRoom } = document.querySelector('wcs-conference') as unknown as {
          currentRoom: { on(event: string, listener: () => void): void };
        };
        for (const event of ['JOINED', 'LEFT', 'RECONNECTING', 'RECONNECTED', 'PUBLISHED', 'UNPUBLISHED']) {
          currentRoom.on(event, () => log.push(event));
        }
      }, null);
      const log = () => alice.run(() => (globalThis as unknown as { log: string[] }).log, null);

      wire.cut();
      await until('Alice is told that Bob reconnects', async () => (await log()).includes('RECONNECTING'));
      const before = (await see(alice, 'Bob'))!.frames;
      const cutAt = Date.now();
      await until('ten seconds of it pass', () => Date.now() - cutAt > 10_000);
      const during = (await see(alice, 'Bob'))!.frames;
      assert.ok(during > before + 30, `Bob stands still without a socket: ${before} → ${during} frames`);
      wire.mend();
      await until('Alice is told that Bob is back', async () => (await log()).includes('RECONNECTED'));
      assert.deepEqual(await log(), ['RECONNECTING', 'RECONNECTED']);
      await until('Bob’s picture still moves', async () => (await see(alice, 'Bob'))!.frames > during + 10);
      await until('Bob can write', async () => {
        await write(bob, 'here again');
        return true;
      });
      await until('and is read', async () => (await chat(alice)).some((line) => line.includes('here again')));
    } finally {
      await wire.close();
    }
  });
});

const newRoom = () => `e2e-${process.pid}-${++rooms}`;

const conferenceUrl = (room: string, origin = backend.url) => `${origin}/conference.html?roomName=${room}`;

async function open(browser: Browser, url: string): Promise<Tab> {
  const tab = await browser.open();
  await tab.goto(url);
  await until('the element is there', () => tab.run(() => probe.part('join-button').length === 1, null));
  return tab;
}

async function fill(tab: Tab, name: string): Promise<void> {
  await tab.run((name) => {
    probe.type('username-input', name);
    probe.click('join-button');
  }, name);
}

const joined = (tab: Tab) => tab.run(() => probe.part('leave-button').length === 1, null);

async function enter(browser: Browser, url: string, name: string): Promise<Tab> {
  const tab = await open(browser, url);
  await fill(tab, name);
  await until(`${name} is in the room`, () => joined(tab));
  return tab;
}

async function see(tab: Tab, name: string): Promise<Seen | undefined> {
  return (await tab.run(() => probe.seen(), null)).find((seen) => seen.name.includes(name));
}

async function write(tab: Tab, text: string): Promise<void> {
  await tab.run(async (text) => {
    if (!probe.part('chat-input').length) {
      (document.querySelector('wcs-conference') as unknown as { toggleChat(open: boolean): void }).toggleChat(true);
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    }
    probe.type('chat-input', text);
    await new Promise((resolve) => requestAnimationFrame(resolve));
    probe.click('send-button');
  }, text);
}

const chat = (tab: Tab) =>
  tab.run(async () => {
    (document.querySelector('wcs-conference') as unknown as { toggleChat(open: boolean): void }).toggleChat(true);
    return probe.part('chat-line').map((line) => line.textContent ?? '');
  }, null);

const people = (tab: Tab) =>
  tab.run(
    () =>
      (document.querySelector('wcs-conference') as unknown as { participants: { name(): string }[] }).participants.map(
        (one) => one.name(),
      ),
    null,
  );

const mutedOf = (tab: Tab, name: string) =>
  tab.run((name) => {
    const { participants } = document.querySelector('wcs-conference') as unknown as {
      participants: { name(): string; getStreams(): { muted(): { audio: boolean; video: boolean } }[] }[];
    };
    return participants
      .find((one) => one.name() === name)
      ?.getStreams()[0]
      ?.muted();
  }, name);
