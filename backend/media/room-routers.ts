import { EventEmitter } from 'node:events';
import type { types } from 'mediasoup';
import { mediaError, type MediaRouter } from './router.ts';

export interface RoomRoutersOptions {
  /** People on one router; further ones go to another worker, as long as there is one. 0: no limit. */
  peoplePerRouter: number;
  /** Makes a router; waits for a live worker. Throws WcsError `media_unavailable`. */
  createRouter: () => Promise<MediaRouter>;
  /** Makes a router on a live worker that has none of `others`, if there is such a worker. */
  createRouterBeside: (others: readonly MediaRouter[]) => Promise<MediaRouter | undefined>;
}

/** A router of the room, who is on it, and what comes to it from the others. */
interface Place {
  readonly router: MediaRouter;
  readonly people: Set<object>;
  /** By producer. */
  readonly pipes: Map<string, Pipe>;
}

/**
 * The routers of one room. A small room has one; a larger one is spread over several workers, and what is published on
 * one router is piped to another for as long as somebody there wants it.
 */
export class RoomRouters extends EventEmitter<{ died: [people: ReadonlySet<object>] }> {
  readonly #options: RoomRoutersOptions;
  /** The oldest first. */
  readonly #places: Place[] = [];
  /** One is placed after the other, so that two do not both make a router for themselves. */
  #placing: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** Throws WcsError `media_unavailable`. */
  static async open(options: RoomRoutersOptions): Promise<RoomRouters> {
    const routers = new RoomRouters(options);
    await routers.main();
    return routers;
  }

  private constructor(options: RoomRoutersOptions) {
    super();
    this.#options = options;
  }

  /** The router for what there is one of in the room. Throws WcsError `media_unavailable`. */
  main(): Promise<MediaRouter> {
    return this.#inTurn(async () => {
      const place = this.#live[0] ?? this.#add(await this.#options.createRouter());
      return place.router;
    });
  }

  /** The router for all that `person` sends and receives, until it is released. Throws WcsError `media_unavailable`. */
  place(person: object): Promise<MediaRouter> {
    return this.#inTurn(async () => {
      const place = this.#live.find(({ people }) => people.has(person)) ?? (await this.#free());
      place.people.add(person);
      return place.router;
    });
  }

  /** Idempotent. */
  release(person: object): void {
    for (const place of this.#places.filter(({ people }) => people.delete(person))) {
      if (place.people.size > 0 || place === this.#places[0]) continue;
      this.#places.splice(this.#places.indexOf(place), 1);
      place.router.close();
    }
  }

  /**
   * Makes the producer `of` one router there on another one too, under the same id. Returns what to call when it is not
   * needed there any more; it also ends with the producer. Throws what mediasoup throws when either has gone.
   */
  async bring(of: types.Producer, { from, to }: { from: MediaRouter; to: MediaRouter }): Promise<() => void> {
    if (from === to) return () => undefined;
    const place = this.#live.find(({ router }) => router === to);
    if (!place) throw mediaError(undefined, { gone: true });
    let pipe = place.pipes.get(of.id);
    if (!pipe) {
      const made = new Pipe(from.pipe(of, to), () => {
        if (place.pipes.get(of.id) === made) place.pipes.delete(of.id);
      });
      place.pipes.set(of.id, (pipe = made));
    }
    return await pipe.use();
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    for (const { router } of this.#places.splice(0)) router.close();
  }

  /** A router that has died is told of a moment later: nobody is sent there meanwhile. */
  get #live(): Place[] {
    return this.#places.filter(({ router }) => !router.closed);
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#placing.then(task);
    this.#placing = result.catch(() => undefined);
    return result;
  }

  async #free(): Promise<Place> {
    const { peoplePerRouter, createRouter, createRouterBeside } = this.#options;
    const places = this.#live;
    const roomy = places.find(({ people }) => peoplePerRouter === 0 || people.size < peoplePerRouter);
    if (roomy) return roomy;
    if (places.length === 0) return this.#add(await createRouter());
    const another = await createRouterBeside(places.map(({ router }) => router));
    if (another) return this.#add(another);
    // They may all have died over the question.
    const [emptiest] = this.#live.sort((a, b) => a.people.size - b.people.size);
    return emptiest ?? (await this.#free());
  }

  #add(router: MediaRouter): Place {
    const place: Place = { router, people: new Set(), pipes: new Map() };
    if (this.#closed) router.close();
    else this.#places.push(place);
    router.once('died', () => {
      const index = this.#places.indexOf(place);
      if (index < 0) return;
      this.#places.splice(index, 1);
      this.emit('died', place.people);
    });
    return place;
  }
}

/** One producer on its way to one router, for as long as somebody there uses it. */
class Pipe {
  readonly #consumer: Promise<types.Consumer>;
  readonly #ended: () => void;
  #users = 0;

  constructor(consumer: Promise<types.Consumer>, ended: () => void) {
    this.#consumer = consumer;
    this.#ended = ended;
    consumer.then((made) => made.observer.once('close', ended), ended);
  }

  /** Resolves, when it is there, to what ends this use. */
  async use(): Promise<() => void> {
    this.#users += 1;
    const consumer = await this.#consumer;
    let used = true;
    return () => {
      if (!used) return;
      used = false;
      this.#users -= 1;
      if (this.#users > 0) return;
      // Whoever asks from here on gets a new one.
      this.#ended();
      consumer.close();
    };
  }
}
