import { html, nothing } from 'lit';
import type { CSSResultGroup, PropertyValues, TemplateResult } from 'lit';
import { query } from 'lit/decorators.js';
import { IntentEvent } from '../base/element/intent.ts';
import type { Shortcut } from '../base/element/shortcuts.ts';
import { PANELS_BESIDE_FROM } from '../base/gathering-element.ts';
import { announcer } from '../parts/announcer.ts';
import type { WcsChat } from '../parts/chat.ts';
import type { PrejoinView, WcsPrejoin } from '../parts/prejoin.ts';
import type { WcsStage } from '../parts/stage/stage.ts';
import { shared } from '../styles/shared.ts';
import { tokens } from '../styles/tokens.ts';
import { handleKey } from './call-keys.ts';
import { CallViews } from './call-views.ts';
import { callStyles } from './call.styles.ts';
import { openHelp, openSettings } from './dialogs.ts';
import { ConnectionTest } from './connection-test.ts';
import { focusAfterTurn, focusPanel, focusWaiting } from './focus.ts';
import { guestStyles } from './guest.styles.ts';
import { noticesStyles } from './notices.styles.ts';
import { prejoinPanel, settingsPanel, waitingPanel } from './panels.ts';
import { FullScreen } from './screen-buttons.ts';
import { topBar } from './top-bar.ts';

