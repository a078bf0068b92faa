import type { types } from 'mediasoup-client';
import * as v from 'valibot';
import { WcsError } from '../../protocol/errors.ts';
import type { EventData, EventName, Reply } from '../../protocol/messages.ts';
import { Login } from '../../protocol/model.ts';
import { Connection, type TokenSource } from './signaling/connection.ts';
import { watchNetwork } from './signaling/network.ts';
import { RECONNECT_TIMEOUT } from './signaling/reconnect.ts';
import { ERROR_INFO, SESSION_STATUS, type SessionStatus } from './constants.ts';
import { deferred } from './deferred.ts';
import { Emitter } from './emitter.ts';
import { loadDevice, type LoadDevice } from './media/media.ts';
import { uuid } from './random.ts';
import type { JoinOptions, RoomLink } from './room-link.ts';
import { Room } from './room.ts';

export interface ConnectOptions {
  /** The backend's WebSocket address: `wss://host/ws`. A path that is left out is taken to be `/ws`. */
  urlServer: string;
  /** Login: who this is in every room of the session; 1 to 64 characters, without control characters. */
  username?: string;
  /**
   * Signed token, where the backend wants one; or what makes a fresh one, which is asked at each attempt to connect: tokens expire,
   * and a backend that was restarted asks for one again.
   */
  token?: TokenSource | undefined;
  /** Accepted for pages written for WCS, and ignored: this backend has one application. */
  appKey?: string;
  /** Milliseconds for which a lost connection is looked for before the session is FAILED; default 120,000. */
  reconnectTimeout?: number;
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
 * `session.established`. In the original it throws unless `RoomApi.sdk.init()` was called before; here it need not be.
 *
 * @throws TypeError "options.urlServer must be provided".
 */
export function connect(options: ConnectOptions): RoomSession {
  if (!options?.urlServer) throw new TypeError(ERROR_INFO.OPTIONS_URLSERVER_MUST_BE_PROVIDED);
  const session = new RoomSession(options, { onOver: () => sessions.delete(session.id()) });
  sessions.set(session.id(), session);
  return session;
}

/** The sessions of this page that are not over. */
export function getSessions(): RoomSession[] {
  return [...sessions.values()];
}

export function getSession(id: string): RoomSession | undefined {
  return sessions.get(id);
}

const sessions = new Map<string, RoomSession>();

interface SessionParts {
  loadDevice?: LoadDevice;
  onOver?(): void;
}

/** One signed-in connection to the backend. It may be in several rooms. */
export class RoomSession extends Emitter<SessionEvents> {
  /** Settles with ESTABLISHED or FAILED: rejects with a WcsError. Never an unhandled rejection. */
  readonly established: Promise<RoomSession>;

  readonly #options: ConnectOptions;
  readonly #id = uuid();
  readonly #login: string;
  readonly #parts: SessionParts;
  readonly #rooms = new Set<Room>();
  readonly #settle = deferred<RoomSession>();
  readonly #connection: Connection;
  readonly #unwatch: () => void;
  /** The backend's process, as it named itself. */
  #backend: string | undefined;
  #device: Promise<types.Device | undefined> | undefined;
  #status: SessionStatus = SESSION_STATUS.PENDING;
  #error: WcsError | undefined;

