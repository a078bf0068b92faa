/** Recordings of rooms whose backend was killed or stopped, and whose people come back when it does. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { types } from 'mediasoup';
import type { Recorder } from '../../../backend/recording/recorder.ts';
import type { RoomRecorder } from '../../../backend/recording/room-recorder.ts';
import { readTimeline, type Timeline, writeTimeline } from '../../../backend/recording/timeline.ts';
import { until } from '../until.ts';
import { startRecorder } from './recorder.ts';
import { packetsOf, pattern, probe, Sender, type SentPacket, startRouter } from './rtp-kit.ts';

const CODECS = ['vp8', 'opus'] as const;

describe('A room recording that breaks off', () => {
  let worker: types.Worker;
  let router: types.Router;
  let packets: SentPacket[][];
  let directory: string;
  let recorder: Recorder;

  before(async () => {
    ({ worker, router } = await startRouter());
    packets = await Promise.all(CODECS.map((codec) => packetsOf(codec, pattern(codec, 2))));
  });
  after(() => worker.close());
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'wcs-interrupted-'));
  });
  afterEach(async () => {
    await recorder.close();
    await rm(directory, { recursive: true });
  });

  /** What a backend does when it starts. */
  async function start(resumeTimeout = 20_000): Promise<RoomRecorder> {
    recorder = await startRecorder({ directory, resumeTimeout });
    return recorder.room('kitchen', {});
  }

  /** Two seconds of Anna. Answers when, on the clock of this machine, she began to be sent. */
  async function anna(room: RoomRecorder): Promise<number> {
    const senders = await Promise.all(CODECS.map((codec) => Sender.start(router, codec)));
    room.joined('Anna');
    const muted = { audio: false, video: false };
    room.published({
      stream: {
        name: 'kitchen-Anna-0001',
        mediaSessionId: randomUUID(),
        kind: 'camera',
        audio: true,
        video: true,
        muted,
      },
      login: 'Anna',
      sessionId: 'session',
      producers: senders.map(({ producer }) => producer),
      router,
      record: false,
    });
    const [startedAt, at] = [performance.now(), Date.now()];
    await Promise.all(senders.map((sender, i) => sender.play(packets[i]!, { startedAt })));
    for (const sender of senders) sender.close();
    return at;
  }

  async function theOnly(): Promise<{ path: string; timeline: Timeline }> {
    const names = (await readdir(directory)).filter((name) => /^room-.*\.json$/.test(name));
    assert.equal(names.length, 1, names.join());
    const path = join(directory, names[0]!);
    return { path, timeline: await readTimeline(path) };
  }

  it('goes on when its room comes back, killed or stopped: one file, one clock, each part at its time', async () => {
    const child = fork(fileURLToPath(new URL('record-child.ts', import.meta.url)), [directory]);
    await once(child, 'message');
    await delay(3000);
    child.kill('SIGKILL');
    await once(child, 'exit');

    let room = await start();
    assert.ok(room.resumable);
    assert.equal((await theOnly()).timeline.state, 'recording');
    await room.start();
    const second = await anna(room);
    recorder.suspend();
    await recorder.close();
    const parked = (await theOnly()).timeline;
    assert.equal(parked.state, 'recording');
    assert.ok(parked.endedAt! >= second + 2000);

    room = await start();
    await room.start();
    const third = await anna(room);
    await room.close();
    await recorder.finalizer.idle();

    const { timeline } = await theOnly();
    const { state, reason, streams, participants, startedAt, durationMs, file } = timeline;
    assert.equal(state, 'done', reason);
    assert.deepEqual(
      streams.map(({ video, audio }) => [video?.track, audio?.track]),
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    );
    assert.equal(participants.length, 3);
    assert.ok(durationMs >= third + 2000 - startedAt);
    const last = new Map<string, number>();
    const entries = ['-select_streams', 'v', '-show_entries', 'packet=stream_index,pts_time'];
    for (const line of await probe(join(directory, file!), entries)) {
      const [index = '', seconds] = line.split(',');
      last.set(index, Number(seconds) * 1000);
    }
    assert.ok(last.get('0')! > 1000, `of the part that was killed ${last.get('0')} ms are left`);
    for (const [index, sentAt] of [
      ['2', second],
      ['4', third],
    ] as const) {
      const late = last.get(index)! - (sentAt + packets[0]!.at(-1)!.at - startedAt);
      assert.ok(Math.abs(late) < 150, `track ${index} is ${late} ms late`);
    }
    const ends = streams.map(({ endMs }) => endMs!);
    assert.ok(ends[0]! < streams[1]!.startMs && ends[1]! < streams[2]!.startMs, 'nobody is there between the parts');
    const rest = (await readdir(directory)).filter((name) => /-(?:audio|video)\.mkv$|\.tmp$/.test(name));
    assert.deepEqual(
      rest.filter((name) => name.startsWith('room-')),
      [],
    );
  });

  it('is worked up when nobody comes back in time, and at once when it broke off long ago', async () => {
    let room = await start();
    await room.start();
    await anna(room);
    recorder.suspend();
    await recorder.close();
    const { path, timeline } = await theOnly();

    room = await start(300);
    assert.ok(room.resumable);
    assert.equal(recorder.counts().waiting, 1);
    await assert.rejects(recorder.pruner.remove(path), { code: 'recording_busy' });
    await until('it is done', async () => (await theOnly()).timeline.state === 'done');
    assert.equal(room.resumable, false);
    await room.start();
    await room.stop();
    await recorder.close();
    assert.equal((await readdir(directory)).filter((name) => name.endsWith('.json')).length, 2);

    for (const name of await readdir(directory)) if (name.endsWith('.json')) await rm(join(directory, name));
    const hours = 3_600_000;
    const before = { startedAt: timeline.startedAt - hours, endedAt: timeline.endedAt! - hours };
    await writeTimeline(path, { ...timeline, ...before });
    room = await start();
    assert.equal(room.resumable, false);
    await until('it has been worked up', async () => (await theOnly()).timeline.state !== 'recording');
  });

  it('makes way for a new one when its timeline cannot be read any more', async () => {
    let room = await start();
    await room.start();
    recorder.suspend();
    await recorder.close();
    const { path } = await theOnly();
    room = await start();
    await writeFile(path, 'damaged');
    await room.start();
    assert.equal(room.state, 'on');
    assert.equal((await readdir(directory)).filter((name) => name.endsWith('.json')).length, 2);
  });
});
