/** What goes wrong while people talk, and how the call goes on by itself: real browsers, a real backend, nobody reloads. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { PING_INTERVAL } from '../../protocol/limits.ts';
import { startBackend, type Backend } from './backend.ts';
import { closeTabs, startChromium, startFirefox, until, type Browser, type Tab } from './browsers.ts';
import { BackendProcess, enter, heard, seesMove } from './call.ts';
import { Office, withoutFirewall } from './network.ts';
import { Wire } from './wire.ts';

/** Milliseconds that a lost session is waited for. */
const RESUME_TIMEOUT = 3_000;

afterEach(closeTabs);

const isOfPeople = (event: string) => /participant|leave|error/.test(event);

const notice = (tab: Tab) => tab.run(() => probe.text('notice') ?? '', null);
const joined = (tab: Tab) => tab.run(() => document.querySelector('wcs-conference')!.matches(':state(joined)'), null);

async function pair(browser: Browser, url: string): Promise<[Tab, Tab]> {
  const alice = await enter(browser, url, 'Alice');
  const bob = await enter(browser, url, 'Bob');
  await seesMove(alice, 'Bob');
  await seesMove(bob, 'Alice');
  await Promise.all([heard(alice), heard(bob)]);
  return [alice, bob];
}

async function seeEachOther([alice, bob]: [Tab, Tab], within?: number): Promise<void> {
  await Promise.all([seesMove(alice, 'Bob', within), seesMove(bob, 'Alice', within)]);
}

describe('a call', () => {
  let chromium: Browser;
  let backend: BackendProcess;

  before(async () => {
    [backend, chromium] = await Promise.all([BackendProcess.start(), startChromium()]);
  });

  after(async () => {
    await chromium.close();
    await backend.stop('SIGKILL');
  });

  it('goes on when a media worker is killed', async () => {
    const tabs = await pair(chromium, `${backend.url}/conference.html?roomName=worker`);
    process.kill(backend.workers[0]!, 'SIGKILL');
    await until('people see each other again', () => seeEachOther(tabs).then(() => true));
    for (const tab of tabs) assert.deepEqual(await heard(tab), []);
  });

  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    it(`goes on when the backend is ended by ${signal} and started again: nobody leaves`, async () => {
      const tabs = await pair(chromium, `${backend.url}/conference.html?roomName=${signal}`);
      await backend.stop(signal);
      for (const tab of tabs) await until('it says so', async () => /restored|Reconnecting/.test(await notice(tab)));
      await backend.start();
      await seeEachOther(tabs);
      for (const tab of tabs) {
        const events = (await heard(tab)).filter((event) => event !== 'wcs-status');
        assert.deepEqual(events, []);
        await until('it says so no more', async () => (await notice(tab)) === '');
      }
    });
  }

  it('gives up after the reconnect-timeout, and one press brings it back', async () => {
    const wire = await Wire.to(backend.port);
    const url = `http://localhost:${wire.port}/conference.html?roomName=giving-up`;
    try {
      const alice = await enter(chromium, `${backend.url}/conference.html?roomName=giving-up`, 'Alice');
      const bob = await chromium.open();
      await bob.goto(url);
      await bob.run(async () => {
        await customElements.whenDefined('wcs-conference');
        const element = document.querySelector('wcs-conference')!;
        element.setAttribute('username', 'Bob');
        element.setAttribute('reconnect-timeout', '1000');
        await element.updateComplete;
        await element.join();
      }, null);
      await seesMove(alice, 'Bob');
      wire.cut();
      await until('there is a button', async () =>
        /Try again/.test(
          await bob.run(
            () =>
              probe
                .deep('button.primary')
                .map((one) => one.textContent)
                .join(),
            null,
          ),
        ),
      );
      wire.mend();
      await bob.run(() => {
        const again = probe.deep('button.primary').find((one) => /Try again/.test(one.textContent));
        again?.focus();
        again?.click();
      }, null);
      await until('Bob is in the room', () => joined(bob));
      await seeEachOther([alice, bob]);
    } finally {
      await wire.close();
    }
  });
});

