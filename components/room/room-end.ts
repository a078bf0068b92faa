import { WcsError, type ErrorCode } from '../../protocol/errors.ts';
import type { EventData } from '../../protocol/messages.ts';

/** Which moderator wanted it, and what they have to say. */
export interface ModeratorSaid {
  by?: string;
  note?: string;
}

const ENDED: Record<EventData<'ended'>['reason'], [ErrorCode, string]> = {
  idle: ['not_joined', 'The room has ended: nobody was connected to it for too long.'],
  replaced: ['not_joined', 'You have joined again from elsewhere under the same name.'],
  media: ['not_joined', 'The room has ended: the server could not go on with its media.'],
  expelled: ['expelled', 'A moderator has removed you from this room.'],
  closed: ['meeting_ended', 'A moderator has ended the meeting for all.'],
};

/** Why we are no longer in a room, as an error whose cause is what the moderator has said. */
export function endedError({ reason, by, note }: EventData<'ended'>): WcsError {
  const [code, words] = ENDED[reason];
  return new WcsError(code, words, { cause: { by, note } });
}

/** Which moderator wanted what this error tells of, and what they have to say; nothing where it was not a moderator. */
export function saidBy({ cause }: WcsError): ModeratorSaid {
  const { by, note } = (cause ?? {}) as ModeratorSaid;
  return { ...(by === undefined ? {} : { by }), ...(note === undefined ? {} : { note }) };
}

/** What went wrong while entering, as an error with a code. */
export function toWcsError(error: unknown): WcsError {
  return error instanceof WcsError ? error : new WcsError('internal', (error as Error).message, { cause: error });
}
