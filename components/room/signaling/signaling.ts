import debug from 'debug';
import { WcsError, errorCodeOfClose } from '../../../protocol/errors.ts';
import { ServerFrame, check, decode, encodeRequest, toError } from '../../../protocol/frames.ts';
import { PING_INTERVAL, REQUEST_TIMEOUT, REQUEST_WINDOW } from '../../../protocol/limits.ts';
import {
  EVENTS,
  REQUESTS,
  type EventData,
  type EventName,
  type Method,
  type Reply,
  type RequestData,
} from '../../../protocol/messages.ts';

const log = debug('wcs:signaling');

/** Milliseconds for which an answered request still counts for the backend's limit per second. */
const WINDOW_MS = 1_000;

export interface SignalingOptions {
  /** ws: or wss: */
  url: string;
  onOpen(): void;
  onEvent<E extends EventName>(event: E, data: EventData<E>): void;
  /** The socket is closed, for whatever reason but `close()`. Called once, after every request has been rejected. */
  onClose(error: WcsError): void;
}

interface Request {
  method: Method;
  data: unknown;
  /** Called when the answer is in, before any later frame is looked at. */
  accept: (reply: unknown) => void;
  reject: (error: WcsError) => void;
  deadline?: ReturnType<typeof setTimeout>;
}

/**
 * One WebSocket: requests with deadlines, in order and paced below the backend's limit; events; a sign of life every
 * PING_INTERVAL. It does not come back: `Connection` makes a new one.
 */
export class Signaling {
  readonly #options: SignalingOptions;
  readonly #socket: WebSocket | undefined;
  readonly #queue: Request[] = [];
  readonly #asked = new Map<number, Request>();
  readonly #cooling = new Set<ReturnType<typeof setTimeout>>();
  #nextId = 0;
  #heard = true;
  #opened = false;
  #closed = false;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #probing: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SignalingOptions) {
    this.#options = options;
    this.#socket = openSocket(options.url);
    if (!this.#socket) {
      queueMicrotask(() => this.#lost(closeError(false, 0, '')));
      return;
    }
    this.#socket.onopen = () => this.#open();
    this.#socket.onmessage = ({ data }) => this.#receive(data as unknown);
    this.#socket.onclose = ({ code, reason }) => this.#lost(closeError(this.#opened, code, reason));
  }

