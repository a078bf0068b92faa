/** A call with nothing but the keyboard, from the page's first Tab to leaving. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startBackend, type Backend } from './backend.ts';
import { startChromium, startFirefox, until, type Browser, type Tab } from './browsers.ts';

let backend: Backend;

before(async () => {
  backend = await startBackend();
});

after(() => backend.close());

interface Focus {
  part: string;
  /** Whether a ring shows where the focus is. */
  visible: boolean;
  /** What is in the field. */
  value: string;
}

describe('with the keyboard alone', () => {
  for (const [name, start] of [
    ['Chromium', startChromium],
    ['Firefox', startFirefox],
  ] as const) {
    it(`one joins, speaks, writes, asks for help and leaves in ${name}`, async () => {
      const browser: Browser = await start();
      try {
        const tab = await browser.open();
        await tab.goto(`${backend.url}/conference.html?roomName=keys-${name}`);
        await until('the form is there', () => has(tab, 'username-input'));

        await tabTo(tab, 'username-input');
        for (const letter of 'Mavis') await tab.press(letter);
        assert.equal((await focus(tab)).value, 'Mavis', 'shortcuts leave typing alone');
        await tab.press('Enter');
        await until('the focus is on the buttons', async () => (await focus(tab)).part === 'microphone-button');

        await tab.press('m');
        await until('the microphone is off', () => pressed(tab, 'microphone-button', 'false'));
        await tab.press('Enter');
        await until('the microphone is on', () => pressed(tab, 'microphone-button', 'true'));
        await tab.press('v');
        await until('the camera is off', () => pressed(tab, 'camera-button', 'false'));

        await tabTo(tab, 'chat-button');
        if (await pressed(tab, 'chat-button', 'false')) await tab.press('Enter');
        else await tabTo(tab, 'chat-input');
        await until('the cursor is in the field', async () => (await focus(tab)).part === 'chat-input');
        for (const letter of 'Moving') await tab.press(letter);
        await tab.press('Enter');
        await until('it is sent', () => tab.run(() => probe.text('chat-log')?.includes('Moving') ?? false, undefined));

        await tabTo(tab, 'microphone-button', 'Shift+Tab');
        await tab.press('?');
        await until('the list is open', () => helpIsOpen(tab));
        await tab.press('Escape');
        await until('the list is closed', async () => !(await helpIsOpen(tab)));
        await until('the focus is back', async () => (await focus(tab)).part === 'microphone-button');

        await tabTo(tab, 'leave-button');
        await tab.press('Enter');
        await until('the form is there again', () => has(tab, 'form'));
        await until('the focus is in it', async () =>
          ['username-input', 'join-button'].includes((await focus(tab)).part),
        );
      } finally {
        await browser.close();
      }
    });
  }
});

const has = (tab: Tab, part: string) => tab.run((name) => probe.part(name).length > 0, part);

const pressed = (tab: Tab, part: string, state: string) =>
  tab.run(([name, wanted]) => probe.part(name!)[0]?.getAttribute('aria-pressed') === wanted, [part, state]);

const helpIsOpen = (tab: Tab) => tab.run(() => probe.deep('dialog[open]').length > 0, undefined);

/** What has the focus, looked for through all shadow roots. */
function focus(tab: Tab): Promise<Focus> {
  return tab.run(() => {
    let element = document.activeElement as HTMLElement | null;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement as HTMLElement;
    if (!element) return { part: '', visible: false, value: '' };
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const visible = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
    return { part: element.getAttribute('part') ?? '', visible, value: (element as HTMLInputElement).value ?? '' };
  }, undefined);
}

/** Presses Tab, or Tab backwards, until a part has the focus, and looks at each stop whether one can see where one is. */
async function tabTo(tab: Tab, part: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let stops = 0; stops < 40; stops += 1) {
    await tab.press(key);
    const seen = await focus(tab);
    if (seen.part !== '') assert.ok(seen.visible, `the focus on ${seen.part} shows`);
    if (seen.part === part) return;
  }
  assert.fail(`Tab does not come to ${part}`);
}
