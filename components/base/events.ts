import type { SessionStatus } from '../room/constants.ts';
import type { Participant, ParticipantStream } from '../room/participant.ts';
import type { RoomEndReason } from '../room/room-link.ts';
import type { Stream } from '../room/streams/stream.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Reaction, RecordingState } from '../../protocol/model.ts';

/** `left`: somebody asked for it. `removed`: the element was taken out of the page. The others: see RoomEndReason. */
export type LeaveCause = 'left' | 'removed' | RoomEndReason;

/** What the elements tell the page, and with what detail. All of them bubble and cross shadow roots. */
interface EventDetails {
  'wcs-status': { status: SessionStatus };
  'wcs-join': { room: string; username: string };
  /** Cancelable: `preventDefault()` keeps the participant in the room. */
  'wcs-before-leave': Record<string, never>;
  'wcs-leave': { reason: LeaveCause };
  'wcs-participant-join': { participant: Participant };
  'wcs-participant-leave': { participant: Participant };
  'wcs-stream-publish': { stream: ParticipantStream | Stream };
  'wcs-stream-unpublish': { stream: ParticipantStream | Stream };
  /** A message from somebody else; `from` is the login, `at` milliseconds since the Unix epoch, `to` our own login when it is for us alone. */
  'wcs-message': { from: string; text: string; at: number; to: string | undefined };
  /** Somebody else speaks now, ourselves included; undefined: who did has left. */
  'wcs-speaker': { username: string | undefined };
  /** Somebody has raised or lowered a hand: who has one up now, by login, the longest first. */
  'wcs-hand': { hands: readonly string[] };
  /** Somebody, perhaps we ourselves, shows a sign. */
  'wcs-reaction': { username: string; reaction: Reaction };
  'wcs-recording': { state: RecordingState; url: string | undefined };
  'wcs-error': { code: ErrorCode; message: string };
}

type EventMap = { [Name in keyof EventDetails]: CustomEvent<EventDetails[Name]> };

/** Dispatches one of the events above. Returns false when a listener has cancelled it. */
export function tell<Name extends keyof EventDetails>(
  element: HTMLElement,
  name: Name,
  detail: EventDetails[Name],
): boolean {
  const cancelable = name === 'wcs-before-leave';
  return element.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable }));
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way to add to a map of the platform
  interface HTMLElementEventMap extends EventMap {}
}
