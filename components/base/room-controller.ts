import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { WcsError } from '../../protocol/errors.ts';
import type { Muted, RecordingState } from '../../protocol/model.ts';
import type { SessionStatus } from '../room/constants.ts';
import type { Participant, ParticipantStream } from '../room/participant.ts';
import type { ModeratorSaid } from '../room/room-end.ts';
import type { RoomEndReason } from '../room/room-link.ts';
import type { Room } from '../room/room.ts';
import type { ConnectOptions, RoomSession } from '../room/session.ts';
import { recordingsUrl } from './address.ts';
import { ChatHistory } from './chat-history.ts';
import { tell } from './events.ts';
import type { LeaveCause } from './events.ts';
import { shownName } from './names.ts';
import type { TileView } from './view.ts';
import { Viewing } from './viewing.ts';

export interface RoomJoinOptions extends ConnectOptions {
  room: string;
  record: boolean;
  capacity: number | undefined;
}

/** `out`: before joining and after leaving. */
export type Phase = 'out' | 'joining' | 'in' | 'leaving';

type Host = ReactiveControllerHost & HTMLElement;

/**
 * One session in one room, for an element: joins, leaves, plays everybody, and keeps what there is to show as plain
 * data. Owns the session and the room; closing them closes everything that they hold.
 */
export class RoomController implements ReactiveController {
  readonly chat: ChatHistory;
  /** Everybody else's streams, as we have them. */
  readonly viewing: Viewing;
  session: RoomSession | undefined;
  room: Room | undefined;
  phase: Phase = 'out';

  readonly #host: Host;
  readonly #connect: (options: ConnectOptions) => Promise<RoomSession>;
  readonly #ended: (reason: LeaveCause, error: WcsError | undefined, said: ModeratorSaid) => void;
  readonly #failed: (error: WcsError) => void;
  readonly #silenced: (what: Muted) => void;
  #status: SessionStatus = 'PENDING';
  #attempt: AbortController | undefined;
  #joining: Promise<Room> | undefined;
  #leaving: Promise<void> | undefined;
  #serverUrl = '';
  #shownSpeaking: string | undefined;

  /** `ended` is told when the room is over without `leave()`, `failed` what went wrong while it goes on, `silenced` what a moderator has muted of ours. */
  constructor(
    host: Host,
    options: {
      connect: (options: ConnectOptions) => Promise<RoomSession>;
      ended: (reason: LeaveCause, error: WcsError | undefined, said: ModeratorSaid) => void;
      failed: (error: WcsError) => void;
      silenced: (what: Muted) => void;
    },
  ) {
    this.#host = host;
    this.#connect = options.connect;
    this.#ended = options.ended;
    this.#failed = options.failed;
    this.#silenced = options.silenced;
    this.chat = new ChatHistory(() => host.requestUpdate());
    this.viewing = new Viewing(host, () => this.participants);
    host.addController(this);
  }

  hostConnected(): void {}

  get status(): SessionStatus {
    return this.#status;
  }

  /** Whether the connection, or the way of sound and picture, is lost and is being restored. */
  get reconnecting(): boolean {
    return this.#status === 'RECONNECTING' || this.room?.reconnecting() === true;
  }

  /** Whether we wait before the room until somebody lets us in. */
  get waiting(): boolean {
    return this.phase === 'joining' && this.room?.isWaiting() === true;
  }

  get recording(): RecordingState {
    return this.room?.isJoined() ? this.room.recording() : 'off';
  }

  get participants(): Participant[] {
    return this.room?.isJoined() ? this.room.getParticipants() : [];
  }

  /** The login of who speaks just now, so that one hears it; we ourselves may be it. */
  get speaking(): string | undefined {
    const active = this.room?.isJoined() ? this.room.speaker() : undefined;
    return active !== undefined && this.room?.levels().has(active) ? active : undefined;
  }

