import type {
  Muted,
  Participant as ParticipantState,
  Quality,
  Stream as StreamState,
  StreamKind,
} from '../../protocol/model.ts';
import type { Moderate, MuteOptions } from './moderated-room.ts';
import type { PlayOptions, Stream } from './streams/stream.ts';

/** What a participant and its streams ask of their room. */
export interface ParticipantLink {
  send(text: string, to: string): Promise<{ at: number }>;
  play(stream: ParticipantStream, display: HTMLElement | null | undefined, options: PlayOptions): Stream;
  /** The Streams that play it, in the order they began. */
  playing(name: string): Stream[];
  moderate: Moderate;
}

/** Somebody else in a room. */
export class Participant {
  /** By stream name. */
  readonly streams: Record<string, ParticipantStream> = {};
  readonly #link: ParticipantLink;
  readonly #name: string;
  readonly #displayName: string;
  #connected: boolean;
  #held: Muted;

  /** @internal */
  constructor(state: ParticipantState, link: ParticipantLink) {
    this.#link = link;
    this.#name = state.login;
    this.#displayName = state.displayName ?? state.login;
    this.#connected = state.connected;
    this.#held = state.held ?? { audio: false, video: false };
  }

  name(): string {
    return this.#name;
  }

  /** What to show of them: the name that the site gives them, else their login. Not unique. */
  displayName(): string {
    return this.#displayName;
  }

  /** False while their connection is lost and may still come back. */
  connected(): boolean {
    return this.#connected;
  }

  /** What they publish, in the order they began. */
  getStreams(): ParticipantStream[] {
    return Object.values(this.streams);
  }

  /**
   * Text to this one participant. `onError` is called when it could not be delivered; the promise rejects then too,
   * but not as an unhandled rejection.
   */
  sendMessage(text: string, onError?: (error: Error) => void): Promise<{ at: number }> {
    const sent = this.#link.send(text, this.#name);
    sent.catch((error: Error) => onError?.(error));
    return sent;
  }

  /** What a moderator has muted of theirs for good. */
  held(): Muted {
    return { ...this.#held };
  }

  /**
   * Mutes them, as a moderator: the microphone unless said otherwise. With `hold` they cannot unmute; muting again without `hold` lets them. Rejects
   * with a WcsError, never unhandled: `forbidden`, `participant_unknown`.
   */
  mute({ audio = true, video = false, ...how }: MuteOptions = {}): Promise<void> {
    return this.#link.moderate('silence', { login: this.#name, audio, video, ...how });
  }

  /**
   * Takes them out of the room, as a moderator; with `ban` they do not get in again as long as there is this room. `note`: what
   * to tell them, 1 to 200 characters. Rejects with a WcsError, never unhandled: `forbidden`, `participant_unknown`.
   */
  remove({ ban, note }: { ban?: boolean; note?: string } = {}): Promise<void> {
    return this.#link.moderate('remove', { login: this.#name, ban, note });
  }

  /** @internal */
  setHeld(held: Muted): void {
    this.#held = held;
  }

  /** @internal */
  setConnected(connected: boolean): void {
    this.#connected = connected;
  }

  /** @internal */
  addStream(state: StreamState): ParticipantStream {
    const stream = new ParticipantStream(state, this.#link);
    this.streams[state.name] = stream;
    return stream;
  }

  /** @internal */
  removeStream(name: string): ParticipantStream | undefined {
    const stream = this.streams[name];
    delete this.streams[name];
    return stream;
  }
}

/** How well a stream reaches us. */
export interface StreamQuality {
  quality: Quality;
  /** False while the bandwidth carries no picture, so that the sound has it. */
  video: boolean;
}

/** A stream that somebody else publishes. Nothing of it is received until `play`. */
export class ParticipantStream {
  readonly #link: ParticipantLink;
  #state: StreamState;
  #quality: StreamQuality = { quality: 'good', video: true };

  /** @internal */
  constructor(state: StreamState, link: ParticipantLink) {
    this.#state = state;
    this.#link = link;
  }

  streamName(): string {
    return this.#state.name;
  }

  kind(): StreamKind {
    return this.#state.kind;
  }

  hasAudio(): boolean {
    return this.#state.audio;
  }

  hasVideo(): boolean {
    return this.#state.video;
  }

  /** What its publisher has switched off for now. */
  muted(): Muted {
    return { ...this.#state.muted };
  }

  /** How well it reaches us while we play it, as the backend measures it. */
  quality(): StreamQuality {
    return { ...this.#quality };
  }

  /**
   * Plays it: with `display`, in a `<video>` made as a child of that element, whose id is `stream.id()`; without, the
   * page shows `stream.mediaStream` by itself. Playing twice gives a second Stream over the same media.
   */
  play(display?: HTMLElement | null, options: PlayOptions = {}): Stream {
    return this.#link.play(this, display, options);
  }

  /** Stops every playing of it in this page. */
  stop(): void {
    for (const stream of this.#link.playing(this.#state.name)) stream.stop();
  }

  /** Ends it for everybody, as a moderator: a screen, say. Rejects with a WcsError, never unhandled: `forbidden`, `stream_unknown`. */
  unpublish(): Promise<void> {
    return this.#link.moderate('unpublish', { stream: this.#state.name });
  }

  /** The id of the first Stream that plays it, undefined when none does. */
  id(): string | undefined {
    return this.#link.playing(this.#state.name)[0]?.id();
  }

  /**
   * Identifies the publishing: another one when its media path was rebuilt.
   *
   * @internal
   */
  get mediaSessionId(): string {
    return this.#state.mediaSessionId;
  }

  /** @internal */
  update(state: StreamState): void {
    this.#state = state;
  }

  /** @internal */
  setQuality(quality: StreamQuality): void {
    this.#quality = quality;
  }

  /** @internal */
  setMuted(muted: Muted): void {
    this.#state = { ...this.#state, muted };
  }
}
