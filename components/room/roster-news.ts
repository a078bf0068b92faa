import { ROOM_EVENT } from './constants.ts';
import type { RoomEvents } from './room-events.ts';
import type { RoomStreams } from './room-streams.ts';
import type { RosterListener } from './roster.ts';

type Emit = <E extends keyof RoomEvents>(event: E, ...args: Extract<RoomEvents[E], unknown[]>) => void;

/** Tells the page what changes among the others in a room, after our playing of their streams has followed. */
export function rosterNews(emit: Emit, streams: RoomStreams): RosterListener {
  return {
    joined: (participant) => emit(ROOM_EVENT.JOINED, participant),
    left: (participant, reason) => emit(ROOM_EVENT.LEFT, participant, reason),
    published: (participant, stream) => emit(ROOM_EVENT.PUBLISHED, participant, stream),
    unpublished: (participant, stream) => {
      streams.ended(stream.streamName());
      emit(ROOM_EVENT.UNPUBLISHED, participant, stream);
    },
    replaced: (stream) => streams.replaced(stream.streamName()),
    muted: (participant, stream, kind, muted) => {
      streams.muted(stream.streamName(), kind, muted);
      emit(muted ? ROOM_EVENT.MUTED : ROOM_EVENT.UNMUTED, participant, stream, kind);
    },
    quality: (participant, stream) => emit(ROOM_EVENT.QUALITY, participant, stream),
    connection: (participant, connected) =>
      emit(connected ? ROOM_EVENT.RECONNECTED : ROOM_EVENT.RECONNECTING, participant),
  };
}
