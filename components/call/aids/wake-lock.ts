/** Keeps the screen of a phone on. Systems take that back when a page is hidden: it is asked for again when it is shown. */
export class WakeLock {
  #over: AbortController | undefined;
  #lock: WakeLockSentinel | undefined;

  /** Idempotent. */
  hold(): void {
    if (this.#over || typeof navigator.wakeLock === 'undefined') return;
    this.#over = new AbortController();
    const { signal } = this.#over;
    document.addEventListener('visibilitychange', () => void this.#ask(signal), { signal });
    void this.#ask(signal);
  }

  release(): void {
    this.#over?.abort();
    this.#over = undefined;
    this.#lock?.release().catch(() => undefined);
    this.#lock = undefined;
  }

  async #ask(signal: AbortSignal): Promise<void> {
    if (document.visibilityState === 'hidden' || this.#lock?.released === false) return;
    try {
      const lock = await navigator.wakeLock.request('screen');
      if (signal.aborted) await lock.release();
      else this.#lock = lock;
    } catch {
      // The battery is low, or the page may not: the screen goes off as usual.
    }
  }
}
