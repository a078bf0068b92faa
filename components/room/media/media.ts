import type { types } from 'mediasoup-client';
import { WcsError, errorCode } from '../../../protocol/errors.ts';
import type { Method, Reply, RequestData, Transports } from '../../../protocol/messages.ts';
import type { Muted, Size, StreamKind } from '../../../protocol/model.ts';
import type { ConsumerOptions, RtpParameters } from '../../../protocol/rtp.ts';
import { sizeOf } from '../capture/constraints.ts';
import { SentLayers } from './sent-layers.ts';
import { ShownSizes, type ShownSize } from './shown-sizes.ts';
import { Batch } from '../signaling/batch.ts';
import type { AskOptions } from '../signaling/connection.ts';
import { MediaTransport } from './media-transport.ts';
import { uuid } from '../random.ts';

export type Ask = <M extends Method>(method: M, data: RequestData<M>, options?: AskOptions<M>) => Promise<Reply<M>>;

/** What this browser can do with the backend's routers; without WebRTC undefined. */
export type LoadDevice = (routerCapabilities: types.RtpCapabilities) => Promise<types.Device | undefined>;

/** The media code is a third of the whole and loads by itself, while the socket opens. */
export const loadDevice: LoadDevice = async (routerRtpCapabilities) => {
  const { Device } = await import('./mediasoup.ts');
  let device: types.Device;
  try {
    device = new Device();
  } catch (error) {
    // No WebRTC here: one can still join, read and write.
    if ((error as Error).name === 'UnsupportedError') return undefined;
    throw error;
  }
  await device.load({ routerRtpCapabilities });
  return device;
};

export interface RoomMediaOptions {
  room: string;
  device: types.Device;
  transports: Transports;
  rtc: RTCConfiguration;
  ask: Ask;
  /** Whether something of this stream, which is played here, must be coming just now. */
  flows(stream: string): boolean;
  /** A way for the media is gone and being looked for, or there are all that are needed. May say the same again. */
  onPath(works: boolean): void;
  /** Nothing can be sent, or nothing received, any more; `worked`: it could before. */
  onBroken(direction: 'send' | 'receive', error: WcsError, worked: boolean): void;
}

/** How a track is sent. */
export interface TrackOptions {
  track: MediaStreamTrack;
  encodings?: types.RtpEncodingParameters[];
  codecOptions?: types.ProducerCodecOptions;
}

export interface PublishMedia {
  name: string;
  kind: StreamKind;
  record: boolean;
  /** Of the picture at its largest. */
  size?: Size;
  audio?: TrackOptions;
  video?: TrackOptions;
  /** Codecs not to send: `vp8`, `opus`, in lower case. */
  strip: readonly string[];
  /** What is switched off at the moment of the request. */
  muted(): Muted;
  signal: AbortSignal;
}

export interface Published {
  mediaSessionId: string | undefined;
  producers: { audio?: types.Producer; video?: types.Producer };
  /** Of the picture. */
  layers: SentLayers | undefined;
  /** Stops sending. The backend is told by `unpublish`. */
  close(): void;
}

export interface Playback {
  /** Whose tracks are received, once the backend has begun to send. */
  consumers: Promise<types.Consumer[]>;
  /** Receives a picture no larger than that; of several playings the largest counts. */
  show(size: ShownSize): void;
  /** How it reaches us, as the backend sees it. */
  inspect(): Promise<Reply<'inspect'>>;
  /** Stops this playing; the last one of a stream stops the receiving. Idempotent. */
  stop(): void;
}

interface Received {
  users: number;
  consumers: Promise<types.Consumer[]>;
  close(): void;
}

/**
 * A participant's media in one room: what it sends and what it receives, over one transport each, which are made when
 * they are needed. When the backend gives new transports, there is a new RoomMedia.
 */
export class RoomMedia {
  readonly #options: RoomMediaOptions;
  readonly #ask: Ask;
  readonly #over = new AbortController();
  readonly #received = new Map<string, Received>();
  readonly #producers = new Set<types.Producer>();
  readonly #lost = new Set<'send' | 'receive'>();
  readonly #batch: Batch<'play' | 'resume' | 'stop'>;
  readonly #shown: ShownSizes;
  #send: MediaTransport | undefined;
  #receive: MediaTransport | undefined;

  constructor(options: RoomMediaOptions) {
    this.#options = options;
    const { room } = options;
    // What waits for the connection is given up with the media that it is about.
    this.#ask = (method, data, asked) => options.ask(method, data, { signal: this.#over.signal, ...asked });
    this.#batch = new Batch((method, streams) => this.#ask(method, { room, streams }, { repeat: true }));
    this.#shown = new ShownSizes((streams) => this.#ask('show', { room, streams }, { repeat: true }));
  }

