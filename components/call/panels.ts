import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { SettingsView } from '../base/own/devices/device-view.ts';
import { forwardIcons } from '../parts/icon.ts';
import '../parts/prejoin.ts';
import type { PrejoinView } from '../parts/prejoin.ts';
import type { ConnectionTest } from './connection-test.ts';

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
/** What is shown to somebody who waits to be let in. */
export function waitingPanel(lang: string): TemplateResult {
  return html`<wcs-waiting exportparts="waiting, cancel-button" .lang=${lang}>${forwardIcons(['lock'])}</wcs-waiting>`;
}

/** Of another element's room only the pictures, and what shares screens; until it is joined, words that say so. */
export function guestPanel(view: { waiting: string | undefined; stage: unknown; controls: unknown }): TemplateResult {
  if (view.waiting !== undefined) return html`<p class="waiting">${view.waiting}</p>`;
  return html`<div class="call">
    <div class="main">${view.stage}</div>
    ${view.controls ?? nothing}
  </div>`;
}
