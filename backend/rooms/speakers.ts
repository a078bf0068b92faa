import type { types } from 'mediasoup';
import type { EventData, EventName } from '../../protocol/messages.ts';
import type { Log } from '../log.ts';
import type { MediaRouter, Observers } from '../media/router.ts';
import type { Member, Tell } from './member.ts';
import type { Room } from './room.ts';
import type { PublishedStream } from './stream.ts';

interface Observing {
  /** Where the observers are. */
  router: MediaRouter;
  observers: Observers;
}

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
  #observing: Promise<Observing> | undefined;
  #active: string | null = null;
  #levels: EventData<'speakers'>['levels'] = [];

  constructor(room: Room, log: Log) {
    this.#room = room;
    this.#log = log.child({ room: room.name });
  }

  readonly tell: Tell = (event, data) => this.#handlers[event]?.(data);

  dropMedia(): void {
    this.#observing?.then(
      ({ observers: { speaker, levels } }) => [speaker, levels].forEach((observer) => observer.close()),
      () => undefined,
    );
    this.#observing = undefined;
    this.#logins.clear();
    this.#levels = [];
  }

  restoreMedia(): Promise<void> {
    // Those whose worker has died come by `published`, each when its publisher has brought it back.
    for (const { login, streams } of this.#room.participants) for (const stream of streams) this.#hear(login, stream);
    return Promise.resolve();
  }

  close(): void {
    this.dropMedia();
  }

  readonly #handlers: { readonly [E in EventName]?: (data: EventData<E>) => void } = {
    published: ({ login, stream }) => {
      const published = this.#room.find(login)?.findStream(stream.name);
      if (published) this.#hear(login, published);
    },
    left: ({ login }) => {
      if (login !== this.#active) return;
      this.#active = null;
      this.#say();
    },
  };

  #hear(login: string, { producers, router }: PublishedStream): void {
    for (const producer of producers) if (producer.kind === 'audio') void this.#hearTrack(login, producer, router);
  }

  async #hearTrack(login: string, producer: types.Producer, from: MediaRouter): Promise<void> {
    this.#logins.set(producer.id, login);
    producer.observer.once('close', () => this.#logins.delete(producer.id));
    try {
      this.#observing ??= this.#observe();
      const { router, observers } = await this.#observing;
      const { speaker, levels } = observers;
      await this.#room.routers.bring(producer, { from, to: router });
      const producerId = producer.id;
      await Promise.all([speaker.addProducer({ producerId }), levels.addProducer({ producerId })]);
    } catch (err) {
      // It has ended in this moment, or the worker with it.
      if (!producer.closed) this.#log.warn({ err }, 'room goes on without knowing who speaks');
    }
  }

  async #observe(): Promise<Observing> {
    const router = await this.#room.routers.main();
    const observers = await router.createObservers();
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
    return { router, observers };
  }

  #say(): void {
    this.#room.announce('speakers', { room: this.#room.name, active: this.#active, levels: this.#levels });
  }
}
