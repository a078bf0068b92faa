/**
 * How soon what is sent follows what is seen: `npm run bench -- layers`
 *
 * Somebody publishes a camera in three sizes, somebody else sees it in an element that is made larger and smaller, hidden
 * and shown again. Real backend, real worker, two real Chromiums on loopback, with nobody else in the room. Each time is
 * taken in the viewer's page, from the change of style on: to the first frame of the new size, to the last packet that
 * still came, to the first frame that came after it. Median, 95th percentile and worst of RUNS each.
 */
import { cpus, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { startBackend } from '../e2e/backend.ts';
import { startChromium, until, type Browser, type Tab } from '../e2e/browsers.ts';

const RUNS = 20;
/** Milliseconds after which the publisher has stopped to send what nobody wants, and before which it still does. */
const LONG = 3_000;
const SHORT = 900;
/** Milliseconds before each change, in which nothing happens. */
const REST = 700;
/** Milliseconds after which a change has not come; that is what it counts as. */
const DEADLINE = 10_000;

const ROOM = `layers-${Date.now()}`;

/** What is done to the viewer's element. */
type Style = Partial<Record<'width' | 'height' | 'minHeight' | 'display', string>>;

const LARGE: Style = { width: '1240px', height: '760px', minHeight: '0' };
const SMALL: Style = { width: '240px', height: '320px', minHeight: '0' };
const HIDDEN: Style = { display: 'none' };
const SHOWN: Style = { display: '' };

console.log(`${cpus().length} cores, load average before: ${load()}; times in ms`);
const backend = await startBackend({ workers: 1 });
const [publishers, viewers] = await Promise.all([startChromium(), startChromium()]);
try {
  await enter(publishers, 'Alice', { cameraOff: false });
  const viewer = await enter(viewers, 'Bob', { cameraOff: true });
  await change(viewer, LARGE);
  await viewer.run(watchAlice, null);
  await until('Alice is large', async () => (await width(viewer)) >= 640);
  // Each as soon as it is known: what breaks later takes nothing of it.
  console.table(await resizes(viewer));
  console.table(await hides(viewer, 'the publisher goes on sending', SHORT));
  console.table(await hides(viewer, 'the publisher has stopped', LONG));
} finally {
  await Promise.allSettled([publishers.close(), viewers.close()]);
  await backend.close();
}
console.log(`load average after: ${load()}`);

/** Of the machine, over 1, 5 and 15 minutes: what else runs there makes everything take longer. */
function load(): string {
  return loadavg()
    .map((one) => one.toFixed(2))
    .join(', ');
}

async function resizes(viewer: Tab) {
  const [smaller, larger]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run += 1) {
    await delay(REST);
    smaller.push(await viewer.run(untilFrame, { style: SMALL, to: 320, deadline: DEADLINE }));
    // By then the publisher has stopped to send the larger picture.
    await delay(LONG - REST);
    await delay(REST);
    larger.push(await viewer.run(untilFrame, { style: LARGE, from: 640, deadline: DEADLINE }));
  }
  return [
    row('tile made smaller, to its smaller picture', smaller),
    row('tile made larger, to its larger picture', larger),
  ];
}

async function hides(viewer: Tab, how: string, hidden: number) {
  const [ends, begins]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run += 1) {
    await delay(REST);
    ends.push(await viewer.run(untilSilence, { style: HIDDEN, hidden }));
    begins.push(await viewer.run(untilFrame, { style: SHOWN, deadline: DEADLINE }));
  }
  return [
    row('hidden, to the last packet (aim: p95 under 500)', ends),
    row(`shown after ${hidden / 1000} s, ${how}, to the first frame (aim: p95 under 400)`, begins),
  ];
}

function row(what: string, times: number[]) {
  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round(times[Math.ceil(share * times.length) - 1]!);
  return { what, runs: times.length, median: at(0.5), p95: at(0.95), worst: at(1) };
}

async function enter(browser: Browser, name: string, { cameraOff }: { cameraOff: boolean }): Promise<Tab> {
  const tab = await browser.open({ width: 1280, height: 800 });
  await tab.goto(`${backend.url}/conference.html?roomName=${ROOM}`);
  await until('the form is there', () => tab.run(() => probe.part('join-button').length === 1, null));
  await tab.run(
    async ([name, cameraOff]) => {
      const element = document.querySelector('wcs-conference')!;
      element.toggleAttribute('camera-off', cameraOff);
      element.username = name;
      await element.join();
    },
    [name, cameraOff] as const,
  );
  return tab;
}

function change(tab: Tab, style: Style): Promise<void> {
  return tab.run((style) => void Object.assign(document.querySelector('wcs-conference')!.style, style), style);
}

function width(tab: Tab): Promise<number> {
  return tab.run(() => (globalThis as unknown as Watching).alice()?.videoWidth ?? 0, null);
}

/** What the functions below find in the page. */
interface Watching {
  /** The picture of the publisher. */
  alice(): HTMLVideoElement | undefined;
}

/** Runs in the page. */
function watchAlice(): void {
  const alice = () =>
    (probe.deep('video') as HTMLVideoElement[]).find(
      (video) => video.matches('[part~="tile-video"]') && !video.muted && video.srcObject,
    );
  Object.assign(globalThis, { alice });
}

/**
 * Runs in the page: milliseconds from a change of style to the first frame that was received after it and is as wide as
 * is said.
 */
function untilFrame({
  style,
  from = 1,
  to = Infinity,
  deadline,
}: {
  style: Style;
  from?: number;
  to?: number;
  deadline: number;
}): Promise<number> {
  const element = document.querySelector('wcs-conference')!;
  const begun = performance.now();
  Object.assign(element.style, style);
  return new Promise((resolve) => {
    setTimeout(() => resolve(deadline), deadline);
    const watch = (video: HTMLVideoElement) =>
      video.requestVideoFrameCallback((now, { width, receiveTime = now }) => {
        if (receiveTime >= begun && width >= from && width <= to) resolve(now - begun);
        else watch(video);
      });
    const look = () => {
      const video = (globalThis as unknown as Watching).alice();
      if (video) watch(video);
      else setTimeout(look, 2);
    };
    look();
  });
}

/** Runs in the page: milliseconds from a change of style to the last packet of the picture within `hidden` from then on. */
async function untilSilence({ style, hidden }: { style: Style; hidden: number }): Promise<number> {
  const element = document.querySelector('wcs-conference')!;
  const begun = performance.timeOrigin + performance.now();
  Object.assign(element.style, style);
  await new Promise((resolve) => setTimeout(resolve, hidden));
  return Math.max(0, (await probe.lastPicture()) - begun);
}
