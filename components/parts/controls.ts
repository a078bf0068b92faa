import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { define } from '../base/element/define.ts';
import { WcsElement } from '../base/element/element.ts';
import { IntentEvent } from '../base/element/intent.ts';
import type { Intent } from '../base/element/intent.ts';
import { SHORTCUTS } from '../base/element/shortcuts.ts';
import type { Shortcut } from '../base/element/shortcuts.ts';
import type { DeviceState } from '../base/view.ts';
import { shared } from '../styles/shared.ts';
import { tokens } from '../styles/tokens.ts';
import { DEVICE_HINTS } from './device-hints.ts';
import { icon } from './icon.ts';
import type { IconName } from './icon.ts';

/** What each button shows. One that is absent is left out, except for the leave button. */
export interface ControlsView {
  microphone?: DeviceState;
  camera?: DeviceState | undefined;
  publishing?: 'on' | 'off' | 'busy';
  /** `impossible`: pressing it says why. */
  sharing?: 'on' | 'off' | 'busy' | 'impossible';
  /** Whether the share button says its name: where sharing is the purpose. */
  sharingNamed?: boolean;
  chat?: { open: boolean; unread: number };
  leave?: boolean;
}

interface Control {
  shortcut?: Shortcut;
  part: string;
  name: string;
  hint: string;
  icon: IconName;
  intent: Intent;
  pressed?: boolean;
  busy?: boolean;
  /** Stands beside the icon where there is room. */
  label?: string;
  className?: string;
  badge?: TemplateResult;
}

/** Unread messages that are counted one by one. */
const MOST_UNREAD = 99;

/**
 * @customElement wcs-controls
 * @summary The bar of buttons: microphone, camera, publish, share, chat, leave.
 *
 * @slot controls-start - Before the buttons.
 * @slot controls-end - Between the buttons and the leave button.
 * @csspart controls - The bar.
 * @csspart microphone-button - Switches the microphone.
 * @csspart camera-button - Switches the camera.
 * @csspart publish-button - Publishes camera and microphone, or stops.
 * @csspart share-button - Shares a screen, or stops.
 * @csspart chat-button - Opens and closes the chat.
 * @csspart leave-button - Leaves the room.
 */
export class WcsControls extends WcsElement {
  static override styles = [
    tokens,
    shared,
    css`
      :host {
        display: block;
        max-width: 100%;
      }

      .bar {
        display: flex;
        flex-flow: var(--_controls-flow, row wrap);
        align-items: center;
        justify-content: center;
        gap: 0.5em;
        width: fit-content;
        max-width: 100%;
        margin-inline: auto;
        padding: 0.5em;
        border-radius: 2em;
        background: var(--_controls-background);
        box-shadow: var(--_shadow);
      }

      button {
        position: relative;
      }

      .on {
        background: color-mix(in oklab, var(--_accent), var(--_surface) 78%);
        color: color-mix(in oklab, var(--_accent), var(--_text) 35%);
      }

      .leave {
        width: calc(var(--_button-size) * 1.35) !important;
      }

      button.named {
        gap: 0.5em;
        width: auto;
        min-width: var(--_button-size);
        padding-inline: 1em 1.125em;
      }

      .impossible {
        color: var(--_text-muted);
      }

      .badge {
        position: absolute;
        top: -0.15em;
        inset-inline-end: -0.15em;
        min-width: 1.55em;
        padding: 0 0.4em;
        border-radius: 99em;
        background: var(--_accent);
        color: var(--_on-accent);
        font-size: 0.75em;
        font-weight: 650;
        line-height: 1.55em;
        text-align: center;
      }

      .sign {
        position: absolute;
        top: -0.1em;
        inset-inline-end: -0.1em;
        display: grid;
        place-items: center;
        width: 1.25em;
        height: 1.25em;
        border-radius: 50%;
        background: var(--_warning);
        color: var(--_surface);
        font-size: 0.75em;
        font-weight: 800;
      }

      @container (max-width: 34rem) {
        button.named {
          width: var(--_button-size);
          padding: 0;
        }

        .named .label {
          display: none;
        }
      }

      @container (max-width: 27rem) {
        .bar {
          gap: 0.375em;
          font-size: 0.9375em;
        }
      }

      @container (max-width: 22rem) {
        .bar {
          gap: var(--_controls-gap, 0.25em);
          padding: 0.375em;
        }

        .leave {
          width: var(--_button-size) !important;
        }
      }
    `,
  ];

  /** Whether keys do the same, so that the buttons tell which. */
  @property({ type: Boolean }) shortcuts = false;
  /** Which buttons there are, and the state of each. */
  @property({ attribute: false }) view: ControlsView = { microphone: 'off', camera: 'off', publishing: 'off' };

