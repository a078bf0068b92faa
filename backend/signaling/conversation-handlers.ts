import type { Handlers } from './handlers.ts';

/** What people say to each other without a microphone. */
export const conversationHandlers: Pick<Handlers, 'message' | 'hand' | 'react'> = {
  message({ session }, { room, ...asked }) {
    const participant = session.participant(room);
    return { at: participant.room.conversation.say(participant, asked) };
  },

  hand({ session }, { room, ...asked }) {
    const participant = session.participant(room);
    participant.room.conversation.hand(participant, asked);
    return {};
  },

  react({ session }, { room, reaction }) {
    const participant = session.participant(room);
    participant.room.conversation.react(participant, reaction);
    return {};
  },
};
