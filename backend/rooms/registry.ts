import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { WcsError } from '../../protocol/errors.ts';
import type { StreamKind } from '../../protocol/model.ts';
import type { Log } from '../log.ts';
import type { RoomRouters } from '../media/room-routers.ts';
import type { Member } from './member.ts';
import { Room, type RoomLimits } from './room.ts';

export interface RegistryOptions {
  /** Makes the routers of one room. Throws WcsError `media_unavailable`. */
  openRouters: () => Promise<RoomRouters>;
  /** People in any room at most; 0: no limit. */
  maxParticipants: number;
  /** Milliseconds that a room without a connected member waits for one. */
  idleTimeout: number;
  /** Who is in every room beside its people, from its beginning to its end. */
  attend?: (room: Room) => Member[];
  /** Messages to everybody that newcomers get to read. */
  chatHistory: number;
  /** Microphones that are sent to those who play them at the same time: the loudest; 0: all. */
  voices: number;
  /** Of each participant of any room. */
  limits: RoomLimits;
  log: Log;
}

/** What the first one to enter wishes for the room. */
interface Wishes {
  capacity?: number | undefined;
  lobby?: boolean | undefined;
}

/** All rooms by name. */
export class Registry {
  readonly #options: RegistryOptions;
  /** Promises, so that two first joiners share the one room that is being made. */
  readonly #rooms = new Map<string, Promise<Room>>();
  readonly #made = new Set<Room>();
  #draining = false;

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#rooms.size;
  }

  /** Those that are there, oldest first; not those that are being made. */
  get rooms(): Room[] {
    return [...this.#made];
  }

  /** Whether no new rooms are taken any more. */
  get draining(): boolean {
    return this.#draining;
  }

  /** How many of each there are. */
  census(): { rooms: number; participants: number; streams: Record<StreamKind, number> } {
    const participants = this.rooms.flatMap((room) => room.participants);
    const streams = { camera: 0, screen: 0 };
    for (const participant of participants) for (const { kind } of participant.streams) streams[kind] += 1;
    return { rooms: this.#rooms.size, participants: participants.length, streams };
  }

  /**
   * Has `admit` let somebody into the room of that name; makes the room, when there is none. Between finding the room
   * and `admit` nothing else happens, so the room cannot end in between. Throws what `admit` throws, and WcsError
   * `media_unavailable`, after which the next attempt starts afresh, or `shutting_down`.
   */
  async join<T>(name: string, wishes: Wishes, admit: (room: Room) => T): Promise<{ admitted: T; created: boolean }> {
    for (;;) {
      const existing = this.#rooms.get(name);
      if (!existing && this.#draining)
        throw new WcsError('shutting_down', 'This server goes down soon and takes no new rooms.');
      const room = await (existing ?? this.#create(name, wishes));
      // It may have ended while we waited for it; then its name is free again.
      if (room.closed) continue;
      try {
        return { admitted: admit(room), created: !existing };
      } catch (error) {
        if (!existing && room.empty) room.close();
        throw error;
      }
    }
  }

  /** Whether there is a room of that name, or one is being made. */
  has(name: string): boolean {
    return this.#rooms.has(name);
  }

  /** The room of that name, if there is one. */
  async find(name: string): Promise<Room | undefined> {
    const room = await this.#rooms.get(name)?.catch(() => undefined);
    return room?.closed ? undefined : room;
  }

  /** Takes no new rooms from now on. Resolves when those that there are have ended, or when `signal` is aborted. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#draining = true;
    while (!signal.aborted && this.#rooms.size > 0) {
      const [room] = await Promise.allSettled(this.#rooms.values());
      if (room?.status !== 'fulfilled' || room.value.closed) continue;
      await once(room.value, 'closed', { signal }).catch(() => undefined);
    }
    // Whoever left last is answered before anything is closed.
    await turn();
  }

  /** Ends all rooms. Idempotent. */
  async close(): Promise<void> {
    const rooms = await Promise.allSettled(this.#rooms.values());
    for (const room of rooms) if (room.status === 'fulfilled') room.value.close();
  }

  #create(name: string, wishes: Wishes): Promise<Room> {
    const creation = this.#make(name, wishes);
    this.#rooms.set(name, creation);
    creation.then(
      (room) =>
        room.once('closed', () => {
          this.#made.delete(room);
          this.#rooms.delete(name);
        }),
      () => this.#rooms.delete(name),
    );
    return creation;
  }

  async #make(name: string, { capacity: wish = 0, lobby }: Wishes): Promise<Room> {
    const { openRouters, idleTimeout, attend, chatHistory, voices, limits, log } = this.#options;
    const capacity = smallest(wish, this.#options.maxParticipants);
    const routers = await openRouters();
    log.info({ room: name, capacity }, 'room created');
    const options = { idleTimeout, attend, chatHistory, voices, limits, log };
    const room = new Room({ name, capacity, lobby, routers, ...options });
    this.#made.add(room);
    return room;
  }
}

/** The smaller of two limits of which 0 means none. */
function smallest(a: number, b: number): number {
  return a === 0 || b === 0 ? Math.max(a, b) : Math.min(a, b);
}
