/** What both sides talk about: names, participants, streams, messages, rooms, recording. */
import * as v from 'valibot';
import { CAPACITY_MAX, MESSAGE_MAX_LENGTH, NAME_MAX_LENGTH, NOTE_MAX_LENGTH, SIZE_MAX } from './limits.ts';

/** Control characters, line and paragraph separators, and the embeddings and overrides that turn text around (UAX #9). */
const UNSAFE_IN_NAME = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

const length = (text: string) => [...text].length;

const pixels = (least: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(SIZE_MAX));

const name = (what: string) =>
  v.pipe(
    v.string(`${what} must be text`),
    v.check((text) => text.isWellFormed(), `${what} is not well-formed Unicode`),
    v.normalize('NFC'),
    v.trim(),
    v.check((text) => text !== '', `${what} must not be empty`),
    v.check((text) => length(text) <= NAME_MAX_LENGTH, `${what} must have at most ${NAME_MAX_LENGTH} characters`),
    v.check((text) => !UNSAFE_IN_NAME.test(text), `${what} must not contain control characters`),
  );

/**
 * Who somebody is in a room: 1 to 64 characters, without control characters; unique in the room. Trimmed and brought
 * to Unicode form NFC, so that the same name typed on two keyboards is the same.
 */
export const Login = name('username');

/** What others see instead of the login, where the site gives it: 1 to 64 characters, without control characters. */
export const DisplayName = name('display name');

/** 1 to 64 characters, without control characters; compared whole, after trimming and NFC. */
export const RoomName = name('room name');

/** `<room>-<login>-<4 hex>` or `<room>-<login>-<4 hex>-<suffix>`. */
export const StreamName = v.pipe(v.string(), v.maxLength(3 * NAME_MAX_LENGTH * 2 + 8));

/** What a text message may say: any Unicode text of 1 to 2000 characters. */
export const MessageText = v.pipe(
  v.string('the text must be text'),
  v.check((text) => text.isWellFormed(), 'the text is not well-formed Unicode'),
  v.check((text) => text.trim() !== '', 'the text must not be empty'),
  v.check((text) => length(text) <= MESSAGE_MAX_LENGTH, `the text must have at most ${MESSAGE_MAX_LENGTH} characters`),
);

/** What a moderator writes to somebody whom they mute, remove or refuse: any Unicode text of 1 to 200 characters. */
export const Note = v.pipe(
  v.string('the note must be text'),
  v.check((text) => text.isWellFormed(), 'the note is not well-formed Unicode'),
  v.trim(),
  v.check((text) => text !== '', 'the note must not be empty'),
  v.check((text) => length(text) <= NOTE_MAX_LENGTH, `the note must have at most ${NOTE_MAX_LENGTH} characters`),
);

/** People in a room at most. */
export const Capacity = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(CAPACITY_MAX));

/** A camera with microphone (or one of them), or a screen (with its sound). */
export const StreamKind = v.picklist(['camera', 'screen']);

/** Milliseconds since the Unix epoch by the backend's clock. */
export const Timestamp = v.pipe(v.number(), v.integer());

/** What its publisher has switched off for now. */
export const Muted = v.object({ audio: v.boolean(), video: v.boolean() });

/** Of a picture, in pixels: at most that of a wall of screens. */
export const Size = v.object({ width: pixels(1), height: pixels(1) });

/** What is shown of a picture, in pixels of the screen; 0 by 0 when it is out of sight. */
export const ShownSize = v.object({ width: pixels(0), height: pixels(0) });

/**
 * How well a stream reaches a viewer: as it should; with losses that can be seen or heard; hardly or not at all.
 */
export const Quality = v.picklist(['good', 'poor', 'lost']);

/** What a participant publishes. */
export const Stream = v.object({
  name: StreamName,
  /** UUID, unique over all rooms; names the stream's recording. */
  mediaSessionId: v.string(),
  kind: StreamKind,
  /** Which tracks it has. */
  audio: v.boolean(),
  video: v.boolean(),
  muted: Muted,
});

