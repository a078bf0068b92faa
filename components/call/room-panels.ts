import { html } from 'lit';
import type { TemplateResult, nothing } from 'lit';
import type { ChatLine } from '../base/view.ts';
import type { ControlsView } from '../parts/control-buttons.ts';
import { forwardIcons } from '../parts/icon.ts';
import type { PeopleView } from '../parts/people/people.ts';
import type { WcsStage } from '../parts/stage/stage.ts';

const CONTROL_ICONS = [
  'microphone',
  'microphone-off',
  'camera',
  'camera-off',
  'publish',
  'stop',
  'share',
  'unshare',
  'hand',
  'react',
  'people',
  'chat',
  'more',
  'check',
  'leave',
] as const;

const PEOPLE_ICONS = [
  'close',
  'lock',
  'more',
  'chat',
  'hand',
  'share',
  'unshare',
  'microphone',
  'microphone-off',
  'camera-off',
  'leave',
] as const;

type StagePanelView = Pick<
  WcsStage,
  'arrangement' | 'layout' | 'order' | 'place' | 'overlay' | 'tiles' | 'silent' | 'measure'
>;

interface ChatPanelView {
  open: boolean;
  lines: readonly ChatLine[];
  /** Logins of the others. */
  people: readonly string[];
  /** Whether we may not write. */
  readonly: boolean;
}

/** Everybody, and what they share; `empty` stands in the place of a screen while there is none. */
export function stagePanel(lang: string, view: StagePanelView, empty: TemplateResult | typeof nothing): TemplateResult {
  return html`<wcs-stage
    part="stage"
    exportparts="tile, local-tile, speaking, screen, tile-video, tile-name, tile-note, tile-overlay, pin-button, tile-button, tile-menu, volume-slider, connection, pager, move-button"
    .lang=${lang}
    .arrangement=${view.arrangement}
    .layout=${view.layout}
    .order=${view.order}
    .place=${view.place}
    .overlay=${view.overlay}
    .tiles=${view.tiles}
    .silent=${view.silent}
    .measure=${view.measure}
    >${empty}${forwardIcons(['next', 'previous'])}</wcs-stage
  >`;
}

/** The chat beside or over the stage; it stays there while it is closed, so that a line half written is not lost. */
export function chatPanel(lang: string, view: ChatPanelView): TemplateResult {
  return html`<wcs-chat
    part="chat"
    exportparts="chat-log, chat-line, chat-input, send-button, chat-recipient"
    ?hidden=${!view.open}
    .lang=${lang}
    .lines=${view.lines}
    .people=${view.people}
    .readonly=${view.readonly}
    >${forwardIcons(['send', 'close'])}</wcs-chat
  >`;
}

/** The list of people, whose code is loaded when it is opened for the first time. */
export function peoplePanel(lang: string, view: PeopleView): TemplateResult {
  return html`<wcs-people
    part="people"
    exportparts="people-search, people-list, people-item, person-button, waiting-item, admit-button, refuse-button, meeting, meeting-summary, lock-switch, lobby-switch, mute-all-button, end-button, menu, menu-item, confirm, confirm-button, cancel-button"
    .lang=${lang}
    .view=${view}
    >${forwardIcons(PEOPLE_ICONS)}</wcs-people
  >`;
}

/** The bar of buttons; `shortcuts`: whether its buttons tell their keys. */
export function controlsPanel(lang: string, view: ControlsView, shortcuts: boolean): TemplateResult {
  return html`<wcs-controls
    exportparts="controls, microphone-button, camera-button, publish-button, share-button, hand-button, reactions-button, people-button, chat-button, more-button, leave-button, menu, menu-item"
    .lang=${lang}
    .shortcuts=${shortcuts}
    .view=${view}
    ><slot name="controls-start" slot="controls-start"></slot
    ><slot name="controls-end" slot="controls-end"></slot>${forwardIcons(CONTROL_ICONS)}</wcs-controls
  >`;
}
