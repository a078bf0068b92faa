import type { types } from 'mediasoup-client';
import { WcsError } from '../../protocol/errors.ts';
import { toError } from '../../protocol/frames.ts';
import type { Reply, Transports } from '../../protocol/messages.ts';
import { streamName, type ErrorBody, type Muted, type Stream as StreamState } from '../../protocol/model.ts';
import { STREAM_STATUS_INFO } from './constants.ts';
import { RoomMedia, type Ask } from './media/media.ts';
import { OwnStream } from './streams/own-stream.ts';
import type { ParticipantStream } from './participant.ts';
import { PlayedStream } from './streams/played-stream.ts';
import { hex } from './random.ts';
import type { PlayOptions, PublishOptions, Stream } from './streams/stream.ts';

export interface RoomStreamsOptions {
  room: string;
  login: string;
  rtc: RTCConfiguration;
  ask: Ask;
  /** Milliseconds for which media that is lost is looked for. */
  reconnectTimeout: number;
  /** Whether something of this stream must be coming, where it is played. */
  flows(stream: string): boolean;
  /** The media is lost and being looked for, or back. */
  onPath(works: boolean): void;
  /** New transports cannot be had either: only entering the room again can help. */
  onBroken(): void;
}

/**
 * The streams that we publish and play in one room, and the media they go through. The media may be made anew several
 * times in the life of a stream.
 */
export class RoomStreams {
  readonly #options: RoomStreamsOptions;
  readonly #own = new Set<OwnStream>();
  readonly #played = new Set<PlayedStream>();
  #media: RoomMedia | undefined;
  /** What a moderator has muted of our streams for good. */
  #held: Muted = { audio: false, video: false };
  /** Whether there has ever been a way for the media, and since when there is none. */
  #worked = false;
  #lostAt: number | undefined;
  /** Why there will be no media, as far as is known. */
  #unable: WcsError | undefined;

  constructor(options: RoomStreamsOptions) {
    this.#options = options;
  }

