import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ChatLine } from '../base/view.ts';
import type { SettingsView } from '../base/own/devices/device-view.ts';
import type { ControlsView } from '../parts/controls.ts';
import { forwardIcons } from '../parts/icon.ts';
import '../parts/prejoin.ts';
import type { PrejoinView } from '../parts/prejoin.ts';
import type { WcsStage } from '../parts/stage/stage.ts';
import type { ConnectionTest } from './connection-test.ts';

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

/** What stands in the middle before joining. */
export function prejoinPanel(lang: string, view: PrejoinView, test: ConnectionTest | false): TemplateResult {
  return html`<wcs-prejoin
    exportparts="form, preview, username-input, record-control, join-button, microphone-button, camera-button"
    .lang=${lang}
    .view=${view}
    ><slot name="prejoin" slot="prejoin"></slot
    >${forwardIcons(['microphone', 'microphone-off', 'camera', 'camera-off'])}
    ${test ? test.render(lang) : nothing}</wcs-prejoin
  >`;
}

/** The dialog for camera, microphone and speaker; its code comes when somebody opens it for the first time. */
export function settingsPanel(lang: string, view: SettingsView | undefined): TemplateResult {
  return html`<wcs-settings exportparts="settings" .lang=${lang} .view=${view}
    >${forwardIcons(['close', 'sound'])}</wcs-settings
  >`;
}
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
    >${empty}</wcs-stage
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

/** Of another element's room only the pictures, and what shares screens; until it is joined, words that say so. */
export function guestPanel(view: {
  waiting: string | undefined;
  stage: TemplateResult;
  controls: TemplateResult | undefined;
}): TemplateResult {
  if (view.waiting !== undefined) return html`<p class="waiting">${view.waiting}</p>`;
  return html`<div class="call">
    <div class="main">${view.stage}</div>
    ${view.controls ?? nothing}
  </div>`;
}

/** The bar of buttons; `shortcuts`: whether its buttons tell their keys. */
export function controlsPanel(lang: string, view: ControlsView, shortcuts: boolean): TemplateResult {
  return html`<wcs-controls
    exportparts="controls, microphone-button, camera-button, publish-button, share-button, chat-button, leave-button"
    .lang=${lang}
    .shortcuts=${shortcuts}
    .view=${view}
    ><slot name="controls-start" slot="controls-start"></slot
    ><slot name="controls-end" slot="controls-end"></slot>${forwardIcons(CONTROL_ICONS)}</wcs-controls
  >`;
}
