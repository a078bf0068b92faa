import type { WcsError } from '../../protocol/errors.ts';
import type { LeaveReason, RecordingState } from '../../protocol/model.ts';
import { Emitter } from './emitter.ts';
import type { Participant, ParticipantStream } from './participant.ts';
import type { PublishOptions, Stream } from './stream.ts';

export interface JoinOptions {
  /** 1 to 64 characters, without control characters; compared whole. */
  name: string;
  /** As the first participant: record the whole room. */
  record?: boolean;
  /** As the first participant: let in this many people at most, oneself included; 1 to 10,000. */
  capacity?: number;
}

/** A text message as it was written: never encoded or decoded on its way. */
export interface RoomMessage {
  /** Who wrote it; undefined when they have left meanwhile. */
  from: Participant | undefined;
  text: string;
  /** Milliseconds since the Unix epoch by the backend's clock. */
  at: number;
  /** The login of the one recipient; absent when it went to everyone. */
  to?: string;
}

/** `idle`, `replaced`, `media`: told by the backend. `disconnected`: the session ended. `refused`: not let in again. */
export type RoomEndReason = 'idle' | 'replaced' | 'media' | 'disconnected' | 'refused';

export interface RoomEvents {
  /** Joined; participants and their streams are filled in. Once in a room's life. */
  STATE: [room: Room];
  JOINED: [participant: Participant];
  LEFT: [participant: Participant, reason: LeaveReason];
  /** The stream is in `participant.getStreams()` already. */
  PUBLISHED: [participant: Participant, stream: ParticipantStream];
  /** The stream is no longer in `participant.getStreams()`. */
  UNPUBLISHED: [participant: Participant, stream: ParticipantStream];
  MUTED: [participant: Participant, stream: ParticipantStream, kind: 'audio' | 'video'];
  UNMUTED: [participant: Participant, stream: ParticipantStream, kind: 'audio' | 'video'];
  MESSAGE: [message: RoomMessage];
  /** The join was refused. */
  FAILED: [room: Room, info: string, error: WcsError];
  RECORDING: [room: Room, state: RecordingState];
  /** Someone's connection is lost and may come back; without a participant: our own. */
  RECONNECTING: [participant: Participant | undefined];
  RECONNECTED: [participant: Participant | undefined];
  /** We are no longer in the room, without having asked for it. */
  ENDED: [room: Room, reason: RoomEndReason];
}

/** A room that this session joins, is in, or has left. */
export class Room extends Emitter<RoomEvents> {
  /**
   * Settles with STATE or FAILED: rejects with a WcsError, such as `login_taken` "Room already has user with such
   * login", `room_full` "Current room is full.", or `aborted` when it was left before. Never an unhandled rejection.
   */
  readonly joined: Promise<Room> = new Promise(() => undefined);

  name(): string {
    throw new Error('not implemented');
  }
  isJoined(): boolean {
    throw new Error('not implemented');
  }
  /** Whether our join made the room. */
  created(): boolean {
    throw new Error('not implemented');
  }
  /** People in the room at most; 0: no limit. */
  capacity(): number {
    throw new Error('not implemented');
  }
  recording(): RecordingState {
    throw new Error('not implemented');
  }
  /** Everyone else, in the order they came. */
  getParticipants(): Participant[] {
    throw new Error('not implemented');
  }
  /** Our own streams that are not UNPUBLISHED or FAILED. */
  getStreams(): Stream[] {
    throw new Error('not implemented');
  }
  /** Publishes at once; the result comes by PUBLISHING, FAILED or UNPUBLISHED on the stream. Before STATE it waits for it. */
  publish(options: PublishOptions): Stream {
    throw new Error(`not implemented ${options.name}`);
  }
  /** Text to everyone else. Rejects with a WcsError when it did not reach the backend. */
  sendMessage(text: string): Promise<{ at: number }> {
    throw new Error(`not implemented ${text}`);
  }
  /** Starts or stops the recording of the whole room. Rejects with `recording_unavailable` where the backend does not record. */
  record(on: boolean): Promise<'off' | 'on'> {
    throw new Error(`not implemented ${on}`);
  }
  /** Leaves: streams end, STATE of a new `join` may follow at once. Always resolves, whatever the backend says. */
  leave(): Promise<Room> {
    throw new Error('not implemented');
  }
}
