import { WcsError } from '../../protocol/errors.ts';
import type { Handlers, HandlersOptions } from './handlers.ts';
import type { Session } from './session.ts';

/** What those with the grant `moderate` ask, and those who wait to be let in. */
export function moderationHandlers({
  registry,
  auth,
}: Pick<HandlersOptions, 'registry' | 'auth'>): Pick<
  Handlers,
  'knock' | 'silence' | 'remove' | 'guard' | 'admit' | 'end'
> {
  const within = (session: Session, room: string) => {
    const participant = session.participant(room);
    return { participant, moderation: participant.room.moderation };
  };

  return {
    async knock({ session }, { room: name }) {
      session.assertMayJoin(name);
      await auth.admit(session.identity, name);
      const room = await registry.find(name);
      // Nobody is there to let anybody in: whoever comes now makes the room.
      if (!room) return { admitted: true };
      if (session.ended) throw new WcsError('not_joined', 'The session has ended.');
      const admitted = room.door.knock(session.visitor);
      if (!admitted) session.wait(name, () => room.door.withdraw(session.id));
      return { admitted };
    },

    async silence({ session }, { room, ...asked }) {
      const { participant, moderation } = within(session, room);
      await moderation.silence(participant, asked);
      return {};
    },

    remove({ session }, { room, ...asked }) {
      const { participant, moderation } = within(session, room);
      moderation.remove(participant, asked);
      return {};
    },

    guard({ session }, { room, ...asked }) {
      const { participant, moderation } = within(session, room);
      moderation.guard(participant, asked);
      return {};
    },

    admit({ session }, { room, ...asked }) {
      const { participant, moderation } = within(session, room);
      moderation.admit(participant, asked);
      return {};
    },

    end({ session }, { room, ...asked }) {
      const { participant, moderation } = within(session, room);
      moderation.end(participant, asked);
      return {};
    },
  };
}
