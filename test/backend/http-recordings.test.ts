import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readTimeline } from '../../backend/recording/timeline.ts';
import { addRoom, addStream, site, smallVideo } from './recordings-site.ts';
import { until } from './until.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 2, 3, 4, 5);

const encoded = (id: string) => encodeURIComponent(id);
const listed = (json: Record<string, unknown>) => json.recordings as Record<string, unknown>[];

describe('the list of recordings', () => {
  it('is there, and empty, before anything was recorded', async (t) => {
    const { ask } = await site(t);
    const { status, headers, json } = await ask('/api/v1/recordings');
    assert.equal(status, 200);
    assert.equal(headers['cache-control'], 'no-store');
    assert.deepEqual(json(), { total: 0, bytes: 0, recordings: [] });
  });

  it('has rooms and streams, newest first, with all that the page shows', async (t) => {
    const { ask, directory } = await site(t);
    const room = await addRoom(directory, 'kitchen', { startedAt: START });
    const stream = await addStream(directory, 'Ada', START + DAY);
    const { json } = await ask('/api/v1/recordings');
    const { total, bytes } = json();
    const [first, second] = listed(json());
    assert.equal(total, 2);
    assert.equal(bytes, Number(first!.bytes) + Number(second!.bytes));
    const { files, ...told } = second!;
    assert.deepEqual(told, {
      id: room,
      kind: 'room',
      room: 'kitchen',
      participants: ['Ада', 'Bob'],
      startedAt: START,
      durationMs: 61_000,
      bytes: second!.bytes,
      state: 'done',
      busy: false,
      mixable: true,
    });
    assert.deepEqual(
      (files as Record<string, unknown>[]).map(({ role, type, url }) => [role, type, url]),
      [
        ['mixed', 'video/mp4', `/client/records/${room}-mixed.mp4`],
        ['tracks', 'video/x-matroska', `/client/records/${room}.mkv`],
        ['timeline', 'application/json', `/client/records/${room}.json`],
      ],
    );
    const { id, kind, login, mixable, files: streamFiles } = first!;
    assert.deepEqual({ id, kind, login, mixable }, { id: stream, kind: 'stream', login: 'Ada', mixable: false });
    const [file] = streamFiles as Record<string, unknown>[];
    assert.deepEqual([file!.role, file!.type, file!.bytes], ['stream', 'audio/webm', 50]);
  });

  it('comes in parts', async (t) => {
    const { ask, directory } = await site(t);
    for (let i = 0; i < 5; i += 1) await addRoom(directory, `room${i}`, { startedAt: START + i * 1000 });
    const rooms = async (query: string) =>
      listed((await ask(`/api/v1/recordings?${query}`)).json()).map(({ room }) => room);
    assert.deepEqual(await rooms('limit=2'), ['room4', 'room3']);
    assert.deepEqual(await rooms('limit=2&offset=4'), ['room0']);
    const refused = await ask('/api/v1/recordings?limit=-1');
    assert.deepEqual([refused.status, refused.json().error?.code], [400, 'invalid']);
  });

  it('says that a recording goes on, and for how long already', async (t) => {
    const { ask, directory } = await site(t);
    const startedAt = Date.now() - 5000;
    const id = await addRoom(directory, 'live', { startedAt, state: 'recording', endedAt: null, durationMs: 0 });
    const { json } = await ask(`/api/v1/recordings/${id}`);
    const { state, busy, durationMs } = json();
    assert.deepEqual({ state, busy }, { state: 'recording', busy: true });
    assert.ok(Number(durationMs) >= 5000 && Number(durationMs) < 60_000);
  });

  it('leaves out what is damaged, and finds what has changed', async (t) => {
    const { ask, directory } = await site(t);
    const id = await addRoom(directory, 'kitchen');
    await writeFile(join(directory, 'room-broken-20260101T000000Z.json'), '{"version": 1');
    await writeFile(join(directory, 'notes.json'), '{}');
    assert.equal((await ask('/api/v1/recordings')).json().total, 1);
    await addRoom(directory, 'kitchen', { state: 'failed', reason: 'no luck' });
    const { state, reason } = (await ask(`/api/v1/recordings/${id}`)).json();
    assert.deepEqual({ state, reason }, { state: 'failed', reason: 'no luck' });
  });
});

