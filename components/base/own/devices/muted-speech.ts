import { SoundLevel } from './sound-level.ts';
import { SpeechSense } from './speech-sense.ts';

/** Milliseconds between two levels. */
const INTERVAL = 100;

/**
 * Notices that somebody speaks into a microphone that they have switched off. The microphone is open all the same, and what
 * is sent of it is silence; a copy of its track is measured here, in the page, and goes nowhere.
 */
export class MutedSpeech {
  readonly #heard: () => void;
  #track: MediaStreamTrack | undefined;
  #stop: (() => void) | undefined;
  #told = false;

  /** `heard` is called once for each time that one is muted. */
  constructor(heard: () => void) {
    this.#heard = heard;
  }

  /** Listens on this muted track; without one, not at all. */
  follow(track: MediaStreamTrack | undefined): void {
    if (track === this.#track) return;
    this.#stop?.();
    this.#track = track;
    if (!track) this.#told = false;
    this.#stop = track && !this.#told ? this.#listen(track) : undefined;
  }

  #listen(track: MediaStreamTrack): () => void {
    const copy = track.clone();
    copy.enabled = true;
    const level = new SoundLevel(copy);
    const sense = new SpeechSense();
    const stop = () => {
      clearInterval(timer);
      level.close();
      copy.stop();
    };
    const timer = setInterval(() => {
      if (!sense.hears(level.decibels)) return;
      stop();
      this.#told = true;
      this.#heard();
    }, INTERVAL);
    return stop;
  }
}
