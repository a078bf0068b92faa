/** Pages that use the room API alone, as those written for the WCS Room API do, in Chromium and Firefox. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { RoomApi as Api } from '../../components/room-api.ts';
import { startBackend, type Backend } from './backend.ts';
import { closeTabs, startChromium, startFirefox, until, type Browser, type Tab } from './browsers.ts';

declare global {
  /** What room-api.js defines on a page. */
  var RoomApi: typeof Api;
  /** What a page of these tests has seen happen. */
  var happened: string[];
}

const TEXTS = ['Привет', 'مرحبا', '👋🏽 <b>', '100%', encodeURIComponent('уже закодировано')];

let backend: Backend;
let chromium: Browser;
let firefox: Browser;

before(async () => {
  backend = await startBackend({ room_idle_timeout: 1500 });
  [chromium, firefox] = await Promise.all([startChromium(), startFirefox()]);
});

after(async () => {
  await Promise.allSettled([chromium.close(), firefox.close()]);
  await backend.close();
});

afterEach(closeTabs);

describe('a page that uses the room API alone', () => {
  it('sees and hears everyone, in Chromium and Firefox', async () => {
    const pages = [
      await enter(chromium, 'three', 'Alice'),
      await enter(chromium, 'three', 'Bob'),
      await enter(firefox, 'three', 'Claire'),
    ];
    for (const tab of pages) {
      await until(`${tab.browser} decodes and hears two others`, async () => {
        const seen = await tab.run(() => probe.seen(), null);
        return seen.filter(({ frames, loudness }) => frames > 10 && loudness > 0.001).length === 2;
      });
    }
  });

  it('sends H.264 and G.711 where the page strips VP8 and Opus', async () => {
    const alice = await enter(chromium, 'codecs', 'Alice', { stripCodecs: 'VP8,opus' });
    const bob = await enter(chromium, 'codecs', 'Bob');
    await until('Bob decodes and hears Alice', async () => {
      const seen = await bob.run(() => probe.seen(), null);
      return seen.some(({ frames, loudness }) => frames > 10 && loudness > 0.001);
    });
    const codecs = await alice.run(() => globalThis.happened.filter((line) => line.startsWith('codecs ')), null);
    assert.match(codecs.join(), /H264/i);
    assert.match(codecs.join(), /PCMU/i);
  });

  it('sends what its processors make of camera and microphone', async () => {
    const alice = await load(chromium);
    await alice.run(async (url) => {
      const session = await RoomApi.connect({ urlServer: url, username: 'Alice' }).established;
      const room = await session.join({ name: 'processed' }).joined;
      const stream = room.publish({
        constraints: { audio: true, video: { width: 320, height: 240 } },
        process: {
          async video(track) {
            const media = new MediaStream([track]);
            const camera = Object.assign(document.createElement('video'), { muted: true, srcObject: media });
            await camera.play();
            const { videoWidth: width, videoHeight: height } = camera;
            const canvas = Object.assign(document.createElement('canvas'), { width, height });
            const context = canvas.getContext('2d')!;
            context.fillStyle = 'red';
            const [made] = canvas.captureStream().getVideoTracks();
            const timer = setInterval(() => {
              if (made!.readyState === 'ended') return clearInterval(timer);
              context.drawImage(camera, 0, 0);
              context.fillRect(0, height / 2, width, height / 2);
            }, 33);
            return made!;
          },
          audio(track) {
            const audio = new AudioContext();
            const out = audio.createMediaStreamDestination();
            audio.createMediaStreamSource(new MediaStream([track])).connect(out);
            void audio.resume();
            return out.stream.getAudioTracks()[0]!;
          },
        },
      });
      await new Promise((resolve) => stream.on('PUBLISHING', resolve));
    }, socketUrl());
    const bob = await enter(chromium, 'processed', 'Bob');
    await until('Bob hears Alice, and sees red where it was drawn', () =>
      bob.run(async () => {
        const heard = (await probe.seen()).some(({ frames, loudness }) => frames > 10 && loudness > 0.001);
        return [...document.querySelectorAll('video')].some((video) => {
          const { videoWidth: width, videoHeight: height } = video;
          const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d')!;
          if (!heard || width === 0) return false;
          context.drawImage(video, 0, 0);
          const [red = 0, green = 0, blue = 0] = context.getImageData(width / 2, height * 0.75, 1, 1).data;
          return red > 150 && green < 80 && blue < 80;
        });
      }, null),
    );
  });

  it('reads what others write, as they wrote it', async () => {
    const alice = await enter(chromium, 'texts', 'Alice');
    const bob = await enter(firefox, 'texts', 'Bob');
    await until('Alice sees Bob come', () => happened(alice, 'JOINED Bob'));
    for (const text of TEXTS) {
      await alice.run((text) => {
        for (const participant of RoomApi.sdk.getSessions()[0]!.getRooms()[0]!.getParticipants())
          void participant.sendMessage(text);
      }, text);
      await until(`Bob reads ${text}`, () => happened(bob, `MESSAGE Alice ${text}`));
    }
  });

  it('hears a participant leave, mute and stop, and enters again at once', async () => {
    const alice = await enter(chromium, 'events', 'Alice');
    const bob = await enter(chromium, 'events', 'Bob');
    await until('Alice plays Bob', () => happened(alice, 'PLAYING Bob'));
    await bob.run(() => RoomApi.sdk.getSessions()[0]!.getRooms()[0]!.getStreams()[0]!.muteAudio(), null);
    await until('Alice hears of the mute', () => happened(alice, 'MUTED Bob audio'));
    await until('the played stream tells it too', () => happened(alice, 'audioMuted Bob'));
    await bob.run(() => RoomApi.sdk.getSessions()[0]!.getRooms()[0]!.getStreams()[0]!.stop(), null);
    await until('Alice hears that it stopped', () => happened(alice, 'UNPUBLISHED Bob'));
    await until('the played stream stops', () => happened(alice, 'STOPPED Bob'));
    await bob.run(async () => {
      const [session] = RoomApi.sdk.getSessions();
      for (let round = 0; round < 10; round++) {
        await session!.getRooms()[0]!.leave();
        await session!.join({ name: 'events' }).joined;
      }
    }, null);
    await until('Alice saw him come and go ten times', async () => {
      const log = await alice.run(() => globalThis.happened, null);
      return (
        log.filter((line) => line === 'LEFT Bob').length === 10 &&
        log.filter((line) => line === 'JOINED Bob').length === 11
      );
    });
  });

  it('is told why it cannot join', async () => {
    await enter(chromium, 'taken', 'Alice');
    const other = await load(chromium);
    const info = await other.run(
      (url) =>
        new Promise((resolve) => {
          RoomApi.connect({ urlServer: url, username: 'Alice' }).on('ESTABLISHED', (session) => {
            session.join({ name: 'taken' }).on('FAILED', (_room, info) => resolve(info));
          });
        }),
      socketUrl(),
    );
    assert.equal(info, 'Room already has user with such login');
  });

  it('is told when nobody answers at the address', async () => {
    const tab = await load(chromium);
    const code = await tab.run(
      () =>
        new Promise((resolve) => {
          const session = RoomApi.connect({ urlServer: 'ws://localhost:9/ws', username: 'Alice' });
          session.on('FAILED', () => resolve(session.getError()?.code));
        }),
      null,
    );
    assert.equal(code, 'server_unreachable');
  });

  it('leaves a room that ends by itself when its last page vanished', async () => {
    const tab = await enter(chromium, 'vanishing', 'Alice');
    const before = backend.server.snapshot().rooms;
    await tab.close();
    await until('the room is gone', () => backend.server.snapshot().rooms === before - 1, 10_000);
    await until('and with it every session', () => backend.server.snapshot().sockets === 0);
  });
});