describe('a file of a recording', () => {
  it('is played from anywhere: ranges, type and length are right', async (t) => {
    const { ask, directory } = await site(t);
    const video = await smallVideo();
    const id = await addRoom(directory, 'kitchen', { video });
    const content = await readFile(video);
    const whole = await ask(`/client/records/${id}-mixed.mp4`);
    assert.equal(whole.status, 200);
    assert.equal(whole.headers['content-type'], 'video/mp4');
    assert.equal(whole.headers['accept-ranges'], 'bytes');
    assert.equal(whole.headers['content-encoding'], undefined);
    assert.equal(whole.headers['x-content-type-options'], 'nosniff');
    assert.equal(whole.headers['cross-origin-resource-policy'], 'same-origin');
    assert.equal(whole.headers['cache-control'], 'private, no-cache');
    assert.ok(whole.body.equals(content));
    const part = await ask(`/client/records/${id}-mixed.mp4`, { headers: { Range: 'bytes=100-299' } });
    assert.equal(part.status, 206);
    assert.equal(part.headers['content-range'], `bytes 100-299/${content.length}`);
    assert.ok(part.body.equals(content.subarray(100, 300)));
    const end = await ask(`/client/records/${id}-mixed.mp4`, { headers: { Range: 'bytes=-10' } });
    assert.ok(end.body.equals(content.subarray(-10)));
    const beyond = await ask(`/client/records/${id}-mixed.mp4`, { headers: { Range: `bytes=${content.length}-` } });
    assert.equal(beyond.status, 416);
    const head = await ask(`/client/records/${id}-mixed.mp4`, { method: 'HEAD' });
    assert.equal(Number(head.headers['content-length']), content.length);
  });

  it('is saved under its own name, whatever that is made of', async (t) => {
    const { ask, directory } = await site(t);
    const id = await addRoom(directory, 'Кухня "№1"\r\nSet-Cookie: a=b');
    const { status, headers } = await ask(`/client/records/${encoded(id)}-mixed.mp4?download`);
    assert.equal(status, 200);
    const disposition = headers['content-disposition'] ?? '';
    assert.match(disposition, /^attachment; filename=".*"; filename\*=UTF-8''room-%D0%9A/);
    assert.doesNotMatch(disposition, /[\r\n]/);
    assert.equal(headers['set-cookie'], undefined);
  });

  it('is the only thing that is served: no other file, no path, nothing half written', async (t) => {
    const { ask, directory } = await site(t);
    const id = await addRoom(directory, 'kitchen');
    const part = 'room-live-20260101T000000Z-1-video.mkv';
    const live = await addRoom(directory, 'live', {
      state: 'recording',
      streams: [
        {
          ...{
            name: 'live-Ada-1a2b',
            login: 'Ada',
            kind: 'camera',
            mediaSessionId: 'x',
            startMs: 0,
            endMs: null,
            muted: [],
          },
          video: { codec: 'vp8', file: part },
        },
      ],
    });
    // Somebody who can write timelines still cannot read what lies elsewhere.
    await addRoom(directory, 'evil', { file: '../../../etc/passwd', mixed: '.secret' });
    const others = ['secret.txt', '.secret', '.backend.lock', `${id}.json.0123abcd.tmp`, part, `.${id}-mixed.mp4`];
    for (const name of others) await writeFile(join(directory, name), 'secret');
    await symlink('/etc/passwd', join(directory, 'link.mp4'));
    const names = [
      ...others,
      ...[`${live}.mkv`, 'link.mp4', '..', '.', '../secret.txt', '../../../../etc/passwd', '/etc/passwd'],
      ...['..%2f..%2fetc%2fpasswd', '%2e%2e/%2e%2e/etc/passwd', '..%5c..%5cetc', '%00', `${id}.mkv%00.txt`, '%', '%ff'],
      ...['....//etc/passwd', `${id}.mkv/`, `./${id}-mixed.mp4/..`, `${'a'.repeat(5000)}.mp4`, `<script>`],
    ];
    for (const name of names) {
      const { status, body } = await ask(`/client/records/${name}`);
      // Express takes '.' and an empty name for the page itself.
      if (status === 200) assert.match(body.toString(), /^<!doctype html>/, name);
      else assert.ok([400, 404].includes(status), `${name}: ${status}`);
      assert.doesNotMatch(body.toString(), /root:|^secret/, name);
    }
    assert.equal((await ask(`/client/records/${id}.mkv`)).status, 200);
  });

  it('is there as a source when nothing could be made of it', async (t) => {
    const { ask, directory } = await site(t);
    const part = 'room-lost-20260102T030405Z-1-audio.mkv';
    await writeFile(join(directory, part), 'sound');
    const stream = { name: 'lost-Ada-1a2b', login: 'Ada', kind: 'camera' as const, mediaSessionId: 'x' };
    const streams = [{ ...stream, startMs: 0, endMs: 10, muted: [], audio: { codec: 'opus' as const, file: part } }];
    await addRoom(directory, 'lost', { state: 'failed', reason: 'no luck', streams });
    assert.equal((await ask(`/client/records/${part}`)).body.toString(), 'sound');
  });
});