  get closed(): boolean {
    return this.#over.signal.aborted;
  }

  /**
   * Sends a stream's tracks and announces it, complete.
   *
   * @throws WcsError no_common_codecs, aborted, and what the backend refuses `publish` with.
   */
  async publish(media: PublishMedia): Promise<Published> {
    const parameters: { audio?: RtpParameters; video?: RtpParameters } = {};
    const producers: Published['producers'] = {};
    const close = () => Object.values(producers).forEach((producer) => producer.close());
    const produce = async (kind: 'audio' | 'video') => {
      const options = media[kind];
      if (!options) return;
      const collect = (rtp: RtpParameters) => (parameters[kind] = rtp);
      producers[kind] = await this.#produce(options, { ...media, collect });
    };
    const made = await Promise.allSettled([produce('audio'), produce('video')]);
    try {
      const failed = made.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
      const mediaSessionId = await this.#announce(media, parameters);
      const layers = this.#layers(media.name, producers.video);
      producers.video?.observer.once('close', () => layers?.close());
      return { mediaSessionId, producers, layers, close };
    } catch (cause) {
      close();
      throw this.#error(cause);
    }
  }

  /** Resolves to the name of the stream's file, when it was recorded to one of its own. Never rejects. */
  async unpublish(stream: string): Promise<string | undefined> {
    if (this.closed) return undefined;
    const { ask, room } = this.#options;
    // Nothing is left to do if the backend does not know it, or if the connection never comes back.
    const reply = await ask('unpublish', { room, stream }, { repeat: true }).catch(() => undefined);
    return reply?.recordName;
  }

  /** Resolves when there is an answer, or none is to come. Never rejects. */
  async mute(stream: string, muted: Muted): Promise<void> {
    const { room } = this.#options;
    // The state goes along with `publish` if the stream is not announced yet.
    await this.#ask('mute', { room, stream, muted }, { repeat: true }).catch(() => undefined);
  }

  /** Receives a stream. Playing it twice receives it once. */
  play(name: string): Playback {
    const received = this.#received.get(name) ?? this.#begin(name);
    received.users += 1;
    const place = {};
    this.#shown.set(name, place);
    let stopped = false;
    const show = (size: ShownSize) => {
      if (!stopped) this.#shown.set(name, place, size);
    };
    const stop = () => {
      if (stopped) return;
      stopped = true;
      this.#shown.delete(name, place);
      received.users -= 1;
      if (received.users > 0 || this.#received.get(name) !== received) return;
      this.forget(name);
      if (!this.closed) this.#batch.add('stop', name).catch(() => undefined);
    };
    const inspect = () => this.#ask('inspect', { room: this.#options.room, stream: name });
    return { consumers: received.consumers, show, inspect, stop };
  }

  /** The stream has ended, or was replaced: nothing of it comes any more. */
  forget(name: string): void {
    this.#received.get(name)?.close();
    this.#received.delete(name);
  }

  /** The network may have changed: finds out soon whether the media still has its way. */
  look(): void {
    this.#send?.look();
    this.#receive?.look();
  }

  /** The backend says whether anything arrives there of what we send. */
  heard(arrives: boolean): void {
    this.#send?.heard(arrives);
  }

  /** Stops sending and receiving. The backend is not told. Idempotent. */
  close(): void {
    if (this.closed) return;
    this.#over.abort();
    this.#send?.close();
    this.#receive?.close();
    this.#shown.close();
    this.#received.clear();
  }

  async #produce(
    { track, encodings, codecOptions }: TrackOptions,
    { name, strip, signal, collect }: PublishMedia & { collect: (rtp: RtpParameters) => void },
  ): Promise<types.Producer> {
    const codec = this.#codec(track.kind as 'audio' | 'video', strip);
    const { transport } = this.#sending();
    const producer = await transport.produce({
      track,
      streamId: name,
      encodings,
      codecOptions,
      codec,
      stopTracks: false,
      disableTrackOnPause: false,
      appData: { collect },
    });
    this.#producers.add(producer);
    producer.observer.once('close', () => this.#producers.delete(producer));
    if (signal.aborted) producer.close();
    return producer;
  }

  #layers(stream: string, producer: types.Producer | undefined): SentLayers | undefined {
    const { room } = this.#options;
    const tell = (sizes: number) => {
      const size = producer?.track ? sizeOf(producer.track) : undefined;
      this.#ask('resize', { room, stream, sizes, size }, { repeat: true }).catch(() => undefined);
    };
    return producer?.rtpSender && new SentLayers(producer.rtpSender, tell);
  }

