/** The connection test: loaded where a page wants one. */
import { addEnglish } from '../base/element/languages.ts';
import { loginOf } from '../base/token-hint.ts';
import { enCheck } from '../locales/en-check.ts';
import '../parts/connection-check.ts';
import { checkConnection, type ConnectionCheck } from '../room/connection-check.ts';
import type { ConnectOptions } from '../room/session.ts';

addEnglish(enCheck);

/** Who asks when nobody has said who they are: no room will see it. */
const NOBODY = 'connection-check';

/** Tests as the one who is to join; until that is known, as the one whom the token names. Never rejects. */
export async function testConnection(options: ConnectOptions): Promise<ConnectionCheck> {
  const { token: given } = options;
  // Where the page cannot give one, the test finds that out, too.
  const token = options.username || typeof given !== 'function' ? given : await ask(given);
  const named = typeof token === 'string' ? loginOf(token) : undefined;
  return checkConnection({ ...options, token, username: options.username || (named ?? NOBODY) });
}

async function ask(source: Exclude<ConnectOptions['token'], string | undefined>): Promise<ConnectOptions['token']> {
  try {
    return await source();
  } catch {
    return source;
  }
}
