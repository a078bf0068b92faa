import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Server } from '../../backend/server.ts';
import { dtls, h264, opus, simulcastVp8, vp8 } from '../fakes/rtp.ts';
import { People, refused, startServer } from './backend.ts';
import type { Client } from './client.ts';
import { until } from './until.ts';

const ON = { audio: false, video: false };

let server: Server;
before(async () => {
  server = await startServer({ room_idle_timeout: 100 });
});
after(() => server.close());

async function play(client: Client, ...streams: string[]) {
  const reply = await client.request('play', { room: 'stage', streams });
  return reply.streams;
}

async function playOne(client: Client, stream: string) {
  const [answer] = await play(client, stream);
  assert.ok(answer?.ok, JSON.stringify(answer));
  return answer.consumers;
}

test('a stream is announced once, complete, and played by whoever asks for it', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('stage', 'Alice');
  const bob = await people.join('stage', 'Bob');
  const stream = await alice.publish('stage');
  assert.match(stream.mediaSessionId, /^[0-9a-f-]{36}$/);
  assert.deepEqual(
    { ...stream, mediaSessionId: '' },
    { name: 'stage-Alice-abcd', mediaSessionId: '', kind: 'camera', audio: true, video: true, muted: ON },
  );
  assert.deepEqual(await bob.hears('published'), { room: 'stage', login: 'Alice', stream });
  assert.equal(server.snapshot().consumers, 0);

  const consumers = await playOne(bob, stream.name);
  assert.deepEqual(consumers.map(({ kind }) => kind).sort(), ['audio', 'video']);
  await bob.request('resume', { room: 'stage', streams: [stream.name] });
  assert.equal(server.snapshot().consumers, 2);

  const carol = await people.connect('Carol');
  const { room } = await carol.join('stage');
  assert.deepEqual(room.participants[0]?.streams, [stream]);
  assert.deepEqual(carol.heard('published'), []);
});

test('asking twice for a stream gives the same consumers', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('stage', 'Alice');
  const bob = await people.join('stage', 'Bob');
  const { name } = await alice.publish('stage');
  assert.deepEqual(await playOne(bob, name), await playOne(bob, name));
  assert.equal((await play(bob, name, name)).length, 1);
  assert.equal(server.snapshot().consumers, 2);
});

test('stopping to play ends it for that viewer only', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('stage', 'Alice');
  const viewers = [await people.join('stage', 'Bob'), await people.join('stage', 'Carol')];
  const { name } = await alice.publish('stage');
  for (const viewer of viewers) await playOne(viewer, name);
  assert.equal(server.snapshot().consumers, 4);
  await viewers[0]!.request('stop', { room: 'stage', streams: [name] });
  assert.equal(server.snapshot().consumers, 2);
  await viewers[0]!.request('stop', { room: 'stage', streams: [name] });
  await playOne(viewers[0]!, name);
});

test('a stream that its publisher ends is gone for everyone', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('stage', 'Alice');
  const bob = await people.join('stage', 'Bob');
  const { name } = await alice.publish('stage');
  await playOne(bob, name);
  await alice.request('unpublish', { room: 'stage', stream: name });
  assert.deepEqual(await bob.hears('unpublished'), { room: 'stage', login: 'Alice', stream: name });
  await until('producers and consumers are closed', () => {
    const { producers, consumers } = server.snapshot();
    return producers + consumers === 0;
  });
  const [answer] = await play(bob, name);
  assert.ok(answer && !answer.ok);
  assert.equal(answer.code, 'stream_unknown');
  await refused(bob.request('resume', { room: 'stage', streams: [name] }), 'stream_unknown');

  // The name is free again.
  await alice.publish('stage');
  await playOne(bob, name);
});

test('a publisher who leaves takes the streams along', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('stage', 'Alice');
  const bob = await people.join('stage', 'Bob');
  const { name } = await alice.publish('stage');
  await playOne(bob, name);
  await alice.request('leave', { room: 'stage' });
  await bob.hears('left');
  await until('consumers are closed', () => server.snapshot().consumers === 0);
  assert.equal((await play(bob, name))[0]?.ok, false);
});

test('somebody shares a screen beside the camera', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('stage', 'Alice');
  const bob = await people.join('stage', 'Bob');
  await alice.publish('stage');
  const screen = await alice.publish('stage', 'beef-screenShare', { kind: 'screen', audio: undefined });
  assert.equal(screen.kind, 'screen');
  assert.equal(screen.audio, false);
  await bob.hears('published', 2);
  const answers = await play(bob, 'stage-Alice-abcd', 'stage-Alice-beef-screenShare', 'stage-Alice-0000');
  assert.deepEqual(
    answers.map((answer) => (answer.ok ? answer.consumers.length : answer.code)),
    [2, 1, 'stream_unknown'],
  );
});

test('what is muted is told to everybody, whole, and to those who come later', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('stage', 'Alice');
  const bob = await people.join('stage', 'Bob');
  const { name } = await alice.publish('stage', 'abcd', { muted: { audio: true, video: false } });
  assert.deepEqual((await bob.hears('published')).stream.muted, { audio: true, video: false });
  const muted = { audio: true, video: true };
  await alice.request('mute', { room: 'stage', stream: name, muted });
  assert.deepEqual(await bob.hears('muted'), { room: 'stage', login: 'Alice', stream: name, muted });
  const carol = await people.connect('Carol');
  const { room } = await carol.join('stage');
  assert.deepEqual(room.participants[0]?.streams[0]?.muted, muted);
  await alice.request('mute', { room: 'stage', stream: name, muted: ON });
  assert.deepEqual((await carol.hears('muted')).muted, ON);
});

