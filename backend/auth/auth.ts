import { WcsError } from '../../protocol/errors.ts';
import type { Grant } from '../../protocol/model.ts';
import type { Allowance, ConnectHook, Question } from './connect-hook.ts';
import { isRoomOf, type TokenVerifier } from './token.ts';

/** Who somebody is, from `connect` on. */
export interface Identity {
  readonly login: string;
  /** What others see instead of the login. */
  readonly displayName?: string | undefined;
  /** Who this is on the site (`sub` of the token): connections with the same one are of the same person. */
  readonly subject?: string | undefined;
  /** Rooms that may be entered: names, or patterns with `*`. Undefined: any. */
  readonly rooms?: readonly string[] | undefined;
  /** Undefined on a backend that asks for no tokens: a room gives its maker and its guests theirs. */
  readonly grants?: ReadonlySet<Grant> | undefined;
}

export interface AuthOptions {
  /** Undefined: nobody needs a token. */
  tokens: TokenVerifier | undefined;
  /** Undefined: nobody else is asked. */
  hook?: ConnectHook | undefined;
}

/** Decides who may connect, and who may enter which room as what. */
export class Auth {
  readonly #options: AuthOptions;

  constructor(options: AuthOptions) {
    this.#options = options;
  }

  /** Who asks to be `login`. Throws WcsError `unauthorized`, `forbidden` or `auth_unavailable`. */
  async identify({ login, token }: { login: string; token: string | undefined }): Promise<Identity> {
    const { tokens } = this.#options;
    const identity = tokens ? await readToken(tokens, { login, token }) : { login };
    return await this.#narrow(identity, { at: 'connect' });
  }

  /** Who this is in `room`. Throws WcsError `forbidden` or `auth_unavailable`. */
  async admit(identity: Identity, room: string): Promise<Identity> {
    if (identity.rooms && !identity.rooms.some((pattern) => isRoomOf(pattern, room)))
      throw new WcsError('forbidden', 'The token is for another room.');
    assertMayJoin(identity);
    const narrowed = await this.#narrow(identity, { at: 'join', room });
    assertMayJoin(narrowed);
    return narrowed;
  }

  /** As whom the hook lets this one pass. */
  async #narrow(identity: Identity, about: Pick<Question, 'at' | 'room'>): Promise<Identity> {
    const { hook } = this.#options;
    if (!hook) return identity;
    const { login, displayName, subject, grants } = identity;
    const answer = await hook.ask({ ...about, login, displayName, subject, grants: grants && [...grants] });
    return {
      ...identity,
      displayName: answer.displayName ?? displayName,
      grants: both(grants, answer.grants),
    };
  }
}

async function readToken(
  tokens: TokenVerifier,
  { login, token }: { login: string; token: string | undefined },
): Promise<Identity> {
  if (token === undefined || token === '') throw new WcsError('unauthorized', 'This server asks for a token.');
  const claims = await tokens.verify(token);
  if (claims.login !== undefined && claims.login !== login)
    throw new WcsError('forbidden', 'The token is for another username.');
  return { login, displayName: claims.name, subject: claims.sub, rooms: claims.room, grants: new Set(claims.grants) };
}

function assertMayJoin({ grants }: Identity): void {
  if (grants && !grants.has('join')) throw new WcsError('forbidden', 'You may not enter a room here.');
}

/** What both allow; without a token the hook alone says what somebody may do. */
function both(one: Identity['grants'], other: Allowance['grants']): Identity['grants'] {
  if (!other) return one;
  return new Set(other.filter((grant) => !one || one.has(grant)));
}
