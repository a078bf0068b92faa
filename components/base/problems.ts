import { WcsError, type ErrorCode } from '../../protocol/errors.ts';
import type { RecordingState } from '../../protocol/model.ts';
import type { ModeratorSaid } from '../room/room-end.ts';
import type { LeaveCause } from './events.ts';

const END_CODES: Partial<Record<LeaveCause, ErrorCode>> = {
  replaced: 'session_replaced',
  expelled: 'expelled',
  closed: 'meeting_ended',
};

/** What is shown when the room is over without our asking; its cause is what a moderator has said, where it was one. */
export function endError(reason: LeaveCause, said: ModeratorSaid): WcsError {
  return new WcsError(END_CODES[reason] ?? 'connection_lost', `The room ended: ${reason}.`, { cause: said });
}

export function notRecorded(state: RecordingState): WcsError {
  if (state === 'unavailable') return new WcsError('recording_unavailable', 'This server does not record.');
  return new WcsError('recording_failed', 'The server could not begin to record.');
}

/** Whatever was thrown, as an error with a code. */
export function toWcsError(error: unknown): WcsError {
  if (error instanceof WcsError) return error;
  return new WcsError('internal', error instanceof Error ? error.message : String(error), { cause: error });
}
