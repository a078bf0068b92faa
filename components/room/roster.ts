import type { EventData } from '../../protocol/messages.ts';
import type {
  LeaveReason,
  Muted,
  Participant as ParticipantState,
  Stream as StreamState,
} from '../../protocol/model.ts';
import { Participant, type ParticipantLink, type ParticipantStream } from './participant.ts';

/** What changes in a room, whether told by an event or found by comparing with the whole state after a loss. */
export interface RosterListener {
  joined(participant: Participant): void;
  left(participant: Participant, reason: LeaveReason): void;
  published(participant: Participant, stream: ParticipantStream): void;
  unpublished(participant: Participant, stream: ParticipantStream): void;
  /** The stream goes on under its name, but its media path is a new one. */
  replaced(stream: ParticipantStream): void;
  muted(participant: Participant, stream: ParticipantStream, kind: 'audio' | 'video', muted: boolean): void;
  quality(participant: Participant, stream: ParticipantStream): void;
  connection(participant: Participant, connected: boolean): void;
}

/** Everyone else in a room, and what they publish. */
export class Roster {
  readonly #participants = new Map<string, Participant>();
  readonly #link: ParticipantLink;
  readonly #listener: RosterListener;

  constructor(link: ParticipantLink, listener: RosterListener) {
    this.#link = link;
    this.#listener = listener;
  }

  get participants(): Participant[] {
    return [...this.#participants.values()];
  }

  get(login: string): Participant | undefined {
    return this.#participants.get(login);
  }

  /** Whether the stream is still published. */
  has(stream: ParticipantStream): boolean {
    return this.participants.some(({ streams }) => streams[stream.streamName()] === stream);
  }

  /** The first state of the room: nothing of it is news. */
  fill(states: readonly ParticipantState[]): void {
    for (const state of states) this.#add(state);
  }

  /** The state of the room after we were away: what is different is told as if it had just happened. */
  compare(states: readonly ParticipantState[]): void {
    const logins = new Set(states.map(({ login }) => login));
    for (const participant of this.participants)
      if (!logins.has(participant.name())) this.left(participant.name(), 'lost');
    for (const state of states) this.#compareOne(state);
  }

  joined(state: ParticipantState): void {
    if (this.#participants.has(state.login)) return this.#compareOne(state);
    const participant = this.#add(state);
    this.#listener.joined(participant);
    for (const stream of participant.getStreams()) this.#listener.published(participant, stream);
  }

  left(login: string, reason: LeaveReason): void {
    const participant = this.#participants.get(login);
    if (!participant) return;
    for (const stream of participant.getStreams()) this.unpublished(login, stream.streamName());
    this.#participants.delete(login);
    this.#listener.left(participant, reason);
  }

  published(login: string, state: StreamState): void {
    const participant = this.#participants.get(login);
    if (!participant) return;
    const known = participant.streams[state.name];
    if (known) {
      this.#replace(participant, known, state);
      return;
    }
    this.#listener.published(participant, participant.addStream(state));
  }

  unpublished(login: string, name: string): void {
    const participant = this.#participants.get(login);
    const stream = participant?.removeStream(name);
    if (participant && stream) this.#listener.unpublished(participant, stream);
  }

  muted(login: string, name: string, muted: Muted): void {
    const participant = this.#participants.get(login);
    const stream = participant?.streams[name];
    if (participant && stream) this.#compareMuted(participant, stream, muted);
  }

  quality(streams: EventData<'quality'>['streams']): void {
    for (const { stream: name, quality, video } of streams) {
      const participant = this.participants.find(({ streams }) => streams[name]);
      const stream = participant?.streams[name];
      if (!participant || !stream) continue;
      stream.setQuality({ quality, video });
      this.#listener.quality(participant, stream);
    }
  }

  connection(login: string, connected: boolean): void {
    const participant = this.#participants.get(login);
    if (!participant || participant.connected() === connected) return;
    participant.setConnected(connected);
    this.#listener.connection(participant, connected);
  }

  #add(state: ParticipantState): Participant {
    const participant = new Participant(state, this.#link);
    for (const stream of state.streams) participant.addStream(stream);
    this.#participants.set(state.login, participant);
    return participant;
  }

  #compareOne(state: ParticipantState): void {
    const { login, connected, streams } = state;
    const participant = this.#participants.get(login);
    if (!participant) return this.joined(state);
    const names = new Set(streams.map(({ name }) => name));
    for (const stream of participant.getStreams()) {
      if (!names.has(stream.streamName())) this.unpublished(login, stream.streamName());
    }
    for (const stream of streams) this.#compareStream(participant, stream);
    this.connection(login, connected);
  }

  #compareStream(participant: Participant, state: StreamState): void {
    const known = participant.streams[state.name];
    if (!known) this.published(participant.name(), state);
    else if (known.mediaSessionId !== state.mediaSessionId) this.#replace(participant, known, state);
    else this.#compareMuted(participant, known, state.muted);
  }

  #replace(participant: Participant, stream: ParticipantStream, state: StreamState): void {
    const before = stream.muted();
    stream.update({ ...state, muted: before });
    this.#listener.replaced(stream);
    this.#compareMuted(participant, stream, state.muted);
  }

  #compareMuted(participant: Participant, stream: ParticipantStream, muted: Muted): void {
    const before = stream.muted();
    stream.setMuted(muted);
    for (const kind of ['audio', 'video'] as const) {
      if (before[kind] !== muted[kind]) this.#listener.muted(participant, stream, kind, muted[kind]);
    }
  }
}