export const Participant = v.object({
  login: Login,
  /** Shown instead of the login. */
  displayName: v.optional(DisplayName),
  /** False while its connection is lost and may still come back. */
  connected: v.boolean(),
  streams: v.array(Stream),
  /** What a moderator has muted for good; absent: nothing. */
  held: v.optional(Muted),
});

/** Somebody who waits to be let in. */
export const Waiting = v.object({ login: Login, since: Timestamp });

/**
 * What somebody may do in a room: enter it, publish a camera and microphone, publish a screen, write, switch recording,
 * and decide over others.
 */
export const Grant = v.picklist(['join', 'publish', 'screen', 'chat', 'record', 'moderate']);

/** What is shown over somebody's picture for a moment. */
export const Reaction = v.picklist(['like', 'love', 'applause', 'laugh', 'surprise', 'party']);

/** `unavailable`: this backend does not record. */
export const RecordingState = v.picklist(['unavailable', 'off', 'on']);

/** A room as one of its participants sees it, that participant included. */
export const Room = v.object({
  name: RoomName,
  /** 0: no limit. */
  capacity: v.pipe(v.number(), v.integer(), v.minValue(0)),
  recording: RecordingState,
  /** Nobody new gets in. */
  locked: v.boolean(),
  /** Newcomers wait until a moderator lets them in. */
  lobby: v.boolean(),
  participants: v.array(Participant),
  /** Logins of those who have raised a hand, the longest first; absent: nobody. */
  hands: v.optional(v.array(Login)),
  /** Who waits to be let in, longest first; for moderators only. */
  waiting: v.optional(v.array(Waiting)),
});

export const Message = v.object({
  from: Login,
  /** The one recipient; absent when it went to everyone. */
  to: v.optional(Login),
  text: v.string(),
  at: Timestamp,
});

/** A refusal: `code` is one of `errors.ts`; `retryAfter`, in milliseconds, where it is known when there is a chance again. */
export const ErrorBody = v.object({ code: v.string(), message: v.string(), retryAfter: v.optional(v.number()) });

/** Why somebody is no longer in a room: left by themselves, connection lost for good, removed by a moderator. */
export const LeaveReason = v.picklist(['left', 'lost', 'expelled']);

export type StreamKind = v.InferOutput<typeof StreamKind>;
export type Muted = v.InferOutput<typeof Muted>;
export type Size = v.InferOutput<typeof Size>;
export type Quality = v.InferOutput<typeof Quality>;
export type Stream = v.InferOutput<typeof Stream>;
export type Participant = v.InferOutput<typeof Participant>;
export type Waiting = v.InferOutput<typeof Waiting>;
export type Grant = v.InferOutput<typeof Grant>;
export type Reaction = v.InferOutput<typeof Reaction>;
export type RecordingState = v.InferOutput<typeof RecordingState>;
export type Room = v.InferOutput<typeof Room>;
export type Message = v.InferOutput<typeof Message>;
export type ErrorBody = v.InferOutput<typeof ErrorBody>;
export type LeaveReason = v.InferOutput<typeof LeaveReason>;

/** The name of a new stream. `tag` is 4 lower-case hexadecimal digits, `suffix` what the publisher calls it. */
export function streamName(room: string, login: string, tag: string, suffix?: string): string {
  return `${room}-${login}-${tag}${suffix ? `-${suffix}` : ''}`;
}

/** Whether `name` is one that `login` may give to a stream in `room`: compared whole, not by substring. */
export function isStreamNameOf(name: string, room: string, login: string): boolean {
  const prefix = `${room}-${login}-`;
  if (!name.startsWith(prefix)) return false;
  const [, suffix] = /^[0-9a-f]{4}(?:-(.+))?$/su.exec(name.slice(prefix.length)) ?? [undefined, ''];
  return suffix === undefined || (suffix !== '' && length(suffix) <= NAME_MAX_LENGTH && !UNSAFE_IN_NAME.test(suffix));
}
