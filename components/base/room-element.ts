import type { PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { WcsError } from '../../protocol/errors.ts';
import type { SessionStatus } from '../room/constants.ts';
import type { Participant } from '../room/participant.ts';
import type { Room } from '../room/room.ts';
import type { ModeratorSaid } from '../room/room-end.ts';
import type { ConnectOptions, RoomSession } from '../room/session.ts';
import { AudioOnly } from './audio-only.ts';
import { inviteUrl, makeRoomName, roomOfPage, serverUrl } from './address.ts';
import { tell } from './events.ts';
import type { LeaveCause } from './events.ts';
import type { Intent, IntentEvent } from './element/intent.ts';
import { loaded, loadRoom, warmUp } from './load-room.ts';
import { OwnMedia } from './own/own-media.ts';
import { OwnScreen } from './own/own-screen.ts';
import { endError, notRecorded, toWcsError } from './problems.ts';
import { RoomController } from './room-controller.ts';
import { RoomOwner } from './room-owner.ts';
import { expectsToPublish } from './token-hint.ts';
import type { TileView } from './view.ts';

/** Milliseconds out of the page after which an element counts as removed; moving it within the page takes less. */
const REMOVAL_GRACE = 50;

/**
 * What the three elements share: methods, events, the session and the room. Each of them adds a way to show it.
 */
export abstract class RoomElement extends RoomOwner {
  /** How sessions are opened, instead of the room API's `connect`: for tests, and for pages that wrap sessions. */
  @property({ attribute: false }) connect: ((options: ConnectOptions) => RoomSession) | undefined;

  /** The error that is shown, until it is dismissed or the next attempt. */
  @state() protected error: WcsError | undefined;
  @state() protected soundBlocked = false;
  /** The login in use: the attribute's, or the one that was asked for. */
  @state() protected login = '';

  readonly #own = new OwnMedia(this, {
    report: (error) => this.report(error),
    limits: () => ({ height: this.maxVideoHeight, bitrate: this.maxVideoBitrate }),
  });
  readonly #screen = new OwnScreen(this, (error) => this.report(error));
  readonly #call = new RoomController(this, {
    connect: async (options) => (this.connect ?? (await loadRoom()).connect)(options),
    ended: (reason, error, said) => this.#left(reason, error, said),
    failed: (error) => this.report(error),
    silenced: ({ audio, video }) => {
      // The buttons show what the others hear and see.
      if (audio) void this.#own.toggle('audio', false);
      if (video) void this.#own.toggle('video', false);
    },
  });

  protected readonly audioMode = new AudioOnly(this, () => ({
    own: this.#own,
    screen: this.#screen,
    viewing: this.#call.viewing,
  }));

  readonly #madeRoomName = makeRoomName();

  #removal: ReturnType<typeof setTimeout> | undefined;
  /** Whether the preview or the automatic join has been begun since the element came into the page. */
  #started = false;
  #hasLeft = false;

  protected get own(): OwnMedia {
    return this.owner.#own;
  }

  protected get screen(): OwnScreen {
    return this.owner.#screen;
  }

  protected get call(): RoomController {
    return this.owner.#call;
  }

  /** Whether camera and microphone are to be opened: as the server says, and before it has, as the token lets expect. */
  protected get mayPublish(): boolean {
    const { room } = this.call;
    return room?.isJoined() ? room.may('publish') : expectsToPublish(this.owner.token);
  }

  /** Everything to show here: of two elements of different kinds in one room, each shows what it is for. */
  protected get tiles(): TileView[] {
    const connected = !this.call.reconnecting;
    const screen = this.screen.tile(this.owner.login, connected);
    // Oneself first, so that nobody else's coming moves one's own tile.
    const tiles = [
      ...(screen ? [screen] : []),
      this.own.tile(this.owner.login, connected, this.call.speaking === this.owner.login),
      ...this.call.tiles,
    ];
    return this.dividesRoom ? tiles.filter(({ kind }) => kind === this.purpose) : tiles;
  }

  /** Whether screens are shared from here: with an element for them in the room, only from there. */
  protected get sharesScreens(): boolean {
    if (this.noScreenShare || this.owner.audioOnly || this.call.room?.may('screen') === false) return false;
    return this.purpose === 'screen' || !this.dividesRoom;
  }

  /** State of the connection: PENDING before the first join, ESTABLISHED, RECONNECTING, DISCONNECTED, FAILED. */
  get status(): SessionStatus {
    return this.call.status;
  }

  /** The room that is joined, or would be. */
  get roomName(): string {
    if (this.owner !== this) return this.owner.roomName;
    return this.call.room?.name() ?? (this.room.trim() || roomOfPage(location.href) || this.#madeRoomName);
  }

  /** Everybody else in the room. */
  get participants(): Participant[] {
    return this.call.participants;
  }

  /** The page's address with the room in it: whoever opens it comes into the same room. */
  get inviteUrl(): string {
    return inviteUrl(location.href, this.roomName);
  }

  /** The session of the room API, from joining to leaving. */
  get session(): RoomSession | undefined {
    return this.call.session;
  }

  /** The room of the room API, from joining to leaving. */
  get currentRoom(): Room | undefined {
    return this.call.room;
  }

  /**
   * Joins the room and publishes camera and microphone as far as they are there. Resolves in the room; publishing goes on.
   * Rejects with a WcsError: `invalid` without a username, `already_joined`, `aborted` when left or removed meanwhile,
   * `login_taken`, `room_full`, `server_unreachable`, ….
   */
  async join(): Promise<void> {
    if (this.owner !== this) return this.owner.join();
    if (this.isGuest) throw new WcsError('invalid', `There is no element to join with for="${this.for}".`);
    const username = (this.username || this.login).trim();
    if (!username) {
      this.askForName();
      throw new WcsError('invalid', 'A username is needed to join: set the username attribute.');
    }
    await this.#join(username, this.record && !this.noRecord);
  }

  /** Leaves the room and gives camera and microphone back; while joining, gives up. A listener of `wcs-before-leave` can prevent it. */
  async leave(): Promise<void> {
    if (this.owner !== this) return this.owner.leave();
    const { phase } = this.call;
    if (phase === 'in' && !tell(this, 'wcs-before-leave', {})) return;
    await this.#leave('left');
  }

  /** Shares a screen, a window or a tab beside the camera, or stops it. Rejects with a WcsError; closing the picker is none. */
  async toggleScreenShare(on = this.screen.state() === 'off'): Promise<void> {
    if (!on) return this.screen.stop();
    try {
      const { room } = this.call;
      if (!room?.isJoined()) throw new WcsError('not_joined', 'Join the room before sharing a screen.');
      const { shareFrameRate: frameRate, shareWidth: width, shareHeight: height } = this;
      await this.screen.share(room, { frameRate, width, height });
    } catch (error) {
      const problem = toWcsError(error);
      // Whoever closes the picker knows that they did.
      if (problem.code === 'device_denied') return;
      this.report(problem);
      throw problem;
    }
  }

  /** Sends text to everybody else, or to the one of that login, 1 to 2000 characters. Rejects with a WcsError when it did not reach the backend. */
  async sendMessage(text: string, to?: string): Promise<void> {
    await this.call.send(text, { to });
  }

  /**
   * Records the whole room from now on. Rejects with `forbidden` unless we made the room, `recording_unavailable` where
   * the backend does not record, `recording_failed` where it cannot just now.
   */
  startRecording(): Promise<void> {
    return this.#record(true);
  }

  /** Ends the recording of the room. */
  stopRecording(): Promise<void> {
    return this.#record(false);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    clearTimeout(this.#removal);
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#removal = setTimeout(() => this.#remove(), REMOVAL_GRACE);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const joined = this.#call.phase !== 'out';
    if (changed.has('muted') && !joined) this.#own.wanted.audio = !this.muted;
    if (changed.has('cameraOff') && !joined) this.#own.wanted.video = !this.cameraOff;
    if (changed.has('username') && this.username) this.login = this.username;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (!this.isConnected || this.#started || this.isGuest) return;
    if (this.autoJoin && this.username) {
      this.#started = true;
      // What goes wrong is shown and told by wcs-error.
      this.join().catch(() => undefined);
    } else if (this.previews && this.call.phase === 'out') {
      this.#started = !this.autoJoin;
      void this.own.open().then(() => Promise.allSettled([warmUp(), this.loadView()]));
    }
  }

  /** Whether one's own camera is shown before joining. Not again after leaving: the camera was just given back. */
  protected get previews(): boolean {
    return this.mayPublish && !this.isGuest && !this.noPrejoin && !this.#hasLeft && !(this.autoJoin && this.username);
  }

  /** Whether this page was opened without an invitation, so that this participant is likely the first. */
  protected get likelyFirst(): boolean {
    return this.room.trim() !== '' || roomOfPage(location.href) === undefined;
  }

  /** How a session is opened. Throws WcsError `invalid`. */
  protected get connecting(): ConnectOptions {
    const { login: username, reconnectTimeout } = this;
    const urlServer = serverUrl(this.serverUrl, import.meta.url);
    return { urlServer, username, token: this.token || undefined, reconnectTimeout };
  }

  /** Loads what is shown in a room only. */
  protected abstract loadView(): Promise<unknown>;

  /** Says that a name is missing, and where to enter it. */
  protected abstract askForName(): void;

  /** Starts the sound that the browser held back, in answer to a click. */
  protected abstract allowSound(): void;

  protected override ownerChanged(): void {
    void this.#leave('removed');
    this.#started = false;
  }

  /** Shows an error and tells the page. */
  protected report(error: WcsError): void {
    if (this.owner !== this) return this.owner.report(error);
    this.error = error;
    tell(this, 'wcs-error', { code: error.code, message: error.message });
  }

  protected dismissError(): void {
    this.error = undefined;
  }

  /** Does what somebody asked for by using a part. */
  protected readonly handleIntent = ({ intent }: IntentEvent): void => {
    // Errors are shown by report(), failed lines in the chat.
    this.handle(intent)?.catch(() => undefined);
  };

  protected handle(intent: Intent): Promise<void> | undefined {
    switch (intent.do) {
      case 'join':
        this.login = intent.name;
        return this.#join(intent.name, intent.record);
      case 'leave':
        return this.leave();
      case 'publish':
        return this.#togglePublishing();
      case 'share':
        return this.toggleScreenShare();
      case 'record':
        return this.#record(intent.on);
      case 'send':
        return this.call.send(intent.text, intent);
      case 'device':
        return this.own.ask(intent.ask);
      case 'show':
      case 'volume':
      case 'watch':
        if (intent.do === 'show' && intent.video) void this.own.playsIn(intent.video);
        return void this.call.viewing.choose(intent);
      case 'sound-blocked':
        return void (this.owner.soundBlocked = true);
      case 'sound':
        this.owner.soundBlocked = false;
        for (const element of this.company) element.allowSound();
        return;
      default:
        return;
    }
  }

  async #join(username: string, record: boolean): Promise<void> {
    try {
      const connecting = this.connecting;
      const opened = this.call.phase === 'out' ? this.#prepare() : undefined;
      const joined = this.call.join({
        ...connecting,
        username,
        room: this.roomName,
        record,
        capacity: this.maxParticipants,
      });
      const [room] = await Promise.all([joined, loaded(this.loadView())]);
      tell(this, 'wcs-join', { room: room.name(), username });
      const recording = room.recording();
      if (recording === 'on') this.call.tellRecording(recording);
      else if (record && room.created()) this.report(notRecorded(recording));
      // Devices may take their time; being in the room does not depend on them.
      if (!room.may('publish')) this.own.release();
      else void opened?.then(() => (this.call.room === room ? this.own.publish(room) : undefined));
    } catch (error) {
      const problem = toWcsError(error);
      const refused = problem.code !== 'already_joined';
      // When only what shows the room could not be loaded, we may be in it.
      if (refused) await this.call.leave();
      if (refused && !this.previews) this.own.release();
      if (refused && problem.code !== 'aborted') this.report(problem);
      throw problem;
    }
  }

  /** Forgets the last call and opens the devices, while the connection is being made. */
  #prepare(): Promise<void> {
    this.error = undefined;
    this.soundBlocked = false;
    this.call.chat.clear();
    return this.mayPublish ? this.own.open() : Promise.resolve();
  }

  async #leave(reason: LeaveCause): Promise<void> {
    const wasIn = this.#call.phase === 'in';
    this.#release();
    this.#hasLeft ||= wasIn;
    await this.#call.leave();
    if (wasIn) this.#tellLeft(reason);
  }

  /** Out of the page for good, or until it is put back: then it starts anew. */
  #remove(): void {
    this.takeLeave();
    void this.#leave('removed');
    this.#started = false;
    this.#hasLeft = false;
  }

  /** The room was over without our asking. */
  #left(reason: LeaveCause, error: WcsError | undefined, said: ModeratorSaid): void {
    this.#hasLeft = true;
    this.#release();
    this.report(error ?? endError(reason, said));
    this.#tellLeft(reason);
  }

  #release(): void {
    this.#own.release();
    this.#screen.release();
  }

  #tellLeft(reason: LeaveCause): void {
    this.soundBlocked = false;
    tell(this, 'wcs-leave', { reason });
  }

  async #togglePublishing(): Promise<void> {
    const { room } = this.call;
    if (this.own.published) this.own.unpublish();
    else if (room) await this.own.publish(room);
  }

  async #record(on: boolean): Promise<void> {
    try {
      const { room } = this.call;
      if (!room) throw new WcsError('not_joined', 'Join the room before recording.');
      await room.record(on);
    } catch (error) {
      const problem = toWcsError(error);
      this.report(problem);
      throw problem;
    }
  }
}
