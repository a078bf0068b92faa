/** What is sent follows what is seen: two Chromiums with the room API and with the elements, and real media. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startBackend, type Backend } from './backend.ts';
import { closeTabs, startChromium, until, type Browser, type Tab } from './browsers.ts';

let backend: Backend;
let chromium: Browser;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wcs-voice-'));
  const voice = join(folder, 'voice.wav');
  await writeFile(voice, hum());
  const flags = [`--use-file-for-fake-audio-capture=${voice}`];
  [backend, chromium] = await Promise.all([startBackend(), startChromium({ flags })]);
});

after(async () => {
  await chromium.close();
  await backend.close();
  await rm(folder, { recursive: true });
});

afterEach(closeTabs);

describe('the picture that a viewer gets', () => {
  it('is as large as its tile, and is not sent at all while it is out of sight', async () => {
    const room = `layers-${Date.now()}`;
    const alice = await enter('Alice', room, { width: 1280, height: 800 });
    const bob = await enter('Bob', room, { width: 1280, height: 800 });
    await until('Bob sees Alice large', async () => (await picture(bob, 'Alice')).width >= 640);

    assert.equal((await outbound(alice)).length, 3, 'Alice sends her camera in three sizes');
    assert.match(await soundFormat(alice), /usedtx=1.*useinbandfec=1|useinbandfec=1.*usedtx=1/);

    await size(bob, '240px', '320px');
    await until('Bob gets a smaller picture', async () => {
      const { width } = await picture(bob, 'Alice');
      return width > 0 && width <= 320;
    });
    await until('and Alice sends no larger one', async () => (await sent(alice)).every(({ width }) => width <= 320));

    await bob.run(() => void (document.querySelector('wcs-conference')!.style.display = 'none'), null);
    await until('no frames come while the element is hidden', () => isStill(bob));
    await until('and Alice sends no picture at all', async () => {
      const before = await framesSent(alice);
      await delay(500);
      return (await framesSent(alice)) === before;
    });

    await bob.run(() => {
      const { style } = document.querySelector('wcs-conference')!;
      [style.display, style.marginTop] = ['', '3000px'];
    }, null);
    await delay(500);
    assert.ok(await isStill(bob), 'no frames come while the element is scrolled away');

    await bob.run(() => void (document.querySelector('wcs-conference')!.style.marginTop = ''), null);
    await size(bob, '1200px', '760px');
    await until('Bob sees Alice large again', async () => (await picture(bob, 'Alice')).width >= 640);

    await alice.run(() => document.querySelector('wcs-conference')!.setAttribute('max-video-height', '180'), null);
    const isHeld = async () => (await picture(bob, 'Alice')).width === 320;
    await until('Alice sends what she is held to at once, and no smaller', isHeld);
    await size(bob, '240px', '320px');
    await delay(500);
    await until('in a small tile, too', isHeld);

    await bob.run(() => {
      Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
      document.dispatchEvent(new Event('visibilitychange'));
    }, null);
    await until('no frames come while the page is in the background', () => isStill(bob));
    const heard = await bob.run(() => probe.soundPackets(), null);
    await until(
      'and Alice is heard all the same',
      async () => (await bob.run(() => probe.soundPackets(), null)) > heard + 25,
    );
    assert.deepEqual([...alice.errors, ...bob.errors], []);
  });

  it('fits each of two tiles, whatever becomes of the other one', async () => {
    const room = `sizes-${Date.now()}`;
    const alice = await enter('Alice', room, { width: 1280, height: 800 });
    const bob = await enter('Bob', room, { width: 1280, height: 800 });
    const carol = await enter('Carol', room, { width: 400, height: 500 });
    for (const tab of [bob, carol])
      await tab.run(() => document.querySelector('wcs-conference')!.toggleCamera(false), null);
    const gets = (tab: Tab, fits: (width: number) => boolean) => async () => {
      const { width } = await picture(tab, 'Alice');
      return width > 0 && fits(width);
    };
    const isSmall = (width: number) => width <= 320;
    const isLarge = (width: number) => width >= 640;
    await size(bob, '400px', '500px');
    await until('nobody gets more than is shown', gets(bob, isSmall));
    await until('Alice sends one size', async () => (await sent(alice)).length === 1);
    await until('which Carol gets, too', gets(carol, isSmall));
    await size(bob, '1200px', '760px');
    await until('Bob gets a large one', gets(bob, isLarge));
    await until('and Carol still a small one', async () => (await gets(carol, isSmall)()) && (await moves(carol)));
    await until('while Bob has his', gets(bob, isLarge));
    await size(bob, '400px', '500px');
    await until('Alice sends one size again', async () => (await sent(alice)).length === 1);
    for (const tab of [bob, carol])
      await until('both see it', async () => (await gets(tab, isSmall)()) && (await moves(tab)));
    assert.deepEqual([...alice.errors, ...bob.errors, ...carol.errors], []);
  });
});

describe('who speaks', () => {
  it('is marked for everybody, oneself included', async () => {
    const room = `speaks-${Date.now()}`;
    const alice = await enter('Alice', room);
    const bob = await enter('Bob', room);
    await bob.run(() => document.querySelector('wcs-conference')!.toggleMicrophone(false), null);
    for (const [tab, name] of [
      [alice, 'Alice'],
      [bob, 'Alice'],
    ] as const)
      await until(`${name} is marked at ${tab === bob ? 'Bob' : 'Alice'}`, () =>
        tab.run(
          (login) => probe.part('speaking').some((tile) => (tile as { view?: { name: string } }).view?.name === login),
          name,
        ),
      );
  });
});

async function enter(name: string, room: string, viewport = { width: 900, height: 640 }): Promise<Tab> {
  const tab = await chromium.open(viewport);
  await tab.goto(`${backend.url}/conference.html?roomName=${room}`);
  await until('the form is there', () => tab.run(() => probe.part('join-button').length === 1, null));
  await tab.run(async (username) => {
    const element = document.querySelector('wcs-conference')!;
    element.username = username;
    await element.join();
  }, name);
  return tab;
}

function size(tab: Tab, width: string, height: string): Promise<void> {
  return tab.run(
    ([w, h]) => {
      const { style } = document.querySelector('wcs-conference')!;
      [style.width, style.height, style.minHeight] = [w!, h!, '0'];
    },
    [width, height],
  );
}

async function moves(tab: Tab): Promise<boolean> {
  return !(await isStill(tab));
}

/** Whether nothing comes of Alice's picture. */
async function isStill(tab: Tab): Promise<boolean> {
  const before = (await picture(tab, 'Alice')).frames;
  await delay(500);
  return (await picture(tab, 'Alice')).frames === before;
}

