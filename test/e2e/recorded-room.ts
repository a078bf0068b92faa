/** People in rooms that are recorded, who send a colour and a tone, and what becomes of the recording. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RoomApi as Api } from '../../components/room-api.ts';
import { readTimeline, type Timeline } from '../../backend/recording/timeline.ts';
import { until, type Browser, type Tab } from './browsers.ts';
import type { Colour } from './recorded.ts';

declare global {
  var RoomApi: typeof Api;
  /** Changes what this page sends, from now on. */
  var send: (colour: string, hertz: number) => void;
  /** The room that this page is in. */
  var room: () => Awaited<ReturnType<ReturnType<typeof Api.connect>['join']>['joined']>;
  /** Resolves when the picture is being sent. */
  var publish: (options: { record?: boolean; stripCodecs?: string }) => Promise<void>;
}

/** Settings of the mixer for a machine that has much to do. */
export const SMALL_MIX = { mixerVideoWidth: 320, mixerVideoHeight: 180, mixerVideoFps: 10 };

/** Milliseconds by which what a browser sends may be off: its own capturing and encoding take a while to begin. */
const TOLERANCE = 400;

/** The same for the first picture, which may have to wait for a key frame that is asked for. */
export const FIRST_PICTURE = 750;

interface Sending {
  record?: boolean;
  colour: Colour;
  /** 0: silence, in Chromium. */
  hertz?: number;
}

/** In the room, with a colour and a tone to publish. */
export async function enter(
  url: string,
  browser: Browser,
  name: string,
  username: string,
  { record = false, colour, hertz = 0 }: Sending,
): Promise<Tab> {
  const tab = await browser.open();
  await tab.goto(`${url}/`);
  await tab.run(
    async ({ name, username, record, colour, hertz, microphone, urlServer }) => {
      const script = document.createElement('script');
      script.src = '/room-api.js';
      const loaded = new Promise((resolve) => script.addEventListener('load', resolve));
      document.head.append(script);
      await loaded;
      RoomApi.sdk.init();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [160, 90];
      const context = canvas.getContext('2d')!;
      const audio = new AudioContext();
      const tone = audio.createOscillator();
      const gain = audio.createGain();
      const output = audio.createMediaStreamDestination();
      tone.connect(gain).connect(output);
      tone.start();
      let fill = colour as string;
      let odd = false;
      const draw = () => {
        context.fillStyle = fill;
        context.fillRect(0, 0, canvas.width, canvas.height);
        // Something has to change for a browser to send a frame.
        odd = !odd;
        context.fillStyle = odd ? 'black' : 'white';
        context.fillRect(0, 0, 4, 4);
      };
      setInterval(draw, 50);
      globalThis.send = (next, frequency) => {
        fill = next;
        draw();
        tone.frequency.value = frequency;
        gain.gain.value = frequency ? 0.2 : 0;
      };
      globalThis.send(colour, hertz);
      const sound = microphone ? await navigator.mediaDevices.getUserMedia({ audio: true }) : output.stream;
      const mediaStream = new MediaStream([...canvas.captureStream().getTracks(), ...sound.getTracks()]);
      const connections: RTCPeerConnection[] = [];
      globalThis.RTCPeerConnection = class extends RTCPeerConnection {
        constructor(configuration?: RTCConfiguration) {
          super(configuration);
          connections.push(this);
        }
      };
      /** Nothing is sent before the connection is made, which takes a while where the machine is busy. */
      const sent = async () => {
        for (;;) {
          const reports = await Promise.all(connections.map((connection) => connection.getStats()));
          for (const report of reports.flatMap((each) => [...each.values()] as RTCOutboundRtpStreamStats[]))
            if (report.type === 'outbound-rtp' && report.kind === 'video' && report.packetsSent) return;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      };
      const session = await RoomApi.connect({ urlServer, username }).established;
      const joined = await session.join({ name, record }).joined;
      globalThis.room = () => joined;
      globalThis.publish = (options) =>
        new Promise((resolve, reject) => {
          const stream = joined.publish({ ...options, mediaStream });
          stream.on('PUBLISHING', () => resolve(sent()));
          stream.on('FAILED', () => reject(stream.getError() ?? new Error('failed')));
        });
    },
    {
      ...{ name, username, record, colour, hertz, microphone: tab.browser === 'firefox' },
      urlServer: `${url.replace('http', 'ws')}/ws`,
    },
  );
  return tab;
}

/** Asserts that something happens in a film when it should, in milliseconds. */
export function near(actual: number | undefined, expected: number, what: string, tolerance = TOLERANCE): void {
  assert.ok(actual !== undefined, `it never happens that ${what}`);
  assert.ok(Math.abs(actual - expected) < tolerance, `${what} at ${actual} ms and not at ${Math.round(expected)} ms`);
}

/** The recording whose name begins so, once nothing is left to be done with it. */
export async function finished(directory: string, prefix: string): Promise<Timeline> {
  const done = await until(
    `${prefix}… is done`,
    async () => {
      const name = (await readdir(directory)).find((each) => each.startsWith(prefix) && each.endsWith('.json'));
      const timeline = name && (await readTimeline(join(directory, name)));
      return timeline && /^(?:done|failed)$/.test(timeline.state) ? timeline : undefined;
    },
    45_000,
  );
  assert.equal(done.state, 'done', done.reason);
  return done;
}
