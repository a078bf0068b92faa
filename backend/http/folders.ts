import { existsSync } from 'node:fs';
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
  let root = import.meta.dirname;
  while (!existsSync(join(root, 'package.json')) && dirname(root) !== root) root = dirname(root);
  return { dist: join(root, 'dist'), demo: join(root, 'demo') };
}
