/** Rooms that are recorded: what people sent from real browsers is what the files show and sound, at its time. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startBackend, type Backend } from './backend.ts';
import { closeTabs, startChromium, startFirefox, until, type Browser, type Tab } from './browsers.ts';
import { enter, finished, FIRST_PICTURE, near, SMALL_MIX } from './recorded-room.ts';
import { contentsOf, type Colour } from './recorded.ts';

/** What the fake microphone of Firefox sounds, whose AudioContext makes no sound on a machine without a sound card. */
const FIREFOX_HERTZ = 1000;

/**
 * Milliseconds that the sound of a mixed film may be off its picture, for half of the moments. Measured: Chromium's own
 * canvas and sound are 2 to 13 ms apart in what it sends, a frame late here and there where the machine is busy; the mix
 * adds up to 20, half the distance of two pictures.
 */
const SYNC_TOLERANCE = 40;

let chromium: Browser;
let firefox: Browser;
let backend: Backend;
let directory: string;

before(async () => {
  [chromium, firefox] = await Promise.all([startChromium(), startFirefox()]);
});

after(async () => {
  await Promise.allSettled([chromium.close(), firefox.close()]);
});

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wcs-e2e-records-'));
  await writeFile(join(directory, 'mixer.json'), JSON.stringify(SMALL_MIX));
});

afterEach(async () => {
  await closeTabs();
  await rm(directory, { recursive: true, force: true });
});

const settings = () => ({ records_dir: directory, offline_mixer: join(directory, 'mixer.json'), workers: 1 });

