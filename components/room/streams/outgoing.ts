import { WcsError } from '../../../protocol/errors.ts';

/** Makes the track that is sent out of the one that was captured: blurs, filters, draws over it. */
export type Processor = (track: MediaStreamTrack) => MediaStreamTrack | Promise<MediaStreamTrack>;

/**
 * Processors for what is sent. Each gets a captured track and gives another one of the same kind, which is stopped when it
 * is no longer needed: its `ended` never fires then, so a processor watches the captured track's, or polls `readyState`.
 */
export interface Processors {
  video?: Processor | undefined;
  audio?: Processor | undefined;
}

/** What is made of the captured tracks of a stream on their way out: by the page's processors, then by the microphone's gain. */
export class Outgoing {
  /** What is captured. */
  readonly raw: { audio?: MediaStreamTrack; video?: MediaStreamTrack } = {};
  readonly #processors: Processors;
  readonly #failed: (error: WcsError) => void;
  /** What was made, by what is sent: to be cleaned up with it. */
  readonly #made = new Map<MediaStreamTrack, () => void>();
  #level = 1;
  #gain: GainNode | undefined;

  /** `failed` is told of a processor that did not work; the track goes out as it was captured. */
  constructor(processors: Processors | undefined, failed: (error: WcsError) => void) {
    this.#processors = processors ?? {};
    this.#failed = failed;
  }

  /** Whether everything goes out as it was captured. */
  get isRaw(): boolean {
    return this.#made.size === 0;
  }

  /** What is sent of a capture: the capture itself where nothing is made of it. Never rejects. */
  async take(captured: MediaStream): Promise<MediaStream> {
    const tracks = captured.getTracks();
    for (const track of tracks) this.raw[track.kind as 'audio' | 'video'] = track;
    const sent = await Promise.all(tracks.map((track) => this.make(track)));
    return this.isRaw ? captured : new MediaStream(sent);
  }

  /** The track to send. Never rejects. */
  async make(raw: MediaStreamTrack): Promise<MediaStreamTrack> {
    const processed = await this.#process(raw);
    const sent = raw.kind === 'audio' && this.#level !== 1 ? this.#amplify(processed) : processed;
    if (sent !== raw) {
      const earlier = this.#made.get(sent);
      this.#made.set(sent, () => {
        earlier?.();
        if (processed !== raw) processed.stop();
        sent.stop();
      });
    }
    return sent;
  }

  /** A factor for the microphone, 0 to 1. Returns the captured track if it has to be made anew for that. */
  setGain(level: number): MediaStreamTrack | undefined {
    const isSame = level === this.#level;
    this.#level = level;
    if (this.#gain) this.#gain.gain.value = level;
    return this.#gain || isSame ? undefined : this.raw.audio;
  }

  /** A track is no longer sent: if it was made here, it ends. */
  drop(sent: MediaStreamTrack): void {
    const clean = this.#made.get(sent);
    this.#made.delete(sent);
    clean?.();
  }

  close(): void {
    for (const sent of [...this.#made.keys()]) this.drop(sent);
  }

  async #process(raw: MediaStreamTrack): Promise<MediaStreamTrack> {
    const processor = this.#processors[raw.kind as 'audio' | 'video'];
    if (!processor) return raw;
    try {
      const made = await processor(raw);
      if (made?.kind === raw.kind && made.readyState === 'live') return made;
      throw new Error(`A processor for ${raw.kind} has to give a live track of ${raw.kind}.`);
    } catch (cause) {
      const { message } = cause as Error;
      this.#failed(new WcsError('device_failed', `The processor for ${raw.kind} failed: ${message}`, { cause }));
      return raw;
    }
  }

  #amplify(track: MediaStreamTrack): MediaStreamTrack {
    const context = new AudioContext();
    const gain = context.createGain();
    gain.gain.value = this.#level;
    const out = context.createMediaStreamDestination();
    context
      .createMediaStreamSource(new MediaStream([track]))
      .connect(gain)
      .connect(out);
    // Without a click before, it waits for one.
    void context.resume();
    this.#gain = gain;
    const [sent] = out.stream.getAudioTracks() as [MediaStreamTrack];
    this.#made.set(sent, () => {
      if (this.#gain === gain) this.#gain = undefined;
      void context.close();
    });
    return sent;
  }
}
