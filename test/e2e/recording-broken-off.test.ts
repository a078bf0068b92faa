/** Recordings whose backend is killed or stopped while people are in the room, and what they have of it afterwards. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { closeTabs, startChromium, until, type Browser } from './browsers.ts';
import { BackendProcess } from './call.ts';
import { enter, finished, FIRST_PICTURE, near, SMALL_MIX } from './recorded-room.ts';
import { contentsOf, type Colour } from './recorded.ts';

declare global {
  /** How often this page has come back into its room. */
  var returns: number;
}

describe('a backend that ends while it records', () => {
  let chromium: Browser;
  let backend: BackendProcess;
  let directory: string;

  before(async () => {
    chromium = await startChromium();
  });
  after(() => chromium.close());
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'wcs-e2e-records-'));
    await writeFile(join(directory, 'mixer.json'), JSON.stringify(SMALL_MIX));
  });
  afterEach(async () => {
    await closeTabs();
    await backend.stop('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  });

  const start = async (roomIdleTimeout: number) => {
    backend = await BackendProcess.start({
      records_dir: directory,
      offline_mixer: join(directory, 'mixer.json'),
      record_min_free_bytes: 0,
      room_idle_timeout: roomIdleTimeout,
    });
  };

  it('has the recording mixed after its next start when nobody comes back, up to the last two seconds', async () => {
    await start(500);
    const alice = await enter(backend.url, chromium, 'crash', 'Alice', { record: true, colour: 'red', hertz: 700 });
    await alice.run(() => publish({ record: true }), null);
    const aliceAt = Date.now();
    await delay(5000);
    const killedAt = Date.now();
    await backend.stop('SIGKILL');
    await alice.close();
    await backend.start();
    const timeline = await finished(directory, 'room-crash-');
    const film = await contentsOf(join(directory, timeline.mixed!));
    near(film.timesShown('red')[0], aliceAt - timeline.startedAt, 'she is seen', FIRST_PICTURE);
    assert.ok(film.durationMs > killedAt - timeline.startedAt - 2000, `only ${film.durationMs} ms are left`);
    assert.ok(film.shows('red', film.durationMs - 300) > 0.4);
    const stream = await finished(directory, 'stream-');
    assert.equal((await contentsOf(join(directory, stream.file!))).codecs.length, 2);
  });

  it('goes on with the same recording when people come back, and each part is at its time', async () => {
    await start(20_000);
    const alice = await enter(backend.url, chromium, 'parts', 'Alice', { record: true, colour: 'red', hertz: 700 });
    await alice.run(() => {
      globalThis.returns = 0;
      room().on('RECONNECTED', () => (globalThis.returns += 1));
      return publish({});
    }, null);
    const aliceAt = Date.now();
    await delay(3000);
    const gaps: [from: number, to: number][] = [];
    const changes: [colour: Colour, hertz: number, at: number][] = [];
    for (const [signal, colour, hertz] of [
      ['SIGKILL', 'green', 1000],
      ['SIGTERM', 'blue', 400],
    ] as const) {
      const before = await alice.run(() => globalThis.returns, null);
      const from = Date.now();
      await backend.stop(signal);
      await delay(1500);
      const to = Date.now();
      await backend.start();
      gaps.push([from, to]);
      await until('she is back', () => alice.run((before) => globalThis.returns > before, before));
      assert.equal(await alice.run(() => room().recording(), null), 'on');
      await delay(1500);
      await alice.run(([colour, hertz]) => send(colour, hertz), [colour, hertz] as const);
      changes.push([colour, hertz, Date.now()]);
      await delay(2000);
    }
    await alice.run(async () => void (await room().leave()), null);
    const endedAt = Date.now();

    const timeline = await finished(directory, 'room-parts-');
    const names = await readdir(directory);
    assert.deepEqual(names.filter((name) => name.startsWith('room-')).length, 3, names.join());
    assert.equal(timeline.streams.length, 3);
    const film = await contentsOf(join(directory, timeline.mixed!));
    const at = (time: number) => time - timeline.startedAt;
    near(film.durationMs, at(endedAt), 'it ends');
    near(film.timesShown('red')[0], at(aliceAt), 'she is seen', FIRST_PICTURE);
    for (const [colour, hertz, changedAt] of changes) {
      near(film.timesShown(colour)[0], at(changedAt), `${colour} is seen`);
      near(film.timesHeard(hertz)[0], at(changedAt), `${hertz} Hz are heard`);
    }
    const colours: Colour[] = ['red', 'green', 'blue'];
    const seen = (time: number) => colours.filter((each) => film.shows(each, at(time)) > 0.1);
    // What was killed may lack its last two seconds, what was stopped nothing.
    for (const [[from, to], colour, before] of [
      [gaps[0]!, 'red', 2200],
      [gaps[1]!, 'green', 700],
    ] as const) {
      assert.deepEqual(seen(to), [], 'nobody is seen while the backend is away');
      assert.deepEqual(seen(from - before), [colour]);
    }
  });
});
