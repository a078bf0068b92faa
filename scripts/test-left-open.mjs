// Preloaded into every node:test file: one that leaves a server, a socket or a timer open would keep its process, and with it
// the whole run, from ending. It is told, and counts as failed.

import { after } from 'node:test';

const DEADLINE_MS = 5_000;

// Only the processes of the files have this variable, not the one that starts them.
if (process.env.NODE_TEST_CONTEXT) {
  after(() => {
    setTimeout(() => {
      console.error(`Still open after the last test: ${process.getActiveResourcesInfo().join(', ')}`);
      process.exit(1);
    }, DEADLINE_MS).unref();
  });
}
