import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { pino } from 'pino';
import { Finalizer, type FinalizerOptions } from '../../../backend/recording/finalizing/finalizer.ts';
import { readTimeline, type Timeline, writeTimeline } from '../../../backend/recording/timeline.ts';
import { changesOf, framesOf, probe, soundsOf } from './rtp-kit.ts';

const log = pino({ level: process.env.TEST_LOG ?? 'silent' });

describe('A recording whose backend was killed', () => {
  /** What a backend leaves that is killed 4.5 s after media began to flow. */
  let left: string;
  let directory: string;
  let finalizer: Finalizer;

  before(async () => {
    left = await mkdtemp(join(tmpdir(), 'wcs-killed-'));
    const child = fork(fileURLToPath(new URL('record-child.ts', import.meta.url)), [left]);
    await once(child, 'message');
    await delay(4500);
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  after(() => rm(left, { recursive: true }));
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'wcs-finalizer-'));
    await cp(left, directory, { recursive: true });
  });
  afterEach(async () => {
    await finalizer.close();
    await rm(directory, { recursive: true });
  });

  /** Does what a backend does when it starts. */
  async function restart(options: Partial<FinalizerOptions> = {}): Promise<void> {
    finalizer = new Finalizer({
      directory,
      concurrency: 2,
      mix: (path) => Promise.resolve(path.replace('.json', '-mixed.mp4')),
      emptyShift: false,
      onRecordHook: '',
      onMultipleRecordHook: '',
      hookDeadline: 5000,
      log,
      ...options,
    });
    await finalizer.recover();
    await finalizer.idle();
  }

  async function timelineOf(kind: 'room' | 'stream'): Promise<Timeline> {
    const name = (await readdir(directory)).find((file) => file.startsWith(kind) && file.endsWith('.json'));
    return readTimeline(join(directory, name!));
  }

  it('is there up to the last two seconds, and worked up without being asked', async () => {
    await restart();
    const room = await timelineOf('room');
    assert.equal(room.state, 'done', room.reason);
    const stream = await timelineOf('stream');
    assert.equal(stream.state, 'done', stream.reason);
    assert.match(stream.file!, /^stream-Anna-\d+\.webm$/);
    for (const file of [room.file!, stream.file!]) {
      const path = join(directory, file);
      const frames = await framesOf(path);
      const length = frames.at(-1)!.at - frames[0]!.at;
      assert.ok(length >= 2500, `${file}: ${length} ms of picture`);
      const [sound] = await soundsOf(path);
      const shown = changesOf(frames).get(1)!;
      assert.ok(Math.abs(shown - sound!.from) <= 40, `${file}: picture ${shown} ms, sound ${sound!.from} ms`);
    }
    const rest = (await readdir(directory)).filter((file) => /-(audio|video)\.mkv$|\.tmp$/.test(file));
    assert.deepEqual(rest, [], 'nothing else is left behind');
  });

  it('keeps what was received when one of its files is damaged', async () => {
    const files = await readdir(directory);
    const video = files.find((file) => /^room-.*-video\.mkv$/.test(file))!;
    await writeFile(join(directory, video), 'this is not media');
    await restart();
    const room = await timelineOf('room');
    assert.equal(room.state, 'done', room.reason);
    assert.deepEqual(await probe(join(directory, room.file!), ['-show_entries', 'stream=codec_name']), ['opus']);
  });

  it('is mixed once more after a failure, then failed with the reason and its sources kept', async () => {
    let attempts = 0;
    const mix = () => Promise.reject(new Error(`no luck, attempt ${(attempts += 1)}`));
    await restart({ mix });
    const room = await timelineOf('room');
    assert.equal(attempts, 2);
    assert.equal(room.state, 'failed');
    assert.equal(room.reason, 'no luck, attempt 2');
    assert.ok((await framesOf(join(directory, room.file!))).length > 30);
  });

  it('is mixed after the next start when the backend is stopped in the middle', async () => {
    let begun: () => void;
    const mixing = new Promise<void>((resolve) => (begun = resolve));
    const running = restart({
      mix: (_, { signal, onProgress }) => {
        onProgress(0.5);
        begun();
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
      },
    });
    await mixing;
    await finalizer.close();
    await running;
    assert.equal((await timelineOf('room')).state, 'recorded');
    await restart();
    const room = await timelineOf('room');
    assert.equal(room.state, 'done', room.reason);
    assert.match(room.mixed!, /-mixed\.mp4$/);
    assert.equal(room.progress, undefined);
  });

  it('is given to the script with its file, creation time, duration and recorder', async () => {
    const script = join(directory, 'hook');
    await writeFile(script, `#!/bin/sh\nprintf '%s\\n' "$@" > "${directory}/told"\n`);
    await chmod(script, 0o755);
    await restart({ onMultipleRecordHook: script });
    const room = await timelineOf('room');
    const told = (await readFile(join(directory, 'told'), 'utf8')).trim().split('\n');
    const { file, startedAt, durationMs } = room;
    assert.deepEqual(told, [join(directory, file!), `${startedAt}`, `${durationMs}`, 'multi-recorder://kitchen']);
    assert.equal(room.state, 'done');
  });

  for (const [what, content, mode, reason] of [
    ['is not there', undefined, 0, /ENOENT/],
    ['is not executable', '#!/bin/sh\n', 0o644, /EACCES/],
    ['fails', '#!/bin/sh\necho bad >&2\nexit 3\n', 0o755, /exit code 3/],
    ['hangs', '#!/bin/sh\nsleep 60 & sleep 60\n', 0o755, /longer than 700 ms/],
  ] as const) {
    it(`is kept when its script ${what}, and says so`, async () => {
      const script = join(directory, 'hook');
      if (content !== undefined) await writeFile(script, content, { mode });
      await restart({ onMultipleRecordHook: script, hookDeadline: 700 });
      const room = await timelineOf('room');
      assert.equal(room.state, 'done');
      assert.match(room.reason!, reason);
      assert.ok((await framesOf(join(directory, room.file!))).length > 30);
    });
  }

  it('ends in a clear state when nothing was ever received', async () => {
    await mkdir(join(directory, 'not-a-recording'));
    for (const file of await readdir(directory)) if (file.endsWith('.mkv')) await rm(join(directory, file));
    const name = (await readdir(directory)).find((file) => file.startsWith('room-'))!;
    await writeTimeline(join(directory, name), { ...(await timelineOf('room')), streams: [] });
    await writeFile(join(directory, 'room-broken-20260101T000000Z.json'), '{"version": 1');
    await restart();
    const { state, reason } = await timelineOf('stream');
    assert.deepEqual({ state, reason }, { state: 'failed', reason: 'nothing was received of the stream' });
    const room = await readTimeline(join(directory, name));
    assert.equal(room.state, 'failed');
    assert.match(room.reason!, /nothing was published/);
    assert.equal(room.attempts, 1, 'trying again makes no sense');
    await restart();
    assert.deepEqual(await readTimeline(join(directory, name)), room, 'nor does it after the next start');
  });
});
