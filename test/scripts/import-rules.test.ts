import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { importRules } from '../../scripts/import-rules.mjs';

// The rules alone, without the types that the whole configuration asks for: the files of these snippets do not exist.
const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [
    {
      files: ['**/*.ts'],
      languageOptions: { parser: tseslint.parser },
      plugins: { '@typescript-eslint': tseslint.plugin },
    },
    ...importRules,
  ],
});

async function messages(filePath: string, code: string): Promise<string[]> {
  const results = await eslint.lintText(code, { filePath });
  return results.flatMap((result) => result.messages.map(({ message }) => message));
}

const refused: [string, string, RegExp][] = [
  ['protocol/messages.ts', `import { a } from '../components/room/room.ts';`, /nothing of ours/],
  ['protocol/messages.ts', `import { readFile } from 'node:fs';`, /browsers/],
  ['components/room/room.ts', `import { log } from '../../backend/log.ts';`, /only bridge/],
  ['components/room/room.ts', `import { html } from 'lit';`, /without Lit/],
  ['components/room/room.ts', `import { Tile } from '../parts/tile.ts';`, /knows no elements/],
  ['components/room/media/media.ts', `import { Device } from 'mediasoup-client';`, /by import\(\)/],
  ['components/base/element/element.ts', `import { Tile } from '../parts/tile.ts';`, /neither elements nor parts/],
  ['components/parts/stage/tile.ts', `import { Room } from '../room/room.ts';`, /by property/],
  ['components/parts/stage/tile.ts', `import type { Room } from '../room/room.ts';`, /by property/],
  ['components/call/call-element.ts', `import { WcsConference } from '../conference/conference.ts';`, /knows none/],
  ['components/parts/stage/tile.ts', `import { CallElement } from '../call/call-element.ts';`, /by property/],
  ['components/parts/stage/tile.ts', `import { WcsConference } from '../conference/conference.ts';`, /by property/],
  ['components/conference/conference.ts', `export { Room } from '../room/room.ts';`, /package entries/],
  ['components/conference/conference.ts', `export * from '../room/room.ts';`, /package entries/],
  ['backend/rooms/room.ts', `import { session } from '../../components/room/session.ts';`, /only bridge/],
  ['backend/rooms/room.ts', `import { Gateway } from '../signaling/gateway.ts';`, /no sockets/],
  ['backend/rooms/room.ts', `import { app } from '../http/app.ts';`, /no sockets/],
  ['backend/rooms/room.ts', `import { createWorker } from 'mediasoup';`, /workers\.ts/],
  ['backend/media/router.ts', `import { Room } from '../rooms/room.ts';`, /Media knows no rooms/],
  ['backend/media/workers.ts', `import { Room } from '../rooms/room.ts';`, /Media knows no rooms/],
  ['backend/recording/recorder.ts', `import { app } from '../http/app.ts';`, /member of the room/],
  ['backend/recording/mixing/mixer.ts', `import { spawn } from 'node:child_process';`, /ffmpeg\.ts/],
  ['backend/http/app.ts', `import { WebSocketServer } from 'ws';`, /gateway\.ts/],
  ['backend/signaling/gateway.ts', `import express from 'express';`, /backend\/http/],
  ['backend/server.ts', `import express from 'express';`, /backend\/http/],
  ['backend/server.ts', `console.log(process.env.PORT);`, /config\.ts/],
];

for (const [file, code, expected] of refused) {
  test(`${file} may not say ${code}`, async () => {
    assert.match((await messages(file, code)).join('\n'), expected);
  });
}

const allowed: [string, string][] = [
  ['protocol/messages.ts', `import * as v from 'valibot'; import { id } from './model.ts';`],
  ['components/room/media/media.ts', `import type { Device } from 'mediasoup-client'; await import('./mediasoup.ts');`],
  ['components/room/media/mediasoup.ts', `export { Device } from 'mediasoup-client';`],
  ['components/room/room.ts', `import { limits } from '../../protocol/limits.ts'; import { a } from './session.ts';`],
  ['components/parts/stage/tile.ts', `import { WcsElement } from '../base/element.ts'; import { html } from 'lit';`],
  ['components/index.ts', `export { WcsConference } from './conference/conference.ts';`],
  ['backend/rooms/room.ts', `import type { Router } from 'mediasoup/types'; import { a } from '../media/router.ts';`],
  ['backend/media/workers.ts', `import { createWorker } from 'mediasoup';`],
  ['backend/http/app.ts', `import express from 'express';`],
  ['backend/signaling/gateway.ts', `import { WebSocketServer } from 'ws';`],
  ['backend/recording/ffmpeg.ts', `import { spawn } from 'node:child_process';`],
  ['backend/config.ts', `console.log(process.env.PORT);`],
];

for (const [file, code] of allowed) {
  test(`${file} may say ${code}`, async () => {
    assert.deepEqual(await messages(file, code), []);
  });
}

test('the whole configuration holds these rules', async () => {
  const config = (await new ESLint().calculateConfigForFile('backend/rooms/room.ts')) as { rules: object };
  for (const rule of ['@typescript-eslint/no-restricted-imports', 'no-restricted-properties', 'no-restricted-syntax']) {
    assert.ok(rule in config.rules, rule);
  }
});