test('every codec that the room carries can be published and played', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('stage', 'Alice');
  const bob = await people.join('stage', 'Bob');
  const pcmu = { ...opus(), codecs: [{ mimeType: 'audio/PCMU' as const, payloadType: 0, clockRate: 8_000 }] };
  const pcma = { ...opus(), codecs: [{ mimeType: 'audio/PCMA' as const, payloadType: 8, clockRate: 8_000 }] };
  const pairs = [
    { audio: opus(), video: vp8() },
    { audio: pcmu, video: h264('42e01f') },
    { audio: pcma, video: h264('4d001f') },
  ];
  for (const [index, { audio, video }] of pairs.entries()) {
    const { name } = await alice.publish('stage', `000${index}`, { audio, video });
    const consumers = await playOne(bob, name);
    const mimeTypes = consumers.map(({ rtpParameters }) => rtpParameters.codecs[0]?.mimeType);
    assert.deepEqual(mimeTypes, [audio.codecs[0]?.mimeType, video.codecs[0]?.mimeType]);
  }
});

test('simulcast is taken, and a viewer gets one stream of it', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('stage', 'Alice');
  const bob = await people.join('stage', 'Bob');
  const { name } = await alice.publish('stage', 'abcd', { audio: undefined, video: simulcastVp8() });
  const [consumer] = await playOne(bob, name);
  assert.equal(consumer?.rtpParameters.encodings?.length, 1);
  assert.match(consumer.rtpParameters.encodings[0]?.scalabilityMode ?? '', /^L3T3/);
});

test('a browser that cannot decode the picture still gets the sound', async (t) => {
  const people = new People(t, server);
  const alice = await people.join('stage', 'Alice');
  const bob = await people.connect('Bob');
  const { codecs, headerExtensions } = bob.session.routerCapabilities;
  await bob.join('stage', {
    rtpCapabilities: { codecs: codecs.filter(({ kind }) => kind === 'audio'), headerExtensions },
  });
  const both = await alice.publish('stage');
  assert.deepEqual(
    (await playOne(bob, both.name)).map(({ kind }) => kind),
    ['audio'],
  );
  const picture = await alice.publish('stage', 'eeee', { audio: undefined });
  const [answer] = await play(bob, picture.name);
  assert.ok(answer && !answer.ok);
  assert.equal(answer.code, 'no_common_codecs');
});

test('browsers are asked to turn the picture of a turned phone themselves', async (t) => {
  const { session } = await new People(t, server).connect('Alice');
  const uris = session.routerCapabilities.headerExtensions?.map(({ uri }) => String(uri)) ?? [];
  assert.ok(uris.length > 0);
  assert.ok(!uris.includes('urn:3gpp:video-orientation'));
});

test('transports are offered on loopback, by UDP and TCP, and connect once', async (t) => {
  const people = new People(t, server);
  const alice = await people.connect('Alice');
  const { transports } = await alice.join('stage');
  const { iceCandidates, id } = transports.send;
  for (const protocol of ['udp', 'tcp'])
    assert.ok(iceCandidates.some((candidate) => candidate.address === '127.0.0.1' && candidate.protocol === protocol));
  assert.ok(iceCandidates.every(({ address }) => !address.startsWith('fe80')));

  const dtlsParameters = dtls();
  const connect = { room: 'stage', transport: id, dtlsParameters };
  await alice.request('connectTransport', connect);
  await alice.request('connectTransport', connect);
  const others = { ...dtlsParameters, role: 'server' as const };
  await refused(alice.request('connectTransport', { ...connect, dtlsParameters: others }), 'media_refused');

  const { iceParameters } = await alice.request('restartIce', { room: 'stage', transport: id });
  assert.notEqual(iceParameters.password, transports.send.iceParameters.password);
});

test('with an announced address media is offered there only, by what its name means in the DNS', async (t) => {
  const announced = await startServer({ announced_address: ['localhost'] });
  t.after(() => announced.close());
  const people = new People(t, announced);
  const alice = await people.connect('Alice');
  const { transports } = await alice.join('stage');
  assert.deepEqual([...new Set(transports.receive.iceCandidates.map(({ address }) => address))], ['127.0.0.1']);
});

test('new transports in the place of broken ones leave everybody in their places', async (t) => {
  const people = new People(t, server);
  const alice = await people.connect('Alice');
  const { transports } = await alice.join('stage');
  const bob = await people.join('stage', 'Bob');
  const stream = await alice.publish('stage');
  await playOne(bob, stream.name);
  const counts = server.snapshot();

  const renewed = await alice.request('renewTransports', { room: 'stage' });
  assert.notEqual(renewed.transports.send.id, transports.send.id);
  await refused(alice.request('restartIce', { room: 'stage', transport: transports.send.id }), 'transport_unknown');
  const again = await alice.publish('stage');
  assert.equal(again.name, stream.name);
  assert.deepEqual((await bob.hears('published', 2)).stream, again);
  await playOne(bob, stream.name);
  assert.deepEqual(bob.heard('unpublished'), []);
  assert.deepEqual(bob.heard('left'), []);
  assert.deepEqual(server.snapshot(), counts);
});