const socketUrl = () => `${backend.url.replace('http', 'ws')}/ws`;

const happened = (tab: Tab, line: string) => tab.run((line) => globalThis.happened.includes(line), line);

/** A page of the backend's origin with room-api.js on it, and nothing else that talks to the backend. */
async function load(browser: Browser): Promise<Tab> {
  const tab = await browser.open();
  await tab.goto(`${backend.url}/`);
  await tab.run(async () => {
    const script = document.createElement('script');
    script.src = '/room-api.js';
    const loaded = new Promise((resolve) => script.addEventListener('load', resolve));
    document.head.append(script);
    await loaded;
    globalThis.happened = [];
    RoomApi.sdk.init();
  }, null);
  return tab;
}

/** Joins, publishes, plays everyone, and writes down what happens, all through the published names. */
async function enter(
  browser: Browser,
  room: string,
  username: string,
  options: { stripCodecs?: string } = {},
): Promise<Tab> {
  const tab = await load(browser);
  await tab.run(
    async ({ url, room, username, options }) => {
      const log = globalThis.happened;
      const display = (name: string) => {
        const div = document.createElement('div');
        div.setAttribute('part', name === username ? 'local-tile' : 'tile');
        div.innerHTML = '<span part="tile-name"></span>';
        div.querySelector('span')!.textContent = name;
        document.body.append(div);
        return div;
      };
      const ROOM_EVENT = RoomApi.events;
      const { STREAM_STATUS } = RoomApi.sdk.constants;
      await new Promise<void>((resolve, reject) => {
        RoomApi.connect({ urlServer: url, username })
          .on('FAILED', (session) => reject(session.getError() ?? new Error('The session failed.')))
          .on('ESTABLISHED', (session) => {
            const joined = session.join({ name: room });
            type Person = ReturnType<typeof joined.getParticipants>[number];
            const play = (person: Person) => {
              const stream = person.getStreams()[0]!.play(display(person.name()));
              stream.on(STREAM_STATUS.PLAYING, () => log.push(`PLAYING ${person.name()}`));
              stream.on(STREAM_STATUS.STOPPED, () => log.push(`STOPPED ${person.name()}`));
              stream.on(STREAM_STATUS.FAILED, () => log.push(`FAILED ${person.name()}`));
              stream.on('STREAM_EVENT', (event) => log.push(`${event.type} ${person.name()}`));
            };
            joined
              .on(ROOM_EVENT.STATE, (state) => {
                for (const person of state.getParticipants()) if (person.getStreams().length) play(person);
                const own = state.publish({
                  display: display(username),
                  constraints: { audio: true, video: { width: 320, height: 240 } },
                  ...options,
                });
                own.on(STREAM_STATUS.PUBLISHING, () => {
                  void own.getStats((stats) => log.push(`codecs ${JSON.stringify(stats)}`));
                  resolve();
                });
                own.on(STREAM_STATUS.FAILED, () => reject(own.getError() ?? new Error('Publishing failed.')));
              })
              .on(ROOM_EVENT.JOINED, (person) => log.push(`JOINED ${person.name()}`))
              .on(ROOM_EVENT.LEFT, (person) => log.push(`LEFT ${person.name()}`))
              .on(ROOM_EVENT.PUBLISHED, play)
              .on(ROOM_EVENT.UNPUBLISHED, (person) => log.push(`UNPUBLISHED ${person.name()}`))
              .on(ROOM_EVENT.MUTED, (person, _stream, kind) => log.push(`MUTED ${person.name()} ${kind}`))
              .on(ROOM_EVENT.MESSAGE, ({ from, text }) => log.push(`MESSAGE ${from?.name()} ${text}`))
              .on(ROOM_EVENT.FAILED, (_room, info) => reject(new Error(info)));
          });
      });
    },
    { url: socketUrl(), room, username, options },
  );
  return tab;
}
