import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { Claims, mintToken, type Minting } from '../auth/token.ts';
import { ConfigError, loadConfig } from '../config.ts';

const EXIT_BAD_ARGUMENTS = 2;

const USAGE = `Usage: wcs-backend token --room ROOM [--login LOGIN] [--name NAME] [--subject ID] [--expires 1h] [--grants join,publish]

Prints a token that lets somebody in, signed with the setting token_secret.

  --room     the room, or a pattern (team-*); can be given more than once
  --login    the username that must be used with it; without it, any
  --name     what others see instead of the username
  --subject  who this is on the site (claim sub): with the same one, a second tab takes the first one's place
  --expires  how long it lets in: 30s, 15m, 1h, 7d (default 1h)
  --grants   of join, publish, screen, chat, record, moderate, separated by commas (default join,publish,screen,chat)
  --config   file with the settings (default wcs.properties)`;

/** Seconds. */
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

class UsageError extends Error {}

/** `wcs-backend token`: mints a token and prints it. */
export async function token(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  try {
    const { minting, config } = readArguments(argv);
    const { token_secret: secret } = loadConfig({ argv: config === undefined ? [] : ['--config', config] });
    if (secret === '')
      throw new UsageError('There is no token_secret among the settings: set it for the backend, and here, first.');
    console.log(await mintToken(secret, minting));
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof ConfigError)) throw error;
    console.error(error.message);
    return EXIT_BAD_ARGUMENTS;
  }
}

function readArguments(argv: readonly string[]): { minting: Minting; config: string | undefined } {
  const { room, login, name, subject, expires, grants, config } = parse(argv);
  const claims = v.safeParse(Claims, {
    room,
    login,
    name,
    sub: subject,
    grants: grants?.split(',').map((grant) => grant.trim()),
  });
  if (!claims.success) {
    const problems = claims.issues.map((issue) => `--${v.getDotPath(issue)?.split('.')[0]}: ${issue.message}`);
    throw new UsageError(problems.join('\n'));
  }
  const { sub, ...rest } = claims.output;
  const named = Object.fromEntries(Object.entries({ sub, ...rest }).filter(([, value]) => value !== undefined));
  return { minting: { ...named, room: rest.room, grants: rest.grants, lifetime: seconds(expires) }, config };
}

function parse(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const many = { type: 'string', multiple: true } as const;
  const options = { room: many, login: text, name: text, subject: text, expires: text, grants: text, config: text };
  try {
    return parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function seconds(text = '1h'): number {
  const [, amount, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const result = Number(amount) * (UNITS[unit] ?? Number.NaN);
  if (!(result > 0)) throw new UsageError(`--expires: must be written like 30s, 15m, 1h or 7d, not "${text}"`);
  return result;
}
