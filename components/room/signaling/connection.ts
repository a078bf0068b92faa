import debug from 'debug';
import { WcsError } from '../../../protocol/errors.ts';
import { CONNECT_TIMEOUT, REQUEST_TIMEOUT } from '../../../protocol/limits.ts';
import {
  PROTOCOL_VERSION,
  type EventData,
  type EventName,
  type Method,
  type Reply,
  type RequestData,
} from '../../../protocol/messages.ts';
import { reconnectDelay } from './reconnect.ts';
import { Signaling } from './signaling.ts';

const log = debug('wcs:connection');

/** Milliseconds for one attempt to come back. */
const ATTEMPT_TIMEOUT = 5_000;

/** Milliseconds that a socket has to show that it is alive when that is in doubt. */
const PROBE_TIMEOUT = 2_000;

/** Milliseconds that count between two attempts at most: a machine that sleeps does not look for anything. */
const STEP_MAX = 2 * ATTEMPT_TIMEOUT;

/** Closes a socket but not the session (RFC 6455 §7.4.2: a code of our own). */
const COMING_BACK = 3000;

/** A token, or what makes a fresh one. */
export type TokenSource = string | (() => string | undefined | Promise<string | undefined>);

export interface ConnectionOptions {
  url: string;
  login: string;
  token?: TokenSource | undefined;
  /** Milliseconds for which a lost connection is looked for. */
  reconnectTimeout: number;
  /** The socket is open. */
  onOpen(): void;
  /** Signed in: for the first time, or back. With `rooms` the session is the one it was. */
  onUp(reply: Reply<'connect'>): void;
  onAway(): void;
  onEvent<E extends EventName>(event: E, data: EventData<E>): void;
  /** Over, for whatever reason but `close()`. */
  onEnd(error: WcsError): void;
}

export interface AskOptions<M extends Method> {
  /** See Signaling.request. */
  accept?: (reply: Reply<M>) => void;
  /** Gives up waiting: rejects with `aborted`, unless it is answered already. */
  signal?: AbortSignal;
  /**
   * Asks again when the connection was lost before the answer, and waits for as long as it may come back. Then a
   * refusal may mean that the first asking was carried out: `onRepeat` tells of each repetition.
   */
  repeat?: boolean;
  onRepeat?: () => void;
}

interface Entry {
  order: number;
  repeat: boolean;
  start(link: Signaling): void;
  reject(error: WcsError): void;
  /** Runs while the entry waits for a connection. */
  deadline?: ReturnType<typeof setTimeout>;
}

