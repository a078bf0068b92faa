/** A call on the demo page whose backend can be killed: it runs in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { until, type Browser, type Tab } from './browsers.ts';

const MAIN = join(import.meta.dirname, '../../backend/main.ts');

/** The backend in a process of its own, which comes back on the port where it was. */
export class BackendProcess {
  readonly #settings: Record<string, string | number>;
  #child: ReturnType<typeof spawn> | undefined;
  #exited: Promise<unknown> = Promise.resolve();
  #workers = new Map<number, number>();
  port = 0;

  static async start(settings: Record<string, string | number> = {}): Promise<BackendProcess> {
    const backend = new BackendProcess(settings);
    await backend.start();
    return backend;
  }

  private constructor(settings: Record<string, string | number>) {
    this.#settings = settings;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** Process ids of the media workers. */
  get workers(): number[] {
    return [...this.#workers.values()];
  }

  async start(): Promise<void> {
    const quiet = { record_streams: 'records_dir' in this.#settings, log_level: 'info' };
    const wanted = { host: '127.0.0.1', rtc_port: 0, workers: 1, ...quiet, ...this.#settings, port: this.port };
    const args = Object.entries(wanted).map(([key, value]) => `--${key}=${value}`);
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('WCS_')));
    const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    this.#exited = once(child, 'exit');
    const listening = new Promise<void>((resolve) => {
      createInterface(child.stdout).on('line', (line) => {
        const { msg, url, worker, pid } = JSON.parse(line) as Record<'msg' | 'url', string> &
          Record<'worker' | 'pid', number>;
        if (msg === 'worker started') this.#workers.set(worker, pid);
        if (msg !== 'listening') return;
        this.port = Number(new URL(url).port);
        resolve();
      });
    });
    const failed = this.#exited.then(() => Promise.reject(new Error('The backend has not started.')));
    failed.catch(() => undefined);
    await Promise.race([listening, failed]);
  }

  /** Ends it, with its workers as far as the system does so by itself. */
  async stop(signal: NodeJS.Signals): Promise<void> {
    this.#child?.kill(signal);
    await this.#exited;
  }
}

/** Somebody in a room of the demo page. */
export async function enter(browser: Browser, url: string, name: string): Promise<Tab> {
  const tab = await browser.open({ width: 480, height: 400 });
  await tab.goto(url);
  await tab.run(async (name) => {
    await customElements.whenDefined('wcs-conference');
    const element = document.querySelector('wcs-conference')!;
    element.username = name;
    const told = ['wcs-status', 'wcs-participant-join', 'wcs-participant-leave', 'wcs-leave', 'wcs-error'];
    const heard: string[] = [];
    Object.assign(globalThis, { heard });
    for (const event of told) element.addEventListener(event, () => heard.push(event));
    await element.join();
  }, name);
  return tab;
}

/** The element's events since the last time that somebody asked, by name. */
export function heard(tab: Tab): Promise<string[]> {
  return tab.run(() => (globalThis as unknown as { heard: string[] }).heard.splice(0), null);
}

/** Frames decoded so far of somebody; below 0 while there is no picture. */
async function frames(tab: Tab, name: string): Promise<number> {
  const seen = await tab.run(() => probe.seen(), null);
  return seen.find((one) => one.name.startsWith(name))?.frames ?? -1;
}

/** Waits until the picture of `name` moves, and goes on moving. */
export async function seesMove(tab: Tab, name: string, within = 20_000): Promise<void> {
  let last: number | undefined;
  let moved = 0;
  await until(
    `${name} is seen moving`,
    async () => {
      const now = await frames(tab, name);
      moved = last !== undefined && now > 0 && now !== last ? moved + 1 : 0;
      last = now;
      return moved >= 3;
    },
    within,
  );
}
