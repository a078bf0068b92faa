/** The room API alone, without elements: `import { RoomApi } from 'wcs-rooms/room-api'`. */
import { checkConnection } from './room/connection-check.ts';
import { ROOM_EVENT } from './room/constants.ts';
import { sdk } from './room/sdk.ts';
import { connect } from './room/session.ts';

export const RoomApi = { connect, checkConnection, events: ROOM_EVENT, sdk };

export type { ConnectionCheck, WayState } from './room/connection-check.ts';
export type { ConnectOptions, RoomSession, SessionEvents } from './room/session.ts';
export type { RoomEvents, RoomMessage } from './room/room-events.ts';
export type { JoinOptions, RoomEndReason } from './room/room-link.ts';
export type { Room } from './room/room.ts';
export type { ModeratedRoom, MuteOptions, Silence } from './room/moderated-room.ts';
export type { ModeratorSaid } from './room/room-end.ts';
export type { Participant, ParticipantStream } from './room/participant.ts';
export type {
  Inspection,
  MediaConstraints,
  PlayOptions,
  PublishOptions,
  Stream,
  StreamEvent,
  StreamEvents,
} from './room/streams/stream.ts';
export type { DirectionStats, StreamStats, TrackStats } from './room/streams/stats.ts';
export type { AudioConstraints, VideoConstraints } from './room/capture/constraints.ts';
export type { SessionStatus, StreamEventType, StreamStatus } from './room/constants.ts';
export type { ErrorCode, WcsError } from '../protocol/errors.ts';
export type { Processor, Processors } from './room/streams/outgoing.ts';
