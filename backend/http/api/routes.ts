/**
 * THE table of the administration API: every route with what it takes, what it answers and how it refuses. Requests are
 * checked against it, types derive from it, and the OpenAPI document and the tables of README.md are made of it.
 */
import * as v from 'valibot';
import type { ErrorCode } from '../../../protocol/errors.ts';
import {
  Grant,
  Login,
  MessageText,
  Note,
  Participant,
  RecordingState,
  RoomName,
  StreamName,
  Timestamp,
  Waiting,
} from '../../../protocol/model.ts';

/** Entries in one answer at most, and when nobody says how many. */
export const LIMIT_MAX = 1000;
export const LIMIT_DEFAULT = 100;

const described = <const S extends v.GenericSchema>(schema: S, text: string) => v.pipe(schema, v.description(text));

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const milliseconds = v.pipe(v.number(), v.minValue(0));
const bitrate = described(v.number(), 'bits per second, now');
const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** A whole number as it stands in an address. */
const Count = v.pipe(v.string(), v.regex(/^\d{1,9}$/, 'must be a whole number'), v.transform(Number));
const page = {
  limit: v.optional(described(Count, `entries at most; ${LIMIT_DEFAULT} without it, and never more than ${LIMIT_MAX}`)),
  offset: v.optional(described(Count, 'entries to leave out in front')),
};

const RoomSummary = v.object({
  name: RoomName,
  startedAt: described(Timestamp, 'when it was made, in milliseconds since the Unix epoch'),
  capacity: described(count, 'people at most; 0: no limit'),
  recording: RecordingState,
  participants: described(count, 'people in it'),
  streams: described(count, 'streams that they publish'),
});

const RoomParticipant = v.object({
  ...Participant.entries,
  session: described(v.string(), 'names its session in the log'),
  grants: described(v.array(Grant), 'what it may do'),
});

const Layer = v.object({
  rid: v.optional(described(v.string(), 'of simulcast: which layer')),
  bitrate,
  score: described(v.number(), '0 (nothing arrives) to 10 (nothing is lost)'),
  packetsLost: described(v.number(), 'since it began; can be negative when packets come twice (RFC 3550 §6.4.1)'),
  fractionLost: described(fraction, 'of the latest packets'),
  jitter: described(v.number(), 'in units of RTP time'),
  roundTripTime: v.optional(described(v.number(), 'milliseconds')),
});

const Track = v.object({
  kind: v.picklist(['audio', 'video']),
  codec: described(v.string(), 'media type, such as video/VP8'),
  paused: described(v.boolean(), 'it is muted: nothing of it is forwarded'),
  bitrate,
  bytes: described(count, 'received since it began'),
  packetsLost: described(v.number(), 'of all layers'),
  layers: described(v.array(Layer), 'what arrives, one entry for each layer of simulcast'),
});

const StreamStatistics = v.object({
  name: v.string(),
  login: described(Login, 'who publishes it'),
  kind: v.picklist(['camera', 'screen']),
  tracks: v.array(Track),
});

const RecordingFile = v.object({
  role: described(
    v.picklist(['mixed', 'tracks', 'stream', 'source', 'timeline']),
    'mixed: the room as one picture; tracks: all streams of the room, one track each; stream: the one that was recorded; source: what was received, where nothing could be made of it',
  ),
  name: v.string(),
  url: described(v.string(), 'path on this backend'),
  bytes: count,
  type: described(v.string(), 'media type'),
});

const Recording = v.object({
  id: described(v.string(), 'room-<name>-<start> or stream-<mediaSessionId>; percent-encode it in addresses'),
  kind: described(v.picklist(['room', 'stream']), 'stream: one participant’s stream in a file of its own'),
  room: v.string(),
  login: v.optional(described(v.string(), 'of a stream: whose it is')),
  participants: described(v.array(v.string()), 'logins of all who were there, each once'),
  startedAt: described(v.number(), 'when it began, in milliseconds since the Unix epoch'),
  durationMs: described(milliseconds, 'how long it is; while it is being recorded, so far'),
  bytes: described(count, 'what it takes on disk'),
  state: described(
    v.picklist(['recording', 'recorded', 'mixing', 'done', 'failed']),
    'recorded: it waits to be worked up',
  ),
  progress: v.optional(described(fraction, 'of mixing')),
  reason: v.optional(described(v.string(), 'why it failed, or what was odd')),
  busy: described(v.boolean(), 'it is being recorded, waits or is worked on: it cannot be deleted or mixed now'),
  mixable: described(v.boolean(), 'it can be mixed again, once it is not busy'),
  files: described(v.array(RecordingFile), 'those that are complete'),
});

/** What answers are made of, for their description. */
export const OBJECTS = {
  'A room in the list': RoomSummary,
  'A participant of a room': RoomParticipant,
  'The statistics of a stream': StreamStatistics,
  'A track of a stream': Track,
  'A layer of a track': Layer,
  'A recording': Recording,
  'A file of a recording': RecordingFile,
} as const;

