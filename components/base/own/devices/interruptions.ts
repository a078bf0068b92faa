import type { OwnMedia } from '../own-media.ts';

const KINDS = ['audio', 'video'] as const;

type Kind = (typeof KINDS)[number];

/** Milliseconds after which sound or picture that the system holds back does not come back by itself. */
const PATIENCE = 1500;

/**
 * What takes microphone or camera away for a while: a phone call, another program, a page that was in the background. While
 * the page is hidden nothing is done about it, and nothing of what is heard is stopped.
 */
export class Interruptions {
  readonly #own: OwnMedia;
  readonly #resume: (kind: Kind) => Promise<void>;
  readonly #tell: (interrupted: Kind[]) => void;
  #over = ended();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * `resume` captures anew with the same device; `tell` is told what is still interrupted after that, and again when nothing
   * is any more.
   */
  constructor(own: OwnMedia, resume: (kind: Kind) => Promise<void>, tell: (interrupted: Kind[]) => void) {
    this.#own = own;
    this.#resume = resume;
    this.#tell = tell;
  }

  start(): void {
    if (!this.#over.signal.aborted) return;
    this.#over = new AbortController();
    document.addEventListener('visibilitychange', () => this.#look(), { signal: this.#over.signal });
  }

  stop(): void {
    this.#over.abort();
    clearTimeout(this.#timer);
  }

  watch(track: MediaStreamTrack): void {
    for (const change of ['mute', 'unmute'])
      track.addEventListener(change, () => this.#look(), { signal: this.#over.signal });
  }

  #look(): void {
    clearTimeout(this.#timer);
    if (this.#interrupted.length === 0) this.#tell([]);
    else if (document.visibilityState === 'visible') this.#timer = setTimeout(() => void this.#recover(), PATIENCE);
  }

  async #recover(): Promise<void> {
    const { signal } = this.#over;
    for (const kind of this.#interrupted) await this.#resume(kind).catch(() => undefined);
    if (!signal.aborted) this.#tell(this.#interrupted.filter((kind) => this.#own.track(kind)));
  }

  /** Of what was lost, what another program may have given back; what is not there any more is told otherwise. */
  get #interrupted(): Kind[] {
    const { problems } = this.#own;
    return KINDS.filter((kind) => {
      const track = this.#own.track(kind);
      return track ? track.muted : problems[kind]?.code === 'device_busy' || problems[kind]?.code === 'device_failed';
    });
  }
}

function ended(): AbortController {
  const controller = new AbortController();
  controller.abort();
  return controller;
}
