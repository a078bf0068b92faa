import { WcsError } from '../../../protocol/errors.ts';
import type { ModeratorIntent } from '../element/intent.ts';
import type { Participant } from '../../room/participant.ts';
import type { Room } from '../../room/room.ts';

/** Does as a moderator what was asked for in the interface. Rejects with a WcsError: `forbidden`, `participant_unknown`, …. */
export function moderate(room: Room, intent: ModeratorIntent): Promise<unknown> {
  switch (intent.do) {
    case 'mute': {
      const { kind, hold } = intent;
      return participantOf(room, intent.login).mute({ audio: kind === 'audio', video: kind === 'video', hold });
    }
    case 'mute-all':
      return room.muteAll();
    case 'stop-sharing':
      return stopSharing(participantOf(room, intent.login));
    case 'lower-hand':
      return room.lowerHand(intent.login);
    case 'remove':
      return participantOf(room, intent.login).remove({ ban: intent.ban });
    case 'guard':
      return intent.lobby === undefined ? room.lock(intent.locked) : room.setLobby(intent.lobby);
    case 'admit':
      return intent.on ? room.admit(intent.login) : room.refuse(intent.login);
    case 'end':
      return room.end();
  }
}

function stopSharing(participant: Participant): Promise<unknown> {
  const screens = participant.getStreams().filter((stream) => stream.kind() === 'screen');
  return Promise.all(screens.map((stream) => stream.unpublish()));
}

function participantOf(room: Room, login: string): Participant {
  const participant = room.getParticipants().find((one) => one.name() === login);
  if (!participant) throw new WcsError('participant_unknown', `There is no ${login} in the room.`);
  return participant;
}
