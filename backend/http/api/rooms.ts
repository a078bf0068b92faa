import { WcsError } from '../../../protocol/errors.ts';
import type { Census } from '../../metrics.ts';
import type { Registry } from '../../rooms/registry.ts';
import type { Room } from '../../rooms/room.ts';
import { streamStatistics } from '../../rooms/statistics.ts';
import { LIMIT_DEFAULT, LIMIT_MAX, type Answer, type Handlers } from './routes.ts';

export interface RoomRoutesOptions {
  registry: Registry;
  census: () => Census;
}

/** What is asked and done of rooms that are there now. */
export function roomHandlers({
  registry,
  census,
}: RoomRoutesOptions): Handlers<
  'status' | 'rooms' | 'room' | 'streams' | 'message' | 'closeRoom' | keyof ReturnType<typeof moderationHandlers>
> {
  const find = async (name: string): Promise<Room> => {
    const room = await registry.find(name);
    if (!room) throw new WcsError('room_unknown', 'There is no such room just now.');
    return room;
  };
  return {
    ...moderationHandlers(find),
    status: () => ({ draining: registry.draining, uptimeMs: Math.round(performance.now()), ...census() }),

    rooms({ query: { limit = LIMIT_DEFAULT, offset = 0 } }) {
      const { rooms } = registry;
      return { total: rooms.length, rooms: rooms.slice(offset, offset + Math.min(limit, LIMIT_MAX)).map(summarize) };
    },

    async room({ params }) {
      const room = await find(params.name);
      const participants = room.participants.map((participant) => ({
        ...participant.describe(),
        session: participant.sessionId,
        grants: [...participant.grants],
      }));
      const { locked, lobby, waiting } = room.door;
      return { ...summarize(room), locked, lobby, participants, waiting };
    },

    async streams({ params }) {
      const { participants } = await find(params.name);
      const streams = participants.flatMap((participant) =>
        participant.streams.map((stream) => streamStatistics(participant.login, stream)),
      );
      return { streams: await Promise.all(streams) };
    },

    async message({ params, body }) {
      return { at: (await find(params.name)).conversation.notice(body) };
    },

    async closeRoom({ params, query }) {
      (await find(params.name)).close('closed', query);
    },
  };
}

/** What those with the grant `moderate` do in their room an administrator does in any, under nobody's name. */
function moderationHandlers(
  find: (name: string) => Promise<Room>,
): Handlers<'removeParticipant' | 'silence' | 'stopStream' | 'guard' | 'admit'> {
  return {
    async removeParticipant({ params: { name, login }, query }) {
      (await find(name)).moderation.remove(undefined, { login, ...query });
    },

    async silence({ params, body }) {
      await (await find(params.name)).moderation.silence(undefined, body);
    },

    async stopStream({ params }) {
      (await find(params.name)).moderation.stop(undefined, params.stream);
    },

    async guard({ params, body }) {
      const { moderation, door } = await find(params.name);
      moderation.guard(undefined, body);
      return { locked: door.locked, lobby: door.lobby };
    },

    async admit({ params, body }) {
      (await find(params.name)).moderation.admit(undefined, body);
    },
  };
}

function summarize(room: Room): Answer<'rooms'>['rooms'][number] {
  const { name, startedAt, capacity, recording, participants } = room;
  const streams = participants.reduce((sum, participant) => sum + participant.streams.length, 0);
  return { name, startedAt, capacity, recording, participants: participants.length, streams };
}