/**
 * What the three elements show alike: the top bar, the form before joining, the bar of buttons, the chat, what went wrong;
 * and where the focus goes. Each of them adds its way to show the people and their screens.
 * What is said here of slots, events, parts and states stands in the documentation of every one of them.
 *
 * @slot - Another element of the kit, which shows this one's room, too: large, beside the stage.
 * @slot logo - In the top bar, before the status.
 * @slot prejoin - In the form before joining.
 * @slot tile-overlay - Over every picture: a watermark, a badge. Each tile shows a copy of it, with `data-username` and
 *   `data-kind`; the page's style sheets do not reach the copies, their own style, `::part(tile-overlay)` and custom elements do.
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
 * @slot icon-people - Icon: the button that opens the list of people.
 * @slot icon-hand - Icon: the button that raises a hand.
 * @slot icon-react - Icon: the button that opens the reactions.
 * @slot icon-more - Icon: the buttons that open a menu.
 * @slot icon-lock - Icon: the sign of a room that is locked or has to be waited for.
 * @slot icon-leave - Icon: the button that leaves the room.
 * @slot icon-invite - Icon: the button that shows the invite link.
 * @slot icon-settings - Icon: the button that opens the settings.
 * @slot icon-flip - Icon: the button that switches between front and back camera.
 * @slot icon-keyboard - Icon: the button that shows the keyboard shortcuts.
 * @slot icon-record - Icon: the sign of a recording, and the button that starts one.
 * @slot icon-send - Icon: the button that sends a message.
 * @slot icon-copy - Icon: the button that copies the invite link.
 * @slot icon-check - Icon: the same button when the link is copied.
 * @slot icon-close - Icon: the buttons that close something.
 * @slot icon-warning - Icon: beside a problem.
 * @slot icon-full-screen - Icon: the button that shows the element on the whole screen.
 * @slot icon-picture-in-picture - Icon: the button that shows the main picture in a window of its own.
 * @slot icon-next - Icon: the button to the next page.
 * @slot icon-previous - Icon: the button to the previous page.
 * @slot icon-signal - Icon: beside the test of the connection.
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
 * @fires {CustomEvent<{from: string, text: string, at: number, to: string | undefined}>} wcs-message - Somebody has written; `at` is in milliseconds since the Unix epoch, `to` our own login when it is for us alone.
 * @fires {CustomEvent<{username: string | undefined}>} wcs-speaker - Somebody else speaks now, ourselves included; without a name who did has left.
 * @fires {CustomEvent<{hands: readonly string[]}>} wcs-hand - Somebody has raised or lowered a hand: who has one up now, by login, the longest first.
 * @fires {CustomEvent<{username: string, reaction: Reaction}>} wcs-reaction - Somebody, perhaps we ourselves, shows a sign: `like`, `love`, `applause`, `laugh`, `surprise` or `party`.
 * @fires {CustomEvent<{state: RecordingState, url: string | undefined}>} wcs-recording - The recording has started or stopped.
 * @fires {CustomEvent<{code: ErrorCode, message: string}>} wcs-error - Something went wrong; the element shows it too.
 *
 * @csspart form - What is asked before joining.
 * @csspart preview - One's own picture before joining.
 * @csspart username-input - The field for the name.
 * @csspart join-button - The button that joins.
 * @csspart record-control - The checkbox before joining; the button in the room.
 * @csspart connection-check - The test of the connection before joining.
 * @csspart check-button - Tests the connection again.
 * @csspart status - States of the connection and of one's own stream.
 * @csspart error - What went wrong.
 * @csspart notice - Anything else worth knowing: a device that is missing, sound that is held back, a lost connection.
 * @csspart stage - The box that holds the tiles.
 * @csspart tile - Somebody's picture with their name, one's own included.
 * @csspart local-tile - One's own tile.
 * @csspart tile-video - The `<video>` in a tile.
 * @csspart tile-name - The name in a tile, with the microphone sign.
 * @csspart tile-overlay - What the page lays over a picture.
 * @csspart speaking - The tile of the one who speaks.
 * @csspart screen - A tile that shows a shared screen.
 * @csspart tile-note - Words in a tile about a picture that is missing.
 * @csspart pin-button - Makes a tile large for oneself, or lets it go.
 * @csspart tile-button - Opens what can be done with a tile.
 * @csspart tile-menu - What can be done with a tile: how loud and how large it is, whether it is seen.
 * @csspart volume-slider - How loud a tile is, in its menu.
 * @csspart connection - How somebody's connection is, in numbers.
 * @csspart full-screen-button - Shows the element on the whole screen.
 * @csspart picture-in-picture-button - Shows the main picture in a window of its own.
 * @csspart pager - Turns the pages when not everybody fits.
 * @csspart move-button - Lies over one's own small picture and moves it, in a video chat.
 * @csspart controls - The bar of buttons.
 * @csspart microphone-button - Switches the microphone, before joining too.
 * @csspart camera-button - Switches the camera, before joining too.
 * @csspart publish-button - Publishes camera and microphone, or stops.
 * @csspart share-button - Shares a screen, or stops.
 * @csspart hand-button - Raises one's hand, or lowers it.
 * @csspart reactions-button - Opens the reactions.
 * @csspart people-button - Opens and closes the list of people.
 * @csspart chat-button - Opens and closes the chat.
 * @csspart more-button - Opens the menu of the buttons that find no room.
 * @csspart menu - A menu: of buttons that find no room, of reactions, of what moderators can do with somebody.
 * @csspart menu-item - One thing in it.
 * @csspart leave-button - Leaves the room.
 * @csspart chat - The text chat.
 * @csspart chat-log - What was written, and who came and went.
 * @csspart chat-line - One line of it.
 * @csspart chat-input - The field for a message.
 * @csspart send-button - Sends the message.
 * @csspart chat-recipient - Chooses who gets it: everybody, or one.
 * @csspart people - The list of people.
 * @csspart people-search - The field to find somebody.
 * @csspart people-list - The people themselves.
 * @csspart people-item - Somebody in the list.
 * @csspart person-button - Writes to somebody; for moderators, opens the menu of what to do.
 * @csspart waiting - What is said to somebody who waits to be let in.
 * @csspart waiting-item - Somebody who waits, in the list of people.
 * @csspart admit-button - Lets in somebody who waits, or all.
 * @csspart refuse-button - Sends away somebody who waits.
 * @csspart meeting - What moderators decide over the meeting, in the list of people.
 * @csspart meeting-summary - Opens and closes it.
 * @csspart lock-switch - Locks the room.
 * @csspart lobby-switch - Lets newcomers wait.
 * @csspart mute-all-button - Mutes everybody else.
 * @csspart end-button - Ends the meeting for everybody.
 * @csspart confirm - The dialog that asks once more.
 * @csspart confirm-button - The button in it that does it.
 * @csspart cancel-button - The button that gives up waiting, or does not do what the dialog asks.
 * @csspart invite - The box around the invite link.
 * @csspart invite-link - The link itself.
 * @csspart invite-button - Shows and hides the invite link.
 * @csspart copy-button - Copies the invite link.
 * @csspart flip-button - Switches between front and back camera, on phones.
 * @csspart settings-button - Shows the settings.
 * @csspart settings - The dialog for camera, microphone and speaker.
 * @csspart help-button - Shows the keyboard shortcuts.
 * @csspart help - The dialog that lists the keyboard shortcuts.
 *
 * @cssState joining - Between asking to join and being in the room.
 * @cssState joined - In the room.
 * @cssState reconnecting - The connection is lost and is being restored.
 * @cssState recording - The room is being recorded.
 * @cssState sharing - We share a screen.
 * @cssState muted - Our microphone is off.
 * @cssState camera-off - Our camera is off.
 * @cssState chat-open - The chat is shown.
 * @cssState people-open - The list of people is shown.
 * @cssState hand-raised - Our hand is up.
 * @cssState waiting - We wait until somebody lets us in.
 * @cssState alone - In the room with nobody else.
 * @cssState full - Nobody else can come in, or we were not let in because the room is full.
 */
