import { WcsError } from '../../protocol/errors.ts';
import type { EventData } from '../../protocol/messages.ts';
import { deferred } from './deferred.ts';
import type { Ask } from './media/media.ts';

interface KnockingOptions {
  room: string;
  ask: Ask;
  /** Gives up. */
  signal: AbortSignal;
}

/** Waits before a room until somebody lets us in, over a connection that may be lost meanwhile. */
export class Knocking {
  readonly #options: KnockingOptions;
  readonly #settle = deferred<void>();

  constructor(options: KnockingOptions) {
    this.#options = options;
    const { signal } = options;
    signal.addEventListener('abort', () => this.#settle.reject(new WcsError('aborted', 'The room was left.')));
    this.knock();
  }

  /** Resolves when we may join. Rejects with a WcsError: `not_admitted`, `meeting_ended`, `room_locked`, …. */
  get answer(): Promise<void> {
    return this.#settle.promise;
  }

  /** Again whenever the connection is back: the backend may not know us any more, or have answered meanwhile. */
  knock(): void {
    const { room, ask, signal } = this.#options;
    ask('knock', { room }, { repeat: true, signal }).then(
      ({ admitted }) => admitted && this.admitted(),
      (error: WcsError) => this.#settle.reject(error),
    );
  }

  admitted(): void {
    this.#settle.resolve();
  }

  refused({ reason, ...said }: EventData<'refused'>): void {
    const words = reason === 'ended' ? 'The meeting has ended.' : 'A moderator has not let you in.';
    this.#settle.reject(new WcsError(reason === 'ended' ? 'meeting_ended' : 'not_admitted', words, { cause: said }));
  }
}
