/** The examples of use run, against a real backend: those in plain HTML and in React. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { buildExamples } from '../../scripts/examples.mjs';
import { startBackend, type Backend } from './backend.ts';
import { startChromium, until, type Browser, type Tab } from './browsers.ts';

let backend: Backend;
let chromium: Browser;

before(async () => {
  await buildExamples();
  [backend, chromium] = await Promise.all([startBackend(), startChromium()]);
});

after(async () => {
  await chromium.close();
  await backend.close();
});

const log = (tab: Tab) => tab.run(() => document.querySelector('output')?.textContent ?? '', null);
const joinAndTell = async (tab: Tab, example: string, name: string) => {
  await tab.goto(`${backend.url}/examples/${example}/?roomName=examples`);
  await until('the form is there', () => tab.run(() => probe.part('join-button').length > 0, null));
  await tab.run(() => probe.click('join-button'), null);
  await until(`${name} is told to be in the room`, async () => (await log(tab)) === `${name} is in examples.`);
};

describe('the examples', () => {
  it('hear of events and call methods, in plain HTML and in React', async () => {
    const [html, react] = [await chromium.open(), await chromium.open()];
    await joinAndTell(html, 'html', 'Ann');
    await joinAndTell(react, 'react', 'Rea');

    const sayHello = () =>
      document.querySelector('header button')?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    await html.run(sayHello, null);
    await until('React shows what Ann wrote', async () => (await log(react)) === 'Ann wrote: Hello!');
    await react.run(sayHello, null);
    await until('the plain page shows what Rea wrote', async () => (await log(html)) === 'Rea wrote: Hello!');
    // A property that React has set, not an attribute of that name.
    const capacity = () => document.querySelector('wcs-conference')?.maxParticipants;
    assert.equal(await react.run(capacity, null), 10);

    await react.run(() => probe.click('leave-button'), null);
    await until('React is told of leaving', async () => (await log(react)) === 'Not in the room: left.');
    assert.deepEqual([...html.errors, ...react.errors], []);
    await Promise.all([html.close(), react.close()]);
  });
});