/** What a refusal looks like, of every route. */
export const Refusal = v.object({
  error: v.object({
    code: described(v.string(), 'for programs; stable'),
    message: described(v.string(), 'for people; says what to do'),
    retryAfter: v.optional(described(milliseconds, 'milliseconds after which it has a chance, where that is known')),
  }),
});

export interface RouteDescription {
  method: 'get' | 'post' | 'delete';
  /** Under `/api/v1`; `{name}` for what varies. */
  path: string;
  /** `recordings`: as `records_access` says. `administration`: administrators only. `open`: everybody. */
  access: 'recordings' | 'administration' | 'open';
  summary: string;
  params?: v.ObjectSchema<v.ObjectEntries, undefined>;
  /** How a path is refused whose parts cannot be names at all, as if they were names of nothing. */
  unknown?: ErrorCode;
  query?: v.ObjectSchema<v.ObjectEntries, undefined>;
  body?: v.GenericSchema;
  status: 200 | 202 | 204;
  /** None with 204. */
  answer?: v.GenericSchema;
  /** Beside `unauthorized`, `forbidden`, `invalid`, `rate_limited` and `internal`, which every route may give. */
  refusals?: readonly ErrorCode[];
}

/** As it stands in an address. */
const YesOrNo = v.pipe(
  v.picklist(['true', 'false'], 'must be true or false'),
  v.transform((text) => text === 'true'),
);
const note = v.optional(described(Note, 'for them to read, up to 200 characters'));

const room = { params: v.object({ name: RoomName }), unknown: 'room_unknown' } as const;
const recording = { params: v.object({ id: v.string() }), unknown: 'recording_unknown' } as const;

