import type { Stream, PlayOptions } from './stream.ts';

/** Somebody else in a room. */
export class Participant {
  /** By stream name. */
  readonly streams: Record<string, ParticipantStream> = {};

  name(): string {
    throw new Error('not implemented');
  }
  /** False while their connection is lost and may still come back. */
  connected(): boolean {
    throw new Error('not implemented');
  }
  /** What they publish, in the order they began. */
  getStreams(): ParticipantStream[] {
    return Object.values(this.streams);
  }
  /**
   * Text to this one participant. `onError` is called when it could not be delivered; the promise rejects then too, but
   * never as an unhandled rejection.
   */
  sendMessage(text: string, onError?: (error: Error) => void): Promise<{ at: number }> {
    throw new Error(`not implemented ${text} ${onError}`);
  }
}

/** A stream that somebody else publishes. Nothing of it is received until `play`. */
export class ParticipantStream {
  streamName(): string {
    throw new Error('not implemented');
  }
  kind(): 'camera' | 'screen' {
    throw new Error('not implemented');
  }
  hasAudio(): boolean {
    throw new Error('not implemented');
  }
  hasVideo(): boolean {
    throw new Error('not implemented');
  }
  /** What its publisher has switched off for now. */
  muted(): { audio: boolean; video: boolean } {
    throw new Error('not implemented');
  }
  /**
   * Plays it: with `display`, in a `<video>` made as a child of that element, whose id is `stream.id()`; without, the
   * page shows `stream.mediaStream` by itself. Playing twice gives a second Stream over the same media.
   */
  play(display?: HTMLElement | null, options?: PlayOptions): Stream {
    throw new Error(`not implemented ${display} ${options}`);
  }
  /** Stops every playing of it in this page. */
  stop(): void {}
  /** The id of the first Stream that plays it, undefined when none does. */
  id(): string | undefined {
    return undefined;
  }
}