  get own(): Stream[] {
    return [...this.#own];
  }

  publish(options: PublishOptions): Stream {
    const { room, login } = this.#options;
    const stream = new OwnStream(streamName(room, login, hex(4), options.name), {
      ...options,
      onOver: (over) => this.#own.delete(over),
    });
    this.#own.add(stream);
    stream.silence(this.#held, this.#held);
    this.#start(stream);
    return stream;
  }

  /** A moderator mutes our streams; what is `held` stays so. */
  silence(what: Muted, held: Muted): void {
    this.#held = held;
    for (const stream of this.#own) stream.silence(what, held);
  }

  /** Somebody else has ended a stream of ours, or the backend, for that reason. */
  stopped(name: string, error?: ErrorBody): Stream | undefined {
    const stream = [...this.#own].find((each) => each.name() === name);
    if (error) stream?.fail(toError(error));
    else stream?.end();
    return stream;
  }

  play(stream: ParticipantStream, display: HTMLElement | null | undefined, options: PlayOptions): PlayedStream {
    const played = new PlayedStream(stream.streamName(), {
      ...options,
      display,
      muted: () => stream.muted(),
      onOver: (over) => this.#played.delete(over),
    });
    this.#played.add(played);
    this.#start(played);
    return played;
  }

  /** The playings of a stream, in the order they began. */
  playing(name: string): Stream[] {
    return this.#playing(name);
  }

  /** Goes on over these transports, or for the first time; without a device nothing can. */
  renew(device: types.Device | undefined, transports: Transports): void {
    this.#goOn(device, transports);
    this.#path(true);
  }

  #goOn(device: types.Device | undefined, transports: Transports): void {
    this.suspend();
    if (device) this.#media = this.#createMedia(device, transports);
    else this.#unable = new WcsError('browser_unsupported', 'This browser cannot send or receive sound and picture.');
    for (const stream of [...this.#own, ...this.#played]) this.#start(stream);
  }

  /** Lets go of the media; the streams wait for `renew`. */
  suspend(): void {
    this.#media?.close();
    this.#media = undefined;
  }

  /** The network may have changed. */
  look(): void {
    this.#media?.look();
  }

  /** The backend says whether anything arrives there of what we send. */
  heard(arrives: boolean): void {
    this.#media?.heard(arrives);
  }

  /** Our own streams as the backend has them after the connection came back. Returns what a moderator has muted meanwhile. */
  reconcile(states: readonly StreamState[]): Muted {
    const own = [...this.#own].map((stream) => stream.reconcile(states.find(({ name }) => name === stream.name())));
    return { audio: own.some(({ audio }) => audio), video: own.some(({ video }) => video) };
  }

  /** Somebody's stream has ended. */
  ended(name: string): void {
    this.#media?.forget(name);
    for (const stream of this.#playing(name)) stream.end();
  }

  /** Somebody's stream goes on by another way. */
  replaced(name: string): void {
    this.#media?.forget(name);
    for (const stream of this.#playing(name)) this.#start(stream);
  }

  /** How many layers of an own picture somebody wants. */
  wanted(name: string, layers: number): void {
    for (const stream of this.#own) if (stream.name() === name) stream.want(layers);
  }

  muted(name: string, kind: 'audio' | 'video', muted: boolean): void {
    for (const stream of this.#playing(name)) stream.tellMuted(kind, muted);
  }

  /** We have left: the streams end in order. `recordNames` are their files', by stream; it never rejects. */
  stop(error: WcsError, recordNames: Promise<Record<string, string>>): void {
    // The backend is told by `leave`, so the media goes first and the streams have nobody to tell.
    this.suspend();
    this.#unable = error;
    for (const stream of [...this.#own]) stream.end(recordNames.then((names) => names[stream.name()]));
    for (const stream of [...this.#played]) stream.stop();
  }

  /** It is over without having been asked for. */
  fail(error: WcsError, info?: string): void {
    this.suspend();
    this.#unable = error;
    for (const stream of [...this.#own, ...this.#played]) stream.fail(error, info);
  }

  #playing(name: string): PlayedStream[] {
    return [...this.#played].filter((stream) => stream.name() === name);
  }

  #start(stream: OwnStream | PlayedStream): void {
    if (this.#media) stream.start(this.#media);
    else if (this.#unable) stream.fail(this.#unable);
  }

  #createMedia(device: types.Device, transports: Transports): RoomMedia {
    const { room, rtc, ask, flows } = this.#options;
    return new RoomMedia({
      room,
      device,
      transports,
      rtc,
      ask,
      flows,
      onPath: (works) => this.#path(works),
      onBroken: (direction, error, worked) => {
        this.#worked ||= worked;
        if (this.#worked && !this.#tooLate) void this.#replace(device);
        else this.#failDirection(direction, error);
      },
    });
  }

  /** Media that worked and does not any more: only new transports can help. */
  async #replace(device: types.Device): Promise<void> {
    const { ask, room, onBroken } = this.#options;
    this.#path(false);
    this.suspend();
    const accept = ({ transports }: Reply<'renewTransports'>) => {
      if (this.#unable) return;
      this.#goOn(device, transports);
      if (this.#own.size + this.#played.size === 0) this.#path(true);
    };
    try {
      await ask('renewTransports', { room }, { repeat: true, accept });
    } catch {
      // The room has brought others meanwhile, or is over.
      if (!this.#media && !this.#unable) onBroken();
    }
  }

  get #tooLate(): boolean {
    return this.#lostAt !== undefined && Date.now() - this.#lostAt > this.#options.reconnectTimeout;
  }

  #path(works: boolean): void {
    if (works === (this.#lostAt === undefined)) return;
    this.#lostAt = works ? undefined : Date.now();
    this.#options.onPath(works);
  }

  #failDirection(direction: 'send' | 'receive', error: WcsError): void {
    const streams = direction === 'send' ? this.#own : this.#played;
    for (const stream of [...streams]) stream.fail(error, STREAM_STATUS_INFO.FAILED_BY_ICE_ERROR);
  }
}
