// What a page that embeds the elements downloads, and how much of it there may be.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './setup.mjs';

/** Where the build leaves the sizes of what it has built. */
export const SIZES_FILE = '.cache/sizes.json';

/** Gzip bytes: what `wcs.js` brings before anything is joined, and all the code of a call. */
const BUDGETS = { first: 40_000, all: 110_000 };

/** Chunks of languages other than English; of these a reader loads one. */
const LANGUAGE = /\/locales\/[a-z-]+\.ts$/;

/**
 * @typedef {object} BundleSizes
 * @property {{ file: string, bytes: number, first: boolean, language: boolean }[]} files Gzip bytes; first: part of the
 *   first load; language: the texts of one language.
 * @property {number} first Gzip bytes of the entry and every chunk that it imports statically.
 * @property {number} all Gzip bytes of the entry and all its chunks, in the language whose texts are largest.
 */

/**
 * @param {import('esbuild').Metafile} metafile
 * @param {string} entry Path of the entry, as the metafile has it.
 * @returns {BundleSizes}
 */
export function bundleSizes(metafile, entry) {
  const first = staticImports(metafile, entry);
  const files = Object.keys(metafile.outputs)
    .filter((file) => file.endsWith('js'))
    .map((file) => ({
      file,
      bytes: gzipSync(readFileSync(join(root, file))).length,
      first: first.has(file),
      language: LANGUAGE.test(metafile.outputs[file]?.entryPoint ?? ''),
    }))
    .sort((a, b) => Number(b.first) - Number(a.first) || b.bytes - a.bytes);
  const languages = files.filter((file) => file.language).map(({ bytes }) => bytes);
  const inOneLanguage = sum(files.filter((file) => !file.language)) + Math.max(0, ...languages);
  return { files, first: sum(files.filter((file) => file.first)), all: inOneLanguage };
}

/** @param {BundleSizes} sizes */
export function printSizes({ files, first, all }) {
  for (const { file, bytes, first, language } of files)
    console.log(`  ${kilobytes(bytes)}  ${file}${first ? '' : language ? ' (in this language)' : ' (on joining)'}`);
  console.log(`  ${kilobytes(first)}  first load, gzip (budget ${kilobytes(BUDGETS.first).trim()})`);
  console.log(`  ${kilobytes(all)}  everything in one language, gzip (budget ${kilobytes(BUDGETS.all).trim()})`);
}

/** @returns {boolean} Whether what was built last keeps to the budgets. */
export function keepsBudgets() {
  const sizes = /** @type {BundleSizes} */ (JSON.parse(readFileSync(join(root, SIZES_FILE), 'utf8')));
  printSizes(sizes);
  return sizes.first <= BUDGETS.first && sizes.all <= BUDGETS.all;
}

/**
 * @param {import('esbuild').Metafile} metafile
 * @param {string} entry
 * @returns {Set<string>} The entry and what it imports statically, at any depth.
 */
function staticImports(metafile, entry) {
  const found = new Set([entry]);
  for (const file of found) {
    for (const { path, kind } of metafile.outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && path in metafile.outputs) found.add(path);
    }
  }
  return found;
}

/** @param {{ bytes: number }[]} files */
function sum(files) {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1).padStart(6)} kB`;
}
