/** A backend without a network: takes the place of WebSocket, answers as it is told to, and keeps what it was asked. */
import type { TestContext } from 'node:test';
import { testFakeParameters } from 'mediasoup-client';
import { WcsError } from '../../protocol/errors.ts';
import { RequestFrame, decode, encodeError, encodeEvent, encodeReply } from '../../protocol/frames.ts';
import type { EventData, EventName, Method, Reply, RequestData } from '../../protocol/messages.ts';
import type { Participant, Room, Stream } from '../../protocol/model.ts';
import type { RtpCapabilities } from '../../protocol/rtp.ts';

type Answers = {
  [M in Method]?: (data: RequestData<M>) => Reply<M> | WcsError | 'silence' | Promise<Reply<M> | WcsError | 'silence'>;
};

/** Numbered, so that each connect, transport and stream is another one. */
let last = 0;

export class FakeBackend {
  readonly requests: { method: Method; data: unknown }[] = [];
  readonly sockets: FakeSocket[] = [];
  readonly answers: Answers = {};
  /** Its process. */
  backend = 'backend-1';
  /** Whether anybody answers at the address. */
  up = true;
  /** Who else is in every room. */
  others: Participant[] = [];

  constructor(t: TestContext) {
    const before = globalThis.WebSocket;
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the class below has a `this` of its own
    const backend = this;
    globalThis.WebSocket = class extends FakeSocket {
      constructor(url: string) {
        super(url, backend);
      }
    } as unknown as typeof WebSocket;
    t.after(() => (globalThis.WebSocket = before));
  }

  /** The methods that were asked for, in order, without pings. */
  get asked(): Method[] {
    return this.requests.map(({ method }) => method).filter((method) => method !== 'ping');
  }

  /** What was asked by `method`, in order. */
  data<M extends Method>(method: M): RequestData<M>[] {
    return this.requests.filter((request) => request.method === method).map(({ data }) => data as RequestData<M>);
  }

  tell<E extends EventName>(event: E, data: EventData<E>): void {
    this.send(encodeEvent(event, data));
  }

  /** Any text, as one frame. */
  send(text: string): void {
    this.sockets.at(-1)?.onmessage?.({ data: text });
  }

  /** Closes the socket: without a code as a lost network does. */
  cut(code = 1006): void {
    this.sockets.at(-1)?.shut(code);
  }

  /** @internal */
  async take(socket: FakeSocket, text: string): Promise<void> {
    const { id, method, data } = decode(RequestFrame, text);
    this.requests.push({ method: method as Method, data });
    const answer = (this.answers[method as Method] ?? this.usual[method as Method]) as (data: unknown) => unknown;
    const reply = await answer(data);
    if (reply === 'silence' || socket.closed) return;
    socket.onmessage?.({ data: reply instanceof WcsError ? encodeError(id, reply) : encodeReply(id, reply) });
  }

  room(name: string, own: Participant): Room {
    return {
      name,
      capacity: 0,
      recording: 'unavailable',
      locked: false,
      lobby: false,
      participants: [...this.others, own],
    };
  }

  /** What it answers when it is not told otherwise. */
  readonly usual: Required<Answers> = {
    connect: () => ({
      session: `session-${++last}`,
      key: `key-${last}`,
      backend: this.backend,
      resumeTimeout: 15_000,
      routerCapabilities: testFakeParameters.generateRouterRtpCapabilities() as RtpCapabilities,
    }),
    ping: () => ({}),
    probe: () => ({ transport: transports().send }),
    join: ({ room }) => ({
      room: this.room(room, person(this.#login())),
      created: true,
      grants: ['join', 'publish', 'screen', 'chat', 'record', 'moderate'],
      transports: transports(),
    }),
    leave: () => ({}),
    connectTransport: () => ({}),
    restartIce: () => ({ iceParameters: transports().send.iceParameters, sent: 0 }),
    renewTransports: () => ({ transports: transports() }),
    publish: ({ stream, kind, muted, audio, video }) => ({
      stream: { ...streamOf(stream), kind, muted, audio: Boolean(audio), video: Boolean(video) },
    }),
    unpublish: () => ({}),
    mute: () => ({}),
    resize: () => ({}),
    play: ({ streams }) =>
      ({ streams: streams.map((stream) => ({ ok: true, stream, consumers: consumers() })) }) as Reply<'play'>,
    resume: () => ({}),
    show: () => ({}),
    inspect: () => ({ tracks: [{ kind: 'video', score: 10, sourceScore: 10 }] }),
    stop: () => ({}),
    message: () => ({ at: 1_700_000_000_000 }),
    hand: () => ({}),
    react: () => ({}),
    record: () => new WcsError('recording_unavailable', 'This server does not record.'),
    knock: () => ({ admitted: false }),
    silence: () => ({}),
    remove: () => ({}),
    guard: () => ({}),
    admit: () => ({}),
    end: () => ({}),
  };

  #login(): string {
    return this.data('connect').at(-1)?.login ?? '';
  }
}

/** A WebSocket as far as the room API uses one. */
class FakeSocket {
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: { code: number; reason: string }) => void;
  closed = false;
  /** The code with which the browser closed it. */
  closedWith: number | undefined;
  readonly url: string;
  readonly #backend: FakeBackend;

  constructor(url: string, backend: FakeBackend) {
    this.url = url;
    this.#backend = backend;
    backend.sockets.push(this);
    queueMicrotask(() => {
      if (backend.up) this.onopen?.();
      else this.shut(1006);
    });
  }

  send(text: string): void {
    void this.#backend.take(this, text);
  }

  close(code: number): void {
    this.closedWith ??= code;
    queueMicrotask(() => this.shut(code));
  }

  shut(code: number, reason = ''): void {
    if (this.closed) return;
    this.closed = true;
    this.onclose?.({ code, reason });
  }
}

export function person(login: string, streams: Stream[] = []): Participant {
  return { login, connected: true, streams };
}

export function streamOf(name: string): Stream {
  const mediaSessionId = `media-${++last}`;
  return { name, mediaSessionId, kind: 'camera', audio: true, video: true, muted: { audio: false, video: false } };
}

export function transports(): Reply<'join'>['transports'] {
  const transport = () => ({ ...testFakeParameters.generateTransportRemoteParameters(), id: `transport-${++last}` });
  return { send: transport(), receive: transport() };
}

function consumers() {
  return ['audio/opus', 'video/VP8'].map((codecMimeType) =>
    testFakeParameters.generateConsumerRemoteParameters({ id: `consumer-${++last}`, codecMimeType }),
  );
}
