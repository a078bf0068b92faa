import type { types } from 'mediasoup';
import type { EventData, EventName } from '../../protocol/messages.ts';
import type { Log } from '../log.ts';
import type { Member, Tell } from '../rooms/member.ts';
import type { Room } from '../rooms/room.ts';
import type { RecordedRouter } from './capture/stream-recorder.ts';
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
  producers: readonly types.Producer[];
  recorded: boolean;
}

/** The recorder as a member of a room: hears what its people hear, and has that recorded which somebody asked for. */
export class RoomMember implements Member {
  /** A recorder keeps no room alive. */
  readonly connected = false;

  readonly #room: Room;
  readonly #log: Log;
  readonly #recorder: RoomRecorder;
  readonly #router: RecordedRouter;
  readonly #streams = new Map<string, Heard>();
  /** Of streams that have ended, until somebody asks. */
  readonly #names = new Map<string, Promise<string | undefined>>();
  #speakers: Promise<types.ActiveSpeakerObserver> | undefined;
  #closed = false;

  constructor({ room, recorder, rtpCapabilities, log }: RoomMemberOptions) {
    this.#room = room;
    this.#log = log.child({ room: room.name });
    this.#recorder = recorder.room(room.name, { onState: (state, reason) => this.#changed(state, reason) });
    this.#router = {
      rtpCapabilities,
      // Whichever the room has by then: it may move.
      createPlainTransport: async (options) => (await room.router()).createPlainTransport(options),
    };
    room.setRecording('off');
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
    for (const stream of [...this.#streams.keys()]) this.#unpublished(stream);
    this.#speakers = undefined;
  }

  restoreMedia(): Promise<void> {
    // The streams come by `published`, each when its publisher has brought it back.
    if (this.#recorder.state === 'on') this.#listen();
    return Promise.resolve();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#speakers = undefined;
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
    const { producers, record } = published;
    this.#streams.set(stream.name, { login, producers, recorded: record });
    const { sessionId } = publisher;
    this.#recorder.published({ stream, login, sessionId, producers, router: this.#router, record });
    this.#hear(producers);
  }

  #unpublished(stream: string): void {
    const heard = this.#streams.get(stream);
    this.#streams.delete(stream);
    const name = this.#recorder.unpublished(stream);
    if (heard?.recorded) this.#names.set(stream, name);
  }

  #changed(state: 'on' | 'off', reason: string | undefined): void {
    this.#room.setRecording(state, reason);
    if (state === 'on') this.#listen();
    else this.#stopListening();
  }

  /** Notes who speaks, as long as somebody wants to know. */
  #listen(): void {
    if (this.#speakers || this.#closed) return;
    this.#speakers = this.#observeSpeakers();
    this.#speakers.catch((err: unknown) => this.#log.warn({ err }, 'recording goes on without knowing who speaks'));
    for (const { producers } of this.#streams.values()) this.#hear(producers);
  }

  async #observeSpeakers(): Promise<types.ActiveSpeakerObserver> {
    const observer = await (await this.#room.router()).createSpeakerObserver();
    observer.on('dominantspeaker', ({ producer }) => {
      const speaker = [...this.#streams.values()].find(({ producers }) => producers.includes(producer));
      if (speaker) this.#recorder.speaking(speaker.login);
    });
    return observer;
  }

  #hear(producers: readonly types.Producer[]): void {
    for (const { id: producerId, kind } of producers) {
      if (kind !== 'audio') continue;
      // It may have ended, or the worker with it, in this moment.
      this.#speakers?.then((observer) => observer.addProducer({ producerId })).catch(() => undefined);
    }
  }

  #stopListening(): void {
    this.#speakers?.then((observer) => observer.close()).catch(() => undefined);
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
