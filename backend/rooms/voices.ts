import { EventEmitter } from 'node:events';
import type { types } from 'mediasoup';
import type { EventData, EventName } from '../../protocol/messages.ts';
import type { Log } from '../log.ts';
import type { MediaRouter } from '../media/router.ts';
import { levelId } from '../media/loudness.ts';
import type { Member, Tell } from './member.ts';
import type { Room } from './room.ts';

/** Milliseconds for which whoever has begun to speak is sent, whoever else speaks. */
const HOLD = 2_000;

/** Decibels by which the loudness of somebody who says nothing any more falls each second. */
const FALL = 10;

/** Decibels by which somebody must be louder than the quietest of those who are sent, or noises would take turns. */
const MARGIN = 6;

const SILENCE = -127;

/** A microphone whose packets say how loud they are. */
interface Voice {
  readonly producer: types.Producer;
  readonly router: MediaRouter;
  /** How loud it was, in dBov, and when; falls from then on. */
  level: number;
  at: number;
  /** Since when it is sent. */
  since: number;
  /** Ends the listening to it. */
  ear: types.Consumer | undefined;
}

/**
 * Which microphones of a room are sent to those who play them: all where there are few, else the loudest. What everybody
 * hears of everybody grows with the square of the people, and most of it is the noise of rooms.
 *
 * Every packet is looked at: whoever speaks up is sent from the next one on, and only when somebody has been quiet for a
 * while another one takes that place. Sound that does not say how loud it is is always sent, and so is that of screens.
 */
export class Voices extends EventEmitter<{ changed: [] }> implements Member {
  /** Keeps no room alive. */
  readonly connected = false;

  readonly #room: Room;
  readonly #log: Log;
  /** How many are sent at the same time; 0: all. */
  readonly #most: number;
  /** By producer. */
  readonly #voices = new Map<string, Voice>();
  /** Those that are not sent, by producer. */
  readonly #left = new Set<string>();
  #trimming: NodeJS.Timeout | undefined;

  constructor(room: Room, { most, log }: { most: number; log: Log }) {
    super();
    this.#room = room;
    this.#most = most;
    this.#log = log;
    // Everybody who plays something listens.
    this.setMaxListeners(0);
  }

  readonly tell: Tell = <E extends EventName>(event: E, data: EventData<E>) => {
    if (event === 'published' && this.#most > 0) this.#published(data as EventData<'published'>);
  };

  /** Whether those who play this producer are sent it. */
  sends({ id }: { id: string }): boolean {
    return !this.#left.has(id);
  }

  /** Their producers close with the router, and are forgotten with that. */
  dropMedia(): void {}

  /** Those whose worker has died come by `published`; the others have never gone. */
  restoreMedia(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    clearTimeout(this.#trimming);
    this.removeAllListeners();
  }

  #published({ login, stream }: EventData<'published'>): void {
    const published = this.#room.find(login)?.findStream(stream.name);
    if (published?.kind !== 'camera') return;
    const producer = published.producers.find(({ kind }) => kind === 'audio');
    if (!producer || producer.closed || levelId(producer.rtpParameters) === undefined) return;
    const now = performance.now();
    const voice: Voice = { producer, router: published.router, level: SILENCE, at: now, since: now, ear: undefined };
    this.#voices.set(producer.id, voice);
    const { observer } = producer;
    observer.once('close', () => {
      this.#voices.delete(producer.id);
      this.#left.delete(producer.id);
      this.#count();
    });
    // Of what is switched off nothing comes, whatever we do with it. Whoever switches on is about to speak.
    observer.on('pause', () => this.#switched());
    observer.on('resume', () => {
      voice.since = performance.now();
      this.#left.delete(producer.id);
      this.#switched();
    });
    this.#count();
  }

  #switched(): void {
    this.#count();
    this.emit('changed');
  }

  /** Those that are switched on. */
  get #on(): Voice[] {
    return [...this.#voices.values()].filter(({ producer }) => !producer.paused);
  }

  /** There may be too many now, or no longer. */
  #count(): void {
    if (this.#on.length > this.#most) {
      for (const voice of this.#on) this.#listen(voice);
      this.#trimSoon();
      return;
    }
    clearTimeout(this.#trimming);
    this.#trimming = undefined;
    for (const voice of this.#voices.values()) {
      voice.ear?.close();
      voice.ear = undefined;
    }
    if (this.#left.size === 0) return;
    this.#left.clear();
    this.emit('changed');
  }

  #listen(voice: Voice): void {
    if (voice.ear) return;
    void voice.router
      .listen(voice.producer, (level) => this.#hears(voice, level))
      .then(
        (ear) => {
          // Another one may have been made meanwhile, or none be needed any more.
          if (voice.ear || this.#on.length <= this.#most) ear.close();
          else voice.ear = ear;
        },
        (err: unknown) => {
          if (!voice.producer.closed) this.#log.warn({ err }, 'room goes on without knowing how loud somebody is');
        },
      );
  }

  #hears(voice: Voice, level: number): void {
    const now = performance.now();
    const { id } = voice.producer;
    voice.level = Math.max(level, loudness(voice, now));
    voice.at = now;
    if (!this.#left.has(id)) return;
    const quietest = Math.min(...this.#sent.map((one) => loudness(one, now)));
    if (level < quietest + MARGIN) return;
    voice.since = now;
    this.#left.delete(id);
    this.emit('changed');
    this.#trimSoon();
  }

  get #sent(): Voice[] {
    return this.#on.filter(({ producer }) => !this.#left.has(producer.id));
  }

  #trimSoon(): void {
    if (this.#sent.length > this.#most) this.#trimming ??= setTimeout(() => this.#trim(), HOLD);
  }

  /** Leaves out the quietest, but nobody who has just begun. */
  #trim(): void {
    this.#trimming = undefined;
    const now = performance.now();
    const sent = this.#sent;
    const quiet = sent
      .filter(({ since, ear }) => ear && now - since >= HOLD)
      .sort((a, b) => loudness(a, now) - loudness(b, now));
    const over = quiet.slice(0, Math.max(0, sent.length - this.#most));
    for (const { producer } of over) this.#left.add(producer.id);
    if (over.length > 0) this.emit('changed');
    this.#trimSoon();
  }
}

function loudness({ level, at }: Voice, now: number): number {
  return Math.max(SILENCE, level - ((now - at) / 1000) * FALL);
}
