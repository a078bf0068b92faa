import type { WcsError } from '../../protocol/errors.ts';
import { ERROR_INFO, SESSION_STATUS, type SessionStatus } from './constants.ts';
import { Emitter } from './emitter.ts';
import type { JoinOptions, Room } from './room.ts';

export interface ConnectOptions {
  /** The backend's WebSocket address: `wss://host/ws`. A path that is left out is taken to be `/ws`. */
  urlServer: string;
  /** Login: who this is in every room of the session; 1 to 64 characters, without control characters. */
  username?: string;
  /** Signed token, where the backend wants one. */
  token?: string;
  /** Accepted for pages written for WCS, and ignored: this backend has one application. */
  appKey?: string;
  /** For every peer connection: `iceServers`, `iceTransportPolicy` and the rest (W3C WebRTC §4.2.1). */
  mediaOptions?: RTCConfiguration;
}

export interface SessionEvents {
  /** Signed in. Once in a session's life. */
  ESTABLISHED: [session: RoomSession];
  /** The page called `disconnect()`. */
  DISCONNECTED: [session: RoomSession];
  /** Not signed in, or lost for good; `session.getError()` says why. */
  FAILED: [session: RoomSession];
  /** The connection is lost and is being looked for again. */
  RECONNECTING: [session: RoomSession];
  /** The connection is back. */
  RECONNECTED: [session: RoomSession];
}

/**
 * Opens a session. Returns it at once; what comes of it is told by ESTABLISHED or FAILED, and by
 * `session.established`.
 *
 * @throws TypeError "options.urlServer must be provided".
 */
export function connect(options: ConnectOptions): RoomSession {
  if (!options?.urlServer) throw new TypeError(ERROR_INFO.OPTIONS_URLSERVER_MUST_BE_PROVIDED);
  return new RoomSession(options);
}

/** One signed-in connection to the backend. It may be in several rooms. */
export class RoomSession extends Emitter<SessionEvents> {
  /** Settles with ESTABLISHED or FAILED: rejects with a WcsError. Never an unhandled rejection. */
  readonly established: Promise<RoomSession>;
  readonly #options: ConnectOptions;

  constructor(options: ConnectOptions) {
    super();
    this.#options = options;
    this.established = Promise.reject(new Error('not implemented'));
    this.established.catch(() => undefined);
  }

  /**
   * Enters a room, making it if there is none of that name. Returns at once; the result comes by STATE or FAILED, and
   * by `room.joined`.
   */
  join(options: JoinOptions): Room {
    throw new Error(`not implemented ${options.name}`);
  }

  /** The rooms that were joined and not left. */
  getRooms(): Room[] {
    return [];
  }

  /** Ends the session: leaves every room, stops every stream, closes the socket. Then DISCONNECTED. */
  disconnect(): void {}

  status(): SessionStatus {
    return SESSION_STATUS.PENDING;
  }

  /** A UUID made by this browser. */
  id(): string {
    return '';
  }

  getServerUrl(): string {
    return this.#options.urlServer;
  }

  /** The login as the page gave it. */
  username(): string {
    return this.#options.username ?? '';
  }

  /** Why the session is FAILED or DISCONNECTED. */
  getError(): WcsError | undefined {
    return undefined;
  }
}
