// Brings a fresh clone to the state in which the backend and the tests run: npm packages, the mediasoup worker, ffmpeg and,
// for tests, two browsers and a TURN server. What is there already is left alone, so a second run costs well under a second.
// Runs on Node 20 with no package installed; everything after it runs on the Node that package.json pins.

import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** The Node that runs everything but the set-up itself. */
export const node = join(root, 'node_modules/.bin/node');

const DOWNLOAD_DEADLINE_MS = 60_000;
/** The worker, started with no version to speak, leaves with this exit code: so it runs on this machine. */
const WORKER_ALIVE_EXIT_CODE = 41;

const WORKER_BUILD_PACKAGES = [
  'g++',
  'pkg-config',
  'meson',
  'ninja-build',
  'flatbuffers-compiler',
  'libflatbuffers-dev',
  'libuv1-dev',
  'libssl-dev',
  'libsrtp2-dev',
  'libabsl-dev',
];

/** Something is missing that the set-up cannot bring by itself; the message says what to do. */
export class SetUpError extends Error {}

/**
 * Makes ready what is missing.
 * @param {{ browsers?: boolean }} [options] browsers: also find or install Chromium and Firefox, which the tests drive.
 * @returns {Promise<NodeJS.ProcessEnv>} The environment for everything that is started afterwards.
 * @throws {SetUpError} when something has to be done by hand first.
 */
export async function setUp({ browsers = false } = {}) {
  await installPackages();
  await provideWorker();
  const paths = await providePrograms(browsers ? [FFMPEG, ...BROWSERS] : [FFMPEG]);
  await provideFonts();
  if (browsers) await provideNetworkTools();
  return { ...process.env, ...paths, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
}

/**
 * Runs a script's main function; what has to be done by hand is said in plain words, without a stack.
 * @param {() => Promise<number>} main Resolves to the exit code.
 */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof SetUpError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}

// ---- npm packages

export async function installPackages() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new SetUpError(`Node ${process.versions.node} is too old: install Node 20 or later from https://nodejs.org.`);
  }
  if (!packagesMatchLock()) {
    say('Installing the npm packages (npm ci)');
    // npm 11 keeps mediasoup's install script out by allowScripts in package.json. npm 10 does not know that setting, but
    // the script itself does nothing when it believes that a worker is provided. The worker comes right after this.
    const env = { ...process.env, MEDIASOUP_WORKER_BIN: process.env.MEDIASOUP_WORKER_BIN ?? 'provided-by-set-up' };
    const ci = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    const npm = process.env.npm_execpath;
    const code = npm?.endsWith('.js')
      ? await run(process.execPath, [npm, ...ci], { env })
      : await run('npm', ci, { env });
    if (code !== 0) throw new SetUpError('npm ci failed; its messages above say why. Nothing was started.');
  }
  if (spawnSync(node, ['--version']).status !== 0) {
    throw new SetUpError(
      'The pinned Node (npm package "node") did not get installed: its install script has to run.\n' +
        'Check that npm is not set to ignore-scripts, remove node_modules and start again.',
    );
  }
}

/** npm notes in node_modules what it has installed; that must cover the lock file, optional packages apart. */
function packagesMatchLock() {
  if (!existsSync(node)) return false;
  const installed = lockedPackages('node_modules/.package-lock.json');
  return Object.entries(lockedPackages('package-lock.json')).every(
    ([path, entry]) => path === '' || entry?.optional || installed[path]?.version === entry?.version,
  );
}

/** @typedef {Record<string, { version: string, optional?: boolean } | undefined>} Packages By path, as npm notes them. */

/**
 * @param {string} file
 * @returns {Packages} None when npm has not written the file.
 */
function lockedPackages(file) {
  try {
    return /** @type {{ packages: Packages }} */ (JSON.parse(readFileSync(join(root, file), 'utf8'))).packages;
  } catch {
    return {};
  }
}

// ---- the mediasoup worker

