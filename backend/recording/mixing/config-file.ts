import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const NAME = 'offline_mixer.json';

/**
 * Where the mixer's settings are: in `named`, else in the current folder, else in that of this installation, which is
 * the nearest one above the code, whether it runs from the sources or from a bundle.
 */
export function findMixerConfig(named = ''): string {
  if (named) return resolve(named);
  let folder = import.meta.dirname;
  const folders = [process.cwd(), folder];
  while (dirname(folder) !== folder) folders.push((folder = dirname(folder)));
  return folders.map((each) => join(each, NAME)).find(existsSync) ?? resolve(NAME);
}