describe('deleting a recording', () => {
  it('takes all of its files and nothing else', async (t) => {
    const { ask, directory } = await site(t);
    const [id, other] = [await addRoom(directory, 'kitchen'), await addRoom(directory, 'hall')];
    assert.equal((await ask(`/api/v1/recordings/${id}`, { method: 'DELETE' })).status, 204);
    assert.deepEqual(
      (await readdir(directory)).filter((name) => name.startsWith('room-')).sort(),
      [`${other}-mixed.mp4`, `${other}.json`, `${other}.mkv`].sort(),
    );
    const again = await ask(`/api/v1/recordings/${id}`, { method: 'DELETE' });
    assert.deepEqual([again.status, again.json().error?.code], [404, 'recording_unknown']);
  });

  it('works by the address of every name', async (t) => {
    const { ask, directory } = await site(t);
    for (const room of ['<script>alert(1)</script>', '../../etc', 'a%2Fb', 'tab\u0009\u0007', 'Ада & Боб?#', '..']) {
      const id = await addRoom(directory, room);
      const { json } = await ask(`/api/v1/recordings/${encoded(id)}`);
      assert.equal(json().room, room);
      const [{ url }] = json().files as [{ url: string }];
      assert.equal((await ask(url)).status, 200, url);
      assert.equal((await ask(`/api/v1/recordings/${encoded(id)}`, { method: 'DELETE' })).status, 204, room);
    }
    assert.equal((await ask('/api/v1/recordings')).json().total, 0);
  });

  it('is refused for what is not a recording', async (t) => {
    const { ask, directory } = await site(t);
    await writeFile(join(directory, 'room.json'), '{}');
    for (const id of ['room', '..%2froom', 'room-a%2f..%2f..%2fx', '%2e%2e', 'room-%00', `room-${'x'.repeat(4000)}`]) {
      const { status, json } = await ask(`/api/v1/recordings/${id}`, { method: 'DELETE' });
      assert.deepEqual([status, json().error?.code], [404, 'recording_unknown'], id);
    }
    const broken = await ask('/api/v1/recordings/%', { method: 'DELETE' });
    assert.deepEqual([broken.status, broken.json().error?.code], [400, 'invalid']);
  });

  it('waits until recording and mixing have ended', async (t) => {
    let finish: (file: string) => void = () => undefined;
    const { ask, directory } = await site(t, { mix: () => new Promise((resolve) => (finish = resolve)) });
    const live = await addRoom(directory, 'live', { state: 'recording' });
    const id = await addRoom(directory, 'kitchen');
    assert.equal((await ask(`/api/v1/recordings/${id}/mix`, { method: 'POST' })).status, 202);
    for (const busy of [live, id]) {
      const { status, json } = await ask(`/api/v1/recordings/${busy}`, { method: 'DELETE' });
      assert.deepEqual([status, json().error?.code], [409, 'recording_busy']);
      assert.ok(existsSync(join(directory, `${busy}.mkv`)));
    }
    await until('it is being mixed', async () => (await ask(`/api/v1/recordings/${id}`)).json().state === 'mixing');
    finish(`${id}-mixed.mp4`);
    await until('it is done', async () => (await ask(`/api/v1/recordings/${id}`)).json().busy === false);
    assert.equal((await ask(`/api/v1/recordings/${id}`, { method: 'DELETE' })).status, 204);
  });
});

