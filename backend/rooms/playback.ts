import type { types } from 'mediasoup';
import { WcsError } from '../../protocol/errors.ts';
import type { Reply } from '../../protocol/messages.ts';
import type { ConsumerOptions, RtpCapabilities } from '../../protocol/rtp.ts';
import { mediaError } from '../media/router.ts';
import type { Room } from './room.ts';
import type { PublishedStream } from './stream.ts';

export interface PlaybackOptions {
  room: Room;
  rtpCapabilities: RtpCapabilities | undefined;
}

type Answer = Reply<'play'>['streams'][number];

/** What one participant plays: for each stream the consumers of its tracks. */
export class Playback {
  readonly #room: Room;
  readonly #rtpCapabilities: RtpCapabilities | undefined;
  readonly #playing = new Map<string, types.Consumer[]>();

  constructor({ room, rtpCapabilities }: PlaybackOptions) {
    this.#room = room;
    this.#rtpCapabilities = rtpCapabilities;
  }

  /** Makes paused consumers on `transport`; for a stream that is played already, answers those that there are. */
  async play(name: string, transport: types.WebRtcTransport): Promise<Answer> {
    try {
      const consumers = this.#playing.get(name) ?? (await this.#consume(name, transport));
      return { ok: true, stream: name, consumers: consumers.map(consumerOptions) };
    } catch (cause) {
      const { code, message } = mediaError(cause, { gone: transport.closed });
      return { ok: false, stream: name, code, message };
    }
  }

  /** Lets media flow. Streams that have just ended are passed over; throws `stream_unknown` when none is played. */
  async resume(names: readonly string[]): Promise<void> {
    const consumers = names.flatMap((name) => this.#playing.get(name) ?? []);
    if (consumers.length === 0) throw new WcsError('stream_unknown', 'You play none of these streams.');
    for (const consumer of consumers) {
      if (consumer.closed) continue;
      // A consumer can go between any two of these, with its producer; that is no failure of this request.
      await consumer.resume().catch((cause: unknown) => {
        if (!consumer.closed) throw mediaError(cause, { gone: false });
      });
    }
  }

  /** Ends the playing of streams; of those that are not played there is nothing to end. */
  stop(names: readonly string[]): void {
    for (const name of names) {
      const consumers = this.#playing.get(name) ?? [];
      this.#playing.delete(name);
      for (const consumer of consumers) consumer.close();
    }
  }

  /** Idempotent. */
  close(): void {
    this.stop([...this.#playing.keys()]);
  }

  async #consume(name: string, transport: types.WebRtcTransport): Promise<types.Consumer[]> {
    const stream = this.#room.findStream(name);
    if (!stream) throw new WcsError('stream_unknown', 'Nobody publishes a stream of this name here.');
    const consumers: types.Consumer[] = [];
    try {
      for (const producer of await this.#consumable(stream)) {
        const rtpCapabilities = this.#rtpCapabilities ?? {};
        consumers.push(await transport.consume({ producerId: producer.id, rtpCapabilities, paused: true }));
      }
      // The first one may have gone, with its producer, while the second was made.
      if (consumers.some(({ closed }) => closed)) throw new Error('A producer has closed.');
    } catch (cause) {
      for (const consumer of consumers) consumer.close();
      // A stream that ended while it was being set up is not a fault of the media description.
      throw stream.producers.some(({ closed }) => closed) ? endedStream(cause) : cause;
    }
    this.#playing.set(name, consumers);
    for (const consumer of consumers) consumer.on('producerclose', () => this.#forget(name, consumers));
    return consumers;
  }

  /** The tracks of `stream` that the browser can decode: a picture that it cannot show does not cost it the sound. */
  async #consumable({ producers }: PublishedStream): Promise<types.Producer[]> {
    const rtpCapabilities = this.#rtpCapabilities;
    if (!rtpCapabilities) throw new WcsError('no_common_codecs', 'This browser has not said what it can receive.');
    const router = await this.#room.router();
    const consumable = producers.filter((producer) => router.canConsume(producer, rtpCapabilities));
    if (consumable.length === 0) throw new WcsError('no_common_codecs', 'This browser cannot decode this stream.');
    return consumable;
  }

  #forget(name: string, consumers: types.Consumer[]): void {
    if (this.#playing.get(name) === consumers) this.#playing.delete(name);
  }
}

function consumerOptions({ id, producerId, kind, rtpParameters }: types.Consumer): ConsumerOptions {
  return { id, producerId, kind, rtpParameters } as ConsumerOptions;
}

function endedStream(cause: unknown): WcsError {
  return new WcsError('stream_unknown', 'The stream has just ended.', { cause });
}
