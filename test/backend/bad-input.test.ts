import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import type { Server } from '../../backend/server.ts';
import { encodeRequest } from '../../protocol/frames.ts';
import type { RequestData } from '../../protocol/messages.ts';
import { dtls, opus, vp8 } from '../fakes/rtp.ts';
import { People, refused, startServer } from './backend.ts';
import type { Client } from './client.ts';

const MUTED = { audio: false, video: false };

let server: Server;
before(async () => {
  server = await startServer({ room_idle_timeout: 50 });
});
after(() => server.close());

/** A room with somebody in it who must not notice anything. */
async function court(t: TestContext): Promise<{ people: People; witness: Client }> {
  const people = new People(t, server);
  return { people, witness: await people.join('court', 'Witness') };
}

/** What closes the socket of whoever does it, and nobody else's. */
const violations: [string, number, (client: Client) => void][] = [
  ['a frame that is not JSON', 4400, (client) => client.send('{"id": 1,')],
  ['a frame that is not a request', 4400, (client) => client.send('{"id": "one", "method": "ping"}')],
  ['an array', 4400, (client) => client.send('[]')],
  ['a binary frame', 4400, (client) => client.send(Buffer.from(encodeRequest(1, 'ping', {})))],
  ['text that is not UTF-8', 1007, (client) => client.sendText(Buffer.from([0x22, 0xff, 0x22]))],
  ['an oversized frame', 1009, (client) => client.send(encodeRequest(1, 'ping', { a: 'x'.repeat(64 * 1024) }))],
  [
    'more than 50 requests within a second',
    4429,
    (client) => {
      for (let id = 1; id <= 51; id += 1) client.send(encodeRequest(id, 'ping', {}));
    },
  ],
];

for (const [what, code, violate] of violations) {
  test(`${what} closes the socket and ends the session`, async (t) => {
    const { people, witness } = await court(t);
    const mallory = await people.join('court', 'Mallory');
    await witness.hears('joined');
    await mallory.publish('court');
    violate(mallory);
    assert.equal((await mallory.closed).code, code);
    assert.deepEqual(await witness.hears('left'), { room: 'court', login: 'Mallory', reason: 'lost' });
  });
}

test('50 requests within a second are fine', async (t) => {
  const { people } = await court(t);
  const socket = await people.socket();
  for (let id = 1; id <= 49; id += 1) socket.send(encodeRequest(id, 'ping', {}));
  await socket.request('ping', {});
});

for (const method of ['fly', 'constructor', '__proto__', 'toString', '']) {
  test(`the unknown method "${method}" is answered and closes the socket`, async (t) => {
    const { people } = await court(t);
    const mallory = await people.join('court', 'Mallory');
    await refused(mallory.raw(method, {}), 'unknown_method');
    assert.equal((await mallory.closed).code, 4404);
  });
}

test('another protocol version is answered and closes the socket', async (t) => {
  const { people } = await court(t);
  const socket = await people.socket();
  await refused(socket.request('connect', { version: 2, login: 'Mallory' }), 'version_unsupported');
  assert.equal((await socket.closed).code, 4406);
});

test('nothing but a ping is answered before connect, and connect only once', async (t) => {
  const { people } = await court(t);
  const socket = await people.socket();
  await socket.request('ping', {});
  await refused(socket.request('join', { room: 'court' }), 'connect_first');
  await refused(socket.request('leave', { room: 'court' }), 'connect_first');
  const mallory = await people.connect('Mallory');
  await refused(mallory.request('connect', { version: 1, login: 'Mallory' }), 'already_connected');
});

const wrongNames: [string, string][] = [
  ['an empty name', ''],
  ['a name of spaces', '   '],
  ['a name with a control character', 'Mal\u0007lory'],
  ['a name with a line break', 'Mal\nlory'],
  ['a name that turns text around', 'Mal\u202elory'],
  ['a name of 65 characters', 'ä'.repeat(65)],
  ['half a surrogate pair', 'Mal\ud83dlory'],
];

for (const [what, name] of wrongNames) {
  test(`${what} is refused for people and rooms, with the reason`, async (t) => {
    const { people } = await court(t);
    const socket = await people.socket();
    assert.match(await refused(socket.request('connect', { version: 1, login: name }), 'invalid'), /^login: username/);
    const mallory = await people.connect('Mallory');
    assert.match(await refused(mallory.request('join', { room: name }), 'invalid'), /^room: room name/);
  });
}

