// The examples of use under demo/examples. Each is what a page's author would write, with types; the one in React is also
// compiled, for /examples/react/ of the backend.

import { join } from 'node:path';
import { build } from 'esbuild';
import { node, root, run } from './setup.mjs';

/** The framework's own compiler or checker for each. */
const CHECKERS = {
  react: ['node_modules/typescript/bin/tsc', '-p', 'demo/examples/react'],
  vue: ['node_modules/vue-tsc/bin/vue-tsc.js', '-p', 'demo/examples/vue'],
  svelte: [
    'node_modules/svelte-check/bin/svelte-check',
    ...[
      '--workspace',
      'demo/examples/svelte',
      '--tsconfig',
      './tsconfig.json',
      '--fail-on-warnings',
      '--output',
      'human',
    ],
  ],
  angular: ['node_modules/@angular/compiler-cli/bundles/src/bin/ngc.js', '-p', 'demo/examples/angular'],
};

/** Compiles what a browser cannot run as it is. The elements must have been built. */
export async function buildExamples() {
  await build({
    absWorkingDir: root,
    entryPoints: { react: 'demo/examples/react/app.tsx' },
    outdir: join(root, 'dist/examples'),
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
  });
}

/** @returns {Promise<boolean>} Whether the examples are right about the elements' attributes, events and methods. */
export async function checkExamples() {
  const wrong = [];
  for (const [framework, command] of Object.entries(CHECKERS)) {
    if ((await run(node, command)) !== 0) wrong.push(framework);
  }
  if (wrong.length > 0) console.log(`The types of these examples do not hold: ${wrong.join(', ')}.`);
  return wrong.length === 0;
}