export const ROUTES = {
  status: {
    ...{ method: 'get', path: '/status', access: 'administration' },
    summary: 'How many of each there are on this backend.',
    status: 200,
    answer: v.object({
      draining: described(v.boolean(), 'no new rooms are taken, because the backend goes down'),
      uptimeMs: milliseconds,
      sockets: count,
      sessions: described(count, 'with those whose connection is lost for the moment'),
      rooms: count,
      participants: count,
      streams: v.object({ camera: count, screen: count }),
    }),
  },
  rooms: {
    ...{ method: 'get', path: '/rooms', access: 'administration' },
    summary: 'The rooms that there are, oldest first.',
    query: v.object(page),
    status: 200,
    answer: v.object({ total: count, rooms: v.array(RoomSummary) }),
  },
  room: {
    ...{ method: 'get', path: '/rooms/{name}', access: 'administration' },
    summary: 'One room with its people and their streams.',
    ...room,
    status: 200,
    answer: v.object({
      ...RoomSummary.entries,
      locked: described(v.boolean(), 'nobody new gets in'),
      lobby: described(v.boolean(), 'newcomers wait until they are let in'),
      participants: v.array(RoomParticipant),
      waiting: described(v.array(Waiting), 'who waits to be let in, longest first'),
    }),
    refusals: ['room_unknown'],
  },
  streams: {
    ...{ method: 'get', path: '/rooms/{name}/streams', access: 'administration' },
    summary: 'How the streams of a room arrive at this moment.',
    ...room,
    status: 200,
    answer: v.object({ streams: v.array(StreamStatistics) }),
    refusals: ['room_unknown', 'media_unavailable'],
  },
  message: {
    ...{ method: 'post', path: '/rooms/{name}/messages', access: 'administration' },
    summary: 'Writes to everybody in a room.',
    ...room,
    body: v.strictObject({
      text: MessageText,
      from: v.optional(described(Login, 'who it is said to come from'), 'Administrator'),
    }),
    status: 200,
    answer: v.object({ at: Timestamp }),
    refusals: ['room_unknown'],
  },
  recordRoom: {
    ...{ method: 'post', path: '/rooms/{name}/recording', access: 'administration' },
    summary: 'Switches the recording of a room that is there now.',
    ...room,
    body: v.strictObject({ on: v.boolean() }),
    status: 200,
    answer: v.object({ recording: v.picklist(['on', 'off']) }),
    refusals: ['room_unknown', 'recording_unavailable', 'recording_failed'],
  },
  removeParticipant: {
    ...{ method: 'delete', path: '/rooms/{name}/participants/{login}', access: 'administration' },
    summary: 'Takes somebody out of a room.',
    params: v.object({ ...room.params.entries, login: Login }),
    unknown: 'participant_unknown',
    query: v.object({
      ban: v.optional(described(YesOrNo, 'true: they do not get in again as long as there is this room')),
      note,
    }),
    status: 204,
    refusals: ['room_unknown', 'participant_unknown'],
  },
  silence: {
    ...{ method: 'post', path: '/rooms/{name}/silence', access: 'administration' },
    summary: 'Mutes microphone, camera or both of one participant, or of everybody in a room.',
    ...room,
    body: v.strictObject({
      login: v.optional(described(Login, 'without it everybody')),
      audio: described(v.boolean(), 'the microphone'),
      video: described(v.boolean(), 'the camera'),
      hold: v.optional(
        described(v.boolean(), 'true: they cannot unmute; without it they can, also when they could not before'),
      ),
      note,
    }),
    status: 204,
    refusals: ['room_unknown', 'participant_unknown'],
  },
  stopStream: {
    ...{ method: 'delete', path: '/rooms/{name}/streams/{stream}', access: 'administration' },
    summary: 'Ends a stream, such as the share of a screen.',
    params: v.object({ ...room.params.entries, stream: StreamName }),
    unknown: 'stream_unknown',
    status: 204,
    refusals: ['room_unknown', 'stream_unknown'],
  },
  guard: {
    ...{ method: 'post', path: '/rooms/{name}/guard', access: 'administration' },
    summary: 'Locks and unlocks a room, switches its lobby; what is left out stays as it is.',
    ...room,
    body: v.strictObject({ locked: v.optional(v.boolean()), lobby: v.optional(v.boolean()) }),
    status: 200,
    answer: v.object({ locked: v.boolean(), lobby: v.boolean() }),
    refusals: ['room_unknown'],
  },
  admit: {
    ...{ method: 'post', path: '/rooms/{name}/admit', access: 'administration' },
    summary: 'Lets in somebody who waits in the lobby of a room, or refuses them.',
    ...room,
    body: v.strictObject({
      login: v.optional(described(Login, 'without it all who wait')),
      on: described(v.boolean(), 'false: refuses them'),
      note,
    }),
    status: 204,
    refusals: ['room_unknown', 'participant_unknown', 'room_full'],
  },
  closeRoom: {
    ...{ method: 'delete', path: '/rooms/{name}', access: 'administration' },
    summary: 'Ends the meeting in a room for everybody.',
    ...room,
    query: v.object({ note }),
    status: 204,
    refusals: ['room_unknown'],
  },
  recordings: {
    ...{ method: 'get', path: '/recordings', access: 'recordings' },
    summary: 'The recordings, newest first.',
    query: v.object(page),
    status: 200,
    answer: v.object({ total: count, bytes: described(count, 'of all of them'), recordings: v.array(Recording) }),
    refusals: ['recording_unavailable'],
  },
  recording: {
    ...{ method: 'get', path: '/recordings/{id}', access: 'recordings' },
    summary: 'One recording.',
    ...recording,
    status: 200,
    answer: Recording,
    refusals: ['recording_unknown', 'recording_unavailable'],
  },
  deleteRecording: {
    ...{ method: 'delete', path: '/recordings/{id}', access: 'recordings' },
    summary: 'Deletes a recording with all of its files.',
    ...recording,
    status: 204,
    refusals: ['recording_unknown', 'recording_busy', 'recording_unavailable'],
  },
  mix: {
    ...{ method: 'post', path: '/recordings/{id}/mix', access: 'recordings' },
    summary: 'Has a recording of a room mixed anew; its state and progress tell how far that is.',
    ...recording,
    body: v.optional(
      described(
        v.record(v.string(), v.unknown(), 'the body must be an object'),
        'keys of offline_mixer.json; they go over those of the file',
      ),
    ),
    status: 202,
    answer: Recording,
    refusals: ['recording_unknown', 'recording_busy', 'recording_unavailable'],
  },
  openapi: {
    ...{ method: 'get', path: '/openapi.json', access: 'open' },
    summary: 'This description (OpenAPI 3.1).',
    status: 200,
    answer: v.looseObject({ openapi: v.string() }),
  },
  signIn: {
    ...{ method: 'post', path: '/login', access: 'open' },
    summary: 'Changes the token of the backend for a cookie that holds for twelve hours; for pages of the backend.',
    body: v.object({ token: v.string() }),
    status: 204,
  },
  signOut: {
    ...{ method: 'delete', path: '/login', access: 'open' },
    summary: 'Takes the cookie back.',
    status: 204,
  },
} as const satisfies Record<string, RouteDescription>;

export type RouteName = keyof typeof ROUTES;

/** Those of a table entry's key, read by the schema there; without one, nothing. */
type Read<R extends RouteName, K extends 'params' | 'query' | 'body'> =
  (typeof ROUTES)[R] extends Record<K, infer S extends v.GenericSchema> ? v.InferOutput<S> : undefined;

export interface Given<R extends RouteName> {
  params: Read<R, 'params'>;
  query: Read<R, 'query'>;
  body: Read<R, 'body'>;
}

export type Answer<R extends RouteName> = (typeof ROUTES)[R] extends { answer: infer S extends v.GenericSchema }
  ? v.InferInput<S>
  : void;

/** What answers a route. Whatever it throws is answered as a refusal. */
export type Handlers<R extends RouteName> = {
  [K in R]: (given: Given<K>) => Answer<K> | Promise<Answer<K>>;
};