describe('mixing again', () => {
  it('takes the settings, tells how far it is, and puts the new file in the place of the old', async (t) => {
    let report: (fraction: number) => void = () => undefined;
    let finish: () => void = () => undefined;
    const { ask, directory } = await site(t, {
      mix: async (path, { onProgress }) => {
        report = onProgress;
        await new Promise<void>((resolve) => (finish = resolve));
        const file = path.replace('.json', '-mixed.m4a');
        await writeFile(file, 'sound');
        return file;
      },
    });
    const id = await addRoom(directory, 'kitchen', { reason: 'odd' });
    const asked = await ask(`/api/v1/recordings/${id}/mix`, { method: 'POST', body: { hasVideo: 'false' } });
    assert.equal(asked.status, 202);
    assert.equal(asked.json().busy, true);
    const now = async () => (await ask(`/api/v1/recordings/${id}`)).json();
    await until('it is being mixed', async () => (await now()).state === 'mixing');
    assert.deepEqual((await readTimeline(join(directory, `${id}.json`))).mixer, { hasVideo: 'false' });
    assert.equal((await ask(`/client/records/${id}-mixed.mp4`)).status, 200, 'the old one is there meanwhile');
    const twice = await ask(`/api/v1/recordings/${id}/mix`, { method: 'POST' });
    assert.deepEqual([twice.status, twice.json().error?.code], [409, 'recording_busy']);
    report(0.5);
    await until('progress is told', async () => (await now()).progress === 0.5);
    finish();
    await until('it is done', async () => (await now()).state === 'done');
    assert.equal((await now()).reason, undefined);
    assert.equal((await ask(`/client/records/${id}-mixed.m4a`)).headers['content-type'], 'audio/mp4');
    assert.equal((await ask(`/client/records/${id}-mixed.mp4`)).status, 404);
  });

  it('keeps the old mix when the new one fails', async (t) => {
    const { ask, directory } = await site(t);
    const id = await addRoom(directory, 'kitchen');
    assert.equal((await ask(`/api/v1/recordings/${id}/mix`, { method: 'POST', body: {} })).status, 202);
    const now = async () => (await ask(`/api/v1/recordings/${id}`)).json();
    await until('it has failed', async () => (await now()).state === 'failed');
    assert.equal((await now()).reason, 'there is no mixer in this test');
    assert.equal((await ask(`/client/records/${id}-mixed.mp4`)).status, 200);
  });

  for (const [body, message] of [
    [{ mixerLayoutClas: 'GridLayout' }, /did you mean mixerLayoutClass/],
    [{ mixerVideoWidth: '640' }, /mixerVideoWidth must be a whole number/],
    [{ background: '/etc/passwd' }, /background can be set in offline_mixer\.json only/],
    [{ callbackUrl: 'http://127.0.0.1:1/' }, /callbackUrl can be set/],
    [[], /must be an object/],
    [7, /must be an object/],
    [null, /must be an object/],
  ] as const) {
    it(`refuses ${JSON.stringify(body)}`, async (t) => {
      const { ask, directory } = await site(t);
      const id = await addRoom(directory, 'kitchen');
      const { status, json } = await ask(`/api/v1/recordings/${id}/mix`, { method: 'POST', body });
      assert.deepEqual([status, json().error?.code], [400, 'invalid']);
      assert.match(json().error?.message ?? '', message);
      assert.equal((await readTimeline(join(directory, `${id}.json`))).state, 'done');
    });
  }

  it('refuses what is no JSON, another type, a single stream, and what has no media', async (t) => {
    const { directory, url } = await site(t);
    const id = await addRoom(directory, 'kitchen');
    const empty = await addRoom(directory, 'empty', { state: 'failed', file: undefined, mixed: undefined });
    const stream = await addStream(directory, 'Ada', START);
    const post = async (path: string, type: string, body: string) => {
      const response = await fetch(url + path, { method: 'POST', body, headers: { 'Content-Type': type } });
      const { error } = (await response.json()) as { error: { code: string } };
      return [response.status, error.code];
    };
    assert.deepEqual(await post(`/api/v1/recordings/${id}/mix`, 'application/json', '{"a'), [400, 'invalid']);
    assert.deepEqual(await post(`/api/v1/recordings/${id}/mix`, 'text/plain', '{}'), [400, 'invalid']);
    assert.deepEqual(await post(`/api/v1/recordings/${id}/mix`, 'application/json', `"${'x'.repeat(20_000)}"`), [
      400,
      'invalid',
    ]);
    assert.deepEqual(await post(`/api/v1/recordings/${stream}/mix`, 'application/json', '{}'), [400, 'invalid']);
    assert.deepEqual(await post(`/api/v1/recordings/${empty}/mix`, 'application/json', '{}'), [400, 'invalid']);
    assert.deepEqual(await post('/api/v1/recordings/room-none/mix', 'application/json', '{}'), [
      404,
      'recording_unknown',
    ]);
  });
});

