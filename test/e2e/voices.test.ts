/** Who is heard in a room with more open microphones than are sent: tones in place of voices, listened to in Chromium. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { observer, type types } from 'mediasoup';
import { startBackend, type Backend } from './backend.ts';
import { startChromium, until, type Browser, type Tab } from './browsers.ts';

/** Microphones that are sent. */
const MOST = 2;
const SPEAKERS = ['Alice', 'Bob', 'Carol', 'Dave'];

/** In the page: what the tests do with it. */
interface Hall {
  /** Lets somebody speak at that loudness, 0 to 1. */
  speak(name: string, loudness: number): void;
  /** How loud the listener hears somebody just now, 0 to 1 (root mean square). */
  heard(name: string): number;
}

declare global {
  var hall: Hall;
}

/** What is sent to browsers, as the media worker has it. */
const consumers = new Set<types.Consumer>();
observer.on('newworker', (worker) =>
  worker.observer.on('newrouter', (router) =>
    router.observer.on('newtransport', (transport) => {
      if (transport.type === 'webrtc') transport.observer.on('newconsumer', (consumer) => consumers.add(consumer));
    }),
  ),
);
const sent = () => [...consumers].filter(({ paused, closed }) => !paused && !closed).length;

let backend: Backend;
let chromium: Browser;

before(async () => {
  [backend, chromium] = await Promise.all([startBackend({ room_voices: MOST, workers: 1 }), startChromium()]);
});

after(async () => {
  await chromium.close();
  await backend.close();
});

it('of more speakers than are sent the loudest are heard, and a newcomer from the first word on', async (t) => {
  const tab = await chromium.open();
  await tab.goto(`${backend.url}/`);
  await tab.run(openHall, { url: `${backend.url.replace('http', 'ws')}/ws`, names: SPEAKERS });
  await speak(tab, { Alice: 0.4, Bob: 0.4, Carol: 0.004, Dave: 0 });
  await until('Alice and Bob are heard alone', async () => (await heard(tab)) === 'Alice Bob');
  await until('the quiet ones are not even sent', () => sent() === MOST);

  await speak(tab, { Bob: 0 });
  const times: number[] = [];
  for (const [newcomer, leaver] of [
    ['Carol', 'Alice'],
    ['Dave', 'Carol'],
    ['Bob', 'Dave'],
    ['Alice', 'Bob'],
  ] as const) {
    // While all who are sent have their places: whoever waited for one would never be heard.
    times.push(await tab.run(untilHeard, { name: newcomer, loudness: 0.4 }));
    await speak(tab, { [leaver]: 0 });
    await until(`only ${newcomer} is heard`, async () => (await heard(tab)) === newcomer);
    await until('no more are sent than may be', () => sent() === MOST);
  }
  t.diagnostic(`from the first sound of a newcomer to hearing it: ${times.map(Math.round).join(', ')} ms`);
  assert.deepEqual(tab.errors, []);
});

function speak(tab: Tab, loudness: Record<string, number>): Promise<void> {
  return tab.run((all) => {
    for (const [name, one] of Object.entries(all)) hall.speak(name, one);
  }, loudness);
}

/** Who is heard, by name. */
async function heard(tab: Tab): Promise<string> {
  const levels = await tab.run((names) => names.map((name) => hall.heard(name)), SPEAKERS);
  return SPEAKERS.filter((_, index) => levels[index]! > 0.01).join(' ');
}

/** Runs in the page: joins all, who publish a tone each, and a listener, who plays them. */
async function openHall({ url, names }: { url: string; names: string[] }): Promise<void> {
  const script = document.createElement('script');
  script.src = '/room-api.js';
  document.head.append(script);
  await new Promise((resolve) => script.addEventListener('load', resolve));
  RoomApi.sdk.init();
  const audio = new AudioContext();
  const meters = new Map<string, AnalyserNode>();
  const gains = new Map<string, GainNode>();
  const join = (username: string) =>
    new Promise<ReturnType<ReturnType<typeof RoomApi.connect>['join']>>((resolve) => {
      RoomApi.connect({ urlServer: url, username }).on('ESTABLISHED', (session) => {
        const room = session.join({ name: 'hall' });
        void room.joined.then(() => resolve(room));
      });
    });
  const place = () => document.body.appendChild(document.createElement('div'));
  for (const name of names) {
    const tone = new OscillatorNode(audio, { frequency: 300 });
    const gain = new GainNode(audio, { gain: 0 });
    const microphone = audio.createMediaStreamDestination();
    tone.connect(gain).connect(microphone);
    tone.start();
    gains.set(name, gain);
    const room = await join(name);
    const stream = room.publish({
      display: place(),
      constraints: { audio: true, video: false, customStream: microphone.stream },
    });
    await new Promise((resolve) => stream.on('PUBLISHING', resolve));
  }
  const listener = await join('Listener');
  for (const person of listener.getParticipants()) {
    const stream = person.getStreams()[0]!.play(place());
    await new Promise((resolve) => stream.on('PLAYING', resolve));
    // Of short pieces, so that what has ended is not heard any more.
    const meter = new AnalyserNode(audio, { fftSize: 512 });
    audio.createMediaStreamSource(new MediaStream(stream.mediaStream!.getAudioTracks())).connect(meter);
    meters.set(person.name(), meter);
  }
  globalThis.hall = {
    speak: (name, loudness) => void (gains.get(name)!.gain.value = loudness),
    heard(name) {
      const meter = meters.get(name)!;
      const samples = new Float32Array(meter.fftSize);
      meter.getFloatTimeDomainData(samples);
      return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    },
  };
}

/** Runs in the page: milliseconds from somebody's first sound to hearing it. */
function untilHeard({ name, loudness }: { name: string; loudness: number }): Promise<number> {
  const begun = performance.now();
  hall.speak(name, loudness);
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      const time = performance.now() - begun;
      if (time > 10_000) reject(new Error(`${name} is not heard.`));
      else if (hall.heard(name) < 0.05) return;
      clearInterval(timer);
      resolve(time);
    }, 3);
  });
}
