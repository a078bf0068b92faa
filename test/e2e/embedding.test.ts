/** The elements on pages that are not ours: another origin, its policies, its styles, several elements, several scripts. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, afterEach, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startBackend, type Backend } from './backend.ts';
import { closeTabs, startChromium, until, type Browser, type Tab } from './browsers.ts';
import { startSite, type Site } from './site.ts';

let backend: Backend;
let site: Site;
let chromium: Browser;

before(async () => {
  [backend, site, chromium] = await Promise.all([startBackend(), startSite(), startChromium()]);
});

after(async () => {
  await chromium.close();
  await Promise.all([site.close(), backend.close()]);
});

afterEach(closeTabs);

const html = (head: string, body: string) =>
  `<!doctype html><html lang="en"><head><title>A site</title>${head}</head><body>${body}</body></html>`;
const script = (path = '/wcs.js', attributes = '') =>
  `<script type="module" src="${backend.url}${path}" ${attributes}></script>`;
const conference = (room: string, username: string, more = '') =>
  `<wcs-conference id="${room}" room="${room}" username="${username}" no-prejoin auto-join ${more}></wcs-conference>`;

async function open(path: string): Promise<Tab> {
  const tab = await chromium.open();
  await tab.goto(`${site.url}${path}`);
  return tab;
}

const names = (tab: Tab) => tab.run(() => probe.part('tile-name').map((name) => name.textContent.trim()), null);

/** Until the page shows these people, and decodes the pictures of the others. */
async function shows(tab: Tab, own: string, others: string[]): Promise<void> {
  const wanted = [`${own} (you)`, ...others].sort().join();
  await until(
    `${own} sees ${others.join(', ') || 'nobody else'}`,
    async () => (await names(tab)).sort().join() === wanted,
  );
  for (const other of others) {
    await until(`the picture of ${other} moves`, async () =>
      (await tab.run(() => probe.seen(), null)).some(({ name, frames }) => name === other && frames > 3),
    );
  }
}

