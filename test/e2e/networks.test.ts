/** Calls from networks that let little through: without UDP, without anything but a TURN server. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { WcsConnectionCheck } from '../../components/parts/connection-check.ts';
import type { RoomApi as Api } from '../../components/room-api.ts';
import { startBackend, type Backend } from './backend.ts';
import { closeTabs, startChromium, until, type Browser, type Tab } from './browsers.ts';
import { Office, outsideAddress, startTurn, withoutFirewall, withoutTurn, type Turn } from './network.ts';

declare global {
  var RoomApi: typeof Api;
}

const SECRET = 'secret-of-the-turn-server';

afterEach(closeTabs);

describe('a browser that is let through to a TURN server only', { skip: withoutTurn }, () => {
  const address = outsideAddress() ?? '127.0.0.1';
  let turn: Turn;
  let backend: Backend;
  let chromium: Browser;

  before(async () => {
    turn = await startTurn(address, SECRET);
    const urls = `turn:${turn.host}?transport=udp,turn:${turn.host}?transport=tcp`;
    backend = await startBackend({ turn_urls: urls, turn_secret: SECRET });
    chromium = await startChromium();
  });

  after(async () => {
    await chromium.close();
    await backend.close();
    await turn.close();
  });

  it('sends and receives over it, by credentials that the backend gives', async () => {
    const alice = await enterByRelay(chromium, backend.url, 'Alice');
    const bob = await enterByRelay(chromium, backend.url, 'Bob');
    for (const tab of [alice, bob]) {
      await until('the other one is seen', () => seesSomebody(tab));
      const paths = await tab.run(() => probe.paths(), null);
      assert.equal(paths.length, 2);
      for (const path of paths) assert.match(path, /^relay /);
    }
  });
});

describe('an office with a firewall', { skip: withoutFirewall || withoutTurn }, () => {
  let office: Office;
  let turn: Turn;
  let backend: Backend;
  let chromium: Browser;
  let url: string;

  before(async () => {
    office = await Office.build();
    turn = await startTurn(office.outside, SECRET);
    backend = await startBackend({
      host: office.outside,
      open: 'true',
      turn_urls: `turn:${turn.host}?transport=udp,turn:${turn.host}?transport=tcp`,
      turn_secret: SECRET,
    });
    url = `http://${office.outside}:${backend.server.port}`;
    chromium = await startChromium({
      executable: office.chromium,
      flags: [`--unsafely-treat-insecure-origin-as-secure=${url}`],
    });
  });

  after(async () => {
    await chromium.close();
    await backend.close();
    await turn.close();
    await office.close();
  });

  it('that lets no UDP through: media goes over TCP to the workers', async () => {
    office.allow('meta l4proto tcp');
    await assertFound({ udp: 'blocked', tcp: 'open', relay: 'open' }, /VPN/);
    await assertCall('no-udp', /^(host|prflx) tcp$/);
  });

  it('that lets TCP to the page and to the TURN server through: media goes over that', async () => {
    const [, port] = turn.host.split(':');
    office.allow(`tcp dport { ${backend.server.port}, ${port} }`);
    await assertFound({ udp: 'blocked', tcp: 'blocked', relay: 'open' }, /VPN/);
    await assertCall('turn-only', /^relay tcp$/);
  });

  it('that lets everything through: the test before joining says so', async () => {
    office.allow('meta l4proto { tcp, udp }');
    await assertFound({ udp: 'open', tcp: 'open', relay: 'open' }, /fine/);
  });

  /** What the test of the connection finds, and what the element says of it. */
  async function assertFound(expected: Record<'udp' | 'tcp' | 'relay', string>, words: RegExp): Promise<void> {
    const tab = await chromium.open();
    await tab.goto(`${url}/conference.html?roomName=checked`);
    await tab.run(() => document.querySelector('wcs-conference')!.setAttribute('check-connection', ''), null);
    await until('it is told', async () => words.test(await tab.run(() => probe.text('connection-check') ?? '', null)));
    const { udp, tcp, relay } = await tab.run(
      () => probe.deep('wcs-connection-check').map((element) => (element as WcsConnectionCheck).view.found!)[0]!,
      null,
    );
    assert.deepEqual({ udp, tcp, relay }, expected);
    await tab.close();
  }

  async function assertCall(room: string, expected: RegExp): Promise<void> {
    const names = ['Alice', 'Bob'];
    const tabs = await Promise.all(names.map((name) => enter(room, name)));
    for (const tab of tabs) {
      await until('the other one is seen', () => seesSomebody(tab));
      const paths = await tab.run(() => probe.paths(), null);
      assert.equal(paths.length, 2, paths.join());
      for (const path of paths) assert.match(path, expected);
    }
  }

  async function enter(room: string, name: string): Promise<Tab> {
    const tab = await chromium.open();
    await tab.goto(`${url}/conference.html?roomName=${room}`);
    await until('the form is there', () => tab.run(() => probe.part('username-input').length === 1, null));
    await tab.run((name) => probe.type('username-input', name), name);
    await tab.run(() => probe.click('join-button'), null);
    return tab;
  }
});

async function seesSomebody(tab: Tab): Promise<boolean> {
  const seen = await tab.run(() => probe.seen(), null);
  return seen.some(({ frames }) => frames > 10);
}

/** Into a room by a page that allows its connections relays only. */
async function enterByRelay(browser: Browser, url: string, username: string): Promise<Tab> {
  const tab = await browser.open();
  await tab.goto(url);
  await tab.run(
    async ({ url, username }) => {
      const script = document.createElement('script');
      script.src = '/room-api.js';
      await new Promise((resolve, reject) => {
        script.onload = resolve;
        script.onerror = reject;
        document.head.append(script);
      });
      const session = RoomApi.connect({ urlServer: url, username, mediaOptions: { iceTransportPolicy: 'relay' } });
      const { events } = RoomApi;
      const play = (participant: { getStreams(): { play(display: HTMLElement): unknown }[] }) => {
        const display = document.body.appendChild(document.createElement('div'));
        participant.getStreams()[0]?.play(display);
      };
      const room = session.join({ name: 'relayed' });
      room.on(events.STATE, (joined) => joined.getParticipants().forEach(play));
      room.on(events.PUBLISHED, play);
      await room.joined;
      room.publish({ display: document.createElement('div') });
    },
    { url, username },
  );
  return tab;
}
