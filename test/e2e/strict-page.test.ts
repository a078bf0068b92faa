/** A page of another origin with the strictest policy that can be: Content Security Policy with Trusted Types. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { startBackend, type Backend } from './backend.ts';
import { startChromium, until, type Browser } from './browsers.ts';

let backend: Backend;
let chromium: Browser;
let site: Server;
let siteUrl: string;

before(async () => {
  backend = await startBackend();
  chromium = await startChromium();
  site = createServer((request, response) => {
    if (request.url === '/watch.js') {
      response.setHeader('Content-Type', 'text/javascript');
      response.end(
        'addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>' +
          ' (globalThis.violations ??= []).push([violatedDirective, blockedURI, sample].join(" ")));',
      );
      return;
    }
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.setHeader('Content-Security-Policy', policy(backend.url));
    response.end(`<!doctype html><html lang="ru"><title>Strict</title><script src="/watch.js"></script>
      <script type="module" src="${backend.url}/wcs.js"></script>
      <wcs-conference room="strict" username="Alice"></wcs-conference>`);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  siteUrl = `http://localhost:${(site.address() as AddressInfo).port}/`;
});

after(async () => {
  site.close();
  await chromium.close();
  await backend.close();
});

/** Everything from the page's own origin, scripts and signaling also from the backend's; the one policy that Lit creates. */
function policy(server: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' ${server}`,
    `connect-src 'self' ${server.replace('http', 'ws')}`,
    "require-trusted-types-for 'script'",
    'trusted-types lit-html',
  ].join('; ');
}

describe('a page with a strict Content Security Policy, on another origin', () => {
  it('has a conference that refuses nothing, in the page’s language', async () => {
    const tab = await chromium.open();
    await tab.goto(siteUrl);
    await until('the form is there', () =>
      tab.run(() => probe.text('join-button')?.includes('Войти') ?? false, undefined),
    );
    await tab.run(() => probe.click('join-button'), undefined);
    await until('it publishes', () => tab.run(() => probe.text('status')?.includes('PUBLISHING') ?? false, undefined));
    await tab.run(() => probe.click('help-button'), undefined);
    await until('the dialog is open', () => tab.run(() => probe.deep('dialog[open]').length > 0, undefined));
    const width = await tab.run(() => probe.part('tile')[0]?.clientWidth ?? 0, undefined);
    assert.ok(width > 100, 'the styles are there');
    assert.deepEqual(await tab.run(() => (globalThis as { violations?: string[] }).violations ?? [], undefined), []);
    assert.deepEqual(tab.errors, []);
    await tab.close();
  });
});
