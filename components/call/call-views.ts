import { html, nothing } from 'lit';
import type { CSSResult, PropertyValues, TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import type { WcsError } from '../../protocol/errors.ts';
import { IntentEvent } from '../base/element/intent.ts';
import type { Assembly } from '../base/gathering/assembly.ts';
import { GatheringElement } from '../base/gathering-element.ts';
import { loaded } from '../base/load-room.ts';
import { canShare } from '../base/own/own-screen.ts';
import type { ConnectionDetails, DeviceState } from '../base/view.ts';
import type { ControlsView } from '../parts/control-buttons.ts';
import { notices } from '../parts/notices.ts';
import type { PeopleView } from '../parts/people/people.ts';
import type { Arrangement } from '../parts/stage/arrange.ts';
import type * as InCall from './in-call.ts';
import { guestPanel } from './panels.ts';

/** What is loaded while joining, by whichever element joins first: a guest shows its owner's room with it. */
let inRoom: typeof InCall | undefined;

/** What is shown in a room: the stage with what lies over it, the buttons, the panels beside it. */
export abstract class CallViews extends GatheringElement {
  /** How the pictures are arranged. */
  protected abstract readonly arrangement: Arrangement;

  @state() protected inviteOpen: 'while-alone' | 'open' | 'closed' = 'while-alone';
  @state() private overlay: readonly Element[] = [];
  @state() private dismissed: ReadonlySet<WcsError> = new Set();
  @query('.frame') private readonly frame!: HTMLElement | null;

  /** What stands in the place of a screen while there is none. */
  protected get emptyScreen(): TemplateResult | typeof nothing {
    return nothing;
  }

  protected override update(changed: PropertyValues<this>): void {
    if (inRoom) adopt(this.renderRoot, inRoom.roomStyles);
    super.update(changed);
  }

  protected get inCall(): boolean {
    return this.call.phase === 'in' || this.call.phase === 'leaving';
  }

  protected override async loadView(): Promise<void> {
    const view = await import('./in-call.ts');
    inRoom = view;
    this.assembly ??= new view.Assembly(this, {
      // A guest shows what its owner knows.
      room: () => (this.isGuest ? undefined : this.call.room),
      speaking: () => this.call.speaking,
      own: () => ({
        login: this.login,
        name: this.login,
        own: true,
        microphone: this.held.audio ? 'held' : this.own.state('audio') === 'on' ? 'on' : 'off',
        camera: this.own.state('video') === 'on',
        sharing: this.screen.state() === 'on',
        speaking: this.call.speaking === this.login,
        connected: !this.call.reconnecting,
      }),
    });
    // Before joining the form has a meter; in the room the settings bring it.
    if (this.previews) import('../parts/meter.ts').catch(() => undefined);
    view.CallAids.accompany(this, {
      call: () => (this.inCall && !this.isGuest ? { title: this.roomName, ...this.own.preview } : undefined),
      act: (intent) => this.handleIntent(new IntentEvent(intent)),
      frame: () => this.frame,
    });
    this.requestUpdate();
  }

  get #alone(): boolean {
    return this.call.participants.length === 0;
  }

  protected guestView(): TemplateResult {
    const offersSharing = this.purpose === 'screen' && this.sharesScreens;
    return guestPanel({
      waiting: this.inCall ? undefined : this.localize.term('waitingForRoom'),
      stage: this.#stageView(),
      controls: offersSharing ? this.#controlsView({ ...this.#sharing, leave: false }) : undefined,
    });
  }

  protected callView(): TemplateResult {
    const people =
      this.peopleOpen && this.assembly
        ? (inRoom?.peoplePanel(this.lang, this.#people(this.assembly)) ?? nothing)
        : nothing;
    const panels = [this.chatOpen && 'with-chat', people !== nothing && 'with-people'].filter(Boolean);
    return html`<div class=${`call ${panels.length > 0 ? 'with-side' : ''} ${panels.join(' ')}`}>
      <div class="main">
        ${this.noticesView()}
        <slot class="guests"></slot>
        ${this.#stageView()} ${this.noInvite || !this.inviteShown ? nothing : this.#invite()}
      </div>
      ${this.#controlsView(this.controls)}
      <div class="side" ?hidden=${panels.length === 0}>${people} ${this.noChat ? nothing : this.#chat()}</div>
    </div>`;
  }

  #people({ people, locked, moderation }: Assembly): PeopleView {
    const mayWrite = !this.noChat && this.call.room?.may('chat') === true;
    return { people, locked, moderation, mayWrite };
  }

  /** Loads what only some people ever see. */
  protected async loadPanel(panel: 'people' | 'waiting'): Promise<void> {
    try {
      await loaded(panel === 'people' ? import('./people-panel.ts') : import('./waiting-panel.ts'));
    } catch (error) {
      if (panel === 'people') this.peopleOpen = false;
      this.report(error as WcsError);
    }
  }

  protected get news(): { id: number; text: string }[] {
    const news = this.assembly?.news ?? [];
    return news.map((one) => ({ id: one.id, text: inRoom?.newsText(this.localize, one) ?? '' }));
  }

  #chat(): unknown {
    const people = this.participants.map((participant) => participant.name());
    const readonly = this.call.room?.may('chat') === false;
    return inRoom?.chatPanel(this.lang, { open: this.chatOpen, lines: this.call.chat.lines, people, readonly });
  }

  #stageView(): unknown {
    const { arrangement, layout, overlay, tileOrder: order, tileLayout: place } = this;
    const tiles = this.owner.assembly?.withSigns(this.tiles) ?? this.tiles;
    const silent = this.isGuest && !this.dividesRoom;
    const view = { arrangement, layout, order, place, overlay, tiles, silent, measure: this.#measure };
    return inRoom?.stagePanel(this.lang, view, this.emptyScreen);
  }

  /** How the connection of a tile is; what finds out is loaded when somebody wants to know. */
  readonly #measure = async (tile: string): Promise<ConnectionDetails | undefined> => {
    const { measureTile } = await import('../base/connection-meter.ts');
    return measureTile(tile, { viewing: this.call.viewing, own: this.own, screen: this.screen });
  };

  /** How the camera's button looks; there is none for sound only. */
  protected get camera(): DeviceState | undefined {
    if (this.owner.audioOnly) return undefined;
    return this.held.video ? 'held' : this.own.state('video');
  }

  #controlsView(view: ControlsView): unknown {
    return inRoom?.controlsPanel(this.lang, view, !this.noShortcuts);
  }

  #invite(): unknown {
    return inRoom?.inviteCard(this.localize, {
      lang: this.lang,
      url: this.inviteUrl,
      alone: this.#alone,
      close: () => (this.inviteOpen = 'closed'),
    });
  }

  protected noticesView(): TemplateResult {
    return notices(this.localize, {
      lang: this.lang,
      error: this.error,
      problems: this.own.problems,
      hint: (problem) => this.own.devices?.hint(problem),
      notes: this.own.devices?.notes ?? [],
      screenIsSilent: this.screen.soundLeftOut,
      tryAgain: this.call.phase === 'out' && this.error?.retry && this.login ? this.login : undefined,
      reconnecting: this.call.reconnecting,
      soundBlocked: this.soundBlocked,
      dismissed: this.dismissed,
      gathering:
        this.assembly && this.inCall
          ? inRoom?.gatheringNotices(this.localize, {
              assembly: this.assembly,
              lang: this.lang,
              listOpen: this.peopleOpen,
            })
          : nothing,
      dismissError: () => this.dismissError(),
      dismissSilence: () => this.screen.dismissSilence(),
      dismissNote: (dismiss) => void this.own.ask({ dismiss }),
      dismissProblem: (problem) => (this.dismissed = new Set([...this.dismissed, problem])),
    });
  }

  protected get inviteShown(): boolean {
    return this.inviteOpen === 'open' || (this.inviteOpen === 'while-alone' && this.#alone);
  }

  protected get controls(): ControlsView {
    const { assembly, held } = this;
    const microphone = held.audio ? 'held' : this.own.state('audio');
    const isTold = assembly !== undefined && !this.noReactions;
    return {
      ...(this.mayPublish ? { microphone, camera: this.camera, publishing: this.own.publishing() } : {}),
      ...this.#sharing,
      ...(isTold ? { hand: { place: assembly.place }, reactions: true } : {}),
      people: this.noPeople
        ? undefined
        : {
            open: this.peopleOpen,
            count: this.participants.length + 1,
            waiting: assembly?.moderation?.waiting.length ?? 0,
          },
      chat: this.noChat ? undefined : { open: this.chatOpen, unread: this.chatOpen ? 0 : this.call.chat.unread },
    };
  }

  /** On a device that cannot share, an element for screens says so; the others leave the button out. */
  get #sharing(): Pick<ControlsView, 'sharing' | 'sharingNamed'> {
    const isFor = this.purpose === 'screen';
    if (!this.sharesScreens || (!canShare() && !isFor)) return {};
    return { sharing: canShare() ? this.screen.state() : 'impossible', sharingNamed: isFor };
  }

  /** One element of the page can be in one place only, so each tile shows a copy. */
  protected readonly takeOverlay = ({ target }: Event): void => {
    this.overlay = (target as HTMLSlotElement).assignedElements({ flatten: true });
  };
}

/** Adds styles that came later, once. */
function adopt(root: HTMLElement | DocumentFragment, { styleSheet }: CSSResult): void {
  if (!styleSheet || !(root instanceof ShadowRoot) || root.adoptedStyleSheets.includes(styleSheet)) return;
  root.adoptedStyleSheets.push(styleSheet);
}
