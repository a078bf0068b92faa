import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { Auth } from './auth.ts';
import { ConnectHook } from './connect-hook.ts';
import { TokenVerifier } from './token.ts';

/** Who may come in, as the settings say it. */
export function createAuth(config: Config, log: Log): Auth {
  const { token_secret: secret, token_jwks_url: jwksUrl, token_issuer: issuer, token_audience: audience } = config;
  const { connect_hook_url: url, connect_hook_timeout: timeout, webhook_secret } = config;
  return new Auth({
    tokens: secret || jwksUrl ? new TokenVerifier({ secret, jwksUrl, issuer, audience }) : undefined,
    hook: url === '' ? undefined : new ConnectHook({ url, secret: webhook_secret, timeout, log }),
  });
}
