import { isDeepStrictEqual } from 'node:util';
import type { types } from 'mediasoup';
import { WcsError } from '../../protocol/errors.ts';
import type { RequestData } from '../../protocol/messages.ts';
import { isStreamNameOf, type Muted, type Stream, type StreamKind } from '../../protocol/model.ts';
import { BitrateLimit } from './bitrate.ts';
import { Hearing } from './hearing.ts';
import type { Participant } from './participant.ts';
import type { Stopped } from './room.ts';
import { PublishedStream } from './stream.ts';

/** Milliseconds that a publisher has to bring its streams back after its room has moved to another worker. */
const REPUBLISH_TIMEOUT = 15_000;

/** Streams that are kept in mind because others have ended them; the latest. */
const STOPPED_MAX = 64;

export interface PublishingOptions {
  participant: Participant;
  /** Whether its streams may be recorded for it. */
  recordsOwn: boolean;
  /** Over which it sends just now. */
  transport(): types.WebRtcTransport | undefined;
}

/** What one participant publishes, by stream. */
export class Publishing {
  readonly #participant: Participant;
  readonly #recordsOwn: boolean;
  readonly #streams = new Map<string, PublishedStream>();
  /** Streams that the others still count with, though their media went down with a worker. */
  readonly #awaited = new Set<string>();
  /** Streams that others have ended; their publisher, who may have been away then, does not bring them back. */
  #stopped: ReadonlySet<string> = new Set();
  readonly #hearing: Hearing;
  readonly #bitrate: BitrateLimit;
  #awaiting: NodeJS.Timeout | undefined;