  /** Everybody else, and what they share. */
  get tiles(): TileView[] {
    return this.viewing.tiles(this.speaking);
  }

  /**
   * Signs in and enters the room. Waits for a `leave()` that is still going on.
   *
   * @throws WcsError `already_joined` while joining or in the room, `aborted` when left meanwhile, and whatever the
   * backend refuses with. After an error nothing of the attempt is left.
   */
  async join(options: RoomJoinOptions): Promise<Room> {
    await this.#leaving;
    if (this.phase !== 'out') throw new WcsError('already_joined', 'Already joining or in the room.');
    this.#joining = this.#join(options);
    return this.#joining;
  }

  /** Leaves the room and ends the session; while joining, gives up. Never rejects. */
  leave(): Promise<void> {
    if (this.#leaving) return this.#leaving;
    if (this.phase === 'out') return Promise.resolve();
    const left = this.phase === 'joining' ? this.#giveUp() : this.#leave();
    this.#leaving = left.finally(() => (this.#leaving = undefined));
    return this.#leaving;
  }

  /** Tells the page whether the room is recorded, and where its recordings will be. */
  tellRecording(state: RecordingState): void {
    const url = state === 'unavailable' ? undefined : recordingsUrl(this.#serverUrl);
    tell(this.#host, 'wcs-recording', { state, url });
  }

  /** Text to everybody else or to one, with a line in the chat; `again` is the line of an earlier try that failed. */
  async send(text: string, { to, again }: { to?: string | undefined; again?: string | undefined } = {}): Promise<void> {
    const line = this.chat.sending(this.session?.username() ?? '', text, { again, to });
    try {
      if (!this.room || this.phase !== 'in') throw new WcsError('not_joined', 'Join the room before writing.');
      const { at } = await (to === undefined ? this.room.sendMessage(text) : this.#find(to).sendMessage(text));
      this.chat.sent(line, at);
    } catch (error) {
      this.chat.failed(line);
      throw error;
    }
  }

  async #join(options: RoomJoinOptions): Promise<Room> {
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#serverUrl = options.urlServer;
    this.#enter('joining');
    try {
      const session = await this.#open(options, attempt.signal);
      await until(session.established, attempt.signal);
      const { room: name, record, capacity } = options;
      const room = this.#listen(session.join({ name, record, capacity }));
      this.room = room;
      await until(room.joined, attempt.signal);
      this.#enter('in');
      return room;
    } catch (error) {
      this.#close();
      throw error;
    }
  }

  async #giveUp(): Promise<void> {
    this.#attempt?.abort();
    await this.#joining?.catch(() => undefined);
  }

  async #leave(): Promise<void> {
    this.#enter('leaving');
    try {
      await this.room?.leave();
    } catch {
      // Ending the session right after takes us out of the room all the same.
    }
    this.#close();
  }

  async #open(
    { urlServer, username, token, reconnectTimeout }: RoomJoinOptions,
    signal: AbortSignal,
  ): Promise<RoomSession> {
    const session = await this.#connect({ urlServer, username, token, reconnectTimeout });
    if (signal.aborted) session.disconnect();
    this.session = session;
    for (const status of ['ESTABLISHED', 'RECONNECTING', 'RECONNECTED', 'DISCONNECTED', 'FAILED'] as const)
      session.on(status, () => this.#follow(session));
    this.#follow(session);
    return session;
  }

  #follow(session: RoomSession): void {
    if (session !== this.session) return;
    this.#setStatus(session.status());
    // A failure while joining is the rejection of join().
    if (session.status() === 'FAILED' && this.phase === 'in') this.#end('disconnected');
  }

