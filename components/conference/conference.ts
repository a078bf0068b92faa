import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import type { WcsError } from '../../protocol/errors.ts';
import { define } from '../base/define.ts';
import { IntentEvent } from '../base/intent.ts';
import { RoomElement } from '../base/room-element.ts';
import type { TileView } from '../base/view.ts';
import { systemText } from '../parts/chat.ts';
import '../parts/controls.ts';
import type { ControlsView } from '../parts/controls.ts';
import { forwardIcons, icon } from '../parts/icon.ts';
import '../parts/invite.ts';
import { notices } from '../parts/notices.ts';
import '../parts/prejoin.ts';
import type { PrejoinView, WcsPrejoin } from '../parts/prejoin.ts';
import '../parts/stage.ts';
import type { WcsStage } from '../parts/stage.ts';
import { statusLine } from '../parts/status-line.ts';
import { shared } from '../styles/shared.ts';
import { tokens } from '../styles/tokens.ts';
import { conferenceStyles } from './conference.styles.ts';

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
 * @customElement wcs-conference
 * @summary A video conference for any number of people: asks for a name, joins, shows everybody, chats, invites.
 */
export class WcsConference extends RoomElement {
  static override styles = [tokens, shared, conferenceStyles];

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
    return html`<div class="bar">
      <slot name="logo"></slot>
      ${statusLine(this.localize, {
        session: this.status,
        stream: inCall ? (this.own.published?.status() ?? 'UNPUBLISHED') : undefined,
        hidden: this.status === 'PENDING' && this.call.phase === 'out',
      })}
      <span class="space"></span>
      ${inCall ? this.#recording() : nothing}
      ${
        inCall && !this.noInvite
          ? html`<button
              type="button"
              class="quiet"
              part="invite-button"
              aria-label=${this.localize.term('invite')}
              aria-expanded=${this.#inviteShown}
              @click=${() => (this.inviteOpen = this.#inviteShown ? 'closed' : 'open')}
            >
              ${icon('invite')}<span class="label">${this.localize.term('invite')}</span>
            </button>`
          : nothing
      }
    </div>`;
  }

  #recording(): TemplateResult | typeof nothing {
    const { recording, room } = this.call;
    const sign =
      recording === 'on'
        ? html`<span class="recording">${icon('record')}${this.localize.term('recording')}</span>`
        : nothing;
    if (this.noRecord || recording === 'unavailable' || !room?.created()) return html`${sign}`;
    const on = recording === 'on';
    return html`${sign}<button
        type="button"
        class="quiet"
        part="record-control"
        aria-label=${this.localize.term(on ? 'recordStop' : 'recordStart')}
        @click=${() => this.handleIntent(new IntentEvent({ do: 'record', on: !on }))}
      >
        ${icon(on ? 'stop' : 'record')}<span class="label"
          >${this.localize.term(on ? 'recordStop' : 'recordStart')}</span
        >
      </button>`;
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
    return html`<section class="invite" part="invite">
      <div class="heading">
        ${
          this.#alone
            ? html`<slot name="empty"
                ><div>
                  <h2>${this.localize.term('nobodyElse')}</h2>
                  <p>${this.localize.term('nobodyElseHint')}</p>
                </div></slot
              >`
            : html`<h2>${this.localize.term('inviteLink')}</h2>`
        }
        <button
          type="button"
          class="round quiet"
          aria-label=${this.localize.term('close')}
          title=${this.localize.term('close')}
          @click=${() => (this.inviteOpen = 'closed')}
        >
          ${icon('close')}
        </button>
      </div>
      <wcs-invite exportparts="invite-link, copy-button" .lang=${this.lang} .url=${this.inviteUrl}
        >${forwardIcons(['copy', 'check'])}</wcs-invite
      >
    </section>`;
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

define('wcs-conference', WcsConference);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-conference': WcsConference;
  }
}
