/**
 * THE table: every request with its data and its reply, and every event, as schemas. All types derive from it, both
 * sides check what comes in against it, and `protocol/README.md` tells it in the order of a session.
 */
import * as v from 'valibot';
import { STREAMS_PER_REQUEST } from './limits.ts';
import {
  Capacity,
  ErrorBody,
  Grant,
  LeaveReason,
  Login,
  Message,
  MessageText,
  Muted,
  Note,
  Participant,
  Quality,
  Reaction,
  RecordingState,
  Room,
  RoomName,
  ShownSize,
  Size,
  Stream,
  StreamKind,
  StreamName,
  Timestamp,
  Waiting,
} from './model.ts';
import {
  ConsumerOptions,
  DtlsParameters,
  IceParameters,
  IceServer,
  RtpCapabilities,
  RtpParameters,
  TransportOptions,
} from './rtp.ts';

/** Grows when an old browser half could not talk to a new backend, or the other way round. */
export const PROTOCOL_VERSION = 1;

const none = v.object({});
const id = v.pipe(v.string(), v.maxLength(64));
const streams = v.pipe(v.array(StreamName), v.minLength(1), v.maxLength(STREAMS_PER_REQUEST));

/** 0 to 10: how much of a track arrives in time, by mediasoup. */
const Score = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10));
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(16));
/** Of a kind of layers: how many there are, and how many, from the smallest on, are sent and are wanted; 0: none. */
const Layers = v.object({ count, current: count, wanted: count });

/** The two transports of a participant: everything it publishes goes through one, everything it plays through the other. */
export const Transports = v.object({
  send: TransportOptions,
  receive: TransportOptions,
  /** Servers to reach the backend by where nothing else gets through; their credentials expire. */
  iceServers: v.optional(v.array(IceServer)),
});
export type Transports = v.InferOutput<typeof Transports>;

