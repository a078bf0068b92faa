// What a page that embeds the elements downloads, and how much of it there may be.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './setup.mjs';

/** Where the build leaves the sizes of what it has built. */
export const SIZES_FILE = '.cache/sizes.json';

/** Gzip bytes: what `wcs.js` brings before anything is joined, and all the code there is. */
const BUDGETS = { first: 35_000, all: 90_000 };

/**
 * @typedef {object} BundleSizes
 * @property {{ file: string, bytes: number, first: boolean }[]} files Gzip bytes; first: part of the first load.
 * @property {number} first Gzip bytes of the entry and every chunk that it imports statically.
 * @property {number} all Gzip bytes of the entry and all its chunks.
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
    .map((file) => ({ file, bytes: gzipSync(readFileSync(join(root, file))).length, first: first.has(file) }))
    .sort((a, b) => Number(b.first) - Number(a.first) || b.bytes - a.bytes);
  return { files, first: sum(files.filter((file) => file.first)), all: sum(files) };
}

/** @param {BundleSizes} sizes */
export function printSizes({ files, first, all }) {
  for (const { file, bytes, first } of files)
    console.log(`  ${kilobytes(bytes)}  ${file}${first ? '' : ' (on joining)'}`);
  console.log(`  ${kilobytes(first)}  first load, gzip (budget ${kilobytes(BUDGETS.first).trim()})`);
  console.log(`  ${kilobytes(all)}  everything, gzip (budget ${kilobytes(BUDGETS.all).trim()})`);
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