describe('a connection that is lost', () => {
  let chromium: Browser;
  let firefox: Browser;
  let backend: BackendProcess;
  let wire: Wire;

  before(async () => {
    [backend, chromium, firefox] = await Promise.all([
      BackendProcess.start({ session_resume_timeout: RESUME_TIMEOUT }),
      startChromium(),
      startFirefox(),
    ]);
    wire = await Wire.to(backend.port);
  });

  after(async () => {
    await Promise.allSettled([chromium.close(), firefox.close(), wire.close()]);
    await backend.stop('SIGKILL');
  });

  /** Bob, in Firefox, is at the other end of the wire. */
  async function overTheWire(room: string): Promise<[Tab, Tab]> {
    const alice = await enter(chromium, `${backend.url}/conference.html?roomName=${room}`, 'Alice');
    const bob = await enter(firefox, `http://localhost:${wire.port}/conference.html?roomName=${room}`, 'Bob');
    await seeEachOther([alice, bob]);
    await Promise.all([heard(alice), heard(bob)]);
    return [alice, bob];
  }

  it('for less than the session waits costs nobody anything', async () => {
    const tabs = await overTheWire('short');
    wire.cut();
    await until('Bob is told', async () => /restored/.test(await notice(tabs[1])));
    wire.mend();
    await until('Bob is told no more', async () => (await notice(tabs[1])) === '');
    await seeEachOther(tabs);
    for (const tab of tabs) assert.deepEqual((await heard(tab)).filter(isOfPeople), []);
  });

  it('for longer makes the others see them go and come, by themselves', async () => {
    const tabs = await overTheWire('long');
    wire.cut();
    await awaitEvent(tabs[0], 'wcs-participant-leave');
    wire.mend();
    await awaitEvent(tabs[0], 'wcs-participant-join');
    await seeEachOther(tabs);
    assert.deepEqual((await heard(tabs[1])).filter(isOfPeople), []);
  });

  it('because the machine sleeps is back by itself when it wakes', async () => {
    const tabs = await overTheWire('asleep');
    await firefox.sleep();
    try {
      await awaitEvent(tabs[0], 'wcs-participant-leave');
    } finally {
      await firefox.wake();
    }
    await awaitEvent(tabs[0], 'wcs-participant-join');
    await seeEachOther(tabs);
  });

  /** A machine that sleeps is noticed after two pings at most. */
  async function awaitEvent(tab: Tab, event: string): Promise<void> {
    const within = 2 * PING_INTERVAL + RESUME_TIMEOUT + 10_000;
    await until(`there is ${event}`, async () => (await heard(tab)).includes(event), within);
  }
});

describe('a call from a network of its own', { skip: withoutFirewall }, () => {
  let office: Office;
  let backend: Backend;
  let inside: Browser;
  let chromium: Browser;
  let url: string;

  before(async () => {
    office = await Office.build();
    backend = await startBackend({ host: '0.0.0.0', open: 'true' });
    url = `http://${office.outside}:${backend.server.port}/conference.html`;
    const flags = [`--unsafely-treat-insecure-origin-as-secure=${new URL(url).origin}`];
    [inside, chromium] = await Promise.all([
      startChromium({ executable: office.chromium, flags }),
      startChromium({ flags }),
    ]);
  });

  after(async () => {
    await Promise.allSettled([inside.close(), chromium.close()]);
    await backend.close();
    await office.close();
  });

  async function acrossTheWire(room: string): Promise<[Tab, Tab]> {
    const alice = await enter(inside, `${url}?roomName=${room}`, 'Alice');
    const bob = await enter(chromium, `${url}?roomName=${room}`, 'Bob');
    await seeEachOther([alice, bob]);
    await Promise.all([heard(alice), heard(bob)]);
    return [alice, bob];
  }

  /** Both ways, that of what she sends and that of what she receives. */
  const paths = (tab: Tab) => tab.run(() => probe.paths(), null);
  const addresses = (tab: Tab) => tab.run(() => probe.addresses(), null);

  // What is said meanwhile may be gone in the blink of an eye, so the way itself is looked at.
  it('goes on over TCP when the network begins to drop UDP, while the socket lives', async () => {
    const tabs = await acrossTheWire('udp');
    const [alice] = tabs;
    for (const path of await paths(alice)) assert.match(path, / udp$/);
    office.allow('meta l4proto tcp');
    await until('it goes over TCP', async () => {
      const now = await paths(alice);
      return now.length === 2 && now.every((path) => path.endsWith(' tcp'));
    });
    await seeEachOther(tabs);
    assert.deepEqual(await heard(tabs[0]), []);
    assert.deepEqual(await heard(tabs[1]), []);
    office.allow('meta l4proto { tcp, udp }');
  });

  it('goes on at another address, with the same participant', async () => {
    const tabs = await acrossTheWire('moving');
    const [alice] = tabs;
    const isInside = (address: string) => address.startsWith(`${office.inside}:`);
    assert.ok((await addresses(alice)).every(isInside));
    office.move();
    await until('it goes from there', async () => {
      const now = await addresses(alice);
      return now.length === 2 && now.every(isInside);
    });
    await seeEachOther(tabs);
    assert.deepEqual(await heard(tabs[1]), []);
  });

  for (const direction of ['leaving', 'arriving'] as const) {
    it(`goes on when only sound and picture that are ${direction} get lost, while the path of them lives`, async () => {
      const tabs = await acrossTheWire(direction);
      const [alice] = tabs;
      let before: string[] = [];
      await until('both ways are there', async () => (before = await addresses(alice)).length === 2);
      const ports = before.flatMap((address) => address.split(':').slice(1));
      office.dropMedia(direction, ports);
      // Of what arrives both are missed: what the others show, and what the backend says of what she shows.
      await until('it goes another way', async () => {
        const now = await addresses(alice);
        const isNew = (address: string) => !before.includes(address);
        return now.length === 2 && (direction === 'leaving' ? now.some(isNew) : now.every(isNew));
      });
      await seeEachOther(tabs);
      for (const tab of tabs) assert.deepEqual(await heard(tab), []);
    });
  }
});
