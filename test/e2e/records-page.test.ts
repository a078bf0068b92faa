/** The page of recordings in a browser, with its policy in force. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, it, type TestContext } from 'node:test';
import { addRoom, site, smallVideo, type SiteOptions } from '../backend/recordings-site.ts';
import { until } from '../backend/until.ts';
import { startChromium, type Browser, type Tab } from './browsers.ts';

const HOSTILE = `</h2><script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">`;
const TOKEN = 'a-token-of-enough-length';

let browser: Browser;
before(async () => {
  browser = await startChromium();
});
after(() => browser.close());

/** What can be seen of those elements. */
const text = (tab: Tab, selector: string) =>
  tab.run((wanted) => {
    const seen = [...document.querySelectorAll<HTMLElement>(wanted)].filter((one) => one.checkVisibility());
    return seen.map(({ innerText }) => innerText);
  }, selector);

/** Presses the button whose accessible name or text is `name`, when it can be seen. */
const press = (tab: Tab, name: string) =>
  until(`there is a button ${name}`, () =>
    tab.run((wanted) => {
      const root = document.querySelector('dialog[open]') ?? document;
      const button = [...root.querySelectorAll('button')].find(
        (one) => (one.ariaLabel ?? one.innerText).startsWith(wanted) && one.checkVisibility() && !one.disabled,
      );
      button?.click();
      return button !== undefined;
    }, name),
  );

const shows = (tab: Tab, selector: string, part: string) =>
  until(`the page shows ${part}`, async () => (await text(tab, selector)).join('\n').includes(part));

async function open(
  t: TestContext,
  options: SiteOptions,
  fill: (directory: string) => Promise<unknown>,
  inBrowser = browser,
) {
  const there = await site(t, options);
  await fill(there.directory);
  const tab = await inBrowser.open();
  t.after(() => tab.close());
  await tab.goto(`${there.url}/client/records/`);
  return { ...there, tab };
}

describe('the page of recordings', () => {
  it('shows names as they are and runs nothing of them', async (t) => {
    const people = [{ login: HOSTILE, joinedAtMs: 0, leftAtMs: 1 }];
    const { tab } = await open(t, {}, (directory) =>
      addRoom(directory, HOSTILE, { participants: people, state: 'failed', reason: HOSTILE }),
    );
    await shows(tab, '[data-room]', HOSTILE);
    assert.deepEqual(await text(tab, '[data-people]'), [HOSTILE]);
    assert.deepEqual(await text(tab, '[data-reason]'), [HOSTILE]);
    assert.equal(await tab.run(() => 'hacked' in window, undefined), false);
    assert.deepEqual(tab.errors, []);
  });

  it('plays a recording from where one likes, and goes on when the list changes', async (t) => {
    const video = await smallVideo();
    const { tab, directory } = await open(t, {}, (folder) => addRoom(folder, 'kitchen', { video }));
    await press(tab, 'Play kitchen');
    const time = () => tab.run(() => document.querySelector('video')?.currentTime ?? -1, undefined);
    await until('it plays to its end', async () => (await time()) >= 0.9);
    await tab.run(() => {
      document.querySelector('video')!.currentTime = 0.5;
    }, undefined);
    const startedAt = Date.now();
    await addRoom(directory, 'live', { startedAt, state: 'recording', endedAt: null });
    await tab.run(() => document.dispatchEvent(new Event('visibilitychange')), undefined);
    await shows(tab, '[data-state]', 'Recording');
    assert.ok((await time()) >= 0.5, 'the player is the same');
    assert.deepEqual(await text(tab, '[data-room]'), ['live', 'kitchen']);
    assert.deepEqual(tab.errors, []);
  });

  it('mixes again, shows how far that is, and deletes after asking', async (t) => {
    let report: (fraction: number) => void = () => undefined;
    let finish: () => void = () => undefined;
    const mix: SiteOptions['mix'] = async (path, { onProgress }) => {
      report = onProgress;
      await new Promise<void>((resolve) => (finish = resolve));
      await writeFile(path.replace('.json', '-mixed.mp4'), 'new');
      return path.replace('.json', '-mixed.mp4');
    };
    const { tab, recorder } = await open(t, { mix }, (folder) => addRoom(folder, 'kitchen'));
    await press(tab, 'Mix again: kitchen');
    await press(tab, 'Mix');
    await shows(tab, '[data-state]', 'Mixing');
    report(0.42);
    await shows(tab, '[data-state]', 'Mixing, 42%');
    finish();
    await shows(tab, '[data-state]', 'Ready');
    await press(tab, 'Delete kitchen');
    await shows(tab, 'dialog[open]', 'Delete the recording of kitchen?');
    await press(tab, 'Keep');
    await press(tab, 'Delete kitchen');
    await press(tab, 'Delete');
    await shows(tab, '#empty', 'Nothing is recorded yet');
    assert.deepEqual(await recorder.catalogue.list(), []);
  });

  it('speaks the language of the browser', async (t) => {
    const russian = await startChromium({ locale: 'ru-RU' });
    t.after(() => russian.close());
    const fill = (folder: string) => addRoom(folder, 'kitchen', { participants: [] });
    const { tab } = await open(t, {}, fill, russian);
    await shows(tab, '[data-state]', 'Готово');
    const [summary = ''] = await text(tab, '#summary');
    assert.match(summary, /^1 запись, \d,\d кБ$/);
    assert.deepEqual(await text(tab, 'h1, #summary, [data-people]'), ['Записи', summary, 'Никого']);
    await press(tab, 'Удалить: kitchen');
    await shows(tab, 'dialog[open] h2', 'Удалить запись комнаты kitchen?');
    await press(tab, 'Оставить');
    assert.deepEqual(await tab.run(() => [document.documentElement.lang, document.title], undefined), [
      'ru-RU',
      'Записи – WCS Rooms',
    ]);
    assert.deepEqual(tab.errors, []);
  });

  it('asks for the token where one is needed, and forgets it when asked', async (t) => {
    const { tab } = await open(t, { access: 'token', adminToken: TOKEN }, (folder) => addRoom(folder, 'kitchen'));
    const signIn = async (token: string) => {
      await until('there is a form', () =>
        tab.run(() => document.querySelector('#sign-in')!.checkVisibility(), undefined),
      );
      await tab.run((given) => (document.querySelector<HTMLInputElement>('#token')!.value = given), token);
      await press(tab, 'Sign in');
    };
    await signIn('wrong');
    await shows(tab, '#sign-in-error', 'This is not the token');
    assert.deepEqual(await text(tab, 'li'), []);
    await signIn(TOKEN);
    await shows(tab, 'li', 'kitchen');
    assert.doesNotMatch(
      await tab.run(() => document.cookie + JSON.stringify(localStorage), undefined),
      /wcs_admin|token-of/,
    );
    await press(tab, 'Sign out');
    await until('nothing is seen', async () => (await text(tab, 'li')).length === 0);
  });
});