  #setStatus(status: SessionStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    tell(this.#host, 'wcs-status', { status });
    this.#host.requestUpdate();
  }

  #listen(room: Room): Room {
    const update = () => this.#host.requestUpdate();
    return room
      .on('STATE', () => this.#fill(room))
      .on('JOINED', (participant) => {
        this.chat.note('joined', this.#shown(participant));
        tell(this.#host, 'wcs-participant-join', { participant });
        update();
      })
      .on('LEFT', (participant, reason) => {
        for (const stream of participant.getStreams()) this.viewing.forget(stream);
        this.chat.note(reason === 'lost' ? 'lost' : 'left', this.#shown(participant));
        tell(this.#host, 'wcs-participant-leave', { participant });
        update();
      })
      .on('PUBLISHED', (_, stream) => this.#play(stream))
      .on('UNPUBLISHED', (_, stream) => {
        this.viewing.forget(stream);
        tell(this.#host, 'wcs-stream-unpublish', { stream });
      })
      .on('MESSAGE', ({ username: from, text, at, to }) => {
        this.chat.received(this.#shownOf(from), text, at, to);
        tell(this.#host, 'wcs-message', { from, text, at, to });
      })
      .on('RECORDING', (_, state, reason) => {
        this.tellRecording(state);
        if (reason !== undefined) this.#failed(new WcsError('recording_failed', reason));
        update();
      })
      .on('SPEAKER', (username) => tell(this.#host, 'wcs-speaker', { username }))
      .on('LEVELS', () => this.#updateSpeaking())
      .on('QUALITY', update)
      .on('MUTED', update)
      .on('UNMUTED', update)
      .on('RECONNECTING', update)
      .on('RECONNECTED', update)
      .on('SILENCED', (participant, silence) => participant ?? this.#silenced(silence))
      .on('WAITING', update)
      .on('ADMITTED', update)
      .on('ENDED', (_, reason, said) => this.#end(reason, said));
  }

  /** Levels come often; only another speaker is news. */
  #updateSpeaking(): void {
    if (this.speaking === this.#shownSpeaking) return;
    this.#shownSpeaking = this.speaking;
    this.#host.requestUpdate();
  }

  #fill(room: Room): void {
    const people = room.getParticipants();
    this.chat.earlier(room.history(), this.session?.username() ?? '');
    const names = people.map((participant) => this.#shown(participant)).join('\n');
    this.chat.note(people.length === 0 ? 'empty' : 'people', names);
    for (const participant of people) for (const stream of participant.getStreams()) this.#play(stream);
    this.#host.requestUpdate();
  }

  #shown(participant: Participant): string {
    return shownName(participant, this.participants);
  }

  #shownOf(login: string): string {
    const participant = this.participants.find((one) => one.name() === login);
    return participant ? this.#shown(participant) : login;
  }

  #find(login: string): Participant {
    const participant = this.participants.find((one) => one.name() === login);
    if (!participant) throw new WcsError('participant_unknown', `There is no ${login} in the room.`);
    return participant;
  }

  #play(stream: ParticipantStream): void {
    this.viewing.play(stream);
    tell(this.#host, 'wcs-stream-publish', { stream });
  }

  #end(reason: RoomEndReason, said: ModeratorSaid = {}): void {
    if (this.phase !== 'in') return;
    const error = this.session?.getError();
    this.#close();
    this.#ended(reason, error, said);
  }

  /** Takes everything down, whatever has been reached. */
  #close(): void {
    const { session } = this;
    this.viewing.clear();
    this.#attempt = undefined;
    this.room = undefined;
    if (session && session.status() !== 'FAILED') {
      session.disconnect();
      this.#setStatus('DISCONNECTED');
    }
    this.session = undefined;
    this.#enter('out');
  }

  #enter(phase: Phase): void {
    this.phase = phase;
    this.#host.requestUpdate();
  }
}

/** The promise's outcome, or a rejection with `aborted` as soon as the signal says so. */
function until<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = () => new WcsError('aborted', 'The room was left before it was joined.');
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(aborted());
    signal.addEventListener('abort', () => reject(aborted()), { once: true });
    promise.then(resolve, reject);
  });
}