/** What the browser asks. `data` is checked by the backend, `reply` by the browser. */
export const REQUESTS = {
  /** Signs in, or comes back: a session that is still known by `resume` goes on where it was. Must come first. */
  connect: {
    data: v.object({
      version: v.number(),
      login: Login,
      token: v.optional(v.pipe(v.string(), v.maxLength(8192))),
      resume: v.optional(v.object({ session: id, key: id })),
    }),
    reply: v.object({
      /** Public: names the session in logs. */
      session: v.string(),
      /** Secret: whoever has it is this session. A new one at every connect. */
      key: v.string(),
      /** Names the backend's process: another one after a restart, which has forgotten every session and room. */
      backend: v.string(),
      /** Milliseconds for which a lost session can come back. */
      resumeTimeout: v.number(),
      /** What the backend's routers can carry; load it into a Device before joining. */
      routerCapabilities: RtpCapabilities,
      /** Present when the session came back: the whole state of each room it is still in. */
      rooms: v.optional(v.array(Room)),
    }),
  },
  /** Nothing but a sign of life. */
  ping: { data: none, reply: none },
  /**
   * A transport that carries nothing, to find out by ICE alone (RFC 8445 §7) which ways to the backend are open. Ends after
   * PROBE_LIFETIME, with the session, or with the next `probe`.
   */
  probe: {
    data: none,
    reply: v.object({ transport: TransportOptions, iceServers: v.optional(v.array(IceServer)) }),
  },
  /** Enters a room; the first one to enter makes it. */
  join: {
    data: v.object({
      room: RoomName,
      /** As the first participant: record the whole room. */
      record: v.optional(v.boolean()),
      /** As the first participant: let in this many people at most. */
      capacity: v.optional(Capacity),
      /** As the first participant: newcomers wait until they are let in. */
      lobby: v.optional(v.boolean()),
      /** What this browser can receive; without it nothing can be played. */
      rtpCapabilities: v.optional(RtpCapabilities),
    }),
    reply: v.object({
      room: Room,
      /** True when this join made the room. */
      created: v.boolean(),
      /** What this participant may do here. */
      grants: v.array(Grant),
      /** The last messages to everybody, oldest first; absent: there are none. */
      history: v.optional(v.array(Message)),
      transports: Transports,
    }),
  },
  /** Waits to be let in, after `join` was refused with `waiting_room`; again whenever the connection is back. */
  knock: {
    data: v.object({ room: RoomName }),
    /** True: `join` again now. Otherwise `admitted` or `refused` will tell. */
    reply: v.object({ admitted: v.boolean() }),
  },
  /** Leaves, or stops waiting to be let in. */
  leave: {
    data: v.object({ room: RoomName }),
    /** File names of own streams that were recorded and end with this, by stream. */
    reply: v.object({ recordNames: v.optional(v.record(StreamName, v.string())) }),
  },
  /** Completes the DTLS handshake of a transport; once per transport. */
  connectTransport: {
    data: v.object({ room: RoomName, transport: id, dtlsParameters: DtlsParameters }),
    reply: none,
  },
  /** New ICE credentials for a transport whose path has broken (RFC 8445 §9). */
  restartIce: {
    data: v.object({ room: RoomName, transport: id }),
    reply: v.object({
      iceParameters: IceParameters,
      /** With fresh credentials, as the earlier ones may have expired. */
      iceServers: v.optional(v.array(IceServer)),
      /** Bytes of media (RTP) that the backend has sent over it so far: whether any is on its way. */
      sent: v.number(),
    }),
  },
  /**
   * New transports in the place of broken ones. What went over the old ones is gone, as after `moved`: publish and play again,
   * under the same names. The others are not told `unpublished` of what will be `published` again.
   */
  renewTransports: { data: v.object({ room: RoomName }), reply: v.object({ transports: Transports }) },
  /** Publishes a stream, complete: with one track of each kind at most. */
  publish: {
    data: v.object({
      room: RoomName,
      stream: StreamName,
      kind: StreamKind,
      /** Record this stream to a file of its own. */
      record: v.optional(v.boolean()),
      muted: Muted,
      /** Of the picture at its largest; 1280 by 720 is assumed without. */
      size: v.optional(Size),
      audio: v.optional(RtpParameters),
      video: v.optional(RtpParameters),
    }),
    reply: v.object({ stream: Stream }),
  },
  /** Ends an own stream; with the grant `moderate` anybody's. */
  unpublish: {
    data: v.object({ room: RoomName, stream: StreamName }),
    /** The name of the file, when the stream was recorded to one of its own. */
    reply: v.object({ recordName: v.optional(v.string()) }),
  },
  /** Tells what of an own stream is switched off now; while it is, nothing of it is forwarded. */
  mute: { data: v.object({ room: RoomName, stream: StreamName, muted: Muted }), reply: none },
  /**
   * Tells that so many `sizes` of an own picture, the smallest ones, are in the last of its layers from now on. Until then
   * each size has a layer of its own. `size` is that of the picture now, in pixels, when it is another one.
   */
  resize: {
    data: v.object({
      room: RoomName,
      stream: StreamName,
      sizes: v.pipe(count, v.minValue(1)),
      size: v.optional(Size),
    }),
    reply: none,
  },
  /** Asks for streams of others. They come paused: `resume` starts them when the browser is ready to decode. */
  play: {
    data: v.object({ room: RoomName, streams }),
    reply: v.object({
      streams: v.array(
        v.variant('ok', [
          v.object({ ok: v.literal(true), stream: StreamName, consumers: v.array(ConsumerOptions) }),
          v.object({ ok: v.literal(false), stream: StreamName, code: v.string(), message: v.string() }),
        ]),
      ),
    }),
  },
  resume: { data: v.object({ room: RoomName, streams }), reply: none },
  /**
   * Tells how large this viewer shows the pictures of streams that it plays. Each is sent no larger than that needs, and
   * not at all while it is out of sight; before the first `show` as large as there is.
   */
  show: {
    data: v.object({
      room: RoomName,
      streams: v.pipe(
        v.array(v.object({ stream: StreamName, ...ShownSize.entries })),
        v.minLength(1),
        v.maxLength(STREAMS_PER_REQUEST),
      ),
    }),
    reply: none,
  },
  /** How a stream that this viewer plays reaches it just now, for a panel that shows it. */
  inspect: {
    data: v.object({ room: RoomName, stream: StreamName }),
    reply: v.object({
      tracks: v.array(
        v.object({
          kind: v.picklist(['audio', 'video']),
          /** Here, and from its publisher at the backend. */
          score: Score,
          sourceScore: Score,
        }),
      ),
      /** Of a picture that has some: layers of its size, and of its frame rate in each of them. */
      layers: v.optional(v.object({ spatial: Layers, temporal: Layers })),
    }),
  },
  /** Ends the playing of streams, for this viewer only. */
  stop: { data: v.object({ room: RoomName, streams }), reply: none },
  /** Text to one participant, or without `to` to everyone else in the room. */
  message: {
    data: v.object({ room: RoomName, to: v.optional(Login), text: MessageText }),
    reply: v.object({ at: Timestamp }),
  },
  /** Raises or lowers one's own hand; with the grant `moderate` lowers that of `login`. */
  hand: { data: v.object({ room: RoomName, login: v.optional(Login), on: v.boolean() }), reply: none },
  /** Shows everybody a sign for a moment. */
  react: { data: v.object({ room: RoomName, reaction: Reaction }), reply: none },
  /** Starts or stops the recording of the whole room; for those with the grant `record`. */
  record: {
    data: v.object({ room: RoomName, on: v.boolean() }),
    reply: v.object({ recording: RecordingState }),
  },
  // The rest is for those with the grant `moderate`.
  /**
   * Mutes microphone, camera or both of one participant, or without `login` of everybody else. With `hold` they cannot
   * unmute; without it they can, also when they could not before.
   */
  silence: {
    data: v.object({
      room: RoomName,
      login: v.optional(Login),
      audio: v.boolean(),
      video: v.boolean(),
      hold: v.optional(v.boolean()),
      note: v.optional(Note),
    }),
    reply: none,
  },
  /** Takes somebody out of the room; with `ban` they do not get in again as long as there is this room. */
  remove: {
    data: v.object({ room: RoomName, login: Login, ban: v.optional(v.boolean()), note: v.optional(Note) }),
    reply: none,
  },
  /** Locks and unlocks the room, switches its lobby; what is left out stays as it is. */
  guard: {
    data: v.object({ room: RoomName, locked: v.optional(v.boolean()), lobby: v.optional(v.boolean()) }),
    reply: none,
  },
  /** Lets in somebody who waits, or refuses them (`on: false`); without `login` all who wait. */
  admit: {
    data: v.object({ room: RoomName, login: v.optional(Login), on: v.boolean(), note: v.optional(Note) }),
    reply: none,
  },
  /** Ends the meeting for everybody. */
  end: { data: v.object({ room: RoomName, note: v.optional(Note) }), reply: none },
} as const satisfies Record<string, { data: v.GenericSchema; reply: v.GenericSchema }>;

