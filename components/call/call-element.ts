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
 *
 * @slot logo - In the top bar, before the status.
 * @slot prejoin - In the form before joining.
 * @slot empty - Instead of the words that are shown to somebody who is alone in the room.
 * @slot controls-start - At the start of the bar of buttons.
 * @slot controls-end - Before the leave button.
 * @slot icon-microphone - An icon of one's own; the same goes for every other `icon-*`.
 * @slot icon-microphone-off
 * @slot icon-camera
 * @slot icon-camera-off
 * @slot icon-publish
 * @slot icon-stop
 * @slot icon-share
 * @slot icon-unshare
 * @slot icon-chat
 * @slot icon-leave
 * @slot icon-invite
 * @slot icon-record
 * @slot icon-send
 * @slot icon-copy
 * @slot icon-check
 * @slot icon-close
 * @slot icon-warning
 * @slot icon-sound
 *
 * @fires {CustomEvent<{status: string}>} wcs-status - The connection's state has changed.
 * @fires {CustomEvent<{room: string, username: string}>} wcs-join - We are in the room.
 * @fires {CustomEvent<{}>} wcs-before-leave - About to leave; cancelable.
 * @fires {CustomEvent<{reason: string}>} wcs-leave - We are no longer in the room.
 * @fires {CustomEvent<{participant: Participant}>} wcs-participant-join - Somebody has come.
 * @fires {CustomEvent<{participant: Participant}>} wcs-participant-leave - Somebody has left.
 * @fires {CustomEvent<{stream: Stream}>} wcs-stream-publish - A stream is there, somebody's or our own.
 * @fires {CustomEvent<{stream: Stream}>} wcs-stream-unpublish - A stream is over.
 * @fires {CustomEvent<{from: string, text: string, at: number}>} wcs-message - Somebody has written.
 * @fires {CustomEvent<{state: string, url: string}>} wcs-recording - The recording has started or stopped.
 * @fires {CustomEvent<{code: string, message: string}>} wcs-error - Something went wrong.
 *
 * @csspart form - What is asked before joining.
 * @csspart preview - The own picture before joining.
 * @csspart username-input
 * @csspart join-button
 * @csspart record-control - The checkbox before joining; the button in the room.
 * @csspart status - States of the connection and of the own stream.
 * @csspart error - What went wrong.
 * @csspart notice - Anything else worth knowing: a device that is missing, sound that is held back, a lost connection.
 * @csspart stage
 * @csspart tile
 * @csspart local-tile
 * @csspart tile-video
 * @csspart tile-name
 * @csspart screen
 * @csspart controls
 * @csspart microphone-button
 * @csspart camera-button
 * @csspart publish-button
 * @csspart share-button
 * @csspart chat-button
 * @csspart leave-button
 * @csspart chat
 * @csspart chat-log
 * @csspart chat-line
 * @csspart chat-input
 * @csspart send-button
 * @csspart invite
 * @csspart invite-link
 * @csspart invite-button
 * @csspart copy-button
 *
 * @cssproperty --wcs-accent - Palette: main buttons, focus, links.
 * @cssproperty --wcs-on-accent - Palette: text on the accent.
 * @cssproperty --wcs-danger - Palette: leave, what is switched off.
 * @cssproperty --wcs-on-danger - Palette: text on danger.
 * @cssproperty --wcs-warning - Palette: warnings.
 * @cssproperty --wcs-success - Palette: what is well.
 * @cssproperty --wcs-background - Palette: behind everything.
 * @cssproperty --wcs-surface - Palette: panels and bars.
 * @cssproperty --wcs-surface-2 - Palette: buttons and fields on a surface.
 * @cssproperty --wcs-text - Palette: text.
 * @cssproperty --wcs-text-muted - Palette: less important text.
 * @cssproperty --wcs-border - Palette: thin lines.
 * @cssproperty --wcs-radius - Palette: how round corners are.
 * @cssproperty --wcs-font - Palette: font families.
 * @cssproperty --wcs-font-size - Palette: size that everything else is relative to.
 * @cssproperty --wcs-shadow - Palette: shadow of what floats.
 * @cssproperty --wcs-gap - Space between tiles.
 * @cssproperty --wcs-stage-background - Behind the tiles; default: background.
 * @cssproperty --wcs-tile-background - A tile without a picture.
 * @cssproperty --wcs-tile-text - Text in a tile.
 * @cssproperty --wcs-tile-radius - Corners of tiles; default: radius.
 * @cssproperty --wcs-controls-background - The bar of buttons; default: surface.
 * @cssproperty --wcs-button-background - Buttons; default: surface-2.
 * @cssproperty --wcs-button-text - Buttons; default: text.
 * @cssproperty --wcs-button-size - Width and height of round buttons.
 * @cssproperty --wcs-chat-background - The chat; default: surface.
 * @cssproperty --wcs-chat-width - Width of the chat beside the stage.
 * @cssproperty --wcs-focus - The ring around what has the focus; default: accent.
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
