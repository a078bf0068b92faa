/** Where settings are written: flags, environment, file. What they mean is said in `config.ts`. */
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** The file that is read when it exists and no other is named. */
export const DEFAULT_FILE = 'wcs.properties';
export const ENV_PREFIX = 'WCS_';

/** Settings that are more than this many typing mistakes away from what was written are not suggested. */
const SUGGESTION_DISTANCE = 4;

/** One value, and where it was written. */
interface Given {
  key: string;
  value: string;
  source: string;
}

/** `--port 80`, `--port=80`. What is not written so is added to `problems`. */
export function readFlags(argv: readonly string[], problems: string[]): Given[] {
  const given: Given[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] ?? '';
    const [, name, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
    if (name === undefined) {
      problems.push(`${argument}: is not a flag; settings are written --name value`);
      continue;
    }
    const key = name.replaceAll('-', '_');
    const value = inline ?? (isSwitch(key, argv[index + 1]) ? 'true' : argv[(index += 1)]);
    if (value === undefined) problems.push(`--${name}: has no value`);
    else given.push({ key, value, source: `--${name}` });
  }
  return given;
}

/** `--open` alone says yes; of other settings the value must be there. */
function isSwitch(key: string, next: string | undefined): boolean {
  return key === 'open' && (next === undefined || next.startsWith('--'));
}

/**
 * Names of variables that look like settings and are none: Kubernetes tells every container of its services, and one whose
 * name begins with "wcs" gives WCS_SERVICE_HOST, WCS_PORT=tcp://10.0.0.7:80, WCS_PORT_80_TCP_ADDR and more.
 */
export function serviceVariables(env: NodeJS.ProcessEnv = process.env): string[] {
  return Object.entries(env).flatMap(([name, value = '']) => {
    if (!name.startsWith(ENV_PREFIX)) return [];
    const isPart = /_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/.test(
      name,
    );
    const isAddress = name.endsWith('_PORT') && /^(?:tcp|udp|sctp):\/\//.test(value);
    return isPart || isAddress ? [name] : [];
  });
}

/** `WCS_PORT=80`. */
export function readEnvironment(env: NodeJS.ProcessEnv): Given[] {
  const ignored = serviceVariables(env);
  return Object.entries(env)
    .filter(([name]) => name.startsWith(ENV_PREFIX) && !ignored.includes(name))
    .map(([name, value = '']) => ({ key: name.slice(ENV_PREFIX.length).toLowerCase(), value, source: name }));
}

/** `port=80`, a line each. Without `file`, DEFAULT_FILE when there is one. */
export function readFile(file: string | undefined, problems: string[]): Given[] {
  const path = file ?? DEFAULT_FILE;
  if (file === undefined && !existsSync(path)) return [];
  try {
    const values = Object.entries(parseEnv(readFileSync(path, 'utf8')));
    return values.map(([key, value = '']) => ({ key, value, source: `${path}: ${key}` }));
  } catch (error) {
    problems.push(`${path}: cannot be read (${error instanceof Error ? error.message : String(error)})`);
    return [];
  }
}

/** Says that there is no such setting, and which of `names` may be meant. */
export function unknownSetting({ key, source }: Given, names: readonly string[]): string {
  const nearest = names
    .map((name) => ({ name, distance: editDistance(key, name) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const suggestion = nearest && nearest.distance <= SUGGESTION_DISTANCE ? `; did you mean ${nearest.name}?` : '';
  return `${source}: there is no such setting${suggestion}`;
}

/** How many letters must be put in, left out or changed to make `b` of `a` (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (letter === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
