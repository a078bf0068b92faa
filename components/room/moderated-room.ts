import { WcsError } from '../../protocol/errors.ts';
import type { EventData, RequestData } from '../../protocol/messages.ts';
import type { Grant, Muted, RecordingState, Room as RoomState, Waiting } from '../../protocol/model.ts';
import { ROOM_EVENT } from './constants.ts';
import { Gathering } from './gathering.ts';
import type { Room } from './room.ts';

/** What a moderator does in a room. */
type ModeratorMethod = 'silence' | 'remove' | 'guard' | 'admit' | 'end' | 'unpublish';

/** Asks as a moderator. Rejects, never unhandled, with a WcsError: `forbidden` without the grant `moderate`, …. */
export type Moderate = <M extends ModeratorMethod>(method: M, data: Omit<RequestData<M>, 'room'>) => Promise<void>;

/** What to mute, and how. */
export interface MuteOptions {
  /** Microphone. */
  audio?: boolean;
  /** Camera. */
  video?: boolean;
  /** They cannot unmute. Without it they can, also when they could not before. */
  hold?: boolean;
  /** What to tell them, 1 to 200 characters. */
  note?: string;
}

/**
 * What a moderator has muted: `held` is what cannot be unmuted from now on. `by` is absent for an administrator of the backend,
 * and when we learn of it only after having been away.
 */
export type Silence = Omit<EventData<'silenced'>, 'room' | 'login' | 'by'> & { by?: string };

/** What is decided over a room as a whole, by whom, and what everybody sees of it: grants, recording, who gets in. */
export abstract class ModeratedRoom extends Gathering {
  #created = false;
  #grants: ReadonlySet<Grant> = new Set();
  #capacity = 0;
  #recording: RecordingState = 'unavailable';
  #locked = false;
  #lobby = false;
  #waiting: readonly Waiting[] = [];
  #held: Muted = { audio: false, video: false };

  /** Whether our join made the room. */
  created(): boolean {
    return this.#created;
  }

  /** Whether we may do something here, by our token or as whoever made the room; nothing before STATE. */
  may(grant: Grant): boolean {
    return this.#grants.has(grant);
  }

  /** People in the room at most; 0: no limit. */
  capacity(): number {
    return this.#capacity;
  }

  recording(): RecordingState {
    return this.#recording;
  }

  /**
   * Starts or stops the recording of the whole room. Rejects, never unhandled, with `forbidden` unless we made the room,
   * with `recording_unavailable` where the backend does not record, with `recording_failed` where it cannot just now.
   */
  record(on: boolean): Promise<'off' | 'on'> {
    const asked = this.ask('record', { on }).then(({ recording }) => {
      if (recording === 'unavailable') throw new WcsError('recording_unavailable', 'This server does not record.');
      return recording;
    });
    asked.catch(() => undefined);
    return asked;
  }

  /** Whether nobody new gets in. */
  locked(): boolean {
    return this.#locked;
  }

  /** Whether newcomers wait until a moderator lets them in. */
  lobby(): boolean {
    return this.#lobby;
  }

  /** Who waits to be let in, longest first; empty for those who do not moderate. */
  waiting(): readonly Waiting[] {
    return this.#waiting;
  }

  /** What a moderator has muted of ours for good: unmuting it does nothing. */
  held(): Muted {
    return { ...this.#held };
  }

  /** Mutes everybody else, as a moderator; see Participant.mute for one. */
  muteAll({ audio = true, video = false, ...how }: MuteOptions = {}): Promise<void> {
    return this.moderate('silence', { audio, video, ...how });
  }

  /** Locks the room, as a moderator: others who want in are refused with `room_locked`. */
  lock(on = true): Promise<void> {
    return this.moderate('guard', { locked: on });
  }

  /** Switches the lobby, as a moderator. Switching it off lets in all who wait. */
  setLobby(on: boolean): Promise<void> {
    return this.moderate('guard', { lobby: on });
  }

  /**
   * Lets in somebody who waits, or all. Rejects with `participant_unknown` when they have gone or were answered already, with
   * `room_full` when there is no seat.
   */
  admit(login?: string): Promise<void> {
    return this.moderate('admit', { login, on: true });
  }

  /** Sends away somebody who waits, or all. `note`: what to tell them, 1 to 200 characters. */
  refuse(login?: string, { note }: { note?: string } = {}): Promise<void> {
    return this.moderate('admit', { login, on: false, note });
  }

  /** Ends the meeting for everybody, as a moderator: all get ENDED. `note`: what to tell them, 1 to 200 characters. */
  end({ note }: { note?: string } = {}): Promise<void> {
    return this.moderate('end', { note });
  }

  protected takeRole({ created, grants }: { created: boolean; grants: readonly Grant[] }): void {
    this.#created = created;
    this.#grants = new Set(grants);
  }

  /** The room's state when we enter, where nothing of it is news; `login` is ours. */
  protected fillState(state: RoomState, login: string): void {
    const { capacity, recording, locked, lobby, waiting = [], participants } = state;
    this.#capacity = capacity;
    this.#recording = recording;
    this.#locked = locked;
    this.#lobby = lobby;
    this.#waiting = waiting;
    this.#held = participants.find((one) => one.login === login)?.held ?? { audio: false, video: false };
  }

  /** The room's state after we were away: what is different is told as if it had just happened. */
  protected compareState(state: RoomState, login: string): void {
    const { recording, locked, lobby, waiting = [] } = state;
    const before = this.#waiting.map((one) => one.login).join('\n');
    this.takeRecording(recording);
    this.takeGuard({ locked, lobby });
    this.takeHands(state.hands);
    if (waiting.map((one) => one.login).join('\n') !== before) this.takeWaiting(waiting);
    this.fillState(state, login);
  }

  protected takeGuard({ locked, lobby, by }: { locked: boolean; lobby: boolean; by?: string }): void {
    if (locked === this.#locked && lobby === this.#lobby) return;
    this.#locked = locked;
    this.#lobby = lobby;
    this.emit(ROOM_EVENT.GUARDED, this.#self, by);
  }

  protected takeWaiting(waiting: readonly Waiting[]): void {
    this.#waiting = waiting;
    this.emit(ROOM_EVENT.LOBBY, waiting);
  }

  protected takeRecording(state: RecordingState, reason?: string): void {
    if (state === this.#recording) return;
    this.#recording = state;
    this.emit(ROOM_EVENT.RECORDING, this.#self, state, reason);
  }

  /**
   * A moderator has muted somebody, or lets them unmute again; of others it is told. Returns it when it is about us: our streams
   * are to be muted before.
   */
  protected takeSilence({
    login,
    audio,
    video,
    held,
    by,
    note,
  }: Omit<EventData<'silenced'>, 'room'>): Silence | undefined {
    const silence = { audio, video, held, by, ...(note === undefined ? {} : { note }) };
    if (login === this.login) {
      this.#held = held;
      return silence;
    }
    const participant = this.participant(login);
    participant?.setHeld(held);
    if (participant) this.emit(ROOM_EVENT.SILENCED, participant, silence);
    return undefined;
  }

  protected readonly moderate: Moderate = (method, data) => this.order(method, data);

  /** There are no other rooms than those that a session joins. */
  get #self(): Room {
    return this as ModeratedRoom as Room;
  }
}
