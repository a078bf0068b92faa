import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import type { WcsError } from '../../protocol/errors.ts';
import { RoomElement } from '../base/room-element.ts';
import type { TileView } from '../base/view.ts';
import { systemText } from '../parts/chat.ts';
import '../parts/controls.ts';
import type { ControlsView } from '../parts/controls.ts';
import { forwardIcons } from '../parts/icon.ts';
import { notices } from '../parts/notices.ts';
import '../parts/prejoin.ts';
import type { PrejoinView, WcsPrejoin } from '../parts/prejoin.ts';
import '../parts/stage.ts';
import type { WcsStage } from '../parts/stage.ts';
import { shared } from '../styles/shared.ts';
import { tokens } from '../styles/tokens.ts';
import { callStyles } from './call.styles.ts';
import { inviteCard } from './invite-card.ts';
import { topBar } from './top-bar.ts';

/** Width in CSS pixels from which the chat stands beside the stage and is open at first; the same as in the styles. */
const CHAT_BESIDE_FROM = 52 * 16;

const CONTROL_ICONS = [
  'microphone',
  'microphone-off',
  'camera',
  'camera-off',
  'publish',
  'stop',
  'share',
  'unshare',
  'chat',
  'leave',
] as const;

/**
 * What the three elements show alike: the top bar, the form before joining, the bar of buttons, the chat, what went wrong;
 * and where the focus goes. Each of them adds its way to show the people and their screens.
 * What is said here of slots, events, parts and states stands in the documentation of every one of them.
 *
 * @slot logo - In the top bar, before the status.
 * @slot prejoin - In the form before joining.
 * @slot empty - Instead of the words that are shown to somebody who is alone in the room.
 * @slot controls-start - At the start of the bar of buttons.
 * @slot controls-end - Before the leave button.
 * @slot icon-microphone - Icon: the microphone that is on.
 * @slot icon-microphone-off - Icon: the microphone that is off or missing.
 * @slot icon-camera - Icon: the camera that is on.
 * @slot icon-camera-off - Icon: the camera that is off or missing.
 * @slot icon-publish - Icon: the button that publishes camera and microphone.
 * @slot icon-stop - Icon: the buttons that stop publishing and recording.
 * @slot icon-share - Icon: the button that shares a screen.
 * @slot icon-unshare - Icon: the button that stops sharing.
 * @slot icon-chat - Icon: the button that opens the chat.
 * @slot icon-leave - Icon: the button that leaves the room.
 * @slot icon-invite - Icon: the button that shows the invite link.
 * @slot icon-keyboard - Icon: the button that shows the keyboard shortcuts.
 * @slot icon-record - Icon: the sign of a recording, and the button that starts one.
 * @slot icon-send - Icon: the button that sends a message.
 * @slot icon-copy - Icon: the button that copies the invite link.
 * @slot icon-check - Icon: the same button when the link is copied.
 * @slot icon-close - Icon: the buttons that close something.
 * @slot icon-warning - Icon: beside a problem.
 * @slot icon-sound - Icon: beside the words about sound that the browser holds back.
 *
 * @fires {CustomEvent<{status: SessionStatus}>} wcs-status - The connection's state has changed.
 * @fires {CustomEvent<{room: string, username: string}>} wcs-join - We are in the room.
 * @fires {CustomEvent<{}>} wcs-before-leave - About to leave because somebody asked for it; `preventDefault()` keeps us in the room.
 * @fires {CustomEvent<{reason: LeaveCause}>} wcs-leave - We are no longer in the room.
 * @fires {CustomEvent<{participant: Participant}>} wcs-participant-join - Somebody has come.
 * @fires {CustomEvent<{participant: Participant}>} wcs-participant-leave - Somebody has left.
 * @fires {CustomEvent<{stream: ParticipantStream | Stream}>} wcs-stream-publish - A stream is there, somebody's or our own.
 * @fires {CustomEvent<{stream: ParticipantStream | Stream}>} wcs-stream-unpublish - A stream is over.
 * @fires {CustomEvent<{from: string, text: string, at: number}>} wcs-message - Somebody has written; `at` is in milliseconds since the Unix epoch.
 * @fires {CustomEvent<{state: RecordingState, url: string | undefined}>} wcs-recording - The recording has started or stopped.
 * @fires {CustomEvent<{code: ErrorCode, message: string}>} wcs-error - Something went wrong; the element shows it too.
 *
 * @csspart form - What is asked before joining.
 * @csspart preview - One's own picture before joining.
 * @csspart username-input - The field for the name.
 * @csspart join-button - The button that joins.
 * @csspart record-control - The checkbox before joining; the button in the room.
 * @csspart status - States of the connection and of one's own stream.
 * @csspart error - What went wrong.
 * @csspart notice - Anything else worth knowing: a device that is missing, sound that is held back, a lost connection.
 * @csspart stage - The box that holds the tiles.
 * @csspart tile - Somebody's picture with their name, one's own included.
 * @csspart local-tile - One's own tile.
 * @csspart tile-video - The `<video>` in a tile.
 * @csspart tile-name - The name in a tile, with the microphone sign.
 * @csspart screen - A tile that shows a shared screen.
 * @csspart controls - The bar of buttons.
 * @csspart microphone-button - Switches the microphone, before joining too.
 * @csspart camera-button - Switches the camera, before joining too.
 * @csspart publish-button - Publishes camera and microphone, or stops.
 * @csspart share-button - Shares a screen, or stops.
 * @csspart chat-button - Opens and closes the chat.
 * @csspart leave-button - Leaves the room.
 * @csspart chat - The text chat.
 * @csspart chat-log - What was written, and who came and went.
 * @csspart chat-line - One line of it.
 * @csspart chat-input - The field for a message.
 * @csspart send-button - Sends the message.
 * @csspart invite - The box around the invite link.
 * @csspart invite-link - The link itself.
 * @csspart invite-button - Shows and hides the invite link.
 * @csspart copy-button - Copies the invite link.
 *
 * @cssState joining - Between asking to join and being in the room.
 * @cssState joined - In the room.
 * @cssState reconnecting - The connection is lost and is being restored.
 * @cssState recording - The room is being recorded.
 * @cssState sharing - We share a screen.
 * @cssState muted - Our microphone is off.
 * @cssState camera-off - Our camera is off.
 * @cssState chat-open - The chat is shown.
 * @cssState alone - In the room with nobody else.
 * @cssState full - The room is full.
 */
