/**
 * How long people do not see each other when something on the server dies: from `kill -9` of the media worker, and from the
 * moment a killed backend listens again, to the first frame that every participant decodes of every other one by the new way.
 * Real backend, real worker, three pages of Chromium on loopback. Prints median, 95th percentile and worst of RUNS runs each.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { startChromium, type Tab } from '../e2e/browsers.ts';
import { BackendProcess, enter, seesMove } from '../e2e/call.ts';

const RUNS = 10;
const PEOPLE = ['Alice', 'Bob', 'Carol'];
/** Milliseconds that a killed backend stays away: long enough that people come back at different times. */
const AWAY = 1_000;
/** Milliseconds between two runs. */
const REST = 2_000;

const backend = await BackendProcess.start();
const chromium = await startChromium();
try {
  const tabs: Tab[] = [];
  for (const name of PEOPLE) tabs.push(await enter(chromium, `${backend.url}/conference.html?roomName=bench`, name));
  const settled = async () => {
    for (const [index, tab] of tabs.entries())
      for (const name of PEOPLE) if (name !== PEOPLE[index]) await seesMove(tab, name, 60_000);
    await delay(REST);
  };

  /** Milliseconds from the end of `incident`, which answers when it was, to the last first frame. */
  const measure = async (incident: () => Promise<number>): Promise<number> => {
    await settled();
    const firstFrames = tabs.map((tab) => tab.run(watchNewTracks, PEOPLE.length - 1));
    await delay(100);
    const from = await incident();
    return Math.max(...(await Promise.all(firstFrames))) - from;
  };

  const worker: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    worker.push(
      await measure(async () => {
        process.kill(backend.workers[0]!, 'SIGKILL');
        return Date.now();
      }),
    );
  }
  print('media worker killed to first frame at everybody', worker);

  const restart: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    restart.push(
      await measure(async () => {
        await backend.stop('SIGKILL');
        await delay(AWAY);
        await backend.start();
        return Date.now();
      }),
    );
  }
  print('backend listening again to first frame at everybody', restart);
} finally {
  await chromium.close();
  await backend.stop('SIGKILL');
}

/** Runs in the page: when, since the Unix epoch, `count` videos had each shown a frame of a track that was not there before. */
function watchNewTracks(count: number): Promise<number> {
  const videos = () =>
    probe.deep('video').filter((one) => one.matches('[part~="tile-video"]') && !(one as HTMLVideoElement).muted);
  const trackOf = (video: Element) =>
    ((video as HTMLVideoElement).srcObject as MediaStream | null)?.getVideoTracks()[0]?.id;
  const before = new Set(videos().map(trackOf));
  const waiting = new Set<string>();
  return new Promise((resolve) => {
    let shown = 0;
    const look = setInterval(() => {
      for (const video of videos()) {
        const track = trackOf(video);
        if (!track || before.has(track) || waiting.has(track)) continue;
        waiting.add(track);
        (video as HTMLVideoElement).requestVideoFrameCallback((now) => {
          shown += 1;
          if (shown < count) return;
          clearInterval(look);
          resolve(performance.timeOrigin + now);
        });
      }
    }, 5);
  });
}

function print(what: string, times: number[]): void {
  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round(times[Math.ceil(share * times.length) - 1]!);
  console.log(`${what}, ${times.length} runs: median ${at(0.5)} ms, p95 ${at(0.95)} ms, worst ${at(1)} ms`);
}
