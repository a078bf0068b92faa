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

/** Somebody who was there before the backend was restarted. */
interface Awaited {
  /** Names of the streams that have not come back yet. */
  streams: Set<string>;
  /** Whether they themselves have. */
  back: boolean;
  timer: ReturnType<typeof setTimeout>;
}

/** Everyone else in a room, and what they publish. */
export class Roster {
  readonly #participants = new Map<string, Participant>();
  readonly #awaited = new Map<string, Awaited>();
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

  /** Whether something of the stream must be coming, where it is played. A shared screen may stand still. */
  flows(name: string): boolean {
    const participant = this.participants.find(({ streams }) => streams[name]);
    const stream = participant?.streams[name];
    if (!participant?.connected() || stream?.kind() !== 'camera') return false;
    const muted = stream.muted();
    return (stream.hasAudio() && !muted.audio) || (stream.hasVideo() && !muted.video);
  }

  /**
   * The state of the room after we were away: what is different is told as if it had just happened. With `awaiting`, in
   * milliseconds, everybody has been away: who or what is missing is on the way back for so long.
   */
  compare(states: readonly ParticipantState[], awaiting = 0): void {
    const logins = new Set(states.map(({ login }) => login));
    if (awaiting > 0) for (const participant of this.participants) this.#await(participant, awaiting);
    for (const name of this.#participants.keys()) {
      if (logins.has(name)) continue;
      if (this.#awaited.has(name)) this.connection(name, false);
      else this.left(name, 'lost');
    }
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
    this.#forget(login);
    for (const stream of participant.getStreams()) this.unpublished(login, stream.streamName());
    this.#participants.delete(login);
    this.#listener.left(participant, reason);
  }

  published(login: string, state: StreamState): void {
    const participant = this.#participants.get(login);
    if (!participant) return;
    const known = participant.streams[state.name];
    this.#awaited.get(login)?.streams.delete(state.name);
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

  /** Nobody is waited for any more. */
  close(): void {
    for (const login of [...this.#awaited.keys()]) this.#forget(login);
  }

  #await(participant: Participant, milliseconds: number): void {
    const login = participant.name();
    this.#forget(login);
    const streams = new Set(Object.keys(participant.streams));
    const timer = setTimeout(() => this.#giveUp(login), milliseconds);
    this.#awaited.set(login, { streams, back: false, timer });
  }

  #giveUp(login: string): void {
    const awaited = this.#awaited.get(login);
    this.#forget(login);
    if (!awaited?.back) return this.left(login, 'lost');
    for (const stream of awaited.streams) this.unpublished(login, stream);
  }

  #forget(login: string): void {
    clearTimeout(this.#awaited.get(login)?.timer);
    this.#awaited.delete(login);
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
    const awaited = this.#awaited.get(login);
    if (awaited) awaited.back = true;
    const names = new Set([...streams.map(({ name }) => name), ...(awaited?.streams ?? [])]);
    for (const stream of participant.getStreams()) {
      if (!names.has(stream.streamName())) this.unpublished(login, stream.streamName());
    }
    for (const stream of streams) this.#compareStream(participant, stream);
    this.connection(login, connected);
  }

  #compareStream(participant: Participant, state: StreamState): void {
    const known = participant.streams[state.name];
    this.#awaited.get(participant.name())?.streams.delete(state.name);
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
