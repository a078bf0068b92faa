import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { ERRORS, WcsError } from '../../protocol/errors.ts';
import { FRAME_MAX_BYTES, PING_INTERVAL } from '../../protocol/limits.ts';
import { clientAddress, networkOf, type TrustProxy } from '../address.ts';
import type { Limits } from '../limits.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { Connection } from './connection.ts';
import type { Handlers } from './handlers.ts';

/** Where signaling lives on the HTTP port; who looks for a lost connection comes to a number below it. */
const PATH = '/ws';
const PATHS = /^\/ws(\/\d{1,9})?(\?|$)/;

/** Bytes that may wait for a browser that reads too slowly; one more and it is cut off, and may resume. */
const SEND_BUFFER_MAX = 1024 * 1024;

/** Milliseconds that sockets have to close by themselves when the server goes down. */
const CLOSE_TIMEOUT = 1_000;

export interface GatewayOptions {
  server: Server;
  handlers: Handlers;
  /** Origins (RFC 6454) that pages may come from; none: any. */
  allowedOrigins: readonly string[];
  /** Whether with `allowedOrigins` somebody may come who names no origin. */
  allowNoOrigin: boolean;
  trustProxy: TrustProxy;
  limits: Limits;
  metrics: Metrics;
  log: Log;
}

/** Turns sockets into connections, and keeps to the limits of sockets: origin, size, sign of life, backpressure. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #sockets: WebSocketServer;
  readonly #connections = new Map<WebSocket, { connection: Connection; alive: boolean }>();
  readonly #pinging: NodeJS.Timeout;
  #closing: Promise<void> | undefined;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: FRAME_MAX_BYTES,
      perMessageDeflate: false,
      clientTracking: false,
    });
    options.server.on('upgrade', (request, socket, head) => void this.#upgrade(request, socket, head));
    this.#pinging = setInterval(() => this.#ping(), PING_INTERVAL);
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Tells every browser that the server goes down, and closes all sockets. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Until the handshake is done nobody else listens for the errors of this socket.
    const giveUp = () => socket.destroy();
    socket.on('error', giveUp);
    try {
      this.#assertWelcome(request);
      const { limits, trustProxy } = this.#options;
      const address = networkOf(clientAddress(request, trustProxy));
      await limits.take('connects', { address });
      const leave = limits.open('signaling', address);
      socket.once('close', leave);
      socket.off('error', giveUp);
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => this.#accept(webSocket, address));
    } catch (error) {
      this.#options.metrics.failed((error as WcsError).code);
      refuse(socket, error as WcsError);
    }
  }

  /** Throws the WcsError with which the upgrade is refused. */
  #assertWelcome({ url, headers }: IncomingMessage): void {
    if (this.#closing) throw new WcsError('shutting_down', 'The server is going down or starting again.');
    if (!PATHS.test(url ?? '')) throw new WcsError('unknown_method', `Signaling is at ${PATH}.`);
    const { allowedOrigins, allowNoOrigin, log } = this.#options;
    const { origin } = headers;
    // Every browser sends it with a WebSocket (RFC 6455 §4.1); a program can write there what it likes, or nothing.
    const isAllowed = origin === undefined ? allowNoOrigin : allowedOrigins.includes(origin);
    if (allowedOrigins.length === 0 || isAllowed) return;
    log.warn({ origin }, 'connection refused: the origin is not among allowed_origins');
    throw new WcsError('forbidden', 'Pages of this origin may not connect here.');
  }

  #accept(webSocket: WebSocket, address: string): void {
    const { handlers, limits, metrics, log } = this.#options;
    const socket = {
      send: (text: string) => this.#send(webSocket, text),
      close: (code: number, reason: string) => webSocket.close(code, reason),
    };
    const connection = new Connection({ socket, address, handlers, limits, metrics, log });
    const state = { connection, alive: true };
    this.#connections.set(webSocket, state);
    webSocket.on('message', (data, isBinary) => {
      state.alive = true;
      if (isBinary) connection.violate(new WcsError('bad_frame', 'Frames are text.'));
      // With the default binaryType this is one Buffer.
      else connection.receive((data as Buffer).toString());
    });
    webSocket.on('pong', () => {
      state.alive = true;
    });
    webSocket.on('error', (error) => {
      const violation = violationOf(error);
      if (violation) connection.violate(violation);
      else log.debug({ err: error.message }, 'socket failed');
    });
    webSocket.on('close', (code) => {
      this.#connections.delete(webSocket);
      connection.closed(code);
    });
  }

  #send(webSocket: WebSocket, text: string): void {
    if (webSocket.bufferedAmount > SEND_BUFFER_MAX) {
      this.#options.log.warn({ bytes: webSocket.bufferedAmount }, 'connection cut off: it reads too slowly');
      webSocket.terminate();
      return;
    }
    webSocket.send(text);
  }

  #ping(): void {
    for (const [webSocket, state] of this.#connections) {
      if (!state.alive) {
        webSocket.terminate();
        continue;
      }
      state.alive = false;
      webSocket.ping();
    }
  }

  async #close(): Promise<void> {
    clearInterval(this.#pinging);
    const sockets = [...this.#connections];
    const closed = sockets.map(([webSocket]) => new Promise((resolve) => webSocket.once('close', resolve)));
    for (const [, { connection }] of sockets)
      connection.close(new WcsError('shutting_down', 'The server is going down or starting again.'));
    const deadline = setTimeout(() => {
      for (const [webSocket] of sockets) webSocket.terminate();
    }, CLOSE_TIMEOUT);
    await Promise.all(closed);
    clearTimeout(deadline);
  }
}

/** Answers an upgrade with an HTTP error (RFC 9110): its code and message as JSON, and when it may be tried again. */
function refuse(socket: Duplex, error: WcsError): void {
  const { status } = ERRORS[error.code];
  const body = JSON.stringify({ error });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(error.retryAfter === undefined ? [] : [`Retry-After: ${Math.ceil(error.retryAfter / 1000)}`]),
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** What the other side did wrong, when `error` is of its making (ws closes such a socket by itself). */
function violationOf(error: Error & { code?: string }): WcsError | undefined {
  if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH')
    return new WcsError('frame_too_large', `A frame has ${FRAME_MAX_BYTES} bytes at most.`);
  if (error.code?.startsWith('WS_ERR_')) return new WcsError('bad_frame', 'The frame breaks the WebSocket protocol.');
  return undefined;
}
