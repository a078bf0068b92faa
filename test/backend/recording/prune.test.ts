import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { addRoom, site } from '../recordings-site.ts';
import { until } from '../until.ts';

const HOUR = 3_600_000;

describe('recordings that are too old', () => {
  it('go when the backend starts, with all of their files; others stay', async (t) => {
    const now = Date.now();
    const { directory } = await site(t, {
      limits: { maxAge: 24 * HOUR, maxBytes: 0 },
      prepare: async (folder) => {
        await addRoom(folder, 'old', { startedAt: now - 26 * HOUR, endedAt: now - 25 * HOUR });
        await addRoom(folder, 'long', { startedAt: now - 26 * HOUR, endedAt: now - 23 * HOUR });
        await addRoom(folder, 'failed', { startedAt: now - 90 * HOUR, endedAt: now - 89 * HOUR, state: 'failed' });
      },
    });
    const left = (await readdir(directory)).filter((name) => name.startsWith('room-'));
    assert.equal(left.length, 3);
    assert.ok(left.every((name) => name.startsWith('room-long-')));
  });
});

describe('recordings that are too many', () => {
  it('go oldest first until the rest fits; what is being recorded or mixed stays and counts', async (t) => {
    let end: (file: string) => void = () => undefined;
    const { ask, directory, recorder } = await site(t, {
      limits: { maxAge: 0, maxBytes: 60_000 },
      mix: () => new Promise((resolve) => (end = resolve)),
    });
    const rooms = async () => {
      const { json } = await ask('/api/v1/recordings');
      return (json().recordings as { room: string }[]).map(({ room }) => room);
    };
    const start = Date.UTC(2026, 0, 1);
    // Each takes twice 10,000 bytes and its timeline.
    const live = { state: 'recording', endedAt: null } as const;
    await addRoom(directory, 'live', { startedAt: start, bytes: 10_000, ...live });
    const mixed = await addRoom(directory, 'mixed', { startedAt: start + HOUR, bytes: 10_000 });
    await ask(`/api/v1/recordings/${mixed}/mix`, { method: 'POST' });
    await until('it is being mixed', async () => (await ask(`/api/v1/recordings/${mixed}`)).json().state === 'mixing');
    for (const [i, room] of ['a', 'b', 'c'].entries())
      await addRoom(directory, room, { startedAt: start + (2 + i) * HOUR, bytes: 5_000 });
    await recorder.pruner.prune();
    assert.deepEqual(await rooms(), ['c', 'mixed', 'live']);
    await addRoom(directory, 'd', { startedAt: start + 9 * HOUR, bytes: 40_000 });
    await recorder.pruner.prune();
    assert.deepEqual(await rooms(), ['mixed', 'live'], 'even the newest, when it alone is too much');
    end(`${mixed}-mixed.mp4`);
    await until('it is done', () => !recorder.finalizer.has(`${directory}/${mixed}.json`));
    await addRoom(directory, 'e', { startedAt: start + 10 * HOUR, bytes: 15_000 });
    await recorder.pruner.prune();
    assert.deepEqual(await rooms(), ['e', 'live']);
  });

  it('all stay when there is no limit', async (t) => {
    const { directory, recorder } = await site(t);
    await addRoom(directory, 'old', { startedAt: 0, endedAt: 1, bytes: 1_000_000 });
    await recorder.pruner.prune();
    assert.equal((await readdir(directory)).filter((name) => name.startsWith('room-old')).length, 3);
  });
});
