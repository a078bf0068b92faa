import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Folders {
  /** What the build makes: `wcs.js`, `room-api.js`, `chunks/`. */
  dist: string;
  /** The demo pages. */
  demo: string;
}

/**
 * The folders of this package. Found from the nearest `package.json`, so that they are the same ones whether this runs
 * from the sources or from the bundle in `dist/backend`.
 */
export function packageFolders(): Folders {
  const root = packageRoot();
  return { dist: join(root, 'dist'), demo: join(root, 'demo') };
}

export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  return version;
}

function packageRoot(): string {
  let root = import.meta.dirname;
  while (!existsSync(join(root, 'package.json')) && dirname(root) !== root) root = dirname(root);
  return root;
}
