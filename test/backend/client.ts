/** A client of the protocol with nothing behind it: asks, remembers what it is told, and checks both against the table. */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { WcsError } from '../../protocol/errors.ts';
import { check, encodeRequest, toError, type ServerFrame } from '../../protocol/frames.ts';
import { REQUEST_WINDOW } from '../../protocol/limits.ts';
import {
  EVENTS,
  PROTOCOL_VERSION,
  REQUESTS,
  type EventData,
  type EventName,
  type Method,
  type Reply,
  type RequestData,
} from '../../protocol/messages.ts';
import type { Stream } from '../../protocol/model.ts';
import { opus, vp8 } from '../fakes/rtp.ts';
import { until } from './until.ts';

type Told = { [E in EventName]: { event: E; data: EventData<E> } }[EventName];

interface Pending {
  method: Method;
  resolve: (reply: unknown) => void;
  reject: (error: Error) => void;
}

export class Client {
  readonly login: string;
  /** Everything that it was told, in order. */
  readonly told: Told[] = [];
  /** Close code and reason, once the socket has closed. */
  readonly closed: Promise<{ code: number; reason: string }>;
  /** The answer to `connect`. */
  session!: Reply<'connect'>;

  readonly #socket: WebSocket;
  readonly #pending = new Map<number, Pending>();
  #inFlight = 0;
  #answered: number[] = [];
  #sending: Promise<void> = Promise.resolve();
  #lastId = 0;

  /** Opens a socket and sends nothing yet. */
  static async open(url: string, login = 'Alice'): Promise<Client> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`);
    const client = new Client(socket, login);
    await once(socket, 'open');
    return client;
  }

  /** Opens a socket and signs in. */
  static async connect(url: string, login: string, resume?: Reply<'connect'>, token?: string): Promise<Client> {
    const client = await Client.open(url, login);
    try {
      client.session = await client.request('connect', {
        version: PROTOCOL_VERSION,
        login,
        ...(token === undefined ? {} : { token }),
        ...(resume ? { resume: { session: resume.session, key: resume.key } } : {}),
      });
    } catch (error) {
      client.cut();
      throw error;
    }
    return client;
  }

  private constructor(socket: WebSocket, login: string) {
    this.#socket = socket;
    this.login = login;
    socket.on('message', (data) => this.#take((data as Buffer).toString()));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        for (const { reject } of this.#pending.values()) reject(new WcsError('connection_lost', 'The socket closed.'));
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  /** Asks, in order, and as our browser half does with REQUEST_WINDOW requests in flight or just answered at most. */
  request<M extends Method>(method: M, data: RequestData<M>): Promise<Reply<M>> {
    const id = ++this.#lastId;
    return new Promise<Reply<M>>((resolve, reject) => {
      this.#pending.set(id, { method, resolve: resolve as (reply: unknown) => void, reject });
      this.#sending = this.#sending.then(async () => {
        await this.#turn();
        this.#socket.send(encodeRequest(id, method, data), () => undefined);
      });
    });
  }

  /** A request whose data the types would not let through. */
  raw(method: string, data: unknown): Promise<unknown> {
    return this.request(method as 'ping', data as RequestData<'ping'>);
  }

  /** Sends a frame as it is. */
  send(frame: string | Buffer): void {
    this.#socket.send(frame);
  }

  /** Sends bytes as a text frame, whether they are text or not. */
  sendText(bytes: Buffer): void {
    this.#socket.send(bytes, { binary: false });
  }

  join(room: string, more: Partial<RequestData<'join'>> = {}): Promise<Reply<'join'>> {
    return this.request('join', { room, rtpCapabilities: this.session.routerCapabilities, ...more });
  }

  /** Publishes a camera with microphone; the name of the stream is made of `tag`. */
  async publish(room: string, tag = 'abcd', more: Partial<RequestData<'publish'>> = {}): Promise<Stream> {
    const { stream } = await this.request('publish', {
      room,
      stream: `${room}-${this.login}-${tag}`,
      kind: 'camera',
      muted: { audio: false, video: false },
      audio: opus(),
      video: vp8(),
      ...more,
    });
    return stream;
  }

  /** The data of all events of that name so far. */
  heard<E extends EventName>(event: E): EventData<E>[] {
    return this.told.flatMap((one) => (one.event === event ? [one.data as EventData<E>] : []));
  }

  /** Waits until `count` events of that name have come, and returns the last of them. */
  async hears<E extends EventName>(event: E, count = 1): Promise<EventData<E>> {
    await until(`${this.login} hears ${event} (${count})`, () => this.heard(event).length >= count);
    return this.heard(event)[count - 1]!;
  }

  /** Reads nothing any more, and so answers nothing either: a browser that hangs. */
  pause(): void {
    this.#socket.pause();
  }

  /** The connection is lost, as with a network that is gone. */
  cut(): void {
    this.#socket.terminate();
  }

  /** Closes as a browser does: 1000 by itself, 1001 when the page is left. */
  async close(code = 1000): Promise<void> {
    this.#socket.close(code);
    await this.closed;
  }

  async #turn(): Promise<void> {
    for (;;) {
      const now = performance.now();
      this.#answered = this.#answered.filter((at) => now - at < 1_000);
      if (this.#inFlight + this.#answered.length < REQUEST_WINDOW) break;
      await delay(10);
    }
    this.#inFlight += 1;
  }

  #take(text: string): void {
    const frame = JSON.parse(text) as ServerFrame;
    if ('event' in frame) {
      const event = frame.event as EventName;
      this.told.push({ event, data: check(EVENTS[event], frame.data) } as Told);
      return;
    }
    const pending = this.#pending.get(frame.id);
    this.#pending.delete(frame.id);
    this.#inFlight -= 1;
    this.#answered.push(performance.now());
    if ('error' in frame) pending?.reject(toError(frame.error));
    else if (pending) pending.resolve(check(REQUESTS[pending.method].reply, frame.data));
  }
}
