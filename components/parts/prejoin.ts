import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { NAME_MAX_LENGTH } from '../../protocol/limits.ts';
import { define } from '../base/element/define.ts';
import { WcsElement } from '../base/element/element.ts';
import { IntentEvent } from '../base/element/intent.ts';
import type { DeviceState } from '../base/view.ts';
import { shared } from '../styles/shared.ts';
import { tokens } from '../styles/tokens.ts';
import { DEVICE_HINTS } from './device-hints.ts';
import { icon } from './icon.ts';
import { isolate } from './isolate.ts';
import { playable } from './playable.ts';
import { prejoinStyles } from './prejoin.styles.ts';

export interface PrejoinView {
  /** A name that the page has given; without one the form asks. */
  username: string;
  /** Which room it is; shown under the title. */
  room: string;
  /** Absent: no preview and no device buttons; without `camera` for sound only. */
  preview?: {
    media: MediaStream | undefined;
    microphone: DeviceState;
    camera?: DeviceState | undefined;
    /** What the microphone hears. */
    sound?: MediaStreamTrack | undefined;
    mirrored?: boolean;
  };
  /** Whether the room is to be recorded, as far as the page has said. */
  record: boolean;
  /** Whether to ask about that. */
  offerRecord: boolean;
  joining: boolean;
}

/**
 * @customElement wcs-prejoin
 * @summary What is asked and shown before joining: the name, one's own picture, microphone and camera.
 *
 * @slot prejoin - Between the title and the fields.
 * @slot check - Under the button: what is known of the connection.
 * @csspart form - What is asked, with the preview.
 * @csspart preview - The own picture.
 * @csspart username-input - The field for the name.
 * @csspart record-control - The checkbox that asks for a recording.
 * @csspart join-button - The button that joins.
 * @csspart microphone-button - Switches the microphone.
 * @csspart camera-button - Switches the camera.
 */
export class WcsPrejoin extends WcsElement {
  static override styles = [tokens, shared, prejoinStyles];

  /** What is known and asked. */
  @property({ attribute: false }) view: PrejoinView = {
    username: '',
    room: '',
    record: false,
    offerRecord: false,
    joining: false,
  };

  @state() private problem: 'nameNeeded' | 'nameTooLong' | undefined;
  @query('input[type=text]') private readonly input!: HTMLInputElement | null;
  @query('input[type=checkbox]') private readonly checkbox!: HTMLInputElement | null;
  @query('video') private readonly video!: HTMLVideoElement | null;

  /** Puts the cursor into the name field, or on the button when the name is known. */
  override focus(options?: FocusOptions): void {
    const target = this.input ?? this.renderRoot.querySelector<HTMLElement>('[part=join-button]');
    target?.focus(options);
  }

  /** Says that a name is missing, as if the form had been sent without one. */
  askForName(): void {
    this.problem = 'nameNeeded';
    this.focus();
  }

  override render(): TemplateResult {
    const { view } = this;
    return html`<div class=${`sheet ${view.preview ? '' : 'narrow'}`}>
      ${view.preview ? this.#preview(view.preview) : nothing}
      <form part="form" novalidate @submit=${this.#submit} aria-labelledby="title">
        <div>
          <h2 id="title">${this.localize.term('joinTitle')}</h2>
          <p class="room" dir="auto">${view.room}</p>
        </div>
        <slot name="prejoin"></slot>
        ${view.username ? html`<p class="as">${this.localize.term('joinAs', isolate(view.username))}</p>` : this.#nameField()}
        ${view.offerRecord ? this.#recordField(view.record) : nothing}
        <button
          part="join-button"
          class="primary"
          aria-busy=${view.joining || nothing}
          aria-disabled=${view.joining || nothing}
        >
          ${this.localize.term(view.joining ? 'joining' : 'join')}
        </button>
        <slot name="check"></slot>
      </form>
    </div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('view') || !this.video) return;
    const media = playable(this.view.preview?.media);
    if (this.video.srcObject === media) return;
    this.video.muted = true;
    this.video.srcObject = media;
    // A refusal only leaves the preview still.
    if (media) void this.video.play().catch(() => undefined);
  }

  #preview({ microphone, camera, sound, mirrored = true }: NonNullable<PrejoinView['preview']>): TemplateResult {
    const note = camera ? (camera === 'busy' ? 'cameraStarting' : 'cameraIsOff') : 'soundOnly';
    return html`<div class="preview" part="preview" role="group" aria-label=${this.localize.term('preview')}>
      <video
        playsinline
        autoplay
        disablepictureinpicture
        aria-hidden="true"
        tabindex="-1"
        class=${mirrored ? 'mirrored' : ''}
        ?hidden=${camera !== 'on'}
      ></video>
      ${camera === 'on' ? nothing : html`<p class="no-picture">${this.localize.term(note)}</p>`}
      <div class="devices">
        ${this.#device('microphone', microphone)} ${camera ? this.#device('camera', camera) : nothing}
        <wcs-meter ?hidden=${microphone !== 'on'} .lang=${this.lang} .track=${sound}></wcs-meter>
      </div>
    </div>`;
  }

  #device(device: 'microphone' | 'camera', deviceState: DeviceState): TemplateResult {
    const busy = deviceState === 'busy';
    return html`<button
      type="button"
      part=${`${device}-button`}
      class=${`round ${deviceState === 'on' || busy ? 'glass' : 'off'}`}
      title=${this.localize.term(DEVICE_HINTS[device][deviceState])}
      aria-label=${this.localize.term(device)}
      aria-pressed=${deviceState === 'on'}
      aria-busy=${busy || nothing}
      aria-disabled=${busy || nothing}
      @click=${() => busy || this.dispatchEvent(new IntentEvent({ do: device }))}
    >
      ${icon(deviceState === 'on' || busy ? device : `${device}-off`)}
    </button>`;
  }

  #nameField(): TemplateResult {
    return html`<div>
      <label for="name">${this.localize.term('name')}</label>
      <input
        id="name"
        type="text"
        part="username-input"
        name="username"
        autocomplete="nickname"
        autocapitalize="words"
        enterkeyhint="go"
        dir="auto"
        required
        aria-invalid=${this.problem ? 'true' : nothing}
        aria-describedby=${this.problem ? 'problem' : nothing}
        @input=${() => (this.problem = undefined)}
      />
      ${this.problem ? html`<p id="problem" class="problem" role="alert">${this.localize.term(this.problem)}</p>` : nothing}
    </div>`;
  }

  #recordField(checked: boolean): TemplateResult {
    return html`<label class="check" part="record-control">
      <input type="checkbox" name="record" ?checked=${checked} />${this.localize.term('record')}
    </label>`;
  }

  #submit(event: Event): void {
    event.preventDefault();
    if (this.view.joining) return;
    const name = this.view.username || (this.input?.value ?? '');
    this.problem = nameProblem(name);
    if (this.problem) return this.input?.focus();
    const record = this.checkbox?.checked ?? this.view.record;
    this.dispatchEvent(new IntentEvent({ do: 'join', name: name.trim(), record }));
  }
}

/** What is wrong with a name, of what its owner can do something about; the backend knows the rest. */
function nameProblem(name: string): 'nameNeeded' | 'nameTooLong' | undefined {
  const { length } = [...name.trim()];
  if (length === 0) return 'nameNeeded';
  return length > NAME_MAX_LENGTH ? 'nameTooLong' : undefined;
}

define('wcs-prejoin', WcsPrejoin);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-prejoin': WcsPrejoin;
  }
}
