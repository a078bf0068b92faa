/** Real browsers with fake cameras, one small interface for both: Chromium by Playwright, Firefox by WebDriver BiDi. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import puppeteer, { type KeyInput } from 'puppeteer-core';
import { installProbe } from './probe.ts';

/** A page of a browser: what the tests need of one, alike in all. */
export interface Tab {
  readonly browser: 'chromium' | 'firefox';
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  url(): string;
  /** Runs `task` in the page; its argument and result travel as JSON. */
  run<A, R>(task: (argument: A) => R | Promise<R>, argument: A): Promise<R>;
  /** Presses and releases a key, as a person would: `Shift+Tab`, `Enter`, `m`. */
  press(keys: string): Promise<void>;
  /** What the page wrote to its console as errors, and uncaught exceptions. */
  readonly errors: string[];
  screenshot(path: string): Promise<void>;
  close(): Promise<void>;
}

/** A browser process; every tab has storage of its own. */
export interface Browser {
  open(viewport?: { width: number; height: number }): Promise<Tab>;
  /** Stops all its processes, as a machine that sleeps does. */
  sleep(): Promise<void>;
  wake(): Promise<void>;
  close(): Promise<void>;
}

/** Every tab that this process has opened, for closeTabs. */
const opened: Tab[] = [];

/** Closes all tabs that are still open, in all browsers: for the end of a test, however it ended. */
export async function closeTabs(): Promise<void> {
  await Promise.allSettled(opened.splice(0).map((tab) => tab.close()));
}

function remember(tab: Tab): Tab {
  opened.push(tab);
  return tab;
}

const VIEWPORT = { width: 900, height: 640 };

export const CHROMIUM = process.env.CHROME_PATH ?? '/usr/bin/chromium';
const FIREFOX = process.env.FIREFOX_PATH ?? ['/usr/bin/firefox', '/usr/bin/firefox-esr'].find(existsSync) ?? 'firefox';

const PERMISSIONS = ['clipboard-read', 'clipboard-write', 'camera', 'microphone'];

const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Several tabs share the two cores of a small machine: none of them may be slowed for being in the background.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--use-fake-device-for-media-stream',
];

interface ChromiumOptions {
  /** `user` keeps its rule that a page needs a click before it may make a sound. */
  autoplay?: 'free' | 'user';
  /** Title of the tab that is picked whenever a page wants to share a screen; default: a whole, made-up screen. */
  shares?: string;
  flags?: string[];
  /** Language of the interface, BCP 47. */
  locale?: string;
  /** Instead of Chromium itself: a program that runs it in some other way. */
  executable?: string;
}

export async function startChromium(options: ChromiumOptions = {}): Promise<Browser> {
  const autoplay = options.autoplay === 'user' ? 'user-gesture-required' : 'no-user-gesture-required';
  const { shares } = options;
  const picker = shares ? `--auto-select-tab-capture-source-by-title=${shares}` : '--use-fake-ui-for-media-stream';
  const browser = await chromium.launch({
    executablePath: options.executable ?? CHROMIUM,
    args: [...CHROMIUM_FLAGS, picker, `--autoplay-policy=${autoplay}`, ...(options.flags ?? [])],
  });
  return {
    async open(viewport = VIEWPORT) {
      const context = await browser.newContext({ viewport, permissions: PERMISSIONS, locale: options.locale });
      const page = await context.newPage();
      await page.addInitScript(installProbe);
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      return remember({
        browser: 'chromium',
        errors,
        goto: async (url) => void (await page.goto(url)),
        reload: async () => void (await page.reload()),
        url: () => page.url(),
        run: <A, R>(task: (argument: A) => R | Promise<R>, argument: A) =>
          page.evaluate(task as (argument: unknown) => R | Promise<R>, argument),
        press: (keys) => page.keyboard.press(keys),
        screenshot: async (path) => void (await page.screenshot({ path })),
        close: () => context.close(),
      });
    },
    ...sleeper(async () => {
      const session = await browser.newBrowserCDPSession();
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      return processInfo.find(({ type }) => type === 'browser')!.id;
    }),
    close: () => browser.close(),
  };
}

export async function startFirefox(): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'wcs-firefox-'));
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: FIREFOX,
    headless: true,
    userDataDir: profile,
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.autoplay.default': 0,
      'media.autoplay.block-webaudio': false,
      'media.autoplay.blocking_policy': 0,
      'dom.events.testing.asyncClipboard': true,
    },
  });
  return {
    async open(viewport = VIEWPORT) {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      await page.setViewport(viewport);
      await page.evaluateOnNewDocument(installProbe);
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      return remember({
        browser: 'firefox',
        errors,
        goto: async (url) => void (await page.goto(url)),
        reload: async () => void (await page.reload()),
        url: () => page.url(),
        run: <A, R>(task: (argument: A) => R | Promise<R>, argument: A) =>
          page.evaluate(task as (argument: unknown) => R | Promise<R>, argument) as Promise<R>,
        async press(keys) {
          const [modifier, key] = keys.includes('+') ? keys.split('+') : [undefined, keys];
          if (modifier) await page.keyboard.down(modifier as KeyInput);
          await page.keyboard.press(key as KeyInput);
          if (modifier) await page.keyboard.up(modifier as KeyInput);
        },
        screenshot: async (path) => void (await page.screenshot({ path })),
        close: () => context.close(),
      });
    },
    ...sleeper(async () => browser.process()!.pid!),
    async close() {
      await browser.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

function sleeper(mainProcess: () => Promise<number>): Pick<Browser, 'sleep' | 'wake'> {
  let asleep: number[] = [];
  return {
    async sleep() {
      asleep = await family(await mainProcess());
      for (const pid of asleep) process.kill(pid, 'SIGSTOP');
    },
    async wake() {
      for (const pid of asleep.splice(0)) process.kill(pid, 'SIGCONT');
    },
  };
}

/** Process ids of a process and of all that came from it (proc(5): the fourth field of stat is the parent). */
async function family(main: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  const parents = stats.map((stat) => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  const found = [main];
  for (const pid of found) found.push(...pids.filter((_, index) => parents[index] === pid));
  return found;
}

/** Asks `probe` until it gives something truthy. Fails after `within` milliseconds, naming what was awaited. */
export async function until<T>(what: string, probe: () => T | Promise<T>, within = 20_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + within;
  let last: unknown;
  for (;;) {
    try {
      last = await probe();
      if (last) return last as NonNullable<T>;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      const seen = last instanceof Error ? last.message : JSON.stringify(last);
      throw new Error(`Within ${within} ms it did not happen that ${what}; last seen: ${seen}`);
    }
    await delay(50);
  }
}
