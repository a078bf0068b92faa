import type { types } from 'mediasoup';
import type { EventData, EventName } from '../../protocol/messages.ts';
import type { Log } from '../log.ts';
import type { Observers } from '../media/router.ts';
import type { Member, Tell } from './member.ts';
import type { Room } from './room.ts';

/**
 * Notices in one room who speaks and how loud, by the media worker's own observers, and tells everybody: no browser has to
 * look at every stream it plays.
 */
export class Speakers implements Member {
  /** Keeps no room alive. */
  readonly connected = false;

  readonly #room: Room;
  readonly #log: Log;
  /** Whose sound it is, by producer. */
  readonly #logins = new Map<string, string>();
  #observers: Promise<Observers> | undefined;
  #active: string | null = null;
  #levels: EventData<'speakers'>['levels'] = [];

  constructor(room: Room, log: Log) {
    this.#room = room;
    this.#log = log.child({ room: room.name });
  }

  readonly tell: Tell = (event, data) => this.#handlers[event]?.(data);

  dropMedia(): void {
    this.#observers = undefined;
    this.#logins.clear();
    this.#levels = [];
  }

  restoreMedia(): Promise<void> {
    // The streams come by `published`, each when its publisher has brought it back.
    return Promise.resolve();
  }

  close(): void {
    // The observers go with the room's router.
    this.dropMedia();
  }

  readonly #handlers: { readonly [E in EventName]?: (data: EventData<E>) => void } = {
    published: ({ login, stream }) => {
      const producers = this.#room.find(login)?.findStream(stream.name)?.producers ?? [];
      for (const producer of producers) if (producer.kind === 'audio') void this.#hear(login, producer);
    },
    left: ({ login }) => {
      if (login !== this.#active) return;
      this.#active = null;
      this.#say();
    },
  };

  async #hear(login: string, producer: types.Producer): Promise<void> {
    this.#logins.set(producer.id, login);
    producer.observer.once('close', () => this.#logins.delete(producer.id));
    try {
      this.#observers ??= this.#observe();
      const { speaker, levels } = await this.#observers;
      const producerId = producer.id;
      await Promise.all([speaker.addProducer({ producerId }), levels.addProducer({ producerId })]);
    } catch (err) {
      // It has ended in this moment, or the worker with it.
      if (!producer.closed) this.#log.warn({ err }, 'room goes on without knowing who speaks');
    }
  }

  async #observe(): Promise<Observers> {
    const observers = await (await this.#room.router()).createObservers();
    observers.speaker.on('dominantspeaker', ({ producer }) => {
      this.#active = this.#logins.get(producer.id) ?? this.#active;
      this.#say();
    });
    observers.levels.on('volumes', (volumes) => {
      this.#levels = volumes.flatMap(({ producer, volume: level }) => {
        const login = this.#logins.get(producer.id);
        return login === undefined ? [] : [{ login, level }];
      });
      this.#say();
    });
    observers.levels.on('silence', () => {
      this.#levels = [];
      this.#say();
    });
    return observers;
  }

  #say(): void {
    this.#room.announce('speakers', { room: this.#room.name, active: this.#active, levels: this.#levels });
  }
}
