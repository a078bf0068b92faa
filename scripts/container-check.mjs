// npm run container-check: makes the image without a Docker engine and looks whether it works. The steps are read out of the
// Dockerfile and done in Debian systems made by debootstrap, a folder for each stage; the base images are made up from the
// same Debian packages and the pinned Node. Then scripts/container/trial.mjs runs what came out. Wants Debian and root.
//
//   node scripts/container-check.mjs [--stage NAME]

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readDockerfile } from './container/dockerfile.mjs';
import { addNode, build, copy, makeDebian } from './container/root.mjs';
import { SetUpError, cacheFolder, installDebianPackages, node, root, run, runMain, setUp } from './setup.mjs';

/** Bytes that the image may have, as its files count them. */
const SIZE_LIMIT = 350_000_000;

const CACHE = join(cacheFolder(), 'container');

/** @typedef {import('./container/dockerfile.mjs').Stage} Stage */
/** @typedef {{ key: string, folder: string, env: Record<string, string>, cwd: string }} Built A stage, or a base image. */

await runMain(async () => {
  const { values } = parseArgs({ options: { stage: { type: 'string' } } });
  if (process.getuid?.() !== 0) throw new SetUpError('This makes whole systems: run it as root, on Debian.');
  const env = await setUp({ browsers: true });
  await installDebianPackages(['debootstrap', 'bubblewrap', 'iproute2']);
  const stages = readDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8'));
  const wanted = values.stage ?? stages.at(-1)?.name;
  /** @type {Map<string, Built>} */
  const done = new Map();
  for (const stage of needed(stages, wanted)) {
    const before = done.get(stage.from) ?? (await baseImage(stage.from));
    done.set(stage.name, await buildStage(stage, before, done));
  }
  const [image, stage] = [done.get(wanted ?? ''), stages.find(({ name }) => name === wanted)];
  if (!image || !stage) throw new SetUpError(`The Dockerfile has no stage ${wanted}.`);
  if (values.stage) return 0;
  const small = isSmall(image.folder);
  const trial = join(root, 'scripts/container/trial.mjs');
  const what = JSON.stringify({ ...image, stage });
  // A network of its own: the backend listens on all addresses, as in a container, and nobody else reaches it.
  const code = await run('unshare', ['--net', node, trial, what], { env });
  return small ? code : 1;
});

/**
 * The stages that one is made of, itself included, in their order.
 * @param {Stage[]} stages
 * @param {string | undefined} wanted
 */
function needed(stages, wanted) {
  const names = new Set([wanted]);
  for (const { name, from, steps } of stages.toReversed()) {
    if (!names.has(name)) continue;
    for (const used of [from, ...steps.map((step) => (step.kind === 'copy' ? step.from : undefined))]) names.add(used);
  }
  return stages.filter(({ name }) => names.has(name));
}

/**
 * @param {string} image `debian:RELEASE-slim` or `node:24-RELEASE-slim`.
 * @returns {Promise<Built>}
 */
async function baseImage(image) {
  const [, kind, release] = /^(debian|node):(?:24-)?(\w+)-slim$/.exec(image) ?? [];
  if (!kind || !release) throw new SetUpError(`Nothing stands for the image ${image} here.`);
  const key = hash([kind, release, process.versions.node]);
  const folder = await make(`base-${kind}`, key, async (folder) => {
    if (kind === 'debian') return makeDebian(folder, release);
    copy((await baseImage(`debian:${release}-slim`)).folder, folder);
    addNode(folder);
  });
  return { key, folder, env: {}, cwd: '/' };
}

/**
 * @param {Stage} stage
 * @param {Built} before
 * @param {Map<string, Built>} done
 * @returns {Promise<Built>}
 */
