import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Worker } from 'node:worker_threads';
import type { types } from 'mediasoup';
import type { Recorder, RecorderOptions } from '../../../backend/recording/recorder.ts';
import type { RoomRecorder } from '../../../backend/recording/room-recorder.ts';
import { until } from '../until.ts';
import { startRecorder } from './recorder.ts';
import { readTimeline } from '../../../backend/recording/timeline.ts';
import {
  changesOf,
  type Codec,
  framesOf,
  packetsOf,
  pattern,
  probe,
  Sender,
  soundsOf,
  startRouter,
} from './rtp-kit.ts';

describe('Recording in a room', () => {
  let worker: types.Worker;
  let router: types.Router;
  let directory: string;
  let recorder: Recorder;
  let senders: Sender[] = [];
  const media = new Map<Codec, Awaited<ReturnType<typeof packetsOf>>>();

  before(async () => {
    ({ worker, router } = await startRouter());
    for (const codec of ['vp8', 'h264', 'opus', 'pcmu'] as const)
      media.set(codec, await packetsOf(codec, pattern(codec, 3)));
  });
  after(() => worker.close());
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'wcs-room-'));
  });
  afterEach(async () => {
    for (const sender of senders) sender.close();
    senders = [];
    await recorder.close();
    await rm(directory, { recursive: true });
  });

  async function start(options: Partial<RecorderOptions> = {}) {
    recorder = await startRecorder({ directory, ...options });
    return recorder.room('Беседа: 1/2', {});
  }

  async function publish(room: RoomRecorder, login: string, codecs: Codec[], record = false, at = router) {
    const own = await Promise.all(codecs.map((codec) => Sender.start(at, codec)));
    senders.push(...own);
    const name = `Беседа: 1/2-${login}-00a1`;
    const mediaSessionId = randomUUID();
    room.joined(login);
    room.published({
      stream: { name, mediaSessionId, kind: 'camera', audio: true, video: true, muted: { audio: false, video: false } },
      login,
      sessionId: 'session',
      producers: own.map(({ producer }) => producer),
      router: at,
      record,
    });
    const play = () => {
      const startedAt = performance.now();
      return Promise.all(own.map((sender) => sender.play(media.get(sender.codec)!, { startedAt })));
    };
    return { name, mediaSessionId, play };
  }

  it('becomes one file with a track for everything that was sent, at its time', async () => {
    const room = await start();
    await room.start();
    const anna = await publish(room, 'Анна', ['vp8', 'opus']);
    const begin = anna.play();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const bob = await publish(room, 'Bob', ['h264', 'pcmu']);
    await Promise.all([begin, bob.play()]);
    room.left('Bob');
    await room.close();
    await recorder.finalizer.idle();

    const files = await readdir(directory);
    assert.deepEqual(files.map((file) => /\.\w+$/.exec(file)![0]).sort(), ['.json', '.mkv'], files.join());
    const timeline = await readTimeline(
      join(
        directory,
        files.find((file) => file.endsWith('.json'))!,
      ),
    );
    assert.equal(timeline.state, 'done', timeline.reason);
    assert.deepEqual(
      timeline.participants.map(({ login }) => login),
      ['Анна', 'Bob'],
    );
    const file = join(directory, timeline.file!);
    const titles = await probe(file, ['-show_entries', 'stream=codec_name:stream_tags=title']);
    assert.deepEqual(titles, [`vp8,${anna.name}`, `opus,${anna.name}`, `h264,${bob.name}`, `pcm_mulaw,${bob.name}`]);
    assert.equal(timeline.streams[1]!.video!.track, 3);
    const changes = changesOf(await framesOf(file));
    const [sound] = await soundsOf(file);
    assert.ok(Math.abs(changes.get(1)! - sound!.from) <= 40, `picture ${changes.get(1)} ms, sound ${sound!.from} ms`);
    const starts = new Map<string, number>();
    for (const line of await probe(file, ['-show_entries', 'packet=stream_index,pts_time'])) {
      const [index, time] = line.split(',') as [string, string];
      if (!starts.has(index)) starts.set(index, Number(time) * 1000);
    }
    const later = starts.get('2')! - starts.get('0')!;
    assert.ok(later > 950 && later < 1300, `Bob comes ${later} ms after Anna`);
  });

  it('gives each stream that asked for it a file of its own, and tells the script', async () => {
    const script = join(directory, 'hook.sh');
    await writeFile(script, `#!/bin/sh\nprintf '%s|%s\\n' "$1" "$2" >> "${directory}/hook.log"\n`);
    await chmod(script, 0o755);
    const room = await start({ onRecordHook: script });
    const anna = await publish(room, 'Анна/../x', ['vp8', 'pcmu'], true);
    const bob = await publish(room, 'Bob', ['h264', 'opus'], true);
    const carl = await publish(room, 'Carl', ['pcmu'], true);
    const silent = await publish(room, 'Nobody', ['opus', 'vp8'], true);
    await Promise.all([anna, bob, carl].map(({ play }) => play()));
    const names = await Promise.all([anna, bob, carl, silent].map(({ name }) => room.unpublished(name)));
    assert.equal(names[1], `stream-${bob.mediaSessionId}-Bob.mp4`);
    await room.close();
    await recorder.finalizer.idle();

    const files = (await readdir(directory)).filter((file) => /\.(webm|mp4|m4a)$/.test(file)).sort();
    const expected = [
      `stream-${anna.mediaSessionId}-Анна%2F..%2Fx.webm`,
      `stream-${bob.mediaSessionId}-Bob.mp4`,
      `stream-${carl.mediaSessionId}-Carl.m4a`,
    ].sort();
    assert.deepEqual(files, expected);
    for (const file of files) {
      const path = join(directory, file);
      const [sound] = await soundsOf(path);
      assert.ok(sound, `sound in ${file}`);
      if (file.endsWith('.m4a')) continue;
      const shown = changesOf(await framesOf(path)).get(1)!;
      assert.ok(Math.abs(shown - sound.from) <= 40, `${file}: picture ${shown} ms, sound ${sound.from} ms`);
    }
    const told = (await readFile(join(directory, 'hook.log'), 'utf8')).trim().split('\n').sort();
    assert.equal(told.length, 3);
    assert.ok(told.some((line) => line === `${bob.name}|${join(directory, `stream-${bob.mediaSessionId}-Bob.mp4`)}`));
    const empty = await readTimeline(join(directory, `stream-${silent.mediaSessionId}.json`));
    assert.equal(empty.state, 'failed');
    assert.match(empty.reason!, /nothing was received/);
  });

  it('makes files of one length that begin together, when empty shift is on', async () => {
    const room = await start({ emptyShift: true });
    const anna = await publish(room, 'Anna', ['vp8', 'opus'], true);
    const first = anna.play();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const bob = await publish(room, 'Bob', ['h264', 'pcmu'], true);
    const began = performance.now();
    await Promise.all([first.then(() => void room.unpublished(anna.name)), bob.play()]);
    assert.ok(performance.now() - began > 2500);
    void room.unpublished(bob.name);
    await room.close();
    await recorder.finalizer.idle();
    const files = (await readdir(directory)).filter((file) => /\.(webm|mp4)$/.test(file));
    assert.equal(files.length, 2, (await readdir(directory)).join());
    const lengths = [];
    for (const file of files) {
      const path = join(directory, file);
      const [length] = await probe(path, ['-show_entries', 'format=duration']);
      lengths.push(Number(length));
      const frames = await framesOf(path);
      assert.ok(frames[0]!.at <= 50, `${file} begins at ${frames[0]!.at} ms`);
      assert.ok(frames[0]!.grey < 8, 'begins black');
      const second = frames.find(({ grey }) => Math.abs(grey - ((55 - 16) / 219) * 255) < 8)!.at;
      const [sound] = await soundsOf(path);
      assert.ok(Math.abs(second - sound!.from) <= 40, `${file}: picture ${second} ms, sound ${sound!.from} ms`);
    }
    assert.ok(Math.abs(lengths[0]! - lengths[1]!) < 0.25, `${lengths.join(' and ')} s`);
  });

  it('begins and ends whenever it is asked to, and takes in who is there already', async () => {
    const room = await start();
    const anna = await publish(room, 'Anna', ['vp8', 'opus']);
    const playing = anna.play();
    room.muted(anna.name, { audio: false, video: true });
    await Promise.all([room.start(), room.start()]);
    assert.equal(room.state, 'on');
    room.speaking('Anna');
    await new Promise((resolve) => setTimeout(resolve, 600));
    room.muted(anna.name, { audio: false, video: false });
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await room.stop();
    assert.equal(room.state, 'off');
    await playing;
    await room.close();
    await recorder.finalizer.idle();
    const [name] = (await readdir(directory)).filter((file) => file.endsWith('.json'));
    const { participants, streams, speakers, durationMs, state } = await readTimeline(join(directory, name!));
    assert.equal(state, 'done');
    assert.ok(durationMs > 1700 && durationMs < 3000, `${durationMs} ms`);
    assert.equal(participants[0]!.login, 'Anna');
    assert.equal(speakers[0]!.login, 'Anna');
    const [{ muted, endMs }] = streams as [(typeof streams)[number]];
    assert.equal(muted.length, 1);
    assert.ok(muted[0]!.toMs! - muted[0]!.fromMs >= 550 && endMs! > muted[0]!.toMs!);
  });

  it('goes on in a new track when the media worker is killed, with all that came before', async () => {
    const doomed = await startRouter();
    const room = await start();
    await room.start();
    const { name, play } = await publish(room, 'Anna', ['vp8', 'opus'], false, doomed.router);
    const playing = play();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    process.kill(doomed.worker.pid, 'SIGKILL');
    await once(doomed.worker, 'died');
    await room.unpublished(name);
    await playing;
    const again = await publish(room, 'Anna', ['vp8', 'opus']);
    await again.play();
    await room.close();
    await recorder.finalizer.idle();
    const [json] = (await readdir(directory)).filter((file) => file.endsWith('.json'));
    const { state, reason, streams, file } = await readTimeline(join(directory, json!));
    assert.equal(state, 'done', reason);
    assert.deepEqual(
      streams.map((stream) => [stream.name, stream.video?.track, stream.audio?.track]),
      [
        [name, 1, 2],
        [name, 3, 4],
      ],
    );
    const lengths = [0, 0];
    const packets = ['-select_streams', 'v', '-show_entries', 'packet=stream_index,pts_time'];
    for (const line of await probe(join(directory, file!), packets)) {
      const [index, seconds] = line.split(',');
      lengths[index === '0' ? 0 : 1] = Number(seconds) * 1000;
    }
    assert.ok(lengths[0]! > 1300 && lengths[1]! > lengths[0]! + 2500, `parts until ${lengths.join(' and ')} ms`);
  });

  it('ends when the thread that records dies, says so, keeps what is there, and can begin again', async () => {
    const threads: Worker[] = [];
    const onThread = (thread: Worker) => void threads.push(thread);
    process.on('worker', onThread);
    const states: string[] = [];
    await start();
    const room = recorder.room('kitchen', {
      onState: (state, reason) => states.push(`${state} ${reason ?? ''}`.trim()),
    });
    await room.start();
    const anna = await publish(room, 'Anna', ['vp8', 'opus'], true);
    const playing = anna.play();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await threads[0]!.terminate();
    await until('recording is off', () => room.state === 'off');
    assert.deepEqual(states, ['on', 'off the recorder broke down']);
    await playing;
    await room.start();
    const bob = await publish(room, 'Bob', ['vp8', 'opus']);
    await bob.play();
    await room.close();
    await recorder.finalizer.idle();
    process.off('worker', onThread);
    assert.equal(threads.length, 2);
    const names = (await readdir(directory)).filter((file) => file.endsWith('.json'));
    const all = await Promise.all(names.map((file) => readTimeline(join(directory, file))));
    assert.deepEqual(
      all.map(({ state }) => state),
      ['done', 'done', 'done'],
    );
    const single = all.find(({ recorder }) => recorder.startsWith('stream-recorder'));
    assert.equal(single!.reason, 'the recorder broke down');
    for (const { file } of all) assert.ok((await framesOf(join(directory, file!))).length > 5, file);
  });

  it('stops and says so when the disk gets full, and does not begin again', async () => {
    const states: string[] = [];
    await start();
    const room = recorder.room('kitchen', { onState: (state, reason) => states.push(`${state} ${reason ?? ''}`) });
    await room.start();
    await room.stopAll('the disk was nearly full');
    assert.deepEqual(states, ['on ', 'off the disk was nearly full']);
    await recorder.close();
    await start({ freeMinimum: Number.MAX_SAFE_INTEGER });
    const full = recorder.room('kitchen', {});
    await assert.rejects(full.start(), { code: 'recording_failed' });
  });

  it('leaves calls alone when the directory cannot be written', async () => {
    const room = await start();
    await rm(directory, { recursive: true });
    await assert.rejects(room.start(), { code: 'recording_failed' });
    await publish(room, 'Anna', ['opus'], true);
    await room.close();
    await mkdir(directory);
  });
});