describe('a room that is recorded', () => {
  beforeEach(async () => {
    backend = await startBackend(settings());
  });
  afterEach(() => backend.close());

  it('becomes one film of everybody, each at the right second, with their sound', async () => {
    const alice = await enter(backend.url, chromium, 'film', 'Alice', { record: true, colour: 'red' });
    await alice.run(() => publish({}), null);
    const aliceAt = Date.now();
    await delay(2500);
    const bob = await enter(backend.url, firefox, 'film', 'Боб', { record: true, colour: 'blue' });
    assert.equal(await bob.run(() => room().recording(), null), 'on');
    await bob.run(() => publish({}), null);
    const bobAt = Date.now();
    await delay(2500);
    await alice.run(() => send('green', 600), null);
    const changedAt = Date.now();
    await delay(2000);
    await alice.run(async () => void (await room().leave()), null);
    const aliceLeftAt = Date.now();
    await delay(1500);
    await bob.run(async () => void (await room().leave()), null);
    const endedAt = Date.now();

    const timeline = await finished(directory, 'room-film-');
    assert.deepEqual(
      timeline.participants.map(({ login }) => login),
      ['Alice', 'Боб'],
    );
    assert.ok(timeline.speakers.length > 0, 'somebody is known to have spoken');
    const film = await contentsOf(join(directory, timeline.mixed!));
    assert.deepEqual(film.codecs.sort(), ['aac', 'h264']);
    assert.match(timeline.mixed!, /^room-film-\d{8}T\d{6}Z-mixed\.mp4$/);
    const at = (time: number) => time - timeline.startedAt;
    near(film.durationMs, at(endedAt), 'it ends');
    near(film.timesShown('red')[0], at(aliceAt), 'Alice is seen', FIRST_PICTURE);
    near(film.timesShown('blue')[0], at(bobAt), 'Bob is seen', FIRST_PICTURE);
    near(film.timesHeard(FIREFOX_HERTZ)[0], at(bobAt), 'Bob is heard');
    near(film.timesShown('green')[0], at(changedAt), 'her picture changes');
    near(film.timesHeard(600)[0], at(changedAt), 'she is heard');
    const shown = (time: number) =>
      (['red', 'green', 'blue'] as Colour[]).filter((each) => film.shows(each, time) > 0.1);
    assert.deepEqual(shown(at(bobAt) - 700), ['red']);
    assert.deepEqual(shown(at(bobAt) + 1500), ['red', 'blue']);
    assert.deepEqual(shown(at(changedAt) + 1000), ['green', 'blue']);
    assert.deepEqual(shown(at(aliceLeftAt) + 900), ['blue']);
  });

  it('shows and sounds at once what happened at once', async () => {
    await writeFile(join(directory, 'mixer.json'), JSON.stringify({ ...SMALL_MIX, mixerVideoFps: 25 }));
    const alice = await enter(backend.url, chromium, 'clapper', 'Alice', { record: true, colour: 'blue' });
    await alice.run(() => publish({}), null);
    await delay(1000);
    for (let clap = 0; clap < 9; clap += 1) {
      await alice.run(() => send('red', 1000), null);
      await delay(200);
      await alice.run(() => send('blue', 0), null);
      await delay(300);
    }
    await alice.run(async () => void (await room().leave()), null);
    const { mixed } = await finished(directory, 'room-clapper-');
    const film = await contentsOf(join(directory, mixed!), { picture: 40, sound: 5 });
    const [flashes, beeps] = [film.timesShown('red'), film.timesHeard(1000)];
    const apart = flashes.map((shown) =>
      beeps.map((heard) => heard - shown).reduce((a, b) => (Math.abs(a) < Math.abs(b) ? a : b), Infinity),
    );
    const median = apart.toSorted((a, b) => a - b)[apart.length >> 1];
    assert.ok(apart.length >= 7 && Math.abs(median!) <= SYNC_TOLERANCE, `sound is later by ${apart.join(', ')} ms`);
  });

  it('gives a stream that is published to be recorded a file of its own, whose name its publisher learns', async () => {
    const alice = await enter(backend.url, chromium, 'alone', 'Alice', { colour: 'red', hertz: 700 });
    const bob = await enter(backend.url, firefox, 'alone', 'Bob', { colour: 'blue' });
    await alice.run(() => publish({ record: true, stripCodecs: 'VP8' }), null);
    await bob.run(() => publish({ record: true }), null);
    await delay(2500);
    const byStop = await alice.run(
      () =>
        new Promise<string | undefined>((resolve) => {
          const [stream] = room().getStreams();
          stream!.on('UNPUBLISHED', () => resolve(stream!.getRecordInfo()));
          stream!.stop();
        }),
      null,
    );
    const byLeaving = await bob.run(async () => {
      const [stream] = room().getStreams();
      const told = new Promise((resolve) => stream!.on('UNPUBLISHED', resolve));
      await room().leave();
      await told;
      return stream!.getRecordInfo();
    }, null);
    assert.match(byStop ?? '', /^stream-[0-9a-f-]{36}-Alice\.mp4$/);
    assert.match(byLeaving ?? '', /^stream-[0-9a-f-]{36}-Bob\.webm$/);
    for (const [name, colour, hertz, codecs] of [
      [byStop!, 'red', 700, ['aac', 'h264']],
      [byLeaving!, 'blue', FIREFOX_HERTZ, ['opus', 'vp8']],
    ] as const) {
      const timeline = await finished(directory, name.slice(0, 'stream-'.length + 36));
      assert.equal(timeline.file, name);
      const contents = await contentsOf(join(directory, name));
      assert.deepEqual(contents.codecs.sort(), codecs);
      assert.ok(contents.durationMs > 1800 && contents.durationMs < 6000, `${contents.durationMs} ms`);
      assert.ok(contents.shows(colour, contents.durationMs / 2) > 0.9);
      near(contents.timesHeard(hertz)[0], 0, 'it is heard from the beginning');
    }
  });

  it('is switched by whoever made it, in the element, where everybody sees it', async () => {
    const url = `${backend.url}/conference.html?roomName=badge`;
    const alice = await visit(chromium, url, 'Alice');
    await alice.run(() => probe.click('join-button'), null);
    await until('Alice may record', () => alice.run(() => probe.part('record-control').length === 1, null));
    const bob = await visit(firefox, url, 'Bob');
    await bob.run(() => probe.click('join-button'), null);
    await until('Bob is in', () => bob.run(() => probe.part('tile').length > 1, null));
    const badge = (tab: Tab) => tab.run(() => probe.deep('.recording').length === 1, null);
    const told = alice.run(
      () =>
        new Promise((resolve) =>
          document.addEventListener('wcs-recording', (event) => resolve((event as CustomEvent<unknown>).detail), {
            once: true,
          }),
        ),
      null,
    );
    await alice.run(() => probe.click('record-control'), null);
    assert.deepEqual(await told, { state: 'on', url: `${backend.url}/client/records/` });
    for (const tab of [alice, bob]) await until(`${tab.browser} shows that it is recorded`, () => badge(tab));
    assert.equal(await bob.run(() => probe.part('record-control').length, null), 0);
    await alice.run(() => probe.click('record-control'), null);
    for (const tab of [alice, bob]) await until(`${tab.browser} shows that it is not`, async () => !(await badge(tab)));
  });
});

/** On a page with an element, the name entered. */
async function visit(browser: Browser, url: string, username: string): Promise<Tab> {
  const tab = await browser.open();
  await tab.goto(url);
  await until('the form is there', () => tab.run(() => probe.part('username-input').length === 1, null));
  await tab.run((name) => probe.type('username-input', name), username);
  return tab;
}
