/** Which microphones of a large room are sent: with packets over real transports. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { observer, type types } from 'mediasoup';
import { levelOf } from '../../backend/media/loudness.ts';
import { enterAndSend, type FakePerson } from '../fakes/webrtc/person.ts';
import { People, startServer } from './backend.ts';
import type { Client } from './client.ts';
import { until } from './until.ts';

const ROOM = 'hall';
const MOST = 2;

/** What is sent to browsers, as the media worker has it. */
const consumers = new Set<types.Consumer>();
observer.on('newworker', (worker) =>
  worker.observer.on('newrouter', (router) =>
    router.observer.on('newtransport', (transport) => {
      if (transport.type !== 'webrtc') return;
      transport.observer.on('newconsumer', (consumer) => {
        consumers.add(consumer);
        consumer.observer.once('close', () => consumers.delete(consumer));
      });
    }),
  ),
);

const sounds = () => [...consumers].filter(({ kind }) => kind === 'audio');

async function start(t: TestContext, names: readonly string[]) {
  const server = await startServer({ room_voices: MOST });
  t.after(() => server.close());
  const people = new People(t, server);
  const speakers: FakePerson[] = [];
  for (const name of names) {
    const person = await enterAndSend(await people.connect(name), ROOM);
    t.after(() => person.close());
    person.publisher.layers = 0;
    person.publisher.sound = 'noise';
    speakers.push(person);
  }
  const listener = await people.join(ROOM, 'Listener');
  return { people, speakers, listener };
}

/** Plays all in turn. Returns whose sound is sent to the listener just now. */
async function play(listener: Client, speakers: readonly FakePerson[]) {
  const streams = speakers.map(({ stream }) => stream);
  const reply = await listener.request('play', { room: ROOM, streams });
  await listener.request('resume', { room: ROOM, streams });
  const audio = reply.streams.map((one) => {
    assert.ok(one.ok);
    return one.consumers.find(({ kind }) => kind === 'audio')!.id;
  });
  return () => audio.map((id) => sounds().some((consumer) => consumer.id === id && !consumer.paused));
}

test('of many microphones the loudest are sent, and whoever speaks up is heard from then on', async (t) => {
  const { speakers, listener } = await start(t, ['Alice', 'Bob', 'Carol', 'Dave']);
  const [alice, bob, , dave] = speakers as [FakePerson, FakePerson, FakePerson, FakePerson];
  alice.publisher.sound = 'voice';
  bob.publisher.sound = 'voice';
  const sent = await play(listener, speakers);
  await until('the quiet ones are not sent', () => sent().join() === 'true,true,false,false');

  alice.publisher.sound = 'noise';
  dave.publisher.sound = 'voice';
  const from = performance.now();
  await until('Dave is sent', () => sent()[3] === true);
  // Nobody is left out before somebody else has been quiet for a while.
  assert.ok(performance.now() - from < 1_500, 'at once, not when there is a place');
  assert.ok(sent()[1], 'Bob goes on speaking');
  await until('Alice is not sent any more', () => sent().join() === 'false,true,false,true');
});

test('all microphones are sent while few are on', async (t) => {
  const { speakers, listener } = await start(t, ['Alice', 'Bob', 'Carol']);
  const [alice, bob, carol] = speakers as [FakePerson, FakePerson, FakePerson];
  alice.publisher.sound = 'voice';
  bob.publisher.sound = 'voice';
  const sent = await play(listener, speakers);
  await until('Carol is not sent', () => sent().join() === 'true,true,false');

  await bob.client.request('mute', { room: ROOM, stream: bob.stream, muted: { audio: true, video: false } });
  await until('Carol is sent, when Bob is silent', () => sent()[2] === true);
  await bob.client.request('mute', { room: ROOM, stream: bob.stream, muted: { audio: false, video: false } });
  await until('Carol is not sent, when Bob is back', () => sent().join() === 'true,true,false');
  await alice.client.request('unpublish', { room: ROOM, stream: alice.stream });
  await until('Carol is sent, when Alice has gone', () => sent()[2] === true);
  assert.ok(carol.publisher.sent > 0);
});

test('somebody who plays none of the loudest gets what they play', async (t) => {
  const { speakers, listener, people } = await start(t, ['Alice', 'Bob', 'Carol', 'Dave']);
  for (const { publisher } of speakers.slice(0, 2)) publisher.sound = 'voice';
  const sent = await play(listener, speakers);
  await until('the quiet ones are not sent', () => sent().join() === 'true,true,false,false');
  const other = await people.join(ROOM, 'Other');
  const sentToOther = await play(other, speakers.slice(2));
  await until('both are sent', () => sentToOther().join() === 'true,true');

  const [alice] = speakers as [FakePerson];
  const sentToo = await play(other, [alice]);
  await until('of three the loudest one is sent', () => [...sentToo(), ...sentToOther()].join() === 'true,false,false');
  await other.request('stop', { room: ROOM, streams: [alice.stream] });
  await until('the others are sent again', () => sentToOther().join() === 'true,true');
});

test('packets say how loud they are', () => {
  const packet = (first: number, extension: number[]) =>
    Buffer.from([first, 111, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, ...extension, 1, 2, 3]);
  assert.equal(levelOf(packet(0x90, [0xbe, 0xde, 0, 1, 0xa0, 0x80 | 30, 0, 0]), 10), -30);
  assert.equal(levelOf(packet(0x90, [0xbe, 0xde, 0, 2, 0x31, 1, 2, 0, 0xa0, 127, 0, 0]), 10), -127);
  assert.equal(levelOf(packet(0x90, [0x10, 0, 0, 1, 10, 1, 42, 0]), 10), -42);
  assert.equal(levelOf(packet(0x90, [0xbe, 0xde, 0, 1, 0xa0, 30, 0, 0]), 9), undefined);
  assert.equal(levelOf(packet(0x80, []), 10), undefined);
  assert.equal(levelOf(Buffer.from([0x9f, 111, 0]), 10), undefined);
});