/**
 * A session's connection, over as many sockets as it takes: comes back after a loss, resuming the session where the
 * backend still knows it. Requests made meanwhile wait.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #waiting = new Set<Entry>();
  #state: 'connecting' | 'up' | 'away' | 'closed' = 'connecting';
  #link: Signaling | undefined;
  #resume: { session: string; key: string } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempts = 0;
  /** Milliseconds that the lost connection has been looked for, and when that was counted. */
  #searched = 0;
  #countedAt = 0;
  #order = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#open(CONNECT_TIMEOUT);
  }

  get up(): boolean {
    return this.#state === 'up';
  }

  get closed(): boolean {
    return this.#state === 'closed';
  }

  /**
   * Asks the backend.
   *
   * @throws WcsError of the backend's refusal; request_timeout; aborted; connection_lost when the connection does not
   * come back in time (without `repeat`: within REQUEST_TIMEOUT, or when it is lost before the answer).
   */
  request<M extends Method>(method: M, data: RequestData<M>, options: AskOptions<M> = {}): Promise<Reply<M>> {
    const { accept, signal, repeat = false, onRepeat } = options;
    const order = this.#order++;
    return new Promise((resolve, reject) => {
      const settle = () => {
        signal?.removeEventListener('abort', abort);
        this.#drop(entry);
      };
      const fail = (error: WcsError) => {
        settle();
        reject(error);
      };
      const abort = () => fail(new WcsError('aborted', `${method} was given up.`));
      const entry: Entry = { order, repeat, start, reject: fail };
      const take = (reply: Reply<M>) => {
        if (!signal?.aborted) accept?.(reply);
      };
      function start(link: Signaling): void {
        link.request(method, data, take).then(
          (reply) => {
            settle();
            resolve(reply);
          },
          (error: WcsError) => again(error),
        );
      }
      const again = (error: WcsError) => {
        if (signal?.aborted) return;
        if (error.code !== 'connection_lost' || !repeat || this.closed) return fail(error);
        onRepeat?.();
        this.#admit(entry);
      };
      if (signal?.aborted) return abort();
      signal?.addEventListener('abort', abort);
      this.#admit(entry);
    });
  }

  /** Something may have changed: finds out soon whether the socket is alive; while there is none, tries at once. */
  look(): void {
    if (this.up) this.#link?.probe(PROBE_TIMEOUT);
    if (this.#state !== 'away' || this.#link) return;
    clearTimeout(this.#timer);
    this.#open(ATTEMPT_TIMEOUT);
  }

  /** Ends the session, at once and for good. */
  close(): void {
    if (this.closed) return;
    this.#shut(new WcsError('connection_lost', 'The session was disconnected.'), 1000);
  }

  #admit(entry: Entry): void {
    if (this.closed) return entry.reject(new WcsError('connection_lost', 'The session is over.'));
    if (this.up && this.#link) return entry.start(this.#link);
    this.#waiting.add(entry);
    if (entry.repeat) return;
    entry.deadline = setTimeout(() => entry.reject(gone()), REQUEST_TIMEOUT);
  }

  #drop(entry: Entry): void {
    clearTimeout(entry.deadline);
    this.#waiting.delete(entry);
  }

  /**
   * Firefox makes those wait who look for a lost server, longer and longer up to a minute, path by path: so each attempt has
   * one of its own, and comes when it is due.
   */
  get #address(): string {
    if (this.#attempts === 0) return this.#options.url;
    const url = new URL(this.#options.url);
    url.pathname = `${url.pathname.replace(/\/$/, '')}/${this.#attempts}`;
    return url.href;
  }

  #open(timeout: number): void {
    const { login, token, onOpen, onEvent } = this.#options;
    const link = new Signaling({
      url: this.#address,
      onOpen: () => onOpen(),
      onEvent: (event, data) => onEvent(event, data),
      onClose: (error) => this.#failed(link, error),
    });
    this.#link = link;
    this.#timer = setTimeout(() => {
      link.close(COMING_BACK);
      this.#failed(link, new WcsError('server_unreachable', 'The server does not answer. Check its address.'));
    }, timeout);
    const resume = this.#resume;
    const signIn = (shown: string | undefined) =>
      link
        .request('connect', { version: PROTOCOL_VERSION, login, token: shown, resume }, (reply) =>
          this.#established(reply),
        )
        .catch((error: WcsError) => this.#refused(link, error));
    if (typeof token !== 'function') void signIn(token);
    else
      Promise.resolve()
        .then(token)
        .then(signIn, (cause: unknown) =>
          this.#refused(link, new WcsError('auth_unavailable', 'The page could not give a token.', { cause })),
        );
  }

  #established(reply: Reply<'connect'>): void {
    clearTimeout(this.#timer);
    log('up, %s', reply.rooms ? 'resumed' : 'new');
    this.#resume = { session: reply.session, key: reply.key };
    this.#state = 'up';
    this.#attempts = 0;
    this.#options.onUp(reply);
    const link = this.#link;
    for (const entry of [...this.#waiting].sort((a, b) => a.order - b.order)) {
      // The listener of the line above may have closed the session.
      if (!this.up || !link) return;
      this.#drop(entry);
      entry.start(link);
    }
  }

  /** The backend answered `connect` with no. */
  #refused(link: Signaling, error: WcsError): void {
    if (link !== this.#link || this.#state === 'up') return;
    link.close(COMING_BACK);
    this.#failed(link, error);
  }

  /** A socket is gone, or an attempt to come back has failed. */
  #failed(link: Signaling, error: WcsError): void {
    if (link !== this.#link || this.closed) return;
    clearTimeout(this.#timer);
    this.#link = undefined;
    log('lost: %s', error.code);
    const mayComeBack = error.retry && error.code !== 'flood';
    if (this.#state === 'connecting' || !mayComeBack) return this.#end(error);
    if (this.#state === 'up') {
      this.#state = 'away';
      this.#searched = 0;
      this.#countedAt = Date.now();
      this.#options.onAway();
      // The listener may have closed the session.
      if (this.closed) return;
    }
    this.#retryLater();
  }

  #retryLater(): void {
    const now = Date.now();
    this.#searched += Math.min(now - this.#countedAt, STEP_MAX);
    this.#countedAt = now;
    const delay = reconnectDelay({
      attempt: this.#attempts,
      elapsed: this.#searched,
      timeout: this.#options.reconnectTimeout,
      random: Math.random(),
    });
    if (delay === undefined) return this.#end(gone());
    this.#attempts += 1;
    this.#timer = setTimeout(() => this.#open(ATTEMPT_TIMEOUT), delay);
  }

  #end(error: WcsError): void {
    this.#shut(error, COMING_BACK);
    this.#options.onEnd(error);
  }

  #shut(error: WcsError, code: number): void {
    this.#state = 'closed';
    clearTimeout(this.#timer);
    this.#link?.close(code);
    this.#link = undefined;
    for (const entry of [...this.#waiting]) entry.reject(error);
  }
}

function gone(): WcsError {
  return new WcsError('connection_lost', 'The connection to the server is lost and did not come back.');
}