  async #announce(media: PublishMedia, parameters: { audio?: RtpParameters; video?: RtpParameters }) {
    const { name: stream, kind, record, size, muted, signal } = media;
    if (signal.aborted) throw new WcsError('aborted', 'The stream was stopped.');
    const data = { room: this.#options.room, stream, kind, record, size, muted: muted(), ...parameters };
    let repeated = false;
    try {
      const reply = await this.#ask('publish', data, { repeat: true, onRepeat: () => (repeated = true) });
      return reply.stream.mediaSessionId;
    } catch (error) {
      // Carried out the first time, and only the answer was lost.
      if (repeated && error instanceof WcsError && error.code === 'stream_name_taken') return undefined;
      throw error;
    }
  }

  /** The first codec of this browser that is not stripped; undefined leaves the choice to the order of the backend. */
  #codec(kind: 'audio' | 'video', strip: readonly string[]): types.RtpCodecCapability | undefined {
    if (strip.length === 0) return undefined;
    const codecs = this.#options.device.sendRtpCapabilities.codecs ?? [];
    const names = [...strip, 'rtx'];
    const codec = codecs.find((each) => each.kind === kind && !names.includes(codecName(each.mimeType)));
    if (!codec) throw new WcsError('no_common_codecs', `No ${kind} codec is left: all are stripped.`);
    return codec;
  }

  #begin(name: string): Received {
    const made: types.Consumer[] = [];
    const over = new AbortController();
    const close = () => {
      over.abort();
      for (const consumer of made) consumer.close();
    };
    const load = async () => {
      made.push(...(await this.#consume(name, over.signal)));
      // Stopped meanwhile: nobody else would close them.
      if (over.signal.aborted) close();
      else {
        this.#shown.flush(name);
        await this.#batch.add('resume', name);
      }
      return made;
    };
    const consumers = load().catch((cause: unknown) => {
      if (this.#received.get(name) === received) this.forget(name);
      throw this.#error(cause);
    });
    consumers.catch(() => undefined);
    const received: Received = { users: 0, consumers, close };
    this.#received.set(name, received);
    return received;
  }

  async #consume(name: string, signal: AbortSignal): Promise<types.Consumer[]> {
    const { streams } = (await this.#batch.add('play', name)) as Reply<'play'>;
    const answer = streams.find(({ stream }) => stream === name);
    if (!answer) throw new WcsError('internal', 'The server did not say how it sends this stream.');
    if (!answer.ok) throw new WcsError(errorCode(answer.code), answer.message);
    if (signal.aborted || this.closed) return [];
    const { transport } = this.#receiving();
    const consume = (options: ConsumerOptions) => transport.consume({ ...options, streamId: name });
    return await Promise.all(answer.consumers.map(consume));
  }

  #sending(): MediaTransport {
    this.#send ??= this.#transport('send');
    return this.#send;
  }

  #receiving(): MediaTransport {
    this.#receive ??= this.#transport('receive');
    return this.#receive;
  }

  #transport(direction: 'send' | 'receive'): MediaTransport {
    if (this.closed) throw new WcsError('aborted', 'The media of this room is closed.');
    const { room, device, rtc, onBroken, transports } = this.#options;
    const transport = new MediaTransport({
      direction,
      options: transports[direction],
      iceServers: transports.iceServers,
      device,
      rtc,
      room,
      ask: this.#ask,
      inUse: () => (direction === 'send' ? [...this.#producers].some(isSending) : this.#flows()),
      onPath: (works) => this.#path(direction, works),
      onBroken: (error, worked) => onBroken(direction, error, worked),
    });
    // mediasoup-client asks once per track; the stream is announced once, with all of them. The id is never used.
    transport.transport.on('produce', ({ rtpParameters, appData }, callback) => {
      (appData as { collect: (rtp: RtpParameters) => void }).collect(rtpParameters as RtpParameters);
      callback({ id: uuid() });
    });
    return transport;
  }

  #flows(): boolean {
    return [...this.#received.keys()].some((stream) => this.#options.flows(stream));
  }

  #path(direction: 'send' | 'receive', works: boolean): void {
    if (works) this.#lost.delete(direction);
    else this.#lost.add(direction);
    this.#options.onPath(this.#lost.size === 0);
  }

  /** What mediasoup-client throws, translated; of media that is closed everything means that it was given up. */
  #error(cause: unknown): WcsError {
    if (cause instanceof WcsError) return cause;
    if (this.closed) return new WcsError('aborted', 'The media of this room is closed.', { cause });
    const { message } = cause as Error;
    return new WcsError('media_refused', `The browser could not set up the media: ${message}`, { cause });
  }
}

function isSending({ closed, paused, track }: types.Producer): boolean {
  return !closed && !paused && track?.readyState === 'live' && track.enabled;
}

function codecName(mimeType: string): string {
  return mimeType.slice(mimeType.indexOf('/') + 1).toLowerCase();
}