  constructor({ participant, recordsOwn, transport }: PublishingOptions) {
    const { room, tell } = participant;
    this.#participant = participant;
    this.#recordsOwn = recordsOwn;
    this.#hearing = new Hearing({
      transport: () => (this.#streams.size > 0 ? transport() : undefined),
      expects: () => this.streams.some(({ flows }) => flows),
      tell: (arrives) => tell('arrival', { room: room.name, arrives }),
      measured: (bitrate) => void this.#bitrate.look(bitrate),
    });
    this.#bitrate = new BitrateLimit({
      most: room.limits.bitrate,
      streams: () => this.streams,
      transport,
      end: ({ name }, error) => this.end(name, { error: error.toJSON() }),
    });
  }

  get streams(): PublishedStream[] {
    return [...this.#streams.values()];
  }

  find(name: string): PublishedStream | undefined {
    return this.#streams.get(name);
  }

  /** Also while its media is being moved to another worker. */
  has(name: string): boolean {
    return this.#streams.has(name) || this.#awaited.has(name);
  }

  /** What a moderator has muted for good. */
  get held(): Muted {
    const { room, identity } = this.#participant;
    return room.moderation.heldOf(identity);
  }

  async begin(data: RequestData<'publish'>): Promise<Stream> {
    const participant = this.#participant;
    this.#assertMayBegin(data);
    const { room, tell, sender } = participant;
    const stream = await PublishedStream.publish({
      ...sender,
      data: { ...data, muted: this.#allowed(data) },
      onDemand: (layers) => tell('wanted', { room: room.name, stream: data.stream, layers }),
    });
    // A moderator may have muted it for good while it was being made.
    while (!participant.closed && !isDeepStrictEqual(stream.muted, this.#allowed(stream)))
      await stream.mute(this.#allowed(stream));
    if (participant.closed) stream.close();
    participant.assertIn();
    this.#streams.set(stream.name, stream);
    this.#awaited.delete(stream.name);
    this.#hearing.start();
    this.#bitrate.share();
    room.streamPublished(participant, stream.describe());
    return stream.describe();
  }

  /** Ends a stream; `stopped` says why, when it is not its publisher who wants that. */
  end(name: string, stopped?: Stopped): void {
    const stream = this.#streams.get(name);
    if (!stream && !this.#awaited.has(name)) throw unknownStream();
    if (stopped) this.#stopped = new Set([...this.#stopped, name].slice(-STOPPED_MAX));
    stream?.close();
    this.#streams.delete(name);
    this.#awaited.delete(name);
    this.#bitrate.share();
    this.#participant.room.streamUnpublished(this.#participant, name, stopped);
  }

  async mute(name: string, muted: Muted): Promise<void> {
    const stream = this.#named(name);
    if (!isDeepStrictEqual(muted, this.#allowed({ kind: stream.kind, muted })))
      throw new WcsError('forbidden', 'A moderator has muted you for good.');
    await this.#mute(stream, muted);
  }

  /** See PublishedStream. */
  resize(name: string, { sizes, size }: Pick<RequestData<'resize'>, 'sizes' | 'size'>): void {
    this.#named(name).resize(sizes, size);
  }

  /** A moderator mutes it, whatever its browser does; of a screen only the sound. */
  async silence(what: Muted): Promise<void> {
    await Promise.all(
      this.streams.map(async (stream) => {
        const { audio, video } = stream.muted;
        const muted = { audio: audio || what.audio, video: video || (what.video && stream.kind === 'camera') };
        if (muted.audio !== audio || muted.video !== video) await this.#mute(stream, muted);
      }),
    );
  }

  /** All that was published has gone with its transport; the others count with it for as long as it may come back. */
  drop(): void {
    for (const name of this.#streams.keys()) this.#awaited.add(name);
    this.#streams.clear();
  }

  /** Streams that do not come back in time are over. */
  awaitStreams(): void {
    if (this.#awaited.size === 0) return;
    clearTimeout(this.#awaiting);
    this.#awaiting = setTimeout(() => {
      for (const name of [...this.#awaited]) this.end(name);
    }, REPUBLISH_TIMEOUT);
  }

  /** Its participant has gone, and its transport goes. */
  close(): void {
    clearTimeout(this.#awaiting);
    this.#streams.clear();
    this.#hearing.close();
  }

  #assertMayBegin({ stream: name, kind, record }: RequestData<'publish'>): void {
    const { room, login } = this.#participant;
    this.#participant.assertMay(kind === 'screen' ? 'screen' : 'publish');
    if (record && !this.#recordsOwn) throw new WcsError('forbidden', 'You may not have a stream recorded here.');
    this.#bitrate.assertRested();
    if (!isStreamNameOf(name, room.name, login))
      throw new WcsError('stream_name_taken', 'A stream is called <room>-<login>-<4 hex>, or that and -<suffix>.');
    if (this.#stopped.has(name)) throw new WcsError('forbidden', 'This stream was ended: begin another one.');
    if (this.#streams.has(name)) throw new WcsError('stream_name_taken', 'A stream of this name is published already.');
    if (room.findStream(name)) throw new WcsError('stream_name_taken', 'Somebody else publishes under this name.');
    const { streams: most } = room.limits;
    if (most !== 0 && this.#streams.size >= most)
      throw new WcsError('too_many', `A participant publishes ${most} streams at most.`);
  }

  #named(name: string): PublishedStream {
    const stream = this.#streams.get(name);
    if (!stream) throw unknownStream();
    return stream;
  }

  /** What has to be muted of a stream whose publisher wants this muted. */
  #allowed({ kind, muted }: { kind: StreamKind; muted: Muted }): Muted {
    const { held } = this;
    return { audio: muted.audio || held.audio, video: muted.video || (held.video && kind === 'camera') };
  }

  async #mute(stream: PublishedStream, muted: Muted): Promise<void> {
    await stream.mute(muted);
    const participant = this.#participant;
    if (this.#streams.get(stream.name) === stream) participant.room.streamMuted(participant, stream.name, stream.muted);
  }
}

function unknownStream(): WcsError {
  return new WcsError('stream_unknown', 'You publish no stream of this name.');
}