describe('on a site of another origin', () => {
  it('works with nothing but the script, even on a page that isolates itself', async () => {
    const headers = { 'Cross-Origin-Embedder-Policy': 'require-corp', 'Cross-Origin-Opener-Policy': 'same-origin' };
    for (const name of ['Alice', 'Bob'])
      site.put(`/${name}`, { body: html(script(), conference('isolated', name)), headers });
    const [alice, bob] = [await open('/Alice'), await open('/Bob')];
    await shows(alice, 'Alice', ['Bob']);
    await shows(bob, 'Bob', ['Alice']);
    assert.equal(await alice.run(() => crossOriginIsolated, null), true);
    assert.deepEqual(alice.errors, []);
  });

  it('violates no strict content security policy', async () => {
    const policy = [
      "default-src 'self'",
      `script-src 'self' ${backend.url}`,
      `connect-src 'self' ${backend.url} ${backend.url.replace('http', 'ws')}`,
      "require-trusted-types-for 'script'",
    ].join('; ');
    site.put('/watch.js', {
      type: 'text/javascript',
      body: `globalThis.violations = [];
        addEventListener('securitypolicyviolation', ({ violatedDirective, sourceFile, sample }) =>
          violations.push([violatedDirective, sourceFile, sample].join(' ')));`,
    });
    for (const name of ['Alice', 'Bob'])
      site.put(`/strict/${name}`, {
        body: html(`<script src="/watch.js"></script>${script()}`, conference('strict', name)),
        headers: { 'Content-Security-Policy': policy },
      });
    const [alice, bob] = [await open('/strict/Alice'), await open('/strict/Bob')];
    await shows(alice, 'Alice', ['Bob']);
    await bob.run(() => probe.type('chat-input', 'Hello <b>you</b>'), null);
    await bob.run(() => probe.click('send-button'), null);
    await until('Alice reads it', async () =>
      (await alice.run(() => probe.text('chat-log'), null))?.includes('Hello <b>you</b>'),
    );
    await bob.run(() => probe.click('leave-button'), null);
    await shows(alice, 'Alice', []);
    const violations = () => (globalThis as unknown as { violations: string[] }).violations;
    assert.deepEqual([...(await alice.run(violations, null)), ...(await bob.run(violations, null))], []);
    assert.deepEqual([...alice.errors, ...bob.errors], []);
  });

  it('in a frame that does not pass on the camera says so, and lets the page finish loading', async () => {
    const tell = `setInterval(() => {
      const notices = document.querySelector('wcs-conference').shadowRoot.querySelectorAll('wcs-notice');
      parent.postMessage([...notices].map((notice) => notice.textContent).join(), '*');
    }, 50)`;
    const element = '<wcs-conference room="framed" username="Zoe"></wcs-conference>';
    site.put('/framed', { body: html(script(), `${element}<script>${tell}</script>`) });
    const frame = `<iframe src="${site.url.replace('localhost', '127.0.0.1')}/framed"></iframe>`;
    const listen = 'addEventListener("message", ({ data }) => (document.title = data))';
    site.put('/around', { body: html('', `${frame}<script>${listen}</script>`) });
    const tab = await open('/around');
    await until('it is said', async () => /allow="camera; microphone"/.test(await tab.run(() => document.title, null)));
  });

  it('stays whole under styles that are against everything', async () => {
    const hostile = `<style>
      * { all: unset !important; display: block !important; font-size: 60px !important; }
      button, input, video, div, span { display: none !important; color: red !important; }
    </style>`;
    site.put('/hostile', { body: html(hostile + script(), conference('hostile', 'Alice')) });
    site.put('/guest', { body: html(script(), conference('hostile', 'Bob')) });
    const alice = await open('/hostile');
    const bob = await open('/guest');
    await shows(alice, 'Alice', ['Bob']);
    const styles = await alice.run(() => {
      const of = (part: string) => {
        const element = probe.part(part)[0]!;
        const { display, color, fontSize } = getComputedStyle(element);
        const { width, height, right } = element.getBoundingClientRect();
        return {
          display,
          red: color === 'rgb(255, 0, 0)',
          fontSize,
          shown: width > 20 && height > 20,
          inside: right <= innerWidth,
        };
      };
      // Letters of that size leave no room for the microphone beside the leave button: then it is in the menu.
      const microphone = probe.part('microphone-button').length > 0 ? 'microphone-button' : 'more-button';
      return Object.fromEntries(['tile', microphone, 'leave-button'].map((part) => [part, of(part)]));
    }, null);
    for (const [part, style] of Object.entries(styles)) {
      assert.notEqual(style.display, 'none', part);
      assert.equal(style.red, false, part);
      assert.equal(style.shown, true, part);
      assert.equal(style.inside, true, part);
    }
    await alice.run(() => probe.click('leave-button'), null);
    await shows(bob, 'Bob', []);
  });

  it('holds two conferences in different rooms on one page', async () => {
    site.put('/two', { body: html(script(), conference('left', 'Alice') + conference('right', 'Alice')) });
    for (const room of ['left', 'right'])
      site.put(`/${room}`, { body: html(script(), conference(room, `${room} guest`)) });
    const alice = await open('/two');
    const [left] = [await open('/left'), await open('/right')];
    const participants = (room: string) =>
      alice.run(
        (id) =>
          document
            .querySelector<HTMLElementTagNameMap['wcs-conference']>(`#${id}`)!
            .participants.map((one) => one.name()),
        room,
      );
    for (const room of ['left', 'right'])
      await until(`the ${room} one has its guest`, async () => (await participants(room)).join() === `${room} guest`);
    await alice.run(() => document.querySelector<HTMLElementTagNameMap['wcs-conference']>('#left')!.leave(), null);
    await shows(left, 'left guest', []);
    assert.deepEqual(await participants('right'), ['right guest']);
    assert.deepEqual(alice.errors, []);
  });

  it('bears a second copy of the script', async () => {
    const version = await builtVersion();
    site.put('/copies', { body: html(script() + script(`/v/${version}/wcs.js`), conference('copies', 'Alice')) });
    const alice = await open('/copies');
    await shows(alice, 'Alice', []);
    assert.deepEqual(alice.errors, []);
  });

  it('runs a version that the page has pinned with its hash, and no other content', async () => {
    const { version, integrity } = await served();
    const pinned = (hash: string) => script(`/v/${version}/wcs.js`, `integrity="${hash}" crossorigin="anonymous"`);
    site.put('/pinned', { body: html(pinned(integrity['wcs.js']), conference('pinned', 'Alice')) });
    site.put('/changed', { body: html(pinned(`sha384-${'A'.repeat(64)}`), conference('pinned', 'Mallory')) });
    await shows(await open('/pinned'), 'Alice', []);
    const changed = await open('/changed');
    await until('the browser refuses', () => changed.errors.some((error) => error.includes('integrity')));
    assert.equal(await changed.run(() => customElements.get('wcs-conference') === undefined, null), true);

    const response = await fetch(`${backend.url}/v/${version}/wcs.js`);
    assert.match(response.headers.get('cache-control') ?? '', /immutable/);
    const other = await fetch(`${backend.url}/v/0.0.0-none/wcs.js`);
    assert.equal(other.status, 404);
    assert.match(await other.text(), new RegExp(`/v/${version.replaceAll('.', '\\.')}/wcs\\.js`));
  });

  it('is asked for again by its ETag, and its chunks by names that change with what is in them', async () => {
    const first = await fetch(`${backend.url}/wcs.js`);
    assert.equal(first.headers.get('access-control-allow-origin'), '*');
    assert.equal(first.headers.get('cross-origin-resource-policy'), 'cross-origin');
    const etag = first.headers.get('etag');
    assert.ok(etag);
    const [chunk] = /chunks\/[\w-]+-[A-Z0-9]{8}\.js/.exec(await first.text()) ?? [];
    assert.ok(chunk);
    // As a browser asks when it is about to use its copy; fetch would ask not to be answered from one.
    const headers = { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' };
    const again = await fetch(`${backend.url}/wcs.js`, { headers });
    assert.equal(again.status, 304);
    assert.match((await fetch(`${backend.url}/${chunk}`)).headers.get('cache-control') ?? '', /immutable/);
  });
});

describe('on a server', () => {
  it('does nothing and does not throw when it is imported to render a page', async () => {
    const file = fileURLToPath(new URL('../../dist/wcs.js', import.meta.url));
    const code = `import(${JSON.stringify(file)}).then((all) => console.log(Object.keys(all).length > 0, typeof customElements))`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code]);
    assert.equal(stdout.trim(), 'true undefined');
  });
});

interface Integrity {
  version: string;
  integrity: Record<'wcs.js', string>;
}

async function served(): Promise<Integrity> {
  return (await (await fetch(`${backend.url}/integrity.json`)).json()) as Integrity;
}

async function builtVersion(): Promise<string> {
  return (await served()).version;
}
