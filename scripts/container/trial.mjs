// Runs an image that container-check has made, as a container would run it, and looks whether it does what it is for:
// it is a part of npm run container-check, in a network of its own.

import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { runMain } from '../setup.mjs';
import { account, start } from './root.mjs';

/** @typedef {{ folder: string, env: Record<string, string>, cwd: string, stage: import('./dockerfile.mjs').Stage }} Image */

const IMAGE = /** @type {Image} */ (JSON.parse(process.argv[2] ?? '{}'));
const SECRETS = {
  WCS_TOKEN_SECRET: 'of-this-trial-only-0123456789abcdefghij',
  WCS_ADMIN_TOKEN: 'of-this-trial-0123456789',
};
const ROOM = 'trial';
/** In letters that the fonts of the image must have. */
const NAME = 'Ольга 山田 한국 علي';
const CONFERENCE = "document.querySelector('wcs-conference')";
/** Milliseconds of the call that is recorded. */
const CALL = 6_000;

const records = mkdtempSync(join(tmpdir(), 'wcs-container-records-'));
const { uid, gid } = account(IMAGE.folder, IMAGE.stage.user ?? 'root');
chownSync(records, uid, gid);
// A small film, so that it is mixed quickly.
writeFileSync(
  join(records, 'mixer.json'),
  JSON.stringify({ mixerVideoWidth: 640, mixerVideoHeight: 360, mixerVideoFps: 15 }),
);

await runMain(async () => {
  spawnSync('ip', ['link', 'set', 'lo', 'up']);
  try {
    await refusesWithoutSecret();
    await cannotWrite();
    const backend = run(IMAGE.stage.command ?? [], { ...SECRETS, WCS_OFFLINE_MIXER: '/records/mixer.json' });
    try {
      await until('the health check holds', async () => (await finish(IMAGE.stage.healthcheck ?? [])).code === 0);
      await doctorFindsNothing();
      await recordCall(backend.pid());
      await isMixed();
      process.kill(backend.pid(), 'SIGTERM');
      const code = await Promise.race([backend.exited, delay(10_000, 'none', { ref: false })]);
      tell('SIGTERM ends it', code === 0, `exit code ${code}`);
    } catch (error) {
      console.error(backend.output());
      throw error;
    } finally {
      try {
        process.kill(backend.pid(), 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
    return 0;
  } finally {
    rmSync(records, { recursive: true, force: true });
  }
});

async function refusesWithoutSecret() {
  const { code, output } = await finish(IMAGE.stage.command ?? []);
  tell('without a token secret it does not start', code === 2 && /token_secret/.test(output), output);
}

async function cannotWrite() {
  const script =
    'id -u; touch /records/x && rm /records/x && touch /tmp/x && ! touch /app/x 2>/dev/null && ! touch /x 2>/dev/null';
  const { code, output } = await finish(['sh', '-c', script]);
  tell(`user ${uid} writes to /records and /tmp only`, code === 0 && output.trim() === String(uid), output);
}

/** Of what the image is answerable for; the network is that of the trial. */
async function doctorFindsNothing() {
  const { output } = await finish(['wcs-backend', 'doctor', '--json'], SECRETS);
  const findings = /** @type {{ topic: string, level: string, text: string }[]} */ (JSON.parse(output));
  const own = findings.filter(({ topic }) => topic === 'worker' || topic === 'recording');
  const wrong = own.filter(({ level }) => level !== 'good').map(({ text }) => text);
  tell('the doctor finds worker, ffmpeg, fonts and folder good', own.length > 3 && wrong.length === 0, wrong.join(' '));
}

/** @param {number} pid Of the backend. */
async function recordCall(pid) {
  const mint = ['wcs-backend', 'token', '--room', ROOM, '--grants', 'join,publish,chat,record'];
  const token = (await finish(mint, SECRETS)).output.trim();
  const browser = await chromium.launch({
    executablePath: process.env.CHROME_PATH,
    args: ['--no-sandbox', '--disable-gpu', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://localhost:8080/conference.html?roomName=${ROOM}`);
    const person = JSON.stringify({ username: NAME, token, record: true });
    await page.evaluate(
      `customElements.whenDefined('wcs-conference').then(() => Object.assign(${CONFERENCE}, ${person}).join())`,
    );
    await until('the recording grows', () =>
      readdirSync(records, { recursive: true, encoding: 'utf8' }).some((name) => /\.mkv$/.test(name)),
    );
    await delay(CALL);
    tellMemory(pid);
    await page.evaluate(`${CONFERENCE}.leave()`);
  } finally {
    await browser.close();
  }
}

/** @param {number} pid */
function tellMemory(pid) {
  const megabytes = (/** @type {string | number} */ process) =>
    Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${process}/status`, 'utf8'))?.[1]) / 1000);
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  console.log(
    `  memory in a recorded call of one: backend ${megabytes(pid)} MB, workers ${children.map(megabytes).join(', ')} MB`,
  );
}

async function isMixed() {
  const mixed = () => readdirSync(records, { encoding: 'utf8' }).find((name) => /-mixed\.mp4$/.test(name));
  await until('the recording is mixed', () => mixed() !== undefined, 90_000);
  const file = join('/records', mixed() ?? '');
  const entries = ['-show_entries', 'stream=codec_name:format=duration', '-of', 'json', file];
  const { output } = await finish(['ffprobe', '-v', 'error', ...entries]);
  const { streams, format } = /** @type {{ streams: { codec_name: string }[], format: { duration: string } }} */ (
    JSON.parse(output)
  );
  const codecs = streams.map(({ codec_name: name }) => name).join();
  const long = Number(format.duration) * 1000 > CALL / 2;
  tell('the film has picture and sound', codecs === 'h264,aac' && long, `${codecs}, ${format.duration} s`);
}

/**
 * @param {string[]} command
 * @param {Record<string, string>} [env]
 */
function run(command, env = {}) {
  const [folder = '/records'] = IMAGE.stage.volumes;
  return start(command, {
    root: IMAGE.folder,
    env: { ...IMAGE.env, ...env },
    cwd: IMAGE.cwd,
    user: IMAGE.stage.user ?? 'root',
    volumes: { [folder]: records },
  });
}

/**
 * @param {string[]} command
 * @param {Record<string, string>} [env]
 */
async function finish(command, env) {
  const running = run(command, env);
  return { code: await running.exited, output: running.output() };
}

/**
 * @param {string} what
 * @param {boolean} good
 * @param {string} seen
 */
function tell(what, good, seen) {
  if (!good) throw new Error(`${what}: no. ${seen}`);
  console.log(`✔ ${what}${seen.length < 80 ? ` (${seen.trim()})` : ''}`);
}

/**
 * @param {string} what
 * @param {() => boolean | Promise<boolean>} isSo
 * @param {number} [within] Milliseconds.
 */
async function until(what, isSo, within = 30_000) {
  const deadline = Date.now() + within;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${within / 1000} s`);
    await delay(250);
  }
  console.log(`✔ ${what}`);
}
