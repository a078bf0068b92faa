import type { WcsError } from '../../protocol/errors.ts';
import type { LeaveReason, Reaction, RecordingState, Waiting } from '../../protocol/model.ts';
import type { Participant, ParticipantStream } from './participant.ts';
import type { Silence } from './moderated-room.ts';
import type { Room } from './room.ts';
import type { ModeratorSaid } from './room-end.ts';
import type { Stream } from './streams/stream.ts';
import type { RoomEndReason } from './room-link.ts';

/** A text message as it was written: never encoded or decoded on its way. */
export interface RoomMessage {
  /** Their login. */
  username: string;
  /** Who wrote it; undefined when they have left meanwhile. */
  from: Participant | undefined;
  text: string;
  /** Milliseconds since the Unix epoch by the backend's clock. */
  at: number;
  /** The login of the one recipient; absent when it went to everyone. */
  to?: string;
}

/** What a room tells, and with which arguments. */
export interface RoomEvents {
  /** Joined; participants and their streams are filled in. Once in a room's life. */
  STATE: [room: Room];
  JOINED: [participant: Participant];
  /** Their streams are UNPUBLISHED before. */
  LEFT: [participant: Participant, reason: LeaveReason];
  /** The stream is in `participant.getStreams()` already. */
  PUBLISHED: [participant: Participant, stream: ParticipantStream];
  /** The stream is no longer in `participant.getStreams()`. */
  UNPUBLISHED: [participant: Participant, stream: ParticipantStream];
  MUTED: [participant: Participant, stream: ParticipantStream, kind: 'audio' | 'video'];
  UNMUTED: [participant: Participant, stream: ParticipantStream, kind: 'audio' | 'video'];
  /** Who speaks now, by login, we ourselves included; undefined: who did has left. */
  SPEAKER: [login: string | undefined];
  /** How loud those are who can be heard, by login, in dBov; twice a second while somebody speaks. */
  LEVELS: [levels: ReadonlyMap<string, number>];
  /** A stream that we play reaches us better or worse than before. */
  QUALITY: [participant: Participant, stream: ParticipantStream];
  MESSAGE: [message: RoomMessage];
  /** Who has raised a hand now, by login, the longest first. */
  HANDS: [hands: readonly string[]];
  /** Somebody, perhaps we ourselves, shows a sign that is to be seen for a moment. */
  REACTION: [login: string, reaction: Reaction];
  /** The join was refused. */
  FAILED: [room: Room, info: string, error: WcsError];
  /** `reason`, in words for people: why it stopped without anybody asking for it. */
  RECORDING: [room: Room, state: RecordingState, reason: string | undefined];
  /** Someone's connection is lost and may come back; without a participant: our own. */
  RECONNECTING: [participant: Participant | undefined];
  RECONNECTED: [participant: Participant | undefined];
  /** We are no longer in the room, without having asked for it; `said`: by which moderator, where it was one. */
  ENDED: [room: Room, reason: RoomEndReason, said: ModeratorSaid];
  /** We wait until a moderator lets us in: ADMITTED and STATE follow, or FAILED. */
  WAITING: [room: Room];
  ADMITTED: [room: Room];
  /** For moderators: who waits to be let in now, longest first. */
  LOBBY: [waiting: readonly Waiting[]];
  /** Lock or lobby have changed; `by` is absent for an administrator of the backend, or when we have been away. */
  GUARDED: [room: Room, by: string | undefined];
  /** A moderator has muted somebody, or lets them unmute again; without a participant: us. Our own streams are muted already. */
  SILENCED: [participant: Participant | undefined, silence: Silence];
  /** A moderator has ended a stream of ours, or without `by` an administrator of the backend; it is UNPUBLISHED already. */
  STOPPED: [stream: Stream, by: string | undefined];
}
