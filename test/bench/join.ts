/**
 * How long joining takes: from `join()` with the camera open to the first decoded frame of somebody who is there already.
 * Real backend, real worker, real Chromium, loopback. Prints median and 95th percentile of RUNS runs, each on a fresh page.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { startBackend } from '../e2e/backend.ts';
import { startChromium, until } from '../e2e/browsers.ts';

const RUNS = 20;
/** Milliseconds between seeing oneself and joining: nobody types a name faster. */
const TYPING = 1500;

const backend = await startBackend();
// Two people have a browser each.
const [hosts, guests] = await Promise.all([startChromium(), startChromium()]);
try {
  const url = `${backend.url}/conference.html?roomName=bench`;
  const host = await hosts.open();
  await host.goto(url);
  await host.run(async () => {
    await customElements.whenDefined('wcs-conference');
    const element = document.querySelector('wcs-conference')!;
    element.username = 'host';
    await element.join();
  }, null);
  await until('the host publishes', () =>
    host.run(() => document.querySelector('wcs-conference')!.currentRoom!.getStreams()[0]?.published(), null),
  );

  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const guest = await guests.open();
    await guest.goto(url);
    await until('the camera is open', () =>
      guest.run(() => probe.deep('video').some((video) => (video as HTMLVideoElement).videoWidth > 0), null),
    );
    await delay(TYPING);
    times.push(
      await guest.run(async (run) => {
        const element = document.querySelector('wcs-conference')!;
        element.username = `guest-${run}`;
        const from = performance.now();
        const firstFrame = new Promise<number>((resolve) => {
          const look = () => {
            const video = probe
              .deep('video')
              .find(
                (one) => one.matches('[part~="tile-video"]') && !(one as HTMLVideoElement).muted,
              ) as HTMLVideoElement;
            if (!video?.srcObject) return void setTimeout(look, 2);
            video.requestVideoFrameCallback((now) => resolve(now - from));
          };
          look();
        });
        await element.join();
        return firstFrame;
      }, run),
    );
    await guest.close();
  }

  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round(times[Math.ceil(share * times.length) - 1]!);
  console.log(`join to first remote frame, ${RUNS} runs: median ${at(0.5)} ms, p95 ${at(0.95)} ms, worst ${at(1)} ms`);
} finally {
  await Promise.allSettled([hosts.close(), guests.close()]);
  await backend.close();
}
