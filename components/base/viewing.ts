import type { ReactiveControllerHost } from 'lit';
import type { Participant, ParticipantStream } from '../room/participant.ts';
import type { Stream } from '../room/streams/stream.ts';
import type { Intent } from './element/intent.ts';
import { streamOfTile, tilesOf } from './tiles.ts';
import type { TileView } from './view.ts';

export type ViewingIntent = Extract<Intent, { do: 'show' | 'volume' | 'watch' }>;

/** What one viewer has of everybody else's streams: all are played, as loud as they wish, with their pictures or without. */
export class Viewing {
  readonly #host: ReactiveControllerHost;
  readonly #participants: () => readonly Participant[];
  readonly #playing = new Map<ParticipantStream, Stream>();
  /** By tile: it stays while its stream goes and comes back. */
  readonly #videos = new Map<string, HTMLVideoElement>();
  readonly #volumes = new Map<string, number>();
  readonly #stopped = new Set<string>();
  #audioOnly = false;

  constructor(host: ReactiveControllerHost, participants: () => readonly Participant[]) {
    this.#host = host;
    this.#participants = participants;
  }

  /** Everybody else, and what they share; `speaking` is a login. */
  tiles(speaking: string | undefined): TileView[] {
    return tilesOf(this.#participants(), {
      speaking,
      playing: (stream) => this.#playing.get(stream),
      volume: (tile) => this.#volumes.get(tile) ?? 100,
      stopped: (tile) => this.#stopped.has(tile),
      audioOnly: this.#audioOnly,
    });
  }

  /** The playing of what a tile shows. */
  streamOf(tile: string): { of: ParticipantStream; stream: Stream } | undefined {
    const of = streamOfTile(tile, this.#participants());
    const stream = of && this.#playing.get(of);
    return stream && { of, stream };
  }

  play(stream: ParticipantStream): void {
    const playing = stream.play();
    this.#playing.set(stream, playing);
    const update = () => this.#host.requestUpdate();
    for (const status of ['PLAYING', 'STOPPED', 'FAILED'] as const) playing.on(status, update);
    this.#apply(playing);
    update();
  }

  forget(stream: ParticipantStream): void {
    this.#playing.get(stream)?.stop();
    this.#playing.delete(stream);
    this.#host.requestUpdate();
  }

  /** The call is over; who is in the next one has chosen nothing yet. */
  clear(): void {
    this.#playing.clear();
    this.#videos.clear();
    this.#volumes.clear();
    this.#stopped.clear();
  }

  /** Does what the viewer asks for about one tile. */
  choose(intent: ViewingIntent): void {
    const { tile } = intent;
    if (intent.do === 'volume') this.#volumes.set(tile, intent.volume);
    else if (intent.do === 'watch' && intent.on) this.#stopped.delete(tile);
    else if (intent.do === 'watch') this.#stopped.add(tile);
    else if (intent.do === 'show' && intent.video) this.#videos.set(tile, intent.video);
    else this.#videos.delete(tile);
    const { stream } = this.streamOf(tile) ?? {};
    if (stream) this.#apply(stream);
    if (intent.do !== 'show') this.#host.requestUpdate();
  }

  /** Receives no pictures at all, or again those that are watched. */
  set audioOnly(on: boolean) {
    if (on === this.#audioOnly) return;
    this.#audioOnly = on;
    for (const stream of this.#playing.values()) this.#apply(stream);
    this.#host.requestUpdate();
  }

  /** Receives of a stream what its tile shows, as loud as it is wished. */
  #apply(stream: Stream): void {
    const tiles = [...this.#videos.keys(), ...this.#volumes.keys(), ...this.#stopped];
    const tile = tiles.find((id) => this.streamOf(id)?.stream === stream);
    if (tile !== undefined) stream.setVolume(this.#volumes.get(tile) ?? 100);
    if (this.#audioOnly || (tile !== undefined && this.#stopped.has(tile))) showNothing(stream);
    else if (tile !== undefined) stream.showIn(this.#videos.get(tile));
  }
}

function showNothing(stream: Stream): void {
  stream.showIn(undefined);
  stream.show({ width: 0, height: 0 });
}