export abstract class CallElement extends CallViews {
  static override styles: CSSResultGroup = [tokens, shared, noticesStyles, callStyles, guestStyles];

  @query('wcs-prejoin') private readonly prejoin!: WcsPrejoin | null;
  @query('wcs-stage') private readonly stage!: WcsStage | null;
  @query('wcs-chat') private readonly chat!: WcsChat | null;
  readonly #fullScreen = new FullScreen(this);
  readonly #test = new ConnectionTest(this, () => this.connecting);
  #shownInCall = false;
  #shownWaiting = false;
  #hadFocus = false;

  override render(): TemplateResult {
    const inCall = this.inCall;
    const { lang, dir } = this.shownIn;
    const speaks = inCall && !this.isGuest;
    // A click anywhere brings the focus in, so that the shortcuts work.
    return html`<div
      class=${`frame ${this.isGuest ? 'guest' : ''} ${this.followsSystem ? 'follows-system' : ''}`}
      lang=${lang}
      dir=${dir ?? nothing}
      tabindex="-1"
      @wcs-intent=${this.#act}
      @keydown=${this.#key}
    >
      ${this.isGuest ? this.guestView() : html`${this.#bar(inCall)} ${inCall ? this.callView() : this.#outside()}`}
      <slot name="tile-overlay" hidden @slotchange=${this.takeOverlay}></slot>
      ${announcer(this.localize, {
        lines: speaks ? this.call.chat.lines : [],
        recording: speaks && this.call.recording === 'on',
        news: speaks ? this.news : [],
      })}
      ${this.#offersSettings ? settingsPanel(this.lang, this.own.devices?.view) : nothing}
      ${this.noShortcuts ? nothing : html`<wcs-help exportparts="help" .lang=${this.lang}></wcs-help>`}
    </div>`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    this.#hadFocus = this.shadowRoot?.activeElement != null;
    if (!this.inCall || this.#shownInCall || this.isGuest) return;
    this.inviteOpen = 'while-alone';
    this.chatOpen = !this.noChat && this.clientWidth >= PANELS_BESIDE_FROM;
    this.peopleOpen = false;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const turned = this.inCall !== this.#shownInCall;
    this.#shownInCall = this.inCall;
    const waits = this.call.waiting && !this.#shownWaiting;
    this.#shownWaiting = this.call.waiting;
    if (changed.has('peopleOpen') && this.peopleOpen) void this.loadPanel('people');
    if (waits) void this.loadPanel('waiting');
    // What had the focus is gone or covered; the keyboard goes on where the eye does.
    if (!this.#hadFocus) return;
    if (turned) void focusAfterTurn(this.renderRoot, this.inCall);
    else if (waits) void focusWaiting(this.renderRoot);
    else if (changed.has('peopleOpen') && !(this.chatOpen && changed.has('chatOpen')))
      void focusPanel(this.renderRoot, 'people', this.peopleOpen);
    else if (changed.has('chatOpen')) void focusPanel(this.renderRoot, 'chat', this.chatOpen);
  }

  protected override writeTo(login: string): void {
    this.toggleChat(true);
    void this.updateComplete.then(() => this.chat?.writeTo(login));
  }

  protected override askForName(): void {
    this.prejoin?.askForName();
  }

  protected override allowSound(): void {
    this.stage?.allowSound();
  }

  #bar(inCall: boolean): TemplateResult {
    const { recording, room } = this.call;
    return topBar(this.localize, {
      session: this.status,
      stream: inCall ? (this.own.published?.status() ?? 'UNPUBLISHED') : undefined,
      statusHidden: this.status === 'PENDING' && this.call.phase === 'out',
      recording: inCall ? recording : 'off',
      mayRecord: inCall && !this.noRecord && recording !== 'unavailable' && room?.may('record') === true,
      invite:
        inCall && !this.noInvite
          ? {
              open: this.inviteShown,
              toggle: () => (this.inviteOpen = this.inviteShown ? 'closed' : 'open'),
            }
          : undefined,
      flip: this.own.devices?.canFlip === true,
      screen: inCall ? { fullScreen: this.#fullScreen, popOut: this.#popOut } : undefined,
      settings: this.#offersSettings,
      showHelp: this.noShortcuts ? undefined : () => this.#press('help'),
    });
  }

  /** What stands there before we are in. */
  #outside(): TemplateResult {
    return this.call.waiting ? waitingPanel(this.lang) : this.#prejoinView();
  }

  #prejoinView(): TemplateResult {
    const view: PrejoinView = {
      username: this.username,
      room: this.roomName,
      record: this.record && !this.noRecord,
      offerRecord: !this.noRecord && this.likelyFirst,
      joining: this.call.phase === 'joining',
      preview: this.previews ? { ...this.own.preview, camera: this.camera } : undefined,
    };
    return html`<div class="prejoin">
      ${this.noticesView()} ${prejoinPanel(this.lang, view, this.checkConnection && this.#test)}
    </div>`;
  }

  readonly #key = (event: KeyboardEvent): void => {
    handleKey(event, {
      shortcuts: !this.noShortcuts,
      offers: (shortcut) => this.#offers(shortcut),
      act: (shortcut) => this.#press(shortcut),
      escape: () => this.#escape(),
    });
  };

  /** Whether there is a button that does the same. */
  #offers(shortcut: Shortcut): boolean {
    switch (shortcut) {
      case 'microphone':
        return this.inCall ? this.mayPublish : this.previews;
      case 'camera':
        if (this.owner.audioOnly) return false;
        return this.inCall ? this.mayPublish : this.previews;
      case 'share':
        return this.inCall && this.controls.sharing !== undefined;
      case 'hand':
        return this.inCall && this.controls.hand !== undefined;
      case 'people':
        return this.inCall && !this.noPeople;
      case 'chat':
        return this.inCall && !this.noChat;
      case 'help':
        return true;
    }
  }

  get #popOut(): (() => void) | undefined {
    const hasPicture = this.tiles.some(({ own, video }) => video && !own);
    return hasPicture && document.pictureInPictureEnabled ? () => this.stage?.popOut() : undefined;
  }

  /** Whether there is something to set: before joining only where devices are in use. */
  get #offersSettings(): boolean {
    return !this.noSettings && !this.isGuest && (this.inCall || this.previews);
  }

  readonly #loadView = () => this.loadView();

  readonly #act = (event: IntentEvent): void => {
    if (event.intent.do === 'settings') void openSettings(this.renderRoot, this.own, this.#loadView);
    else this.handleIntent(event);
  };

  #press(shortcut: Shortcut): void {
    if (shortcut === 'help') void openHelp(this.renderRoot, this.#loadView);
    else if (shortcut === 'chat') this.toggleChat();
    else if (shortcut === 'people') this.togglePeople();
    else if (shortcut === 'hand')
      this.handleIntent(new IntentEvent({ do: 'hand', up: this.assembly?.place === undefined }));
    else this.handleIntent(new IntentEvent({ do: shortcut }));
  }

  #escape(): void {
    if (!this.inCall) return;
    const lieOver = this.clientWidth < PANELS_BESIDE_FROM;
    if (this.inviteShown) this.inviteOpen = 'closed';
    else if (this.peopleOpen) this.togglePeople(false);
    else if (lieOver) this.toggleChat(false);
  }
}
