import type { Muted } from '../../../protocol/model.ts';

interface Options {
  /** What is off from the beginning. */
  muted: Partial<Muted> | undefined;
  /** Whether a moderator may switch the picture off: not that of a screen. */
  picture: boolean;
  /** It has changed: the tracks are to follow. */
  apply: () => void;
  /** Tells the backend; undefined while there is nothing to tell it about. */
  tell: (muted: Muted) => Promise<unknown> | undefined;
}

const NOTHING: Muted = { audio: false, video: false };

/** What of an own stream is off, because we or a moderator want it so; and what the backend knows of that. */
export class OwnMute {
  readonly now: Muted;
  readonly #options: Options;
  #held = NOTHING;
  #told: Muted | undefined;
  /** Requests about it that are not answered yet. */
  #telling = 0;

  constructor(options: Options) {
    this.#options = options;
    this.now = { ...NOTHING, ...options.muted };
  }

  /** We switch it; what is held stays off. */
  set(kind: 'audio' | 'video', muted: boolean): void {
    this.now[kind] = muted || this.#held[kind];
    this.#changed();
  }

  /** A moderator mutes it. What is `held` stays muted, whatever we ask for. */
  silence(what: Muted, held: Muted): void {
    const { picture } = this.#options;
    this.#held = { audio: held.audio, video: held.video && picture };
    this.now.audio ||= what.audio;
    this.now.video ||= what.video && picture;
    this.#changed();
  }

  /** Compares with what the backend has after the connection came back. Returns what a moderator has muted meanwhile. */
  reconcile(muted: Muted): Muted {
    // What we were telling is told again by itself.
    if (this.#telling > 0) return { ...NOTHING };
    const { audio, video } = this.now;
    const byOthers = { audio: muted.audio && !audio, video: muted.video && !video };
    this.#told = muted;
    this.silence(byOthers, this.#held);
    return byOthers;
  }

  /** What is told while it is published. */
  publish(): Muted {
    return (this.#told = { ...this.now });
  }

  /** It is about to be published anew. */
  forget(): void {
    this.#told = undefined;
  }

  /** Tells the backend what it does not know yet. */
  tell(): void {
    const { audio, video } = this.now;
    if (this.#told?.audio === audio && this.#told.video === video) return;
    const told = this.#options.tell({ audio, video });
    if (!told) return;
    this.#told = { audio, video };
    this.#telling += 1;
    void told.finally(() => (this.#telling -= 1));
  }

  #changed(): void {
    this.#options.apply();
    this.tell();
  }
}
