import { html, nothing } from 'lit';
import type { CSSResultGroup, PropertyValues, TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { define } from '../base/element/define.ts';
import { IntentEvent } from '../base/element/intent.ts';
import { PROCESSING } from '../base/own/devices/device-view.ts';
import type { DeviceKind, Processing, SettingsView, ShownDevices } from '../base/own/devices/device-view.ts';
import { WcsDialog } from './dialog.ts';
import { icon } from './icon.ts';
import './meter.ts';
import { settingsStyles } from './settings.styles.ts';
import { playTestSound } from './test-sound.ts';

const NOTHING: SettingsView = {
  microphone: { list: [], used: undefined },
  camera: { list: [], used: undefined },
  speaker: undefined,
  sound: undefined,
  picture: undefined,
  mirrored: true,
  processing: {},
};

/**
 * @customElement wcs-settings
 * @summary A dialog in which one chooses camera, microphone and speaker, and sees and hears that they work.
 *
 * @csspart settings - The dialog.
 */
export class WcsSettings extends WcsDialog {
  static override styles: CSSResultGroup = [WcsDialog.styles, settingsStyles];

  /** Which devices there are, and what is captured of them. */
  @property({ attribute: false }) view: SettingsView | undefined;

  @query('video') private readonly video!: HTMLVideoElement | null;

  protected override readonly partName = 'settings';

  protected override get heading(): string {
    return this.localize.term('settings');
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { video } = this;
    if (!video) return;
    const picture = this.view?.picture;
    const [shown] = (video.srcObject as MediaStream | null)?.getTracks() ?? [];
    if (shown === picture) return;
    video.muted = true;
    video.srcObject = picture ? new MediaStream([picture]) : null;
    // A refusal only leaves the picture still.
    if (picture) void video.play().catch(() => undefined);
  }

  protected override content(): TemplateResult {
    const view = this.view ?? NOTHING;
    return html`<div class="columns">
      <div class="preview">
        <video
          playsinline
          autoplay
          disablepictureinpicture
          aria-hidden="true"
          tabindex="-1"
          class=${view.mirrored ? 'mirrored' : ''}
          ?hidden=${!view.picture}
        ></video>
        ${view.picture ? nothing : html`<p>${this.localize.term('cameraIsOff')}</p>`}
      </div>
      <div class="fields">
        ${this.#choice('camera', view.camera)} ${this.#choice('microphone', view.microphone)}
        <wcs-meter .lang=${this.lang} .track=${view.sound}></wcs-meter>
        ${view.speaker ? this.#speaker(view.speaker) : nothing} ${this.#processing(view.processing)}
      </div>
    </div>`;
  }

  #choice(kind: DeviceKind, { list, used }: ShownDevices): TemplateResult {
    const name = this.localize.term(kind);
    const known = list.filter(({ id }) => id !== '');
    const shown = known.find(({ id }) => id === used)?.id ?? known[0]?.id ?? '';
    return html`<div>
      <label for=${kind}>${name}</label>
      <select
        id=${kind}
        .value=${live(shown)}
        ?disabled=${known.length === 0}
        @change=${({ target }: Event) => this.#ask({ choose: kind, id: (target as HTMLSelectElement).value })}
      >
        ${known.length === 0 ? html`<option>${this.localize.term('noDevice')}</option>` : nothing}
        ${known.map(
          ({ id, label }, index) =>
            html`<option value=${id} ?selected=${id === shown}>${label || `${name} ${index + 1}`}</option>`,
        )}
      </select>
    </div>`;
  }

  #speaker(speaker: ShownDevices): TemplateResult {
    return html`<div class="speaker">
      ${this.#choice('speaker', speaker)}
      <button type="button" @click=${() => void playTestSound(speaker.used)}>
        ${icon('sound')}${this.localize.term('testSound')}
      </button>
    </div>`;
  }

  #processing(processing: SettingsView['processing']): TemplateResult | typeof nothing {
    const offered = PROCESSING.filter((what) => processing[what] !== undefined);
    if (offered.length === 0) return nothing;
    return html`<fieldset>
      <legend>${this.localize.term('voice')}</legend>
      ${offered.map((what) => this.#switch(what, processing[what] === true))}
    </fieldset>`;
  }

  #switch(what: Processing, on: boolean): TemplateResult {
    return html`<label class="check">
      <input
        type="checkbox"
        name=${what}
        .checked=${live(on)}
        @change=${({ target }: Event) => this.#ask({ process: what, on: (target as HTMLInputElement).checked })}
      />${this.localize.term(what)}
    </label>`;
  }

  #ask(ask: { choose: DeviceKind; id: string } | { process: Processing; on: boolean }): void {
    this.dispatchEvent(new IntentEvent({ do: 'device', ask }));
  }
}

define('wcs-settings', WcsSettings);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-settings': WcsSettings;
  }
}
