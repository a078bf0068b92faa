/** A meeting that a moderator runs through the interface alone, with tokens that say who may. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { mintToken } from '../../backend/auth/token.ts';
import type { Grant } from '../../protocol/model.ts';
import { startBackend, type Backend } from './backend.ts';
import { startChromium, until, type Browser, type Tab } from './browsers.ts';

const SECRET = 'a-secret-of-at-least-32-characters';
const GUEST: Grant[] = ['join', 'publish', 'chat'];

let backend: Backend;
let browser: Browser;

before(async () => {
  backend = await startBackend({ token_secret: SECRET });
  browser = await startChromium();
});

after(async () => {
  await browser.close();
  await backend.close();
});

it('a moderator lets in, mutes, lowers a hand, removes and locks by buttons, and the others see it', async () => {
  const alice = await arrive('Alice', [...GUEST, 'moderate']);
  await until('Alice is in', () => has(alice, 'people-button'));
  await click(alice, 'people-button');
  await until('she may decide', () => has(alice, 'meeting-summary'));
  await click(alice, 'meeting-summary');
  await click(alice, 'lobby-switch');
  await until('the lobby is on', () => attribute(alice, 'lobby-switch', 'aria-checked', 'true'));

  const bob = await arrive('Bob', GUEST);
  await until('Bob is told to wait', async () => (await text(bob, 'waiting'))?.includes('Waiting until somebody'));
  await until('Alice sees him wait', async () => (await text(alice, 'waiting-item'))?.includes('Bob'));
  await click(alice, 'admit-button');
  await until('Bob is in', () => has(bob, 'hand-button'));
  assert.equal(await has(bob, 'lock-switch'), false);

  await click(bob, 'hand-button');
  await until('his hand is up', async () => (await text(alice, 'people-list'))?.includes('hand raised, number 1'));
  await until('Bob is heard', () => attribute(bob, 'microphone-button', 'aria-pressed', 'true'));
  await choose(alice, 'Mute for good');
  await until('he cannot unmute', () => attribute(bob, 'microphone-button', 'aria-disabled', 'true'));
  await until('he is told so', async () => (await text(bob, 'notice'))?.includes('Alice has muted your microphone'));
  await choose(alice, 'Lower hand');
  await until('his hand is down', () => attribute(bob, 'hand-button', 'aria-pressed', 'false'));

  await choose(alice, 'Remove and keep out');
  await click(alice, 'confirm-button');
  await until('Bob is out, and told so', async () => (await text(bob, 'error'))?.includes('removed from the meeting'));
  const again = await bob.run(
    () =>
      document
        .querySelector('wcs-conference')!
        .join()
        .then(
          () => 'in',
          (error: { code: string }) => error.code,
        ),
    undefined,
  );
  assert.equal(again, 'expelled');

  await click(alice, 'lock-switch');
  await until('it is locked', () => attribute(alice, 'lock-switch', 'aria-checked', 'true'));
  const zoe = await arrive('Zoe', GUEST);
  await until('Zoe is told so', async () => (await text(zoe, 'error'))?.includes('The room is locked'));
});

/** Opens the demo page and joins under a name with a token. */
async function arrive(login: string, grants: Grant[]): Promise<Tab> {
  const token = await mintToken(SECRET, { login, room: 'council', grants, lifetime: 600 });
  const tab = await browser.open({ width: 1000, height: 700 });
  await tab.goto(`${backend.url}/conference.html?roomName=council`);
  await tab.run(
    ([username, signed]) =>
      customElements.whenDefined('wcs-conference').then(() => {
        const element = document.querySelector('wcs-conference')!;
        Object.assign(element, { username, token: signed });
        // What goes wrong is shown.
        element.join().catch(() => undefined);
      }),
    [login, token] as const,
  );
  return tab;
}

/** Chooses from the menu of the one other person. */
async function choose(tab: Tab, words: string): Promise<void> {
  await click(tab, 'person-button');
  await until(`the menu has "${words}"`, () =>
    tab.run((wanted) => {
      const item = probe.part('menu-item').find((one) => one.textContent.trim() === wanted);
      item?.click();
      return item !== undefined;
    }, words),
  );
}

const has = (tab: Tab, part: string) => tab.run((name) => probe.part(name).length > 0, part);

const text = (tab: Tab, part: string) => tab.run((name) => probe.text(name), part);

const click = (tab: Tab, part: string) => tab.run((name) => probe.click(name), part);

const attribute = (tab: Tab, part: string, name: string, value: string) =>
  tab.run(([of, what, wanted]) => probe.part(of)[0]?.getAttribute(what) === wanted, [part, name, value] as const);
