/**
 * What a full room costs the page that shows it: `npm run bench -- interface`
 *
 * The real element with PEOPLE tiles in Chromium, on a fake room: pictures stand still and nothing is decoded. Levels
 * come every half second and every second somebody else speaks, as from a backend. What Chromium counts for scripts,
 * styles and layout (Performance.getMetrics of its protocol), per second, in each layout.
 */
import { cpus, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { CHROMIUM } from '../e2e/browsers.ts';
import type { CrowdPage } from '../fakes/crowd-page.ts';

const PEOPLE = 25;
const SECONDS = 20;
/** Seconds before that, until everything stands where it belongs and is compiled. */
const WARM_UP = 5;
const VIEWPORT = { width: 1440, height: 900 };
const LAYOUTS = ['grid', 'auto', 'speaker'] as const;
/** Any that is not asked for: the page is served from here, to a secure context. */
const ORIGIN = 'http://localhost:9';

const MEASURED = {
  scripts: 'ScriptDuration',
  styles: 'RecalcStyleDuration',
  layout: 'LayoutDuration',
  all: 'TaskDuration',
};
type Measured = Record<keyof typeof MEASURED, number>;

console.log(`${cpus().length} cores, load average before: ${load()}`);
console.log(
  `${PEOPLE} people at ${VIEWPORT.width}x${VIEWPORT.height}, another one speaks each second, ${SECONDS} s each; ms a second`,
);
const script = await bundle();
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--autoplay-policy=no-user-gesture-required',
  ],
});
try {
  const rows = [];
  for (const layout of LAYOUTS) rows.push(await measure(layout));
  console.table(rows);
} finally {
  await browser.close();
}
console.log(`load average after: ${load()}`);

/** Of the machine, over 1, 5 and 15 minutes: what else runs there makes everything take longer. */
function load(): string {
  return loadavg()
    .map((one) => one.toFixed(2))
    .join(', ');
}

async function measure(layout: (typeof LAYOUTS)[number]) {
  const page = await browser.newPage({ viewport: VIEWPORT });
  await page.route(`${ORIGIN}/**`, (route) =>
    new URL(route.request().url()).pathname === '/page.js'
      ? route.fulfill({ contentType: 'text/javascript', body: script })
      : route.fulfill({
          contentType: 'text/html',
          body: '<!doctype html><style>body { margin: 0 }</style><script type="module" src="/page.js"></script>',
        }),
  );
  await page.goto(`${ORIGIN}/?people=${PEOPLE}&layout=${layout}`);
  await page.waitForFunction(() => 'crowd' in globalThis);
  const protocol = await page.context().newCDPSession(page);
  await protocol.send('Performance.enable');
  const metrics = async (): Promise<Measured> => {
    const { metrics } = await protocol.send('Performance.getMetrics');
    const value = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? NaN;
    return Object.fromEntries(Object.entries(MEASURED).map(([key, name]) => [key, value(name)])) as Measured;
  };
  /** Everything is said from inside the page: whatever comes from here would be counted too. */
  await page.evaluate(() => {
    const { crowd } = globalThis as unknown as { crowd: CrowdPage };
    let half = 0;
    setInterval(() => crowd.speak((half += 1) % 2 === 0 ? 'next' : 'same'), 500);
  });
  await delay(WARM_UP * 1000);
  const before = await metrics();
  await delay(SECONDS * 1000);
  const after = await metrics();
  const tiles = await page.evaluate(
    () => document.querySelector('wcs-conference')!.shadowRoot!.querySelector('wcs-stage')!.tiles.length,
  );
  if (process.env.SCREENSHOT) await page.screenshot({ path: `${process.env.SCREENSHOT}-${layout}.png` });
  await page.close();
  const each = (key: keyof Measured) => Number((((after[key] - before[key]) / SECONDS) * 1000).toFixed(1));
  const [scripts, styles, arrangement] = [each('scripts'), each('styles'), each('layout')];
  return {
    layout,
    tiles,
    scripts,
    styles,
    'layout ': arrangement,
    'together (aim: under 60)': Number((scripts + styles + arrangement).toFixed(1)),
    'whole main thread': each('all'),
  };
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [new URL('../fakes/crowd-page.ts', import.meta.url).pathname],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'chrome111',
    minify: true,
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
}
