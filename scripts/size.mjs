// What a page that embeds the elements downloads, and how much of it there may be.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './setup.mjs';

/** Where the build leaves the sizes of what it has built. */
export const SIZES_FILE = '.cache/sizes.json';

/** Gzip bytes: what `wcs.js` brings before anything is joined, the code of a call, and with it what is opened on demand. */
const BUDGETS = { first: 40_000, call: 140_000, all: 165_000 };

/** Entries of the chunks that are loaded while a room is being joined. */
const ON_JOINING = /\/(call\/in-call|base\/room-half|media\/mediasoup)\.ts$/;

/** Chunks of languages other than English; of these a reader loads one. */
const LANGUAGE = /\/locales\/[a-z-]+\.ts$/;

const WORDS = { first: 'at once', call: 'on joining', language: 'in this language', demand: 'when opened' };
const SUMS = { first: 'first load', call: 'a call in one language', all: 'everything in one language' };
const ORDER = /** @type {(keyof typeof WORDS)[]} */ (Object.keys(WORDS));

/**
 * @typedef {object} BundleSizes
 * @property {{ file: string, bytes: number, when: keyof typeof WORDS }[]} files Gzip bytes, and when
 *   it is loaded: at once, for readers of one language, while joining, or when something is opened.
 * @property {number} first Gzip bytes of the entry and every chunk that it imports statically.
 * @property {number} call The same with what joining loads, in the language whose texts are largest.
 * @property {number} all The same with all other chunks.
 */

/**
 * @param {import('esbuild').Metafile} metafile
 * @param {string} entry Path of the entry, as the metafile has it.
 * @returns {BundleSizes}
 */
export function bundleSizes(metafile, entry) {
  const entryOf = (/** @type {string} */ file) => metafile.outputs[file]?.entryPoint ?? '';
  const outputs = Object.keys(metafile.outputs).filter((file) => file.endsWith('js'));
  const first = staticImports(metafile, [entry]);
  const call = staticImports(
    metafile,
    outputs.filter((file) => ON_JOINING.test(entryOf(file))),
  );
  /** @param {string} file @returns {keyof typeof WORDS} */
  const when = (file) =>
    first.has(file) ? 'first' : LANGUAGE.test(entryOf(file)) ? 'language' : call.has(file) ? 'call' : 'demand';
  const files = outputs
    .map((file) => ({ file, bytes: gzipSync(readFileSync(join(root, file))).length, when: when(file) }))
    .sort((a, b) => ORDER.indexOf(a.when) - ORDER.indexOf(b.when) || b.bytes - a.bytes);
  const of = (/** @type {string} */ time) => files.filter((file) => file.when === time).map(({ bytes }) => bytes);
  const inCall = sum(of('first')) + sum(of('call')) + Math.max(0, ...of('language'));
  return { files, first: sum(of('first')), call: inCall, all: inCall + sum(of('demand')) };
}

/** @param {BundleSizes} sizes */
export function printSizes({ files, ...sums }) {
  for (const { file, bytes, when } of files) console.log(`  ${kilobytes(bytes)}  ${file} (${WORDS[when]})`);
  for (const sum of /** @type {const} */ (['first', 'call', 'all']))
    console.log(`  ${kilobytes(sums[sum])}  ${SUMS[sum]}, gzip (budget ${kilobytes(BUDGETS[sum]).trim()})`);
}

/** @returns {boolean} Whether what was built last keeps to the budgets. */
export function keepsBudgets() {
  const sizes = /** @type {BundleSizes} */ (JSON.parse(readFileSync(join(root, SIZES_FILE), 'utf8')));
  printSizes(sizes);
  return sizes.first <= BUDGETS.first && sizes.call <= BUDGETS.call && sizes.all <= BUDGETS.all;
}

/**
 * @param {import('esbuild').Metafile} metafile
 * @param {string[]} entries
 * @returns {Set<string>} The entries and what they import statically, at any depth.
 */
function staticImports(metafile, entries) {
  const found = new Set(entries);
  for (const file of found) {
    for (const { path, kind } of metafile.outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && path in metafile.outputs) found.add(path);
    }
  }
  return found;
}

/** @param {number[]} bytes */
function sum(bytes) {
  return bytes.reduce((total, one) => total + one, 0);
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1).padStart(6)} kB`;
}