test('a name of 64 characters from outside the basic plane is fine', async (t) => {
  const { people } = await court(t);
  const mallory = await people.connect('🦊'.repeat(64));
  const room = '🏠'.repeat(64);
  await mallory.join(room);
  await mallory.publish(room);
});

const wrongTexts: [string, unknown][] = [
  ['an empty text', ''],
  ['a text of spaces', ' \n '],
  ['a text of 4,000 characters', 'x'.repeat(4_000)],
  ['a number', 17],
  ['half a surrogate pair', '\ud83d'],
];

for (const [what, text] of wrongTexts) {
  test(`${what} as a message is refused and reaches nobody`, async (t) => {
    const { people, witness } = await court(t);
    const mallory = await people.join('court', 'Mallory');
    await refused(mallory.raw('message', { room: 'court', text }), 'invalid');
    await mallory.request('message', { room: 'court', text: 'x'.repeat(2_000) });
    assert.equal((await witness.hears('message')).message.text.length, 2_000);
    assert.equal(witness.heard('message').length, 1);
  });
}

test('rooms that one is not in are refused', async (t) => {
  const { people } = await court(t);
  const mallory = await people.connect('Mallory');
  const room = 'court';
  await refused(mallory.request('leave', { room }), 'not_joined');
  await refused(mallory.request('message', { room, text: 'hello' }), 'not_joined');
  await refused(mallory.publish(room), 'not_joined');
  await refused(mallory.request('play', { room, streams: ['court-Witness-abcd'] }), 'not_joined');
  await refused(mallory.request('record', { room, on: true }), 'not_joined');
});

test('unknown ids are refused one by one', async (t) => {
  const { people } = await court(t);
  const mallory = await people.join('court', 'Mallory');
  const room = 'court';
  const stream = 'court-Mallory-0000';
  const transport = 'no such transport';
  await refused(mallory.request('connectTransport', { room, transport, dtlsParameters: dtls() }), 'transport_unknown');
  await refused(mallory.request('restartIce', { room, transport }), 'transport_unknown');
  await refused(mallory.request('unpublish', { room, stream }), 'stream_unknown');
  await refused(mallory.request('mute', { room, stream, muted: MUTED }), 'stream_unknown');
  await refused(mallory.request('resume', { room, streams: [stream] }), 'stream_unknown');
  await mallory.request('stop', { room, streams: [stream] });
  const { streams } = await mallory.request('play', { room, streams: [stream, '__proto__'] });
  assert.deepEqual(
    streams.map((answer) => !answer.ok && answer.code),
    ['stream_unknown', 'stream_unknown'],
  );
});

test('what belongs to another participant is out of reach', async (t) => {
  const { people, witness } = await court(t);
  const alice = await people.connect('Alice');
  const { transports } = await alice.join('court');
  const { name: stream } = await alice.publish('court');
  const mallory = await people.join('court', 'Mallory');
  const room = 'court';
  const transport = transports.send.id;
  await refused(mallory.request('connectTransport', { room, transport, dtlsParameters: dtls() }), 'transport_unknown');
  await refused(mallory.request('restartIce', { room, transport }), 'transport_unknown');
  await refused(mallory.request('unpublish', { room, stream }), 'stream_unknown');
  await refused(mallory.request('mute', { room, stream, muted: { audio: true, video: true } }), 'stream_unknown');
  await refused(mallory.publish(room, 'abcd', { stream }), 'stream_name_taken');
  await refused(mallory.publish(room, 'abcd', { stream: 'court-Alice-0123' }), 'stream_name_taken');
  assert.equal(witness.heard('muted').length + witness.heard('unpublished').length, 0);
});

test('a session cannot be taken over without its key', async (t) => {
  const { people } = await court(t);
  const alice = await people.join('court', 'Alice');
  const { session, key } = alice.session;
  for (const resume of [
    { session, key: 'x'.repeat(key.length) },
    { session, key: '' },
    { session: 'nobody', key },
  ]) {
    const mallory = await people.socket();
    const reply = await mallory.request('connect', { version: 1, login: 'Alice', resume });
    assert.notEqual(reply.session, session);
    assert.equal(reply.rooms, undefined);
  }
  await alice.request('ping', {});
});

