import { WcsError } from '../../protocol/errors.ts';
import type { RequestData } from '../../protocol/messages.ts';
import type { Muted } from '../../protocol/model.ts';
import type { Identity } from './door.ts';
import type { Participant } from './participant.ts';
import type { Room } from './room.ts';

type Asked<M extends 'silence' | 'remove' | 'guard' | 'admit' | 'end'> = Omit<RequestData<M>, 'room'>;

const NOTHING: Muted = { audio: false, video: false };

/** Somebody in the room, or undefined: an administrator, who may everything. */
type Moderator = Participant | undefined;

/** What those with the grant `moderate` do in one room. Every method throws WcsError `forbidden` for everybody else. */
export class Moderation {
  readonly #room: Room;
  /** What was muted for good: by login, and by the subject of a token. */
  readonly #holds = new Map<string, Muted>();

  constructor(room: Room) {
    this.#room = room;
  }

  /** What this one cannot unmute. */
  heldOf({ login, subject }: Identity): Muted {
    return or(this.#holds.get(login), subject === undefined ? undefined : this.#holds.get(subjectKey(subject)));
  }

  /** Mutes one or everybody else. Throws WcsError `invalid` or `participant_unknown`. */
  async silence(by: Moderator, asked: Asked<'silence'>): Promise<void> {
    by?.assertMay('moderate');
    const { login, audio, video } = asked;
    if (!audio && !video) throw new WcsError('invalid', 'Say what to mute: audio, video or both.');
    const whom = login === undefined ? this.#room.participants.filter((one) => one !== by) : [this.#find(login)];
    await Promise.all(whom.map((participant) => this.#silenceOne(by, participant, asked)));
  }

  /** Ends a stream of anybody. Throws WcsError `stream_unknown`. */
  stop(by: Moderator, stream: string): void {
    by?.assertMay('moderate');
    const publisher = this.#room.participants.find((participant) => participant.publishing.has(stream));
    if (!publisher) throw new WcsError('stream_unknown', 'Nobody publishes a stream of this name here.');
    publisher.publishing.end(stream, named(by));
  }

  /** Throws WcsError `invalid` or `participant_unknown`. */
  remove(by: Moderator, asked: Asked<'remove'>): void {
    by?.assertMay('moderate');
    if (asked.login === by?.login) throw new WcsError('invalid', 'To go oneself, one leaves.');
    this.#expel({ ...asked, ...named(by) });
  }

  #expel({ login, ban = false, by, note }: Asked<'remove'> & { by?: string }): void {
    const participant = this.#find(login);
    const { identity } = participant;
    this.#room.door.expel(identity, { ban });
    participant.tell('ended', {
      room: this.#room.name,
      reason: 'expelled',
      ...(by === undefined ? {} : { by }),
      ...noted(note),
    });
    participant.leave('expelled');
  }

  guard(by: Moderator, asked: Asked<'guard'>): void {
    by?.assertMay('moderate');
    const { door, name: room } = this.#room;
    door.set(asked);
    this.#room.announce('guarded', { room, locked: door.locked, lobby: door.lobby, ...named(by) });
  }

  /** Throws WcsError `participant_unknown`, or `room_full` when there is no seat for them. */
  admit(by: Moderator, { login, on, note }: Asked<'admit'>): void {
    by?.assertMay('moderate');
    const { door } = this.#room;
    if (!on) return door.refuse(login, { reason: 'moderator', ...named(by), ...noted(note) });
    if (this.#room.full) throw new WcsError('room_full', 'Current room is full.');
    door.admit(login);
  }

  end(by: Moderator, { note }: Asked<'end'>): void {
    by?.assertMay('moderate');
    this.#room.close('closed', { ...named(by), ...noted(note) });
  }

  async #silenceOne(by: Moderator, participant: Participant, asked: Asked<'silence'>): Promise<void> {
    const { audio, video, hold = false, note } = asked;
    const held = this.heldOf(participant.identity);
    if (audio) held.audio = hold;
    if (video) held.video = hold;
    const { login, subject } = participant.identity;
    for (const key of [login, ...(subject === undefined ? [] : [subjectKey(subject)])]) this.#holds.set(key, held);
    const data = { room: this.#room.name, login, audio, video, held, ...named(by), ...noted(note) };
    this.#room.announce('silenced', data);
    await participant.publishing.silence({ audio, video });
  }

  /** Somebody in the room, or on their way into it. */
  #find(login: string): Participant {
    const participant = this.#room.find(login);
    if (!participant) throw new WcsError('participant_unknown', `There is no ${login} in the room.`);
    return participant;
  }
}

function named(by: Moderator): { by?: string } {
  return by ? { by: by.login } : {};
}

function noted(note: string | undefined): { note?: string } {
  return note === undefined ? {} : { note };
}

/** Apart from every login: no login has a control character. */
function subjectKey(subject: string): string {
  return `\0${subject}`;
}

function or(one: Muted = NOTHING, other: Muted = NOTHING): Muted {
  return { audio: one.audio || other.audio, video: one.video || other.video };
}
