import type { LeaveReason, Stream } from '../../protocol/model.ts';

/** Somebody in a room. */
export interface Person {
  login: string;
  displayName?: string | undefined;
  /** `sub` of the token. */
  subject?: string | undefined;
  /** Names the session in the log. */
  session: string;
}

type PublishedStream = Pick<Stream, 'name' | 'mediaSessionId' | 'kind' | 'audio' | 'video'>;

interface RecordingNamed {
  /** Its id in the administration API. */
  recording: string;
  kind: 'room' | 'stream';
  /** Milliseconds since the Unix epoch. */
  startedAt: number;
}

/** What a webhook tells of a room; `ACCESS.md` is written for those who receive it. */
export type Happening =
  | { event: 'room_created' | 'room_finalized' }
  | { event: 'participant_joined'; participant: Person }
  | { event: 'participant_left'; participant: Person; reason: LeaveReason | 'ended' }
  | { event: 'stream_published' | 'stream_unpublished'; login: string; stream: PublishedStream }
  | ({ event: 'recording_started' } & RecordingNamed)
  | ({ event: 'recording_finished' | 'recording_failed'; durationMs: number } & RecordingNamed);
