import type { EventData, EventName } from '../../protocol/messages.ts';
import type { LeaveReason } from '../../protocol/model.ts';
import type { Member, Tell } from '../rooms/member.ts';
import type { Room } from '../rooms/room.ts';
import type { Happening, Person } from './happening.ts';

type Published = EventData<'published'>;

/** What happens in one room, for the webhooks: the room's end is also the end of everybody and everything in it. */
export class RoomWebhooks implements Member {
  /** Keeps no room alive. */
  readonly connected = false;

  readonly #room: Room;
  readonly #say: (happening: Happening) => void;
  readonly #people = new Map<string, Person>();
  /** By name. */
  readonly #streams = new Map<string, Published>();
  #closed = false;

  constructor(room: Room, say: (happening: Happening) => void) {
    this.#room = room;
    this.#say = say;
    say({ event: 'room_created' });
  }

  readonly tell: Tell = (event, data) => this.#handlers[event]?.(data);

  dropMedia(): void {
    // The streams come back under their names, or are unpublished.
  }

  restoreMedia(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const login of [...this.#people.keys()]) this.#left(login, 'ended');
    this.#say({ event: 'room_finalized' });
  }

  readonly #handlers: { readonly [E in EventName]?: (data: EventData<E>) => void } = {
    joined: ({ participant: { login, displayName } }) => {
      const seat = this.#room.find(login);
      const person = { login, displayName, subject: seat?.subject, session: seat?.sessionId ?? '' };
      this.#people.set(login, person);
      this.#say({ event: 'participant_joined', participant: person });
    },
    left: ({ login, reason }) => this.#left(login, reason),
    published: (data) => {
      // It has come back, after its room has moved to another media worker.
      if (this.#streams.has(data.stream.name)) return;
      this.#streams.set(data.stream.name, data);
      this.#tellOfStream('stream_published', data);
    },
    unpublished: ({ stream }) => this.#unpublished(stream),
  };

  #left(login: string, reason: LeaveReason | 'ended'): void {
    const participant = this.#people.get(login);
    if (!participant) return;
    for (const [name, published] of [...this.#streams]) if (published.login === login) this.#unpublished(name);
    this.#people.delete(login);
    this.#say({ event: 'participant_left', participant, reason });
  }

  #unpublished(name: string): void {
    const published = this.#streams.get(name);
    if (!published) return;
    this.#streams.delete(name);
    this.#tellOfStream('stream_unpublished', published);
  }

  #tellOfStream(event: 'stream_published' | 'stream_unpublished', { login, stream }: Published): void {
    const { name, mediaSessionId, kind, audio, video } = stream;
    this.#say({ event, login, stream: { name, mediaSessionId, kind, audio, video } });
  }
}
