import type { types } from 'mediasoup';
import { WcsError } from '../../protocol/errors.ts';
import type { Reply, RequestData } from '../../protocol/messages.ts';
import type { ConsumerOptions, RtpCapabilities } from '../../protocol/rtp.ts';
import { mediaError, type MediaRouter } from '../media/router.ts';
import type { Tell } from './member.ts';
import { Playing } from './playing.ts';
import type { Room } from './room.ts';
import type { PublishedStream } from './stream.ts';

/** Where somebody receives. */
export interface Receiver {
  router: MediaRouter;
  /** On `router`. */
  receive: types.WebRtcTransport;
}

export interface PlaybackOptions {
  room: Room;
  rtpCapabilities: RtpCapabilities | undefined;
  tell: Tell;
}

type Answer = Reply<'play'>['streams'][number];

/** Milliseconds between two reports of quality to one viewer. */
const REPORT_INTERVAL = 1_000;

/** What one participant plays, by stream. */
export class Playback {
  readonly #room: Room;
  readonly #rtpCapabilities: RtpCapabilities | undefined;
  readonly #tell: Tell;
  readonly #playing = new Map<string, Playing>();
  /** Those of whose quality there may be something new. */
  readonly #changed = new Set<Playing>();
  #report: NodeJS.Timeout | undefined;

  constructor({ room, rtpCapabilities, tell }: PlaybackOptions) {
    this.#room = room;
    this.#rtpCapabilities = rtpCapabilities;
    this.#tell = tell;
    room.voices.on('changed', this.#followVoices);
  }

  /** Makes paused consumers; for a stream that is played already, answers those that there are. */
  async play(name: string, to: Receiver): Promise<Answer> {
    try {
      const { consumers } = this.#playing.get(name) ?? (await this.#consume(name, to));
      return { ok: true, stream: name, consumers: consumers.map(consumerOptions) };
    } catch (cause) {
      const { code, message } = mediaError(cause, { gone: to.receive.closed });
      return { ok: false, stream: name, code, message };
    }
  }

  /** Lets media flow. Streams that have just ended are passed over; throws `stream_unknown` when none is played. */
  async resume(names: readonly string[]): Promise<void> {
    const playings = this.#played(names);
    if (playings.length === 0) throw new WcsError('stream_unknown', 'You play none of these streams.');
    await Promise.all(playings.map((playing) => playing.resume()));
  }

  /** Notes how large streams are shown; those that have just ended are passed over. */
  async show(streams: RequestData<'show'>['streams']): Promise<void> {
    await Promise.all(streams.flatMap(({ stream, ...shown }) => this.#playing.get(stream)?.show(shown) ?? []));
  }

  /** How a stream reaches the viewer just now. Throws `stream_unknown` when it is not played. */
  inspect(name: string): Reply<'inspect'> {
    const playing = this.#playing.get(name);
    if (!playing) throw new WcsError('stream_unknown', 'You do not play this stream.');
    return playing.inspect();
  }

  /** Ends the playing of streams; of those that are not played there is nothing to end. */
  stop(names: readonly string[]): void {
    for (const name of names) {
      const playing = this.#playing.get(name);
      if (playing) this.#forget(name, playing);
    }
    this.#followVoices();
  }

  /** Ends all that is played. */
  clear(): void {
    clearTimeout(this.#report);
    this.#report = undefined;
    for (const [name, playing] of this.#playing) this.#forget(name, playing);
  }

  /** Idempotent. */
  close(): void {
    this.#room.voices.off('changed', this.#followVoices);
    this.clear();
  }

  async #consume(name: string, to: Receiver): Promise<Playing> {
    const stream = this.#room.findStream(name);
    if (!stream) throw new WcsError('stream_unknown', 'Nobody publishes a stream of this name here.');
    const consumers: types.Consumer[] = [];
    try {
      for (const producer of this.#consumable(stream)) consumers.push(await this.#consumeTrack(stream, producer, to));
      // The first one may have gone, with its producer, while the second was made.
      if (consumers.some(({ closed }) => closed)) throw new Error('A producer has closed.');
    } catch (cause) {
      for (const consumer of consumers) consumer.close();
      // A stream that ended while it was being set up is not a fault of the media description.
      throw stream.producers.some(({ closed }) => closed) ? endedStream(cause) : cause;
    }
    const playing = new Playing(stream, consumers, () => this.#reportSoon(playing));
    this.#playing.set(name, playing);
    this.#followVoices();
    for (const consumer of consumers) consumer.on('producerclose', () => this.#ended(name, playing));
    return playing;
  }

  async #consumeTrack(stream: PublishedStream, producer: types.Producer, { router, receive }: Receiver) {
    const release = await this.#room.routers.bring(producer, { from: stream.router, to: router });
    try {
      const rtpCapabilities = this.#rtpCapabilities ?? {};
      const consumer = await receive.consume({ producerId: producer.id, rtpCapabilities, paused: true });
      consumer.observer.once('close', release);
      return consumer;
    } catch (error) {
      release();
      throw error;
    }
  }

  /**
   * Of what is played here the loudest in the room are sent. Where none of them is, all are: a browser to which nothing
   * comes would take its way for broken.
   */
  readonly #followVoices = (): void => {
    const { voices } = this.#room;
    const playings = [...this.#playing.values()];
    const sent = playings.filter(({ sound }) => sound && voices.sends(sound));
    const isSomethingSent = sent.some(({ sound }) => sound?.on);
    for (const playing of playings)
      void playing.hear(!isSomethingSent || sent.includes(playing)).catch(() => undefined);
  };

  /** The tracks of `stream` that the browser can decode: a picture that it cannot show does not cost it the sound. */
  #consumable({ router, producers }: PublishedStream): types.Producer[] {
    const rtpCapabilities = this.#rtpCapabilities;
    if (!rtpCapabilities) throw new WcsError('no_common_codecs', 'This browser has not said what it can receive.');
    const consumable = producers.filter((producer) => router.canConsume(producer, rtpCapabilities));
    if (consumable.length === 0) throw new WcsError('no_common_codecs', 'This browser cannot decode this stream.');
    return consumable;
  }

  #played(names: readonly string[]): Playing[] {
    return names.flatMap((name) => this.#playing.get(name) ?? []);
  }

  #ended(name: string, playing: Playing): void {
    this.#forget(name, playing);
    this.#followVoices();
  }

  #forget(name: string, playing: Playing): void {
    if (this.#playing.get(name) !== playing) return;
    playing.close();
    this.#playing.delete(name);
    this.#changed.delete(playing);
  }

  #reportSoon(playing: Playing): void {
    this.#changed.add(playing);
    this.#report ??= setTimeout(() => this.#reportQuality(), REPORT_INTERVAL);
  }

  /** Only of those that have changed: a large room has thousands of playings. */
  #reportQuality(): void {
    this.#report = undefined;
    const changed = [...this.#changed];
    this.#changed.clear();
    const streams = changed.flatMap((playing) => playing.takeQuality() ?? []);
    if (streams.length > 0) this.#tell('quality', { room: this.#room.name, streams });
    for (const playing of changed) if (playing.settling) this.#reportSoon(playing);
  }
}

function consumerOptions({ id, producerId, kind, rtpParameters }: types.Consumer): ConsumerOptions {
  return { id, producerId, kind, rtpParameters } as ConsumerOptions;
}

function endedStream(cause: unknown): WcsError {
  return new WcsError('stream_unknown', 'The stream has just ended.', { cause });
}
