import type { PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { WcsError } from '../../protocol/errors.ts';
import type { SessionStatus } from '../room/constants.ts';
import type { Participant } from '../room/participant.ts';
import type { Room } from '../room/room.ts';
import type { ConnectOptions, RoomSession } from '../room/session.ts';
import { inviteUrl, makeRoomName, roomOfPage, serverUrl } from './address.ts';
import { WcsElement } from './element.ts';
import { tell } from './events.ts';
import type { LeaveCause } from './events.ts';
import type { IntentEvent } from './intent.ts';
import { loadRoom, warmUp } from './load-room.ts';
import { OwnMedia } from './own-media.ts';
import { RoomController } from './room-controller.ts';

/** Milliseconds out of the page after which an element counts as removed; moving it within the page takes less. */
const REMOVAL_GRACE = 50;

/**
 * What the three elements share: attributes, methods, events, the session and the room. Each of them adds a way to show it.
 */
export abstract class RoomElement extends WcsElement {
  /** URL of the backend's signaling, `wss://host/ws`; default: `/ws` where this script came from. */
  @property({ attribute: 'server-url' }) serverUrl = '';
  /** Room to join; default: the page's `?roomName=`, else `room-` and 6 hexadecimal digits. */
  @property() room = '';
  /** Login, unique in the room, 1 to 64 characters; without it the element asks. */
  @property() username = '';
  /** Signed token, where the backend wants one. Set the property to keep it out of the page's markup. */
  @property() token = '';
  /** As first participant, record the whole room. */
  @property({ type: Boolean }) record = false;
  /** People to let in at most, when this participant makes the room; 1 to 10,000. */
  @property({ attribute: 'max-participants', type: Number }) maxParticipants: number | undefined;
  /** Join as soon as `username` is known. */
  @property({ attribute: 'auto-join', type: Boolean }) autoJoin = false;
  /** Start with the microphone off. */
  @property({ type: Boolean }) muted = false;
  /** Start with the camera off. */
  @property({ attribute: 'camera-off', type: Boolean }) cameraOff = false;
  /** Leave the text chat out. */
  @property({ attribute: 'no-chat', type: Boolean }) noChat = false;
  /** Leave the invite link out. */
  @property({ attribute: 'no-invite', type: Boolean }) noInvite = false;
  /** Leave screen sharing out. */
  @property({ attribute: 'no-screen-share', type: Boolean }) noScreenShare = false;
  /** Leave recording out. */
  @property({ attribute: 'no-record', type: Boolean }) noRecord = false;
  /** Do not show the camera before joining. */
  @property({ attribute: 'no-prejoin', type: Boolean }) noPrejoin = false;

  /** How sessions are opened, instead of the room API's `connect`: for tests, and for pages that wrap sessions. */
  @property({ attribute: false }) connect: ((options: ConnectOptions) => RoomSession) | undefined;

  /** The error that is shown, until it is dismissed or the next attempt. */
  @state() protected error: WcsError | undefined;
  @state() protected chatOpen = false;
  @state() protected soundBlocked = false;
  /** The login in use: the attribute's, or the one that was asked for. */
  @state() protected login = '';

  protected readonly own = new OwnMedia(this, (error) => this.report(error));
  protected readonly call = new RoomController(this, {
    connect: async (options) => (this.connect ?? (await loadRoom()).connect)(options),
    ended: (reason, error) => this.#left(reason, error),
  });

  readonly #madeRoomName = makeRoomName();
  #removal: ReturnType<typeof setTimeout> | undefined;
  /** Whether the preview or the automatic join has been begun since the element came into the page. */
  #started = false;
  #hasLeft = false;

  /** State of the connection: PENDING before the first join, ESTABLISHED, RECONNECTING, DISCONNECTED, FAILED. */
  get status(): SessionStatus {
    return this.call.status;
  }

  /** The room that is joined, or would be. */
  get roomName(): string {
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
    const username = (this.username || this.login).trim();
    if (!username) {
      this.askForName();
      throw new WcsError('invalid', 'A username is needed to join: set the username attribute.');
    }
    await this.#join(username, this.record && !this.noRecord);
  }

  /** Leaves the room and gives camera and microphone back; while joining, gives up. A listener of `wcs-before-leave` can prevent it. */
  async leave(): Promise<void> {
    const { phase } = this.call;
    if (phase === 'in' && !tell(this, 'wcs-before-leave', {})) return;
    await this.#leave('left');
  }

  /** Switches the microphone, or adds one. */
  async toggleMicrophone(on?: boolean): Promise<void> {
    await this.own.toggle('audio', on);
  }

  /** Switches the camera, or adds one. */
  async toggleCamera(on?: boolean): Promise<void> {
    await this.own.toggle('video', on);
  }

  /** Shares a screen, a window or a tab beside the camera, or stops it. Rejects with a WcsError; closing the picker is none. */
  async toggleScreenShare(on?: boolean): Promise<void> {
    try {
      await this.own.share(on);
    } catch (error) {
      const problem = toWcsError(error);
      // Whoever closes the picker knows that they did.
      if (problem.code === 'device_denied') return;
      this.report(problem);
      throw problem;
    }
  }

  /** Opens or closes the chat. */
  toggleChat(open = !this.chatOpen): void {
    this.chatOpen = open && !this.noChat;
  }

  /** Sends text to everybody else, 1 to 2000 characters. Rejects with a WcsError when it did not reach the backend. */
  async sendMessage(text: string): Promise<void> {
    await this.call.send(text);
  }

  /** Records the whole room from now on. Rejects with `recording_unavailable` where the backend does not record. */
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
    const joined = this.call.phase !== 'out';
    if (changed.has('muted') && !joined) this.own.wanted.audio = !this.muted;
    if (changed.has('cameraOff') && !joined) this.own.wanted.video = !this.cameraOff;
    if (changed.has('username') && this.username) this.login = this.username;
    if (changed.has('maxParticipants')) this.#checkCapacity();
    if (this.chatOpen) this.call.chat.read();
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (!this.isConnected || this.#started) return;
    if (this.autoJoin && this.username) {
      this.#started = true;
      // What goes wrong is shown and told by wcs-error.
      this.join().catch(() => undefined);
    } else if (this.previews && this.call.phase === 'out') {
      this.#started = !this.autoJoin;
      void this.own.open().then(warmUp);
    }
  }

  /** Whether one's own camera is shown before joining. Not again after leaving: the camera was just given back. */
  protected get previews(): boolean {
    return !this.noPrejoin && !this.#hasLeft && !(this.autoJoin && this.username);
  }

  /** Whether this page was opened without an invitation, so that this participant is likely the first. */
  protected get likelyFirst(): boolean {
    return this.room.trim() !== '' || roomOfPage(location.href) === undefined;
  }

  /** Says that a name is missing, and where to enter it. */
  protected abstract askForName(): void;

  /** Starts the sound that the browser held back, in answer to a click. */
  protected abstract allowSound(): void;

  /** Shows an error and tells the page. */
  protected report(error: WcsError): void {
    this.error = error;
    tell(this, 'wcs-error', { code: error.code, message: error.message });
  }

  protected dismissError(): void {
    this.error = undefined;
  }

  /** Does what somebody asked for by using a part. */
  protected readonly handleIntent = ({ intent }: IntentEvent): void => {
    // Errors are shown by report(), failed lines in the chat.
    this.#handle(intent)?.catch(() => undefined);
  };

  #handle(intent: IntentEvent['intent']): Promise<void> | undefined {
    switch (intent.do) {
      case 'join':
        this.login = intent.name;
        return this.#join(intent.name, intent.record);
      case 'leave':
        return this.leave();
      case 'microphone':
        return this.toggleMicrophone();
      case 'camera':
        return this.toggleCamera();
      case 'publish':
        return this.#togglePublishing();
      case 'share':
        return this.toggleScreenShare();
      case 'record':
        return this.#record(intent.on);
      case 'send':
        return this.call.send(intent.text, intent.again);
      case 'chat':
        return void this.toggleChat(intent.open);
      case 'sound-blocked':
        this.soundBlocked = true;
        return;
      case 'sound':
        this.soundBlocked = false;
        return void this.allowSound();
    }
  }

  async #join(username: string, record: boolean): Promise<void> {
    try {
      const url = this.#serverUrl();
      const opened = this.call.phase === 'out' ? this.#prepare() : undefined;
      const room = await this.call.join({
        urlServer: url,
        username,
        token: this.token || undefined,
        room: this.roomName,
        record,
        capacity: this.maxParticipants,
      });
      tell(this, 'wcs-join', { room: room.name(), username });
      if (record && room.created() && room.recording() === 'unavailable')
        this.report(new WcsError('recording_unavailable', 'This server does not record.'));
      // Devices may take their time; being in the room does not depend on them.
      void opened?.then(() => (this.call.room === room ? this.own.publish(room) : undefined));
    } catch (error) {
      const problem = toWcsError(error);
      const refused = problem.code !== 'already_joined';
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
    return this.own.open();
  }

  async #leave(reason: LeaveCause): Promise<void> {
    const wasIn = this.call.phase === 'in';
    this.own.release();
    this.#hasLeft ||= wasIn;
    await this.call.leave();
    if (wasIn) this.#tellLeft(reason);
  }

  /** Out of the page for good, or until it is put back: then it starts anew. */
  #remove(): void {
    void this.#leave('removed');
    this.#started = false;
    this.#hasLeft = false;
  }

  /** The room was over without our asking. */
  #left(reason: LeaveCause, error: WcsError | undefined): void {
    this.#hasLeft = true;
    this.own.release();
    this.report(
      error ??
        new WcsError(reason === 'replaced' ? 'session_replaced' : 'connection_lost', `The room ended: ${reason}.`),
    );
    this.#tellLeft(reason);
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

  #serverUrl(): string {
    try {
      return serverUrl(this.serverUrl, import.meta.url);
    } catch (cause) {
      throw new WcsError('invalid', `server-url is not an address: ${this.serverUrl}`, { cause });
    }
  }

  #checkCapacity(): void {
    const { maxParticipants: capacity } = this;
    if (capacity === undefined || capacity === null) return;
    if (Number.isInteger(capacity) && capacity >= 1) return;
    console.warn(`<${this.localName}> max-participants is ${capacity}, but must be a whole number from 1 on; ignored.`);
    this.maxParticipants = undefined;
  }
}

function toWcsError(error: unknown): WcsError {
  if (error instanceof WcsError) return error;
  return new WcsError('internal', error instanceof Error ? error.message : String(error), { cause: error });
}