  /**
   * Asks the backend. Waits for the socket to open and for its turn.
   *
   * @param accept - called with the reply when it is in, before any later frame is looked at; what an event may follow
   * must be done here, not after the promise.
   * @throws WcsError of the backend's refusal; request_timeout; connection_lost.
   */
  request<M extends Method>(method: M, data: RequestData<M>, accept?: (reply: Reply<M>) => void): Promise<Reply<M>> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(lost());
        return;
      }
      this.#queue.push({
        method,
        data,
        accept: (reply) => {
          accept?.(reply as Reply<M>);
          resolve(reply as Reply<M>);
        },
        reject,
      });
      this.#pump();
    });
  }

  /** Takes the socket for lost unless something is heard within `timeout` milliseconds. */
  probe(timeout: number): void {
    if (!this.#opened || this.#closed || this.#probing) return;
    this.#heard = false;
    this.request('ping', {}).catch(() => undefined);
    this.#probing = setTimeout(() => {
      this.#probing = undefined;
      if (!this.#heard) this.#giveUp();
    }, timeout);
  }

  /** @param code - 1000 ends the session; anything from 3000 leaves it to be resumed. */
  close(code: number): void {
    if (this.#closed) return;
    this.#shut(lost());
    this.#socket?.close(code);
  }

  #open(): void {
    if (this.#closed) return;
    this.#opened = true;
    this.#options.onOpen();
    this.#heartbeat = setInterval(() => this.#beat(), PING_INTERVAL);
    this.#pump();
  }

  #pump(): void {
    if (!this.#opened) return;
    while (this.#asked.size + this.#cooling.size < REQUEST_WINDOW) {
      const request = this.#queue.shift();
      if (!request) return;
      this.#send(request);
    }
  }

  #send(request: Request): void {
    const id = this.#nextId++;
    this.#asked.set(id, request);
    request.deadline = setTimeout(() => {
      this.#settle(id);
      request.reject(new WcsError('request_timeout', `The server did not answer (${request.method}). Try again.`));
    }, REQUEST_TIMEOUT);
    log('> %s %o', request.method, id);
    this.#socket?.send(encodeRequest(id, request.method, request.data));
  }

  /** Takes a request out of those that wait for an answer. */
  #settle(id: number): Request | undefined {
    const request = this.#asked.get(id);
    if (!request) return undefined;
    this.#asked.delete(id);
    clearTimeout(request.deadline);
    const timer = setTimeout(() => {
      this.#cooling.delete(timer);
      this.#pump();
    }, WINDOW_MS);
    this.#cooling.add(timer);
    return request;
  }

  #receive(text: unknown): void {
    this.#heard = true;
    if (this.#closed) return;
    let frame: ServerFrame;
    try {
      frame = decode(ServerFrame, typeof text === 'string' ? text : '');
    } catch (error) {
      // Not worth a connection: it would be the same on the next one, and a lost answer has its deadline.
      log('a frame that is none: %o', error);
      return;
    }
    if ('event' in frame) this.#tell(frame.event, frame.data);
    else this.#answer(frame);
  }

  #answer(frame: Extract<ServerFrame, { id: number }>): void {
    const request = this.#settle(frame.id);
    if (!request) return;
    log('< %s %o %s', request.method, frame.id, 'error' in frame ? frame.error.code : '');
    if ('error' in frame) {
      request.reject(toError(frame.error));
      return;
    }
    try {
      request.accept(check(REQUESTS[request.method].reply, frame.data));
    } catch (cause) {
      request.reject(new WcsError('internal', `The answer to ${request.method} makes no sense.`, { cause }));
    }
  }

  #tell(event: string, data: unknown): void {
    // A later backend may tell more than this version knows.
    if (!Object.hasOwn(EVENTS, event)) return;
    const name = event as EventName;
    try {
      data = check(EVENTS[name], data);
    } catch (error) {
      // One event that makes no sense must not end a call that works otherwise.
      log('event %s makes no sense: %o', event, error);
      return;
    }
    log('< %s', event);
    this.#options.onEvent(name, data as EventData<EventName>);
  }

  #beat(): void {
    if (this.#probing) return;
    if (!this.#heard) return this.#giveUp();
    this.#heard = false;
    this.request('ping', {}).catch(() => undefined);
  }

  /** A socket that nothing comes from: closing it properly would wait for the other end. */
  #giveUp(): void {
    this.#lost(lost());
    this.#socket?.close(3000);
  }

  #lost(error: WcsError): void {
    if (this.#closed) return;
    this.#shut(error);
    this.#options.onClose(error);
  }

  #shut(error: WcsError): void {
    this.#closed = true;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#probing);
    for (const timer of this.#cooling) clearTimeout(timer);
    const requests = [...this.#asked.values(), ...this.#queue];
    this.#asked.clear();
    this.#queue.length = 0;
    for (const request of requests) {
      clearTimeout(request.deadline);
      request.reject(error);
    }
  }
}

/** Undefined for an address that is none, and for ws: on a page of https: (Mixed Content §5). */
function openSocket(url: string): WebSocket | undefined {
  try {
    return new WebSocket(url);
  } catch (error) {
    log('%s: %o', url, error);
    return undefined;
  }
}

function lost(): WcsError {
  return new WcsError('connection_lost', 'The connection to the server is lost.');
}

function closeError(opened: boolean, code: number, reason: string): WcsError {
  if (!opened) {
    return new WcsError('server_unreachable', 'The server does not answer. Check its address and your connection.');
  }
  const violation = errorCodeOfClose(code);
  return violation ? new WcsError(violation, reason || 'The server closed the connection.') : lost();
}