/** What the backend tells. An event that a browser does not know is ignored, so events may be added. */
export const EVENTS = {
  joined: v.object({ room: RoomName, participant: Participant }),
  left: v.object({ room: RoomName, login: Login, reason: LeaveReason }),
  /** Someone's connection is lost and may come back; their streams stay. */
  reconnecting: v.object({ room: RoomName, login: Login }),
  reconnected: v.object({ room: RoomName, login: Login }),
  published: v.object({ room: RoomName, login: Login, stream: Stream }),
  unpublished: v.object({
    room: RoomName,
    login: Login,
    stream: StreamName,
    /** The moderator who ended it. Its publisher is told, too, of an end that was not their wish. */
    by: v.optional(Login),
    /** Why the backend ended it. */
    error: v.optional(ErrorBody),
  }),
  muted: v.object({ room: RoomName, login: Login, stream: StreamName, muted: Muted }),
  /** A moderator has muted somebody, or lets them unmute again: `held` is what they cannot unmute from now on. */
  silenced: v.object({
    room: RoomName,
    login: Login,
    audio: v.boolean(),
    video: v.boolean(),
    held: Muted,
    /** Absent: an administrator of the backend. */
    by: v.optional(Login),
    note: v.optional(Note),
  }),
  /**
   * How many of the sizes of this participant's own picture somebody wants now, from the smallest on; 0: nobody wants
   * any. Others need not be sent.
   */
  wanted: v.object({ room: RoomName, stream: StreamName, layers: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
  /**
   * Whether anything arrives of what this participant publishes: its browser cannot know. False is told again for as long as
   * it lasts.
   */
  arrival: v.object({ room: RoomName, arrives: v.boolean() }),
  /** How well streams that this participant plays reach it; those that have changed. */
  quality: v.object({
    room: RoomName,
    streams: v.array(
      v.object({
        stream: StreamName,
        quality: Quality,
        /** False while the bandwidth carries no picture, so that the sound has it. */
        video: v.boolean(),
      }),
    ),
  }),
  /** Who speaks, and how loud those are who can be heard: the same to everybody. */
  speakers: v.object({
    room: RoomName,
    /** Who spoke last and longest; null before anybody has. */
    active: v.nullable(Login),
    /** In dBov (RFC 6464): 0 is the loudest, -127 silence. Those below -60 are left out. */
    levels: v.array(v.object({ login: Login, level: v.pipe(v.number(), v.integer()) })),
  }),
  message: v.object({ room: RoomName, message: Message }),
  /** Who has raised a hand now, the longest first. */
  hands: v.object({ room: RoomName, hands: v.array(Login) }),
  /** Somebody shows a sign, to be seen for a moment; oneself too. */
  reaction: v.object({ room: RoomName, login: Login, reaction: Reaction }),
  recording: v.object({
    room: RoomName,
    recording: RecordingState,
    /** In words for people, when it stopped without anybody asking for it. */
    reason: v.optional(v.string()),
  }),
  /**
   * The room goes on in another media worker: everything that this participant published and played is gone.
   * Publish and play again over these transports. Others are not told `unpublished` of what will be `published` again.
   */
  moved: v.object({ room: RoomName, transports: Transports }),
  /** A moderator has locked or unlocked the room, or switched its lobby. */
  guarded: v.object({ room: RoomName, locked: v.boolean(), lobby: v.boolean(), by: v.optional(Login) }),
  /** Who waits to be let in now; for moderators only. */
  waiting: v.object({ room: RoomName, waiting: v.array(Waiting) }),
  /** To one who waits: `join` now. */
  admitted: v.object({ room: RoomName }),
  /** To one who waits: a moderator has refused them, or the room is over. */
  refused: v.object({
    room: RoomName,
    reason: v.picklist(['moderator', 'ended']),
    by: v.optional(Login),
    note: v.optional(Note),
  }),
  /** This session is no longer in the room. */
  ended: v.object({
    room: RoomName,
    reason: v.picklist(['idle', 'replaced', 'media', 'expelled', 'closed']),
    /** The moderator who removed this participant, or ended the meeting. */
    by: v.optional(Login),
    note: v.optional(Note),
  }),
} as const satisfies Record<string, v.GenericSchema>;

export type Method = keyof typeof REQUESTS;
export type RequestData<M extends Method> = v.InferOutput<(typeof REQUESTS)[M]['data']>;
export type Reply<M extends Method> = v.InferOutput<(typeof REQUESTS)[M]['reply']>;
export type EventName = keyof typeof EVENTS;
export type EventData<E extends EventName> = v.InferOutput<(typeof EVENTS)[E]>;
