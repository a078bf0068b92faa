// Builds dist/: the browser half (wcs.js with its chunks, room-api.js, room-api.mjs) and, without --browser, also the
// type declarations, the custom elements manifest and the backend bundle.
//
//   node scripts/build.mjs [--browser] [--if-changed]

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { cssData, htmlData, jsxTypes } from './editor-data.mjs';
import { buildExamples } from './examples.mjs';
import { makeManifest } from './manifest.mjs';
import { SetUpError, node, root, run, runMain } from './setup.mjs';
import { SIZES_FILE, bundleSizes, printSizes } from './size.mjs';

/** Browsers from the spring of 2023 on: they have everything that Lit and WebRTC ask of them. */
const BROWSERS = ['chrome111', 'firefox115', 'safari16.4'];

/**
 * mediasoup-client brings a handler per kind of browser, and a fake one for tests. Those that none of our browsers asks for
 * are a third of its code.
 * @type {import('esbuild').Plugin}
 */
const WITHOUT_OTHER_HANDLERS = {
  name: 'without-other-handlers',
  setup({ onLoad }) {
    onLoad(
      { filter: /mediasoup-client.lib.(handlers.(Chrome74|ReactNative106|FakeHandler)|test.fakeParameters)\.js$/ },
      () => ({
        contents: `
        const refuse = () => { throw Object.assign(new Error('This browser is not supported'), { name: 'UnsupportedError' }) };
        exports.Chrome74 = exports.ReactNative106 = { createFactory: refuse };`,
      }),
    );
  },
};

/** @satisfies {import('esbuild').BuildOptions} */
const BROWSER_OPTIONS = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  sourcemap: /** @type {const} */ ('linked'),
  target: BROWSERS,
  charset: 'utf8',
  // Lit's own name for the build without its developer warnings.
  conditions: ['production'],
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [WITHOUT_OTHER_HANDLERS],
  legalComments: 'linked',
  metafile: true,
  logLevel: 'warning',
};

await runMain(async () => {
  const { values } = parseArgs({ options: { browser: { type: 'boolean' }, 'if-changed': { type: 'boolean' } } });
  if (values['if-changed'] && !browserHalfChanged()) return 0;
  await buildBrowserHalf().catch(explain);
  if (values.browser) return 0;
  await buildTypes();
  buildManifest();
  await buildExamples().catch(explain);
  await buildBackend().catch(explain);
  return 0;
});

/** Compares times, so it costs a few milliseconds: is any source newer than what was built from it? */
function browserHalfChanged() {
  const built = join(root, 'dist/wcs.js');
  if (!existsSync(built) || !existsSync(join(root, 'dist/room-api.js'))) return true;
  // A folder's own time tells of files that were removed.
  const sources = ['components', 'protocol'].flatMap((folder) =>
    ['', ...readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })].map((name) =>
      join(root, folder, name),
    ),
  );
  const builtAt = statSync(built).mtimeMs;
  return [...sources, join(root, 'package-lock.json'), import.meta.filename].some(
    (file) => statSync(file).mtimeMs > builtAt,
  );
}

async function buildBrowserHalf() {
  const esm = /** @satisfies {import('esbuild').BuildOptions} */ ({
    ...BROWSER_OPTIONS,
    format: /** @type {const} */ ('esm'),
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    outdir: 'dist',
  });
  // Three builds, not one with three entries: together, wcs.js would fetch what it shares with room-api.mjs one more
  // round trip later.
  const [api, classic, elements] = await Promise.all([
    build({ ...esm, entryPoints: { 'room-api': 'components/room-api.ts' }, outExtension: { '.js': '.mjs' } }),
    build({
      ...BROWSER_OPTIONS,
      format: 'iife',
      entryPoints: ['components/room-api.global.ts'],
      outfile: 'dist/room-api.js',
    }),
    build({
      ...esm,
      entryPoints: { wcs: 'components/index.ts' },
      inject: ['components/base/element/server-globals.ts'],
    }),
  ]);
  removeStaleChunks([api, classic, elements].flatMap(({ metafile }) => Object.keys(metafile.outputs)));
  const sizes = bundleSizes(elements.metafile, 'dist/wcs.js');
  printSizes(sizes);
  writeIntegrity();
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(join(root, SIZES_FILE), JSON.stringify(sizes));
}

/** What a page that pins a version writes beside its address, so that the browser refuses any other content. */
function writeIntegrity() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const entries = ['wcs.js', 'room-api.js', 'room-api.mjs'].map((name) => {
    const hash = createHash('sha384').update(readFileSync(join(root, 'dist', name)));
    return [name, `sha384-${hash.digest('base64')}`];
  });
  const integrity = Object.fromEntries(entries);
  writeFileSync(join(root, 'dist/integrity.json'), `${JSON.stringify({ version, integrity }, null, 2)}\n`);
  console.log(`  /v/${version}/wcs.js  integrity="${integrity['wcs.js']}"`);
}

/** @param {string[]} written Paths relative to the root. */
function removeStaleChunks(written) {
  const folder = join(root, 'dist/chunks');
  if (!existsSync(folder)) return;
  const kept = new Set(written);
  for (const name of readdirSync(folder)) {
    if (!kept.has(`dist/chunks/${name}`)) rmSync(join(folder, name));
  }
}

async function buildTypes() {
  const code = await run(node, ['node_modules/typescript/bin/tsc', '-b', 'protocol', 'components']);
  if (code !== 0) throw new SetUpError('The types do not hold; see above.');
}

/** The elements as editors, compilers and documentation want them described. */
function buildManifest() {
  const manifest = makeManifest();
  const files = {
    'custom-elements.json': manifest,
    'vscode.html-data.json': htmlData(manifest),
    'vscode.css-data.json': cssData(manifest),
  };
  for (const [name, data] of Object.entries(files))
    writeFileSync(join(root, 'dist', name), `${JSON.stringify(data, null, 2)}\n`);
  writeFileSync(join(root, 'dist/jsx.d.ts'), jsxTypes(manifest));
  // The types of JSX are all there is, but a bundler that meets the import must find a module.
  writeFileSync(join(root, 'dist/jsx.js'), 'export {};\n');
}

/** Two commands, and the process that mixes and the thread that records, which main.js finds beside itself. */
async function buildBackend() {
  rmSync(join(root, 'dist/backend'), { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: {
      main: 'backend/main.ts',
      'wcs-mixer': 'backend/wcs-mixer.ts',
      'capture-thread': 'backend/recording/capture/capture-thread.ts',
      'mix-worker': 'backend/recording/mixing/mix-worker.ts',
    },
    outdir: 'dist/backend',
    splitting: true,
    chunkNames: '[name]-[hash]',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    packages: 'external',
    sourcemap: 'linked',
    logLevel: 'warning',
  });
}

/**
 * esbuild has printed what is wrong and where; its stack adds nothing.
 * @param {unknown} error
 * @returns {never}
 */
function explain(error) {
  if (error instanceof Error && 'errors' in error) throw new SetUpError('The build failed; see above.');
  throw error;
}