async function picture(tab: Tab, name: string): Promise<{ width: number; frames: number }> {
  const seen = await tab.run(() => probe.seen(), null);
  const one = seen.find((each) => each.name === name);
  return { width: one?.width ?? 0, frames: one?.frames ?? 0 };
}

/** The layers that a publisher sends just now. */
async function sent(tab: Tab): Promise<{ width: number; frames: number }[]> {
  const before = await outbound(tab);
  await delay(500);
  const now = await outbound(tab);
  return now.filter(({ ssrc, frames }) => frames > (before.find((each) => each.ssrc === ssrc)?.frames ?? 0));
}

async function framesSent(tab: Tab): Promise<number> {
  return (await outbound(tab)).reduce((sum, { frames }) => sum + frames, 0);
}

/** How Opus is sent (RFC 7587 §6.1). */
function soundFormat(tab: Tab): Promise<string> {
  return tab.run(async () => {
    const [stream] = document.querySelector('wcs-conference')!.currentRoom!.getStreams();
    const report = (await stream!.getStats(undefined, true)) as unknown as Map<string, Record<string, unknown>>;
    return String([...report.values()].find(({ mimeType }) => mimeType === 'audio/opus')?.sdpFmtpLine);
  }, null);
}

function outbound(tab: Tab): Promise<{ ssrc: number; width: number; frames: number }[]> {
  return tab.run(async () => {
    const [stream] = document.querySelector('wcs-conference')!.currentRoom!.getStreams();
    const report = (await stream!.getStats(undefined, true)) as unknown as Map<string, Record<string, unknown>>;
    return [...report.values()]
      .filter(({ type, kind }) => type === 'outbound-rtp' && kind === 'video')
      .map(({ ssrc, frameWidth, framesEncoded }) => ({
        ssrc: Number(ssrc),
        width: Number(frameWidth ?? 0),
        frames: Number(framesEncoded ?? 0),
      }));
  }, null);
}

/** A second of sound that goes up and down like speech, mono, 16 bits, 48 kHz (the browser's own sound is a short beep). */
function hum(): Buffer {
  const rate = 48_000;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + 2 * rate, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(2 * rate, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(2 * rate, 40);
  const samples = Int16Array.from({ length: rate }, (_, at) => {
    const loudness = 0.35 + 0.25 * Math.sin((2 * Math.PI * 4 * at) / rate);
    return 32_767 * loudness * Math.sin((2 * Math.PI * 220 * at) / rate);
  });
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}
