import { createRemoteJWKSet, errors, jwtVerify, SignJWT, type JWTVerifyGetKey } from 'jose';
import * as v from 'valibot';
import { WcsError } from '../../protocol/errors.ts';
import { DisplayName, Grant, Login } from '../../protocol/model.ts';

/** Seconds that the clocks of the site and of this backend may be apart. */
const CLOCK_TOLERANCE = 10;

/** Milliseconds that the JWKS may take to come. */
const JWKS_TIMEOUT = 5_000;

/** Milliseconds between two fetches of it: for a key that is not in it yet, and for one that may have been taken out. */
const JWKS_COOLDOWN = 5_000;
const JWKS_MAX_AGE = 600_000;

/** What a site's keys may sign with (RFC 7518 §3.1, RFC 8037): never with a secret that everybody can read in the JWKS. */
const PUBLIC_KEY_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
];

/** What a token gives that names no grants. */
const USUAL_GRANTS: Grant[] = ['join', 'publish', 'screen', 'chat'];

const RoomPattern = v.pipe(v.string(), v.normalize('NFC'), v.trim(), v.nonEmpty(), v.maxLength(256));

/** What a token says (RFC 7519 §4), beside `exp`, which it must have, `nbf`, `iss` and `aud`. */
export const Claims = v.object({
  /** Who this is on the site; connections of the same one with the same login are of the same person. */
  sub: v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(256))),
  /** The rooms it lets in: exact names, or patterns in which `*` stands for any characters, none included. */
  room: v.pipe(
    v.union(
      [RoomPattern, v.pipe(v.array(RoomPattern), v.minLength(1), v.maxLength(64))],
      'must be a room name or a list',
    ),
    v.transform((room) => (Array.isArray(room) ? room : [room])),
  ),
  /** The login that must be asked for; without it, any. */
  login: v.optional(Login),
  /** What others see instead of the login. */
  name: v.optional(DisplayName),
  grants: v.optional(v.array(Grant), USUAL_GRANTS),
});
export type Claims = v.InferOutput<typeof Claims>;

export interface TokenOptions {
  /** Secret of HS256 tokens; empty: there is none. */
  secret: string;
  /** Where the public keys are (RFC 7517 §5); empty: there are none. */
  jwksUrl: string;
  /** What `iss` must be; empty: anything. */
  issuer: string;
  /** What `aud` must have; empty: anything. */
  audience: string;
}

/** Checks tokens. */
export class TokenVerifier {
  readonly #key: JWTVerifyGetKey | Uint8Array;
  readonly #options: Parameters<typeof jwtVerify>[2];

  constructor({ secret, jwksUrl, issuer, audience }: TokenOptions) {
    this.#key = secret
      ? new TextEncoder().encode(secret)
      : createRemoteJWKSet(new URL(jwksUrl), {
          timeoutDuration: JWKS_TIMEOUT,
          cooldownDuration: JWKS_COOLDOWN,
          cacheMaxAge: JWKS_MAX_AGE,
        });
    this.#options = {
      algorithms: secret ? ['HS256'] : PUBLIC_KEY_ALGORITHMS,
      requiredClaims: ['exp'],
      clockTolerance: CLOCK_TOLERANCE,
      ...(issuer === '' ? {} : { issuer }),
      ...(audience === '' ? {} : { audience }),
    };
  }

  /** Throws WcsError `unauthorized`, which says what is wrong with the token, or `auth_unavailable`. */
  async verify(token: string): Promise<Claims> {
    const { payload } = await this.#decode(token);
    const claims = v.safeParse(Claims, payload);
    if (claims.success) return claims.output;
    const [issue] = claims.issues;
    throw new WcsError('unauthorized', `The token's claim ${v.getDotPath(issue) ?? ''} is wrong: ${issue.message}.`);
  }

  async #decode(token: string) {
    try {
      // The two ways of giving a key are two signatures of one function.
      return typeof this.#key === 'function'
        ? await jwtVerify(token, this.#key, this.#options)
        : await jwtVerify(token, this.#key, this.#options);
    } catch (cause) {
      throw refusal(cause);
    }
  }
}

export interface Minting extends Omit<v.InferInput<typeof Claims>, 'grants'> {
  grants?: readonly Grant[];
  /** Seconds from now. */
  lifetime: number;
}

/** A token signed with `secret` (HS256). */
export async function mintToken(secret: string, { lifetime, ...claims }: Minting): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return await new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt(now)
    .setExpirationTime(now + lifetime)
    .sign(new TextEncoder().encode(secret));
}

/** Whether `room` is one that `pattern` names. */
export function isRoomOf(pattern: string, room: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === room;
  const end = room.length - last.length;
  if (end < first.length || !room.startsWith(first) || !room.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = room.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

function refusal(cause: unknown): WcsError {
  if (cause instanceof errors.JWTExpired) return new WcsError('unauthorized', 'The token has expired.', { cause });
  if (cause instanceof errors.JWTClaimValidationFailed) {
    const problem = cause.reason === 'missing' ? 'is missing' : 'does not fit';
    return new WcsError('unauthorized', `The token's claim ${cause.claim} ${problem}.`, { cause });
  }
  const isOfToken =
    cause instanceof errors.JWTInvalid ||
    cause instanceof errors.JWSInvalid ||
    cause instanceof errors.JOSENotSupported ||
    cause instanceof errors.JOSEAlgNotAllowed ||
    cause instanceof errors.JWSSignatureVerificationFailed ||
    cause instanceof errors.JWKSNoMatchingKey ||
    cause instanceof errors.JWKSMultipleMatchingKeys;
  if (isOfToken) return new WcsError('unauthorized', 'The token is not one that this server trusts.', { cause });
  return new WcsError('auth_unavailable', 'Who may come in cannot be checked just now: try again.', { cause });
}
