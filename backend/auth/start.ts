import type { Config } from '../config.ts';
import { Auth } from './auth.ts';
import { TokenVerifier } from './token.ts';

/** Who may come in, as the settings say it. */
export function createAuth(config: Config): Auth {
  const { token_secret: secret, token_jwks_url: jwksUrl, token_issuer: issuer, token_audience: audience } = config;
  return new Auth({ tokens: secret || jwksUrl ? new TokenVerifier({ secret, jwksUrl, issuer, audience }) : undefined });
}
