/** A viewer whose line carries hardly anything: 300 kbit/s, 5 % of the packets lost, 150 ms each way. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startBackend, type Backend } from './backend.ts';
import { closeTabs, startChromium, until, type Browser, type Tab } from './browsers.ts';
import { SlowLine } from './slow-line.ts';

const LINE = { kilobits: 300, loss: 0.05, delay: 150 };
/** Seconds for which the line is watched, once it is known to be bad. */
const WATCHED = 8;

let backend: Backend;
let chromium: Browser;
let line: SlowLine;

before(async () => {
  const port = await freePort();
  [backend, chromium, line] = await Promise.all([
    startBackend({ rtc_port: port, workers: 1 }),
    startChromium(),
    SlowLine.open(port, LINE),
  ]);
});

after(async () => {
  await closeTabs();
  line.close();
  await chromium.close();
  await backend.close();
});

describe('a viewer on a bad line', () => {
  it('hears everybody, and gets a small picture, or none and words that say why', async (t) => {
    await enter('Alice', (tab) => tab.run(() => undefined, null));
    const bob = await enter('Bob', (tab) => line.lead(tab));
    await until('Bob hears something of Alice', async () => (await look(bob)).sound > 0);
    await until('the picture is small, or paused with a note', async () => isModest(await look(bob)), 40_000);
    let last = await look(bob);
    let modest = 0;
    for (let second = 1; second <= WATCHED; second += 1) {
      await delay(1_000);
      const now = await look(bob);
      const heard = now.sound - last.sound;
      if (isModest(now)) modest += 1;
      const seen = now.note ?? `${now.width} pixels wide, ${now.frames - last.frames} frames`;
      t.diagnostic(
        `second ${second}: ${heard} packets of sound, ${now.concealed - last.concealed} samples made up; ${seen}`,
      );
      assert.ok(heard > 0, `in second ${second} nothing is heard`);
      last = now;
    }
    const details = await until('the details of the connection are there', () => detailsOf(bob, 'Alice'));
    t.diagnostic(JSON.stringify(details));
    assert.ok(
      Number.parseInt(details['Round trip'] ?? '', 10) >= 2 * LINE.delay,
      'the round trip takes as long as the line',
    );
    assert.match(details['Size layer'] ?? '', /^[0-2] \/ 3/);
    assert.ok(modest >= WATCHED - 2, `the picture was modest in ${modest} of ${WATCHED} seconds only`);
  });
});

interface Look {
  /** Packets of sound so far, and samples that were made up for lost ones. */
  sound: number;
  concealed: number;
  /** Of Alice's picture. */
  width: number;
  frames: number;
  /** What is said about a missing picture. */
  note: string | undefined;
}

/** The middle size fits through the line, too, with few frames. */
function isModest({ width, note }: Look): boolean {
  return note !== undefined || (width > 0 && width <= 640);
}

function look(tab: Tab): Promise<Look> {
  return tab.run(async () => {
    const element = document.querySelector('wcs-conference')!;
    const [alice] = element.participants;
    const [stream] = alice?.getStreams() ?? [];
    const playing = (
      element as unknown as { call: { viewing: { streamOf(tile: string): { stream: Playing } | undefined } } }
    ).call.viewing.streamOf('Alice')?.stream;
    type Playing = {
      getStats(callback: undefined, native: true): Promise<Map<string, Record<string, number | string>>>;
    };
    const report = playing ? [...(await playing.getStats(undefined, true)).values()] : [];
    const of = (kind: string) => report.find((one) => one.type === 'inbound-rtp' && one.kind === kind);
    return {
      sound: Number(of('audio')?.packetsReceived ?? 0),
      concealed: Number(of('audio')?.concealedSamples ?? 0),
      width: Number(of('video')?.frameWidth ?? 0),
      frames: Number(of('video')?.framesDecoded ?? 0),
      note: stream && probe.text('tile-note'),
    };
  }, null);
}

/** What the panel of a tile says, once it knows of two moments, and how long there and back takes. */
function detailsOf(tab: Tab, name: string): Promise<Record<string, string> | undefined> {
  return tab.run((name) => {
    const [panel] = probe.part('connection');
    const tile = probe.part('tile').find((one) => (one as unknown as { view: { name: string } }).view.name === name);
    const [menu] = probe.part('tile-menu');
    if (!panel) {
      const items = [...(menu?.querySelectorAll('button') ?? [])];
      if (menu?.matches(':popover-open'))
        items.find(({ textContent }) => textContent.trim() === 'Connection details')?.click();
      else tile?.shadowRoot?.querySelector<HTMLElement>('[part=tile-button]')?.click();
      return undefined;
    }
    const lines = [...panel.querySelectorAll('dt')].reverse();
    const said = Object.fromEntries(
      lines.map((line) => [line.textContent, line.nextElementSibling?.textContent ?? '']),
    );
    return said['Bitrate'] && said['Round trip'] ? said : undefined;
  }, name);
}

async function enter(name: string, prepare: (tab: Tab) => Promise<void>): Promise<Tab> {
  const tab = await chromium.open({ width: 1280, height: 800 });
  await tab.goto(`${backend.url}/conference.html?roomName=slow-line`);
  await prepare(tab);
  await until('the form is there', () => tab.run(() => probe.part('join-button').length === 1, null));
  await tab.run(async (username) => {
    const element = document.querySelector('wcs-conference')!;
    element.username = username;
    await element.join();
  }, name);
  return tab;
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}
