/** The room API alone, without elements: `import { RoomApi } from 'wcs-rooms/room-api'`. */
import { ROOM_EVENT } from './room/constants.ts';
import { connect } from './room/session.ts';

export const RoomApi = { connect, events: ROOM_EVENT };
