/** Rooms that are recorded: what people sent from real browsers is what the files show and sound, at its time. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { RoomApi as Api } from '../../components/room-api.ts';
import { readTimeline, type Timeline } from '../../backend/recording/timeline.ts';
import { startBackend, type Backend } from './backend.ts';
import { closeTabs, startChromium, startFirefox, until, type Browser, type Tab } from './browsers.ts';
import { contentsOf, type Colour } from './recorded.ts';

declare global {
  var RoomApi: typeof Api;
  /** Changes what this page sends, from now on. */
  var send: (colour: string, hertz: number) => void;
}

const MAIN = join(import.meta.dirname, '../../backend/main.ts');
const SMALL_MIX = { mixerVideoWidth: 320, mixerVideoHeight: 180, mixerVideoFps: 10 };

/** What the fake microphone of Firefox sounds, whose AudioContext makes no sound on a machine without a sound card. */
const FIREFOX_HERTZ = 1000;

/** Milliseconds by which what a browser sends may be off: its own capturing and encoding take a while to begin. */
const TOLERANCE = 400;

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
    const alice = await enter(chromium, 'film', 'Alice', { record: true, colour: 'red' });
    await alice.run(() => publish({}), null);
    const aliceAt = Date.now();
    await delay(2500);
    const bob = await enter(firefox, 'film', 'Боб', { record: true, colour: 'blue' });
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

    const timeline = await finished('room-film-');
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
    near(film.timesShown('red')[0], at(aliceAt), 'Alice is seen');
    near(film.timesShown('blue')[0], at(bobAt), 'Bob is seen');
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
    const alice = await enter(chromium, 'clapper', 'Alice', { record: true, colour: 'blue' });
    await alice.run(() => publish({}), null);
    await delay(1000);
    for (let clap = 0; clap < 9; clap += 1) {
      await alice.run(() => send('red', 1000), null);
      await delay(200);
      await alice.run(() => send('blue', 0), null);
      await delay(300);
    }
    await alice.run(async () => void (await room().leave()), null);
    const { mixed } = await finished('room-clapper-');
    const film = await contentsOf(join(directory, mixed!), { picture: 40, sound: 5 });
    const [flashes, beeps] = [film.timesShown('red'), film.timesHeard(1000)];
    const apart = flashes.map((shown) =>
      beeps.map((heard) => heard - shown).reduce((a, b) => (Math.abs(a) < Math.abs(b) ? a : b), Infinity),
    );
    const median = apart.toSorted((a, b) => a - b)[apart.length >> 1];
    assert.ok(apart.length >= 7 && Math.abs(median!) <= SYNC_TOLERANCE, `sound is later by ${apart.join(', ')} ms`);
  });

  it('gives a stream that is published to be recorded a file of its own, whose name its publisher learns', async () => {
    const alice = await enter(chromium, 'alone', 'Alice', { colour: 'red', hertz: 700 });
    const bob = await enter(firefox, 'alone', 'Bob', { colour: 'blue' });
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
      const timeline = await finished(name.slice(0, 'stream-'.length + 36));
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

describe('a backend that is killed while it records', () => {
  it('has the recording mixed after its next start, up to the last two seconds', async (t) => {
    const first = await startProcess();
    t.after(() => end(first.child));
    const alice = await enter(chromium, 'crash', 'Alice', { record: true, colour: 'red', hertz: 700 }, first.url);
    await alice.run(() => publish({ record: true }), null);
    const aliceAt = Date.now();
    await delay(5000);
    const killedAt = Date.now();
    await end(first.child);
    await alice.close();
    const second = await startProcess();
    t.after(() => end(second.child));
    const timeline = await finished('room-crash-');
    const film = await contentsOf(join(directory, timeline.mixed!));
    near(film.timesShown('red')[0], aliceAt - timeline.startedAt, 'she is seen');
    assert.ok(film.durationMs > killedAt - timeline.startedAt - 2000, `only ${film.durationMs} ms are left`);
    assert.ok(film.shows('red', film.durationMs - 300) > 0.4);
    const stream = await finished('stream-');
    assert.equal((await contentsOf(join(directory, stream.file!))).codecs.length, 2);
  });
});

function near(actual: number | undefined, expected: number, what: string): void {
  assert.ok(actual !== undefined, `it never happens that ${what}`);
  assert.ok(Math.abs(actual - expected) < TOLERANCE, `${what} at ${actual} ms and not at ${Math.round(expected)} ms`);
}

/** The recording whose name begins so, once nothing is left to be done with it. */
async function finished(prefix: string): Promise<Timeline> {
  const done = await until(
    `${prefix}… is done`,
    async () => {
      const name = (await readdir(directory)).find((each) => each.startsWith(prefix) && each.endsWith('.json'));
      const timeline = name && (await readTimeline(join(directory, name)));
      return timeline && /^(?:done|failed)$/.test(timeline.state) ? timeline : undefined;
    },
    45_000,
  );
  assert.equal(done.state, 'done', done.reason);
  return done;
}

interface Sending {
  record?: boolean;
  colour: Colour;
  /** 0: silence, in Chromium. */
  hertz?: number;
}

/** In the room, with a colour and a tone to publish. */
async function enter(
  browser: Browser,
  name: string,
  username: string,
  { record = false, colour, hertz = 0 }: Sending,
  url = backend.url,
): Promise<Tab> {
  const tab = await browser.open();
  await tab.goto(`${url}/`);
  await tab.run(
    async ({ name, username, record, colour, hertz, microphone, urlServer }) => {
      const script = document.createElement('script');
      script.src = '/room-api.js';
      const loaded = new Promise((resolve) => script.addEventListener('load', resolve));
      document.head.append(script);
      await loaded;
      RoomApi.sdk.init();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [160, 90];
      const context = canvas.getContext('2d')!;
      const audio = new AudioContext();
      const tone = audio.createOscillator();
      const gain = audio.createGain();
      const output = audio.createMediaStreamDestination();
      tone.connect(gain).connect(output);
      tone.start();
      let fill = colour as string;
      let odd = false;
      const draw = () => {
        context.fillStyle = fill;
        context.fillRect(0, 0, canvas.width, canvas.height);
        // Something has to change for a browser to send a frame.
        odd = !odd;
        context.fillStyle = odd ? 'black' : 'white';
        context.fillRect(0, 0, 4, 4);
      };
      setInterval(draw, 50);
      globalThis.send = (next, frequency) => {
        fill = next;
        draw();
        tone.frequency.value = frequency;
        gain.gain.value = frequency ? 0.2 : 0;
      };
      globalThis.send(colour, hertz);
      const sound = microphone ? await navigator.mediaDevices.getUserMedia({ audio: true }) : output.stream;
      const mediaStream = new MediaStream([...canvas.captureStream().getTracks(), ...sound.getTracks()]);
      const session = await RoomApi.connect({ urlServer, username }).established;
      const joined = await session.join({ name, record }).joined;
      globalThis.room = () => joined;
      globalThis.publish = (options) =>
        new Promise((resolve, reject) => {
          const stream = joined.publish({ ...options, mediaStream });
          stream.on('PUBLISHING', () => resolve());
          stream.on('FAILED', () => reject(stream.getError() ?? new Error('failed')));
        });
    },
    {
      ...{ name, username, record, colour, hertz, microphone: tab.browser === 'firefox' },
      urlServer: `${url.replace('http', 'ws')}/ws`,
    },
  );
  return tab;
}

declare global {
  /** The room that this page is in. */
  var room: () => Awaited<ReturnType<ReturnType<typeof Api.connect>['join']>['joined']>;
  var publish: (options: { record?: boolean; stripCodecs?: string }) => Promise<void>;
}

/** On a page with an element, the name entered. */
async function visit(browser: Browser, url: string, username: string): Promise<Tab> {
  const tab = await browser.open();
  await tab.goto(url);
  await until('the form is there', () => tab.run(() => probe.part('username-input').length === 1, null));
  await tab.run((name) => probe.type('username-input', name), username);
  return tab;
}

/** A backend in a process of its own. */
async function startProcess(): Promise<{ child: ChildProcess; url: string }> {
  const wanted = { ...settings(), port: 0, host: '127.0.0.1', rtc_port: 0, record_min_free_bytes: 0 };
  const args = Object.entries(wanted).map(([key, value]) => `--${key}=${value}`);
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout)) {
    const { msg, port } = JSON.parse(line) as { msg: string; port?: number };
    if (msg === 'listening') return { child, url: `http://localhost:${port}` };
  }
  throw new Error('The backend did not start.');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