test('a second join of the same room is refused', async (t) => {
  const { people } = await court(t);
  const mallory = await people.join('court', 'Mallory');
  await refused(mallory.join('court'), 'already_joined');
});

const opusOf = (codec: object) => ({ ...opus(), codecs: [{ ...opus().codecs[0]!, ...codec }] });
const retransmission = (parameters: Record<string, number>) => ({
  ...vp8(),
  codecs: [...vp8().codecs, { mimeType: 'video/rtx' as const, payloadType: 97, clockRate: 90_000, parameters }],
});
const wrongMedia: [string, Partial<RequestData<'publish'>>, string][] = [
  ['no track at all', { audio: undefined, video: undefined }, 'invalid'],
  ['a codec that nobody knows', { audio: opusOf({ mimeType: 'audio/sing' }) }, 'no_common_codecs'],
  ['a codec that the room does not carry', { audio: opusOf({ mimeType: 'audio/G722' }) }, 'no_common_codecs'],
  ['a picture sent as sound', { audio: vp8() }, 'media_refused'],
  ['a retransmission of nothing', { video: retransmission({}) }, 'media_refused'],
  ['a retransmission of a codec that is not there', { video: retransmission({ apt: 17 }) }, 'media_refused'],
  ['no codecs', { audio: { ...opus(), codecs: [] } }, 'invalid'],
  ['a payload type out of range', { audio: opusOf({ payloadType: 1_000 }) }, 'invalid'],
  ['parameters that are not parameters', { audio: 'loud' as never }, 'invalid'],
  ['a name of another form', { stream: 'court-Mallory-XYZ' }, 'stream_name_taken'],
];

for (const [what, data, code] of wrongMedia) {
  test(`publishing ${what} is refused and leaves nothing behind`, async (t) => {
    const { people, witness } = await court(t);
    const mallory = await people.join('court', 'Mallory');
    await refused(mallory.publish('court', 'abcd', data), code);
    assert.equal(server.snapshot().producers, 0);
    await mallory.publish('court');
    await witness.hears('published');
    assert.equal(witness.heard('published').length, 1);
  });
}

test('the SSRC of another own stream is refused, and the track before it is not kept', async (t) => {
  const { people } = await court(t);
  const mallory = await people.join('court', 'Mallory');
  const video = vp8();
  await mallory.publish('court', 'aaaa', { video });
  await refused(mallory.publish('court', 'bbbb', { video: { ...video, mid: '999' } }), 'media_refused');
  assert.equal(server.snapshot().producers, 2);
});

test('a stream that is published already and a ninth stream are refused', async (t) => {
  const { people } = await court(t);
  const mallory = await people.join('court', 'Mallory');
  for (let index = 0; index < 8; index += 1) await mallory.publish('court', `000${index}`, { video: undefined });
  await refused(mallory.publish('court', '0003'), 'stream_name_taken');
  await refused(mallory.publish('court', '0008'), 'too_many');
});

test('DTLS parameters that make no sense are refused', async (t) => {
  const { people } = await court(t);
  const mallory = await people.connect('Mallory');
  const { transports } = await mallory.join('court');
  const connect = (value: string) =>
    mallory.request('connectTransport', {
      room: 'court',
      transport: transports.send.id,
      dtlsParameters: { role: 'client', fingerprints: [{ algorithm: 'sha-256', value }] },
    });
  await refused(connect('not a fingerprint'), 'invalid');
  await mallory.request('ping', {});
});

test('deep, wide and strange data is refused without harm', async (t) => {
  const { people } = await court(t);
  const mallory = await people.connect('Mallory');
  await refused(mallory.raw('join', null), 'invalid');
  await refused(mallory.raw('join', []), 'invalid');
  await refused(mallory.raw('join', 'court'), 'invalid');
  await refused(mallory.raw('join', { room: ['court'] }), 'invalid');
  await refused(mallory.raw('join', { room: 'court', capacity: -1 }), 'invalid');
  await refused(mallory.raw('join', { room: 'court', capacity: 1.5 }), 'invalid');
  await refused(mallory.raw('play', { room: 'court', streams: [] }), 'invalid');
  await refused(
    mallory.raw('join', JSON.parse('{"room": "court", "rtpCapabilities": {"__proto__": {"a": 1}}}')),
    'invalid',
  );
  const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  mallory.send(`{"id": 999, "method": "join", "data": ${nested}}`);
  await mallory.request('ping', {});
});
