import type { types } from 'mediasoup';
import type { EventData, EventName } from '../../protocol/messages.ts';
import type { Log } from '../log.ts';
import type { MediaRouter } from '../media/router.ts';
import type { Member, Tell } from '../rooms/member.ts';
import type { Room } from '../rooms/room.ts';
import type { PublishedStream } from '../rooms/stream.ts';
import type { Recorder } from './recorder.ts';
import type { RoomRecorder } from './room-recorder.ts';

export interface RoomMemberOptions {
  room: Room;
  recorder: Recorder;
  /** What the room's routers can carry; all routers carry the same. */
  rtpCapabilities: types.RtpCapabilities;
  log: Log;
}

interface Heard {
  login: string;
  published: PublishedStream;
}

interface Listening {
  /** Where the observer is. */
  router: MediaRouter;
  observer: types.ActiveSpeakerObserver;
}

/** The recorder as a member of a room: hears what its people hear, and has that recorded which somebody asked for. */
export class RoomMember implements Member {
  /** A recorder keeps no room alive. */
  readonly connected = false;

  readonly #room: Room;
  readonly #log: Log;
  readonly #recorder: RoomRecorder;
  readonly #rtpCapabilities: types.RtpCapabilities;
  readonly #streams = new Map<string, Heard>();
  /** Of streams that have ended, until somebody asks. */
  readonly #names = new Map<string, Promise<string | undefined>>();
  #speakers: Promise<Listening> | undefined;
  #closed = false;

  constructor({ room, recorder, rtpCapabilities, log }: RoomMemberOptions) {
    this.#room = room;
    this.#log = log.child({ room: room.name });
    this.#recorder = recorder.room(room.name, { onState: (state, reason) => this.#changed(state, reason) });
    this.#rtpCapabilities = rtpCapabilities;
    room.setRecording('off');
  }

  /** Whether a recording of this room broke off a moment ago, with which `start` goes on. */
  get resumable(): boolean {
    return this.#recorder.resumable;
  }

  /** Records the whole room from now on. Throws WcsError `recording_failed`. */
  start(): Promise<void> {
    return this.#recorder.start();
  }

  /** Resolves when everything is on disk. */
  stop(): Promise<void> {
    return this.#recorder.stop();
  }

  /** What the files are called of streams that have ended, by stream; of those that were recorded, and only once. */
  async takeNames(streams: readonly string[]): Promise<Record<string, string>> {
    const names: Record<string, string> = {};
    for (const stream of streams) {
      const name = await this.#names.get(stream);
      this.#names.delete(stream);
      if (name !== undefined) names[stream] = name;
    }
    return names;
  }

  readonly tell: Tell = (event, data) => this.#handlers[event]?.(data);

  dropMedia(): void {
    for (const [stream, { published }] of [...this.#streams]) if (published.router.closed) this.#unpublished(stream);
    this.#stopListening();
  }

  restoreMedia(): Promise<void> {
    // Those whose worker has died come by `published`, each when its publisher has brought it back.
    if (this.#recorder.state === 'on') this.#listen();
    return Promise.resolve();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopListening();
    this.#recorder.close().catch((err: unknown) => this.#log.error({ err }, 'recording could not be closed'));
  }

  readonly #handlers: { readonly [E in EventName]?: (data: EventData<E>) => void } = {
    joined: ({ participant }) => this.#recorder.joined(participant.login),
    left: ({ login }) => {
      for (const [stream, heard] of [...this.#streams]) if (heard.login === login) this.#unpublished(stream);
      this.#recorder.left(login);
    },
    published: (data) => this.#published(data),
    unpublished: ({ stream }) => this.#unpublished(stream),
    muted: ({ stream, muted }) => this.#recorder.muted(stream, muted),
  };

  #published({ login, stream }: EventData<'published'>): void {
    const publisher = this.#room.find(login);
    const published = publisher?.findStream(stream.name);
    if (!publisher || !published) return;
    // A stream of a known name replaces it.
    if (this.#streams.has(stream.name)) this.#unpublished(stream.name);
    const heard = { login, published };
    this.#streams.set(stream.name, heard);
    this.#want(heard);
    const { producers, record, router: from } = published;
    // Each is recorded where it is: nothing has to be piped for that.
    const router = {
      rtpCapabilities: this.#rtpCapabilities,
      createPlainTransport: (options: types.PlainTransportOptions) => from.createPlainTransport(options),
    };
    const { sessionId } = publisher;
    this.#recorder.published({ stream, login, sessionId, producers, router, record });
    this.#hear(published);
  }

  #unpublished(stream: string): void {
    const heard = this.#streams.get(stream);
    this.#streams.delete(stream);
    const name = this.#recorder.unpublished(stream);
    if (heard?.published.record) this.#names.set(stream, name);
  }

  #changed(state: 'on' | 'off', reason: string | undefined): void {
    this.#room.setRecording(state, reason);
    for (const heard of this.#streams.values()) this.#want(heard);
    if (state === 'on') this.#listen();
    else this.#stopListening();
  }

  /** What is recorded is sent as large as there is, whoever else watches it. */
  #want({ published: { demand, record } }: Heard): void {
    if (record || this.#recorder.state === 'on') demand?.set(this, Infinity);
    else demand?.delete(this);
  }

  /** Notes who speaks, as long as somebody wants to know. */
  #listen(): void {
    if (this.#speakers || this.#closed) return;
    this.#speakers = this.#observeSpeakers();
    this.#speakers.catch((err: unknown) => this.#log.warn({ err }, 'recording goes on without knowing who speaks'));
    for (const { published } of this.#streams.values()) this.#hear(published);
  }

  async #observeSpeakers(): Promise<Listening> {
    const router = await this.#room.routers.main();
    const observer = await router.createSpeakerObserver();
    // On this router it may be another one, of the same id.
    observer.on('dominantspeaker', ({ producer: { id } }) => {
      const isTheirs = ({ published }: Heard) => published.producers.some((producer) => producer.id === id);
      const speaker = [...this.#streams.values()].find(isTheirs);
      if (speaker) this.#recorder.speaking(speaker.login);
    });
    return { router, observer };
  }

  #hear({ producers, router: from }: PublishedStream): void {
    for (const producer of producers) {
      if (producer.kind !== 'audio') continue;
      const listen = async ({ router, observer }: Listening) => {
        await this.#room.routers.bring(producer, { from, to: router });
        await observer.addProducer({ producerId: producer.id });
      };
      // It may have ended, or the worker with it, in this moment.
      this.#speakers?.then(listen).catch(() => undefined);
    }
  }

  #stopListening(): void {
    this.#speakers?.then(({ observer }) => observer.close()).catch(() => undefined);
    this.#speakers = undefined;
  }
}

/** The recorders in all rooms, by room. */
export class RoomMembers {
  readonly #options: Omit<RoomMemberOptions, 'room'>;
  readonly #members = new WeakMap<Room, RoomMember>();

  constructor(options: Omit<RoomMemberOptions, 'room'>) {
    this.#options = options;
  }

  /** Goes into a room that has just been made. */
  attend(room: Room): RoomMember {
    const member = new RoomMember({ ...this.#options, room });
    this.#members.set(room, member);
    return member;
  }

  in(room: Room): RoomMember | undefined {
    return this.#members.get(room);
  }
}