export abstract class CallElement extends RoomElement {
  static override styles = [tokens, shared, callStyles];

  @state() private inviteOpen: 'while-alone' | 'open' | 'closed' = 'while-alone';
  @state() private dismissed: ReadonlySet<WcsError> = new Set();

  @query('wcs-prejoin') private readonly prejoin!: WcsPrejoin | null;
  @query('wcs-stage') private readonly stage!: WcsStage | null;
  #shownInCall = false;
  #hadFocus = false;

  override render(): TemplateResult {
    const inCall = this.#inCall;
    return html`<div class="frame" @wcs-intent=${this.handleIntent} @keydown=${this.#escape}>
      ${this.#bar(inCall)} ${inCall ? this.#callView() : this.#prejoinView()}
      <div class="visually-hidden" role="status">${this.#announcement}</div>
    </div>`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    this.#hadFocus = this.shadowRoot?.activeElement != null;
    if (!this.#inCall || this.#shownInCall) return;
    this.inviteOpen = 'while-alone';
    this.chatOpen = !this.noChat && this.clientWidth >= CHAT_BESIDE_FROM;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const turned = this.#inCall !== this.#shownInCall;
    this.#shownInCall = this.#inCall;
    // What had the focus is gone or covered; the keyboard goes on where the eye does.
    if (!this.#hadFocus) return;
    if (turned) void this.#focusAfterTurn();
    else if (changed.has('chatOpen')) void this.#focusChat();
  }

  protected override askForName(): void {
    this.prejoin?.askForName();
  }

  protected override allowSound(): void {
    this.stage?.allowSound();
  }

  get #inCall(): boolean {
    return this.call.phase === 'in' || this.call.phase === 'leaving';
  }

  get #alone(): boolean {
    return this.call.participants.length === 0;
  }