  /** @internal */
  constructor(options: ConnectOptions, parts: SessionParts = {}) {
    super();
    this.established = this.#settle.promise;
    this.#options = options;
    this.#parts = parts;
    const login = v.safeParse(Login, options.username);
    this.#login = login.success ? login.output : (options.username ?? '');
    this.#connection = new Connection({
      url: socketUrl(options.urlServer),
      login: this.#login,
      token: options.token,
      reconnectTimeout: this.#reconnectTimeout,
      onOpen: () => this.#opened(),
      onUp: (reply) => this.#up(reply),
      onAway: () => this.#away(),
      onEvent: (event, data) => this.#receive(event, data),
      onEnd: (error) => this.#end(error),
    });
    this.#unwatch = watchNetwork(() => this.#look());
  }

  /**
   * Enters a room, making it if there is none of that name. Returns at once; the result comes by STATE or FAILED, and
   * by `room.joined`. Before ESTABLISHED it waits.
   */
  join(options: JoinOptions): Room {
    const room: Room = new Room(options, this.#link());
    this.#rooms.add(room);
    return room;
  }

  /** The rooms that were joined and not left. */
  getRooms(): Room[] {
    return [...this.#rooms].filter((room) => room.isJoined());
  }

  /** Ends the session: leaves every room, ends every stream, closes the socket. Then DISCONNECTED. */
  disconnect(): void {
    if (this.#connection.closed) return;
    this.#connection.close();
    this.#status = SESSION_STATUS.DISCONNECTED;
    const error = new WcsError('aborted', 'The session was disconnected.');
    this.#settle.reject(error);
    // The page has not got its hands free before this call returns.
    queueMicrotask(() => {
      this.#tellOver(error);
      this.emit(SESSION_STATUS.DISCONNECTED, this);
    });
  }

  status(): SessionStatus {
    return this.#status;
  }

  /** A UUID made by this browser. */
  id(): string {
    return this.#id;
  }

  getServerUrl(): string {
    return this.#options.urlServer;
  }

  /** The login as the page gave it. */
  username(): string {
    return this.#options.username ?? '';
  }

  /** Why the session is FAILED. */
  getError(): WcsError | undefined {
    return this.#error;
  }

  get #reconnectTimeout(): number {
    return this.#options.reconnectTimeout ?? RECONNECT_TIMEOUT;
  }

  #look(): void {
    this.#connection.look();
    for (const room of this.#rooms) room.look();
  }

  #link(): RoomLink {
    return {
      login: this.#login,
      rtc: this.#options.mediaOptions ?? {},
      reconnectTimeout: this.#reconnectTimeout,
      ask: (method, data, options) => this.#connection.request(method, data, options),
      device: async () => {
        await this.established;
        return this.#device;
      },
      up: () => this.#connection.up,
      doubt: () => this.#connection.look(),
      onOver: (room) => this.#rooms.delete(room),
    };
  }

  #opened(): void {
    if (this.#status === SESSION_STATUS.PENDING) this.#status = SESSION_STATUS.CONNECTED;
  }

  #up({ routerCapabilities, rooms, backend, resumeTimeout }: Reply<'connect'>): void {
    const first = !this.#device;
    // After a restart everybody who was there is on the way back.
    const awaiting = backend === this.#backend ? 0 : resumeTimeout;
    this.#backend = backend;
    if (!rooms) {
      const { loadDevice: load = loadDevice } = this.#parts;
      this.#device = load(routerCapabilities);
      // Whoever joins hears of it.
      this.#device.catch(() => undefined);
    }
    this.#status = SESSION_STATUS.ESTABLISHED;
    if (first) {
      this.#settle.resolve(this);
      this.emit(SESSION_STATUS.ESTABLISHED, this);
      return;
    }
    for (const room of [...this.#rooms]) {
      const state = rooms?.find(({ name }) => name === room.name());
      if (state) room.connectionBack(state);
      else room.sessionForgotten(awaiting);
    }
    this.emit(SESSION_STATUS.RECONNECTED, this);
  }

  #away(): void {
    this.#status = SESSION_STATUS.RECONNECTING;
    this.emit(SESSION_STATUS.RECONNECTING, this);
    for (const room of [...this.#rooms]) room.connectionLost();
  }

  #receive<E extends EventName>(event: E, data: EventData<E>): void {
    for (const room of [...this.#rooms]) if (room.name() === data.room) room.receive(event, data);
  }

  #end(error: WcsError): void {
    this.#status = SESSION_STATUS.FAILED;
    this.#error = error;
    this.#settle.reject(error);
    this.#tellOver(error);
    this.emit(SESSION_STATUS.FAILED, this);
  }

  #tellOver(error: WcsError): void {
    this.#unwatch();
    this.#parts.onOver?.();
    for (const room of [...this.#rooms]) room.sessionEnded(error);
  }
}

/** The address with `/ws` where a page written for WCS names none, and with a WebSocket's scheme. */
export function socketUrl(address: string): string {
  let url: URL;
  try {
    url = new URL(address, globalThis.location?.href);
  } catch {
    // Not an address: told like one that nobody answers at.
    return address;
  }
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.protocol === 'https:') url.protocol = 'wss:';
  if (url.pathname === '/' || url.pathname === '') url.pathname = '/ws';
  return url.href;
}
