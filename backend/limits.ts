import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { WcsError } from '../protocol/errors.ts';
import type { Config } from './config.ts';

/** Seconds over which everything that comes again and again is counted. */
const WINDOW = 60;

/** Milliseconds after which somebody with too many sockets may try another one: as long as a lost one goes unnoticed. */
const SOCKET_RETRY = 20_000;

/** What is counted per minute: by which settings for an address and for a session, and how people are told. */
const RATES = {
  connects: { address: 'limit_connects_per_address', words: 'new connections' },
  http: { address: 'limit_http_requests_per_address', words: 'requests' },
  requests: { address: 'limit_requests_per_address', session: 'limit_requests_per_session', words: 'requests' },
  joins: { address: 'limit_joins_per_address', session: 'limit_joins_per_session', words: 'joins' },
  messages: { address: 'limit_messages_per_address', session: 'limit_messages_per_session', words: 'messages' },
  rooms: { address: 'limit_new_rooms_per_address', words: 'new rooms' },
} as const satisfies Record<string, { address: keyof Config; session?: keyof Config; words: string }>;

export type Rate = keyof typeof RATES;

/** Who asks: an address, as `networkOf` gives it, and once it is signed in a session. */
export interface Asker {
  address: string;
  session?: string | undefined;
}

type SocketKind = 'signaling' | 'any';

interface Counted {
  address: RateLimiterMemory | undefined;
  session: RateLimiterMemory | undefined;
}

/** Counts what addresses and sessions do, and refuses what is more than their settings allow. */
export class Limits {
  readonly #rates: ReadonlyMap<Rate, Counted>;
  readonly #maxSockets: number;
  /** Open sockets by address: of signaling, and all. */
  readonly #sockets: Readonly<Record<SocketKind, Map<string, number>>> = { signaling: new Map(), any: new Map() };

  constructor(config: Config) {
    const limiter = (setting: keyof Config | undefined) => {
      const points = setting ? Number(config[setting]) : 0;
      return points === 0 ? undefined : new RateLimiterMemory({ points, duration: WINDOW });
    };
    const names = Object.keys(RATES) as Rate[];
    this.#rates = new Map(
      names.map((name) => {
        const { address, session }: { address: keyof Config; session?: keyof Config } = RATES[name];
        return [name, { address: limiter(address), session: limiter(session) }];
      }),
    );
    this.#maxSockets = config.limit_connections_per_address;
  }

  /** Counts one more. Throws WcsError `rate_limited`, with the time after which there is room again. */
  async take(rate: Rate, { address, session }: Asker): Promise<void> {
    const counted = this.#rates.get(rate);
    try {
      // The session first: what it is refused does not count against those who share its address.
      if (session !== undefined) await counted?.session?.consume(session);
      await counted?.address?.consume(address);
    } catch (cause) {
      if (!(cause instanceof RateLimiterRes)) throw cause;
      const retryAfter = Math.max(1, cause.msBeforeNext);
      throw new WcsError('rate_limited', `Too many ${RATES[rate].words}: wait for ${inWords(retryAfter)}.`, {
        retryAfter,
      });
    }
  }

  /** Counts a socket for as long as it is open: returns what is called when it has closed. Throws WcsError `rate_limited`. */
  open(kind: SocketKind, address: string): () => void {
    const sockets = this.#sockets[kind];
    const count = sockets.get(address) ?? 0;
    // There is room for those of HTTP beside those of signaling, however many these are.
    const most = kind === 'any' ? 2 * this.#maxSockets : this.#maxSockets;
    if (most !== 0 && count >= most)
      throw new WcsError('rate_limited', 'Too many connections from this address are open.', {
        retryAfter: SOCKET_RETRY,
      });
    sockets.set(address, count + 1);
    return () => {
      const left = (sockets.get(address) ?? 0) - 1;
      if (left > 0) sockets.set(address, left);
      else sockets.delete(address);
    };
  }
}

function inWords(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds === 1 ? 'a second' : `${seconds} seconds`;
}