  override render(): TemplateResult {
    const { view } = this;
    return html`<div class="bar" part="controls" role="group" aria-label=${this.localize.term('controls')}>
      <slot name="controls-start"></slot>
      ${view.microphone ? this.#button(this.#device('microphone', view.microphone)) : nothing}
      ${view.camera ? this.#button(this.#device('camera', view.camera)) : nothing}
      ${view.publishing ? this.#button(this.#publish(view.publishing)) : nothing}
      ${view.sharing ? this.#button(this.#share(view.sharing, view.sharingNamed)) : nothing}
      ${view.chat ? this.#button(this.#chat(view.chat)) : nothing}
      <slot name="controls-end"></slot>
      ${view.leave === false ? nothing : this.#button(this.#leave())}
    </div>`;
  }

  #button(control: Control): TemplateResult {
    const key = this.shortcuts && control.shortcut ? SHORTCUTS[control.shortcut] : undefined;
    return html`<button
      type="button"
      class=${`round ${control.label ? 'named' : ''} ${control.className ?? ''}`}
      part=${control.part}
      title=${key ? `${control.hint} (${key})` : control.hint}
      aria-label=${control.label ?? control.name}
      aria-keyshortcuts=${key ?? nothing}
      aria-pressed=${control.label ? nothing : (control.pressed ?? nothing)}
      aria-busy=${control.busy || nothing}
      aria-disabled=${control.busy || nothing}
      @click=${() => control.busy || this.dispatchEvent(new IntentEvent(control.intent))}
    >
      ${icon(control.icon)}${control.label ? html`<span class="label">${control.label}</span>` : nothing}
      ${control.badge ?? nothing}
    </button>`;
  }

  #device(device: 'microphone' | 'camera', state: DeviceState): Control {
    return {
      shortcut: device,
      part: `${device}-button`,
      name: this.localize.term(device),
      hint: this.localize.term(DEVICE_HINTS[device][state]),
      icon: state === 'on' ? device : `${device}-off`,
      intent: { do: device },
      pressed: state === 'on',
      busy: state === 'busy',
      className: state === 'off' ? 'off' : '',
      badge: state === 'missing' ? html`<span class="sign" aria-hidden="true">!</span>` : undefined,
    };
  }

  #publish(state: 'on' | 'off' | 'busy'): Control {
    return {
      part: 'publish-button',
      name: this.localize.term('publish'),
      hint: this.localize.term(state === 'off' ? 'publishStart' : 'publishStop'),
      icon: state === 'off' ? 'publish' : 'stop',
      intent: { do: 'publish' },
      pressed: state !== 'off',
      busy: state === 'busy',
      className: state === 'off' ? 'primary' : '',
    };
  }

  #leave(): Control {
    const name = this.localize.term('leave');
    return {
      part: 'leave-button',
      name,
      hint: name,
      icon: 'leave',
      intent: { do: 'leave' },
      className: 'leave danger',
    };
  }

  #share(state: 'on' | 'off' | 'busy' | 'impossible', named = false): Control {
    const on = state === 'on';
    const label = named ? this.localize.term(on ? 'shareStop' : 'share') : undefined;
    return {
      shortcut: 'share',
      part: 'share-button',
      name: label ?? this.localize.term('share'),
      hint: this.localize.term(state === 'impossible' ? 'error_share_unsupported' : on ? 'shareStop' : 'shareStart'),
      label,
      icon: on ? 'unshare' : 'share',
      intent: { do: 'share' },
      // A name that says what pressing it does changes by itself.
      pressed: named ? undefined : on,
      busy: state === 'busy',
      className: on ? 'on' : state === 'impossible' ? 'impossible' : named ? 'primary' : '',
    };
  }

  #chat({ open, unread }: { open: boolean; unread: number }): Control {
    const shown = unread > MOST_UNREAD ? `${MOST_UNREAD}+` : String(unread);
    // What is heard is what is seen.
    const counted = () => this.localize.term('chatUnread', Math.min(unread, MOST_UNREAD + 1));
    const news = unread > 0 ? counted().replace(/\d+/, shown) : undefined;
    return {
      shortcut: 'chat',
      part: 'chat-button',
      name: [this.localize.term('chat'), news].filter(Boolean).join(', '),
      hint: news ?? this.localize.term('chat'),
      icon: 'chat',
      intent: { do: 'chat', open: !open },
      pressed: open,
      className: open ? 'on' : '',
      badge: unread > 0 ? html`<span class="badge" aria-hidden="true">${shown}</span>` : undefined,
    };
  }
}

define('wcs-controls', WcsControls);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-controls': WcsControls;
  }
}
