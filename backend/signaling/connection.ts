import { randomBytes } from 'node:crypto';
import { WcsError } from '../../protocol/errors.ts';
import { check, decode, encodeError, encodeReply, RequestFrame } from '../../protocol/frames.ts';
import { CONNECT_TIMEOUT, REQUESTS_PER_SECOND } from '../../protocol/limits.ts';
import { REQUESTS, type Method } from '../../protocol/messages.ts';
import type { LeaveReason } from '../../protocol/model.ts';
import type { Limits, Rate } from '../limits.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Handlers } from './handlers.ts';
import type { Link, Session } from './session.ts';

/** Requests of one connection that may wait for their turn; reached only when the media worker hangs. */
const WAITING_MAX = 4 * REQUESTS_PER_SECOND;

/** Close code of an end that is nobody's fault (RFC 6455 §7.4.1). */
const CLOSED_NORMALLY = 1000;

/** Close codes with which a browser says that it does not come back: done, and page left. */
const ENDINGS: ReadonlyMap<number, LeaveReason> = new Map([
  [CLOSED_NORMALLY, 'left'],
  [1001, 'lost'],
]);

/** One socket, as far as a connection needs it. */
export interface Socket {
  send(text: string): void;
  close(code: number, reason: string): void;
}

/** Requests that are counted by themselves too, beside all together. */
const RATES: Partial<Record<Method, Rate>> = {
  join: 'joins',
  knock: 'joins',
  probe: 'joins',
  message: 'messages',
  hand: 'messages',
  react: 'messages',
};

export interface ConnectionOptions {
  socket: Socket;
  /** Where it comes from, as `networkOf` gives it. */
  address: string;
  handlers: Handlers;
  limits: Limits;
  metrics: Metrics;
  log: Log;
}

/**
 * What is said over one socket: frames are decoded, checked against the table and handled one at a time, in order.
 * Here the fate of an error is decided: a refusal is answered; a violation also closes the socket and ends the session;
 * anything else is logged under a reference and answered as `internal`.
 */
export class Connection implements Link {
  readonly address: string;
  readonly #socket: Socket;
  readonly #handlers: Handlers;
  readonly #limits: Limits;
  readonly #metrics: Metrics;
  readonly #log: Log;
  readonly #silence: NodeJS.Timeout;
  /** When the latest requests came, oldest first. */
  #arrivals: number[] = [];
  #waiting = 0;
  #work: Promise<void> = Promise.resolve();
  #session: Session | undefined;
  #closed = false;

  constructor({ socket, address, handlers, limits, metrics, log }: ConnectionOptions) {
    this.address = address;
    this.#socket = socket;
    this.#handlers = handlers;
    this.#limits = limits;
    this.#metrics = metrics;
    this.#log = log;
    this.#silence = setTimeout(() => {
      this.violate(new WcsError('connect_timeout', `No connect within ${CONNECT_TIMEOUT / 1000} seconds.`));
    }, CONNECT_TIMEOUT);
  }

  /** Who is signed in over this socket. Throws WcsError `connect_first`. */
  get session(): Session {
    if (!this.#session) throw new WcsError('connect_first', 'Send connect first.');
    return this.#session;
  }

  get signedIn(): boolean {
    return this.#session !== undefined;
  }

  get gone(): boolean {
    return this.#closed;
  }

  signIn(session: Session): void {
    clearTimeout(this.#silence);
    this.#session = session;
  }

  /** Takes one text frame. */
  receive(text: string): void {
    if (this.#closed) return;
    try {
      this.#assertNoFlood();
      const request = decode(RequestFrame, text);
      this.#waiting += 1;
      this.#work = this.#work.then(() => this.#handle(request));
    } catch (error) {
      this.violate(error as WcsError);
    }
  }

  /** The other side has broken the protocol: closes the socket and ends the session at once. */
  violate(error: WcsError): void {
    if (this.#closed) return;
    this.#metrics.failed(error.code);
    this.#log.warn({ code: error.code, login: this.#session?.login }, 'connection closed for a violation');
    this.close(error);
    this.#session?.detach(this, 'lost');
  }

  /** The socket has closed, with this code. */
  closed(code: number): void {
    clearTimeout(this.#silence);
    this.#closed = true;
    this.#log.debug({ code, login: this.#session?.login }, 'connection closed');
    this.#session?.detach(this, ENDINGS.get(code));
  }

  send(text: string): void {
    if (!this.#closed) this.#socket.send(text);
  }

  /** Closes the socket, with the close code and the code of `error`. Idempotent. */
  close(error: WcsError): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#silence);
    this.#socket.close(error.close ?? CLOSED_NORMALLY, error.code);
  }

  settled(): Promise<void> {
    return this.#work;
  }

  #assertNoFlood(): void {
    const now = performance.now();
    this.#arrivals = this.#arrivals.filter((arrival) => now - arrival < 1_000);
    this.#arrivals.push(now);
    if (this.#arrivals.length > REQUESTS_PER_SECOND || this.#waiting > WAITING_MAX)
      throw new WcsError('flood', `More than ${REQUESTS_PER_SECOND} requests within one second.`);
  }

  async #handle({ id, method, data }: RequestFrame): Promise<void> {
    this.#waiting -= 1;
    if (this.#closed) return;
    try {
      if (!isMethod(method)) throw new WcsError('unknown_method', 'There is no such request.');
      this.#log.debug({ id, method, login: this.#session?.login }, 'request');
      await this.#count(method);
      const answered = this.#metrics.time(method);
      const answer = await this.#call(method, data).finally(answered);
      // Evaluated as it goes out: what it says and the events after it belong together.
      this.send(encodeReply(id, typeof answer === 'function' ? answer() : answer));
    } catch (cause) {
      const error = cause instanceof WcsError ? cause : this.#internal(method, cause);
      this.send(encodeError(id, error));
      if (error.close === undefined || this.#staysDespite(error)) this.#metrics.failed(error.code);
      else this.violate(error);
    }
  }

  async #count(method: Method): Promise<void> {
    const asker = { address: this.address, session: this.#session?.id };
    await this.#limits.take('requests', asker);
    const rate = RATES[method];
    if (rate) await this.#limits.take(rate, asker);
  }

  /**
   * Before the server goes down it takes no new rooms. Whoever is in a room here stays in it; others are closed, and find
   * a backend that takes them when they connect again.
   */
  #staysDespite({ code }: WcsError): boolean {
    return code === 'shutting_down' && this.#session !== undefined && this.#session.describeRooms().length > 0;
  }

  async #call<M extends Method>(method: M, data: unknown) {
    return await this.#handlers[method](this, check(REQUESTS[method].data, data));
  }

  #internal(method: string, err: unknown): WcsError {
    const reference = randomBytes(4).toString('hex');
    this.#log.error({ err, reference, method, login: this.#session?.login }, 'request failed');
    return new WcsError('internal', `Something went wrong on the server (reference ${reference}).`);
  }
}

function isMethod(method: string): method is Method {
  return Object.hasOwn(REQUESTS, method);
}