async function buildStage(stage, before, done) {
  let { env, cwd } = before;
  const sources = stage.steps.map((step) =>
    step.kind === 'copy' ? step.sources.map((name) => stateOf(step.from, name, done)) : step,
  );
  const key = hash([before.key, sources, stage.steps]);
  const places = stage.steps.map((step) => {
    if (step.kind === 'env') env = { ...env, ...step.values };
    if (step.kind === 'workdir') cwd = resolve(cwd, step.folder);
    return { env, cwd };
  });
  const folder = await make(stage.name, key, async (folder) => {
    copy(before.folder, folder);
    for (const [index, step] of stage.steps.entries()) {
      const place = { root: folder, env: {}, cwd: '/', ...places[index] };
      if (step.kind === 'workdir') mkdirSync(join(folder, place.cwd), { recursive: true });
      if (step.kind === 'run') {
        console.log(`${stage.name}: RUN ${step.command.replaceAll(/\s+/g, ' ').slice(0, 100)}`);
        await build(step.command, place);
      }
      if (step.kind === 'copy') {
        for (const source of step.sources) {
          const from = sourceOf(step.from, source, done);
          const to = resolve(place.cwd, step.target);
          // As Docker has it: what a folder holds goes into the target, a file goes to it, or into it where it is a folder.
          const inside = !statSync(from).isDirectory() && (/(?:\/|^\.)$/.test(step.target) || step.sources.length > 1);
          copy(from, join(folder, inside ? join(to, source.split('/').at(-1) ?? '') : to));
        }
      }
    }
  });
  return { key, folder, env, cwd };
}

/**
 * Where a source of COPY is on this machine.
 * @param {string | undefined} from
 * @param {string} name
 * @param {Map<string, Built>} done
 */
function sourceOf(from, name, done) {
  const stage = from === undefined ? undefined : done.get(from);
  if (from !== undefined && !stage) throw new SetUpError(`COPY wants the stage ${from}, which is none before it.`);
  return stage ? join(stage.folder, name) : join(root, name);
}

/**
 * What changes when a source of COPY does.
 * @param {string | undefined} from
 * @param {string} name
 * @param {Map<string, Built>} done
 */
function stateOf(from, name, done) {
  if (from !== undefined) return [done.get(from)?.key, name];
  const path = sourceOf(from, name, done);
  const files = statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
    : [path];
  return files.map((file) => [relative(root, file), hash(readFileSync(file, 'base64'))]);
}

/**
 * A folder that is made once, and again when its key changes; nobody ever sees half of it.
 * @param {string} name
 * @param {string} key
 * @param {(folder: string) => Promise<void> | void} fill
 */
async function make(name, key, fill) {
  const folder = join(CACHE, `${name}-${key.slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  const old = existsSync(CACHE)
    ? readdirSync(CACHE).filter((entry) => /^(.*)-[0-9a-f]{16}$/.exec(entry)?.[1] === name)
    : [];
  for (const entry of old) rmSync(join(CACHE, entry), { recursive: true, force: true });
  const partial = `${folder}.${process.pid}`;
  const started = Date.now();
  console.log(`${name}: is made`);
  mkdirSync(CACHE, { recursive: true });
  try {
    await fill(partial);
    if (!existsSync(folder)) renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  console.log(`${name}: made in ${Math.round((Date.now() - started) / 1000)} s`);
  return folder;
}

/** @param {string} folder */
function isSmall(folder) {
  const bytes = (/** @type {string} */ path) =>
    Number(
      spawnSync('du', ['-s', '--apparent-size', '--block-size=1', path], { encoding: 'utf8' }).stdout.split('\t')[0],
    );
  const parts = [
    'usr/local/bin/node',
    'usr/local/bin/mediasoup-worker',
    'usr/local/bin/ffmpeg',
    'usr/local/bin/ffprobe',
  ];
  for (const part of [...parts, 'usr/share/fonts', 'usr/lib', 'app/node_modules', 'app/dist', 'app/demo'])
    console.log(`${(bytes(join(folder, part)) / 1e6).toFixed(1).padStart(8)} MB  /${part}`);
  const all = bytes(folder);
  console.log(`${(all / 1e6).toFixed(1).padStart(8)} MB  in all; ${SIZE_LIMIT / 1e6} MB at most`);
  return all <= SIZE_LIMIT;
}

/** @param {unknown} value */
function hash(value) {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