describe('the recording of a live room', () => {
  it('is switched by its name', async (t) => {
    const { ask, switched } = await site(t);
    const path = '/api/v1/rooms/kitchen/recording';
    assert.deepEqual((await ask(path, { method: 'POST', body: { on: true } })).json(), { recording: 'on' });
    assert.deepEqual((await ask(path, { method: 'POST', body: { on: false } })).json(), { recording: 'off' });
    assert.deepEqual(switched, [
      ['kitchen', true],
      ['kitchen', false],
    ]);
    for (const [room, body, status, code] of [
      ['kitchen', { on: 'yes' }, 400, 'invalid'],
      ['kitchen', undefined, 400, 'invalid'],
      ['hall', { on: true }, 404, 'room_unknown'],
      ['x'.repeat(1000), { on: true }, 404, 'room_unknown'],
    ] as const) {
      const refused = await ask(`/api/v1/rooms/${room}/recording`, { method: 'POST', body });
      assert.deepEqual([refused.status, refused.json().error?.code], [status, code]);
    }
  });
});

it('an address that the API does not have is answered in JSON', async (t) => {
  const { ask } = await site(t);
  for (const [path, method] of [
    ['/api/v1/', 'GET'],
    ['/api/v1/nothing', 'GET'],
    ['/api/v1/recordings', 'PUT'],
  ] as const) {
    const { status, json } = await ask(path, { method });
    assert.deepEqual([status, json().error?.code], [404, 'unknown_method']);
  }
});

it('the page brings everything itself and runs nothing else', async (t) => {
  const { ask } = await site(t);
  for (const path of ['/client/records', '/records.html']) {
    const moved = await ask(path);
    assert.deepEqual([moved.status, moved.headers.location], [301, '/client/records/']);
  }
  const { status, headers, body } = await ask('/client/records/');
  assert.equal(status, 200);
  const policy = String(headers['content-security-policy']);
  assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
  assert.doesNotMatch(body.toString(), /<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/);
  for (const [path] of body.toString().matchAll(/\/(?:records|favicon)\.\w+/g)) {
    assert.equal((await ask(path)).status, 200, path);
  }
});
