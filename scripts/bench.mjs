// npm run bench -- NAME [arguments]: sets up what is missing, builds the browser half and runs test/bench/NAME.ts.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SetUpError, node, root, run, runMain, setUp } from './setup.mjs';

await runMain(async () => {
  const [name, ...args] = process.argv.slice(2);
  const file = `test/bench/${name}.ts`;
  if (!name || !existsSync(join(root, file))) {
    const names = readdirSync(join(root, 'test/bench')).map((entry) => entry.replace('.ts', ''));
    throw new SetUpError(`npm run bench -- NAME, where NAME is one of: ${names.join(', ')}`);
  }
  const env = await setUp({ browsers: true });
  const built = await run(node, ['scripts/build.mjs', '--browser', '--if-changed'], { env });
  return built === 0 ? run(node, [file, ...args], { env }) : built;
});
