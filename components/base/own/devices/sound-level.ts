/** Decibels below full scale that count as silence. */
export const SILENCE = -100;

/** How loud a track is just now. What it hears stays in this page. */
export class SoundLevel {
  readonly #context = new AudioContext();
  readonly #analyser: AnalyserNode;
  readonly #samples: Float32Array<ArrayBuffer>;
  readonly #over = new AbortController();

  constructor(track: MediaStreamTrack) {
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = 1024;
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#context.createMediaStreamSource(new MediaStream([track])).connect(this.#analyser);
    this.#start();
    // Without a click or a key before, browsers hold it back.
    for (const event of ['pointerdown', 'keydown'])
      document.addEventListener(event, () => this.#start(), { signal: this.#over.signal, capture: true });
  }

  /** Root mean square of the last 20 milliseconds, in decibels: 0 is the loudest, SILENCE the quietest. */
  get decibels(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const power = this.#samples.reduce((sum, sample) => sum + sample * sample, 0) / this.#samples.length;
    return Math.max(SILENCE, 10 * Math.log10(power));
  }

  /** Idempotent. */
  close(): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    void this.#context.close();
  }

  #start(): void {
    if (this.#context.state === 'suspended') this.#context.resume().catch(() => undefined);
  }
}
