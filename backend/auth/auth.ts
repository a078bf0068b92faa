import { WcsError } from '../../protocol/errors.ts';
import type { Grant } from '../../protocol/model.ts';
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
    if (!tokens) return { login };
    if (token === undefined || token === '') throw new WcsError('unauthorized', 'This server asks for a token.');
    const claims = await tokens.verify(token);
    if (claims.login !== undefined && claims.login !== login)
      throw new WcsError('forbidden', 'The token is for another username.');
    return {
      login,
      displayName: claims.name,
      subject: claims.sub,
      rooms: claims.room,
      grants: new Set(claims.grants),
    };
  }

  /** Who this is in `room`. Throws WcsError `forbidden` or `auth_unavailable`. */
  async admit(identity: Identity, room: string): Promise<Identity> {
    const { rooms, grants } = identity;
    if (rooms && !rooms.some((pattern) => isRoomOf(pattern, room)))
      throw new WcsError('forbidden', 'The token is for another room.');
    if (grants && !grants.has('join')) throw new WcsError('forbidden', 'The token does not let anybody into a room.');
    return await Promise.resolve(identity);
  }
}