/** Puts the worker where mediasoup looks for it; a copy outlives `npm ci` in the user's cache folder. */
async function provideWorker() {
  const given = process.env.MEDIASOUP_WORKER_BIN;
  if (given) {
    if (workerRuns(given)) return;
    throw new SetUpError(`MEDIASOUP_WORKER_BIN is ${given}, which does not run as a mediasoup worker on this machine.`);
  }
  const packageFolder = join(root, 'node_modules/mediasoup');
  const name = process.platform === 'win32' ? 'mediasoup-worker.exe' : 'mediasoup-worker';
  const worker = join(packageFolder, 'worker/out/Release', name);
  const version = lockedPackages('package-lock.json')['node_modules/mediasoup']?.version;
  const cached = join(cacheFolder(), `mediasoup-worker-${version}-${process.platform}-${process.arch}`);

  if (!workerRuns(worker)) {
    if (workerRuns(cached)) return copyWhole(cached, worker);
    await downloadWorker(packageFolder);
    if (!workerRuns(worker)) await buildWorker(packageFolder);
    if (!workerRuns(worker)) throw new SetUpError(`The mediasoup worker was built but does not run: ${worker}`);
  }
  if (existsSync(cached)) return;
  try {
    copyWhole(worker, cached);
  } catch (error) {
    say(`The worker could not be kept in ${cached}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @param {string} file */
function workerRuns(file) {
  return existsSync(file) && spawnSync(file, { env: {}, timeout: 10_000 }).status === WORKER_ALIVE_EXIT_CODE;
}

/**
 * mediasoup's own install step fetches the official binary. Where it cannot, it would go on to build with Python packages from
 * the network; PYTHON=false ends it there, because the kit below needs only what the distribution has.
 * @param {string} packageFolder
 */
async function downloadWorker(packageFolder) {
  say('Fetching the official mediasoup worker');
  await run(node, ['npm-scripts.mjs', 'postinstall'], {
    cwd: packageFolder,
    env: { ...process.env, PYTHON: 'false' },
    stdio: 'ignore',
    timeout: DOWNLOAD_DEADLINE_MS,
  });
}

/** @param {string} packageFolder */
async function buildWorker(packageFolder) {
  say('It cannot be fetched here. Building it from the sources in the npm package: about 3 minutes on 2 cores');
  if (findCommand('apt-get') === undefined) {
    throw new SetUpError(
      'The mediasoup worker can be built here only on Debian or Ubuntu. Elsewhere, let this machine reach github.com once,\n' +
        'or set MEDIASOUP_WORKER_BIN to a mediasoup worker of the version in package.json.',
    );
  }
  await installDebianPackages(WORKER_BUILD_PACKAGES);
  const build = spawn('sh', [join(root, 'scripts/mediasoup-worker/build.sh'), packageFolder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => build.on('close', resolve));
  /** @type {string[]} */
  const lastLines = [];
  const started = Date.now();
  let shown = 0;
  for await (const line of createInterface({ input: build.stdout })) {
    lastLines.push(line);
    if (lastLines.length > 60) lastLines.shift();
    const step = /^\[(\d+)\/(\d+)\]/.exec(line);
    const percent = step ? Math.floor((100 * Number(step[1])) / Number(step[2])) : 0;
    if (percent < shown + 5) continue;
    shown = percent;
    say(`  worker: ${percent} % built after ${Math.round((Date.now() - started) / 1000)} s`);
  }
  if ((await ended) === 0) return;
  throw new SetUpError(`${lastLines.join('\n')}\n\nThe mediasoup worker could not be built; the lines above say why.`);
}

export function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'wcs-rooms');
}

/**
 * Copies so that nobody ever sees half a file.
 * @param {string} from
 * @param {string} to
 */
function copyWhole(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  const partial = `${to}.${process.pid}`;
  copyFileSync(from, partial);
  renameSync(partial, to);
}

// ---- ffmpeg and the browsers

/**
 * @typedef {object} Program
 * @property {string} label What to ask the reader for when it cannot be installed from here.
 * @property {string[]} names Command names or absolute paths, the best first.
 * @property {string} debianPackage
 * @property {string} [variable] The environment variable that may name its binary, and that names it afterwards.
 */

/** @type {Program} */
const FFMPEG = { label: 'ffmpeg', names: ['ffmpeg'], debianPackage: 'ffmpeg' };

/** @type {Program[]} */
const BROWSERS = [
  {
    label: 'Chromium (or CHROME_PATH with the path of its binary)',
    names: [
      ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ],
    debianPackage: 'chromium',
    variable: 'CHROME_PATH',
  },
  {
    label: 'Firefox (or FIREFOX_PATH with the path of its binary)',
    names: ['firefox-esr', 'firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'],
    debianPackage: 'firefox-esr',
    variable: 'FIREFOX_PATH',
  },
];

/**
 * @param {Program[]} programs
 * @returns {Promise<Record<string, string>>} The paths, by variable.
 */
async function providePrograms(programs) {
  const missing = () => programs.filter((program) => findProgram(program) === undefined);
  if (missing().length > 0 && findCommand('apt-get')) {
    await installDebianPackages(missing().map(({ debianPackage }) => debianPackage));
  }
  const still = missing().map(({ label }) => label);
  if (still.length > 0) throw new SetUpError(`Missing: ${still.join(', ')}. Install what is missing and start again.`);
  return Object.fromEntries(
    programs.flatMap((program) => (program.variable ? [[program.variable, findProgram(program) ?? '']] : [])),
  );
}

/** @param {Program} program */
function findProgram({ names, variable }) {
  const given = variable && process.env[variable];
  if (!given) return findCommand(...names);
  if (isExecutable(given)) return given;
  throw new SetUpError(`${variable} is ${given}, which is not a program that can be run.`);
}

/** @param {string[]} names */
function findCommand(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const candidates = names.flatMap((name) =>
    name.startsWith('/') ? name : folders.map((folder) => join(folder, name)),
  );
  return candidates.find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string[]} names Names of Debian packages; those that are installed already are left alone. */
export async function installDebianPackages(names) {
  const missing = names.filter((name) => {
    const { stdout } = spawnSync('dpkg-query', ['-W', '-f=${db:Status-Status}', name], { encoding: 'utf8' });
    return !stdout?.startsWith('installed');
  });
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    throw new SetUpError(
      `These Debian packages are missing. Install them and start again:\n  sudo apt-get install -y ${missing.join(' ')}`,
    );
  }
  say(`Installing Debian packages: ${missing.join(' ')}`);
  const apt = ['-qq', '-o', 'DPkg::Lock::Timeout=300'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Package lists may be old where one of the sources is out of reach; whether that matters, the installation tells.
  await run('apt-get', [...apt, 'update'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await run('apt-get', [...apt, 'install', '-y', '--no-install-recommends', ...missing], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (code !== 0) throw new SetUpError(`apt-get could not install ${missing.join(' ')}; its messages above say why.`);
}

// ---- fonts

/** Scripts of which one font or another is often missing, by a language, and what has them on Debian. */
const SCRIPTS = ['ru', 'ar', 'hi', 'th', 'ja'];
const FONT_PACKAGES = ['fontconfig', 'fonts-noto-core', 'fonts-noto-cjk'];

/** Mixed recordings carry names in any script; one without a font is written as boxes. Nothing else needs fonts. */
async function provideFonts() {
  const covered = (/** @type {string} */ language) =>
    spawnSync('fc-list', [`:lang=${language}`, 'file'], { encoding: 'utf8' }).stdout?.trim();
  if (SCRIPTS.every(covered)) return;
  if (process.getuid?.() === 0 && findCommand('apt-get')) return installDebianPackages(FONT_PACKAGES);
  say('Some scripts have no font here, so names in them are boxes in mixed recordings: install the Noto fonts.');
}

// ---- a TURN server and firewalls, for tests

/** By command. Tests that need one that is missing say so and are skipped. */
const NETWORK_TOOLS = { turnserver: 'coturn', ip: 'iproute2', nft: 'nftables' };

async function provideNetworkTools() {
  const missing = Object.entries(NETWORK_TOOLS).filter(([command]) => !findCommand(command));
  if (missing.length === 0 || process.getuid?.() !== 0 || !findCommand('apt-get')) return;
  await installDebianPackages(missing.map(([, name]) => name));
}

// ---- small things

/**
 * Runs a command to its end. It gets no standard input, so nothing can ever ask a question.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options] In the repository's root, if not said otherwise.
 * @returns {Promise<number>} The exit code; 1 when it could not be started or was ended by a signal.
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], ...options });
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(1);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** @param {string} line */
function say(line) {
  console.log(line);
}
