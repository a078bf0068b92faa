// npm run storybook: the stories on http://localhost:6006. npm run build-storybook: as a site of their own in dist/storybook.
// Nothing is sent to anybody: .storybook/main.ts switches telemetry and the look for news off, and so does this for what
// Storybook does before it has read that.

import { node, root, run, runMain, installPackages } from './setup.mjs';

const COMMANDS = {
  dev: ['dev', '--port', '6006', '--exact-port', '--host', '127.0.0.1', '--ci'],
  build: ['build', '--output-dir', 'dist/storybook'],
};

await runMain(async () => {
  await installPackages();
  const [which, ...args] = process.argv.slice(2);
  const command = which === 'build' ? COMMANDS.build : COMMANDS.dev;
  const env = {
    ...process.env,
    STORYBOOK_DISABLE_TELEMETRY: '1',
    CI: '1',
    PATH: `${root}node_modules/.bin:${process.env.PATH ?? ''}`,
  };
  return run(node, ['node_modules/storybook/dist/bin/dispatcher.js', ...command, ...args], { env });
});