  /** The last thing that happened, for screen readers. */
  get #announcement(): string {
    const line = this.call.chat.lines.at(-1);
    return !line || line.own || !this.#inCall ? '' : systemText(this.localize, line);
  }

  #bar(inCall: boolean): TemplateResult {
    const { recording, room } = this.call;
    return topBar(this.localize, {
      session: this.status,
      stream: inCall ? (this.own.published?.status() ?? 'UNPUBLISHED') : undefined,
      statusHidden: this.status === 'PENDING' && this.call.phase === 'out',
      recording: inCall ? recording : 'off',
      mayRecord: inCall && !this.noRecord && recording !== 'unavailable' && room?.created() === true,
      invite:
        inCall && !this.noInvite
          ? {
              open: this.#inviteShown,
              toggle: () => (this.inviteOpen = this.#inviteShown ? 'closed' : 'open'),
            }
          : undefined,
    });
  }

  #prejoinView(): TemplateResult {
    const view: PrejoinView = {
      username: this.username,
      room: this.roomName,
      record: this.record && !this.noRecord,
      offerRecord: !this.noRecord && this.likelyFirst,
      joining: this.call.phase === 'joining',
      preview: this.previews
        ? { media: this.own.media, microphone: this.own.state('audio'), camera: this.own.state('video') }
        : undefined,
    };
    return html`<div class="prejoin">
      ${this.#notices()}
      <wcs-prejoin
        exportparts="form, preview, username-input, record-control, join-button, microphone-button, camera-button"
        .lang=${this.lang}
        .view=${view}
        ><slot name="prejoin" slot="prejoin"></slot
        >${forwardIcons(['microphone', 'microphone-off', 'camera', 'camera-off'])}</wcs-prejoin
      >
    </div>`;
  }

  #callView(): TemplateResult {
    return html`<div class=${`call ${this.chatOpen ? 'with-chat' : ''}`}>
      <div class="main">
        ${this.#notices()}
        <wcs-stage
          part="stage"
          exportparts="tile, local-tile, screen, tile-video, tile-name"
          .lang=${this.lang}
          .tiles=${this.#tiles}
        ></wcs-stage>
        ${this.noInvite || !this.#inviteShown ? nothing : this.#invite()}
      </div>
      <wcs-controls
        exportparts="controls, microphone-button, camera-button, publish-button, share-button, chat-button, leave-button"
        .lang=${this.lang}
        .view=${this.#controls}
        ><slot name="controls-start" slot="controls-start"></slot
        ><slot name="controls-end" slot="controls-end"></slot>${forwardIcons(CONTROL_ICONS)}</wcs-controls
      >
      ${
        this.noChat
          ? nothing
          : html`<wcs-chat
              part="chat"
              exportparts="chat-log, chat-line, chat-input, send-button"
              ?hidden=${!this.chatOpen}
              .lang=${this.lang}
              .lines=${this.call.chat.lines}
              >${forwardIcons(['send', 'close'])}</wcs-chat
            >`
      }
    </div>`;
  }

  #invite(): TemplateResult {
    return inviteCard(this.localize, {
      lang: this.lang,
      url: this.inviteUrl,
      alone: this.#alone,
      close: () => (this.inviteOpen = 'closed'),
    });
  }

  #notices(): TemplateResult {
    return notices(this.localize, {
      lang: this.lang,
      error: this.error,
      problems: this.own.problems,
      reconnecting: this.status === 'RECONNECTING',
      soundBlocked: this.soundBlocked,
      dismissed: this.dismissed,
      dismissError: () => this.dismissError(),
      dismissProblem: (problem) => (this.dismissed = new Set([...this.dismissed, problem])),
    });
  }

  get #inviteShown(): boolean {
    return this.inviteOpen === 'open' || (this.inviteOpen === 'while-alone' && this.#alone);
  }

  /** Oneself first, so that nobody else's coming moves one's own tile. */
  get #tiles(): TileView[] {
    return [...this.own.tiles(this.login, this.status !== 'RECONNECTING'), ...this.call.tiles];
  }

  get #controls(): ControlsView {
    const canShare = typeof navigator.mediaDevices?.getDisplayMedia === 'function';
    return {
      microphone: this.own.state('audio'),
      camera: this.own.state('video'),
      publishing: this.own.publishing(),
      sharing: this.noScreenShare || !canShare ? undefined : this.own.sharing(),
      chat: this.noChat ? undefined : { open: this.chatOpen, unread: this.chatOpen ? 0 : this.call.chat.unread },
    };
  }

  async #focusAfterTurn(): Promise<void> {
    const target = this.renderRoot.querySelector(this.#inCall ? 'wcs-controls' : 'wcs-prejoin');
    await target?.updateComplete;
    if (target === this.prejoin) this.prejoin?.focus();
    else target?.renderRoot.querySelector<HTMLElement>('button')?.focus();
  }

  async #focusChat(): Promise<void> {
    const controls = this.renderRoot.querySelector('wcs-controls');
    await controls?.updateComplete;
    if (this.chatOpen) this.renderRoot.querySelector('wcs-chat')?.focus();
    else controls?.renderRoot.querySelector<HTMLElement>('[part=chat-button]')?.focus();
  }

  readonly #escape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented || !this.#inCall) return;
    if (this.#inviteShown) this.inviteOpen = 'closed';
    else if (this.clientWidth < CHAT_BESIDE_FROM) this.toggleChat(false);
  };
}
