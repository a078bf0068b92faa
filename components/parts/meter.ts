import { css, html } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { define } from '../base/element/define.ts';
import { WcsElement } from '../base/element/element.ts';
import { SILENCE, SoundLevel } from '../base/own/devices/sound-level.ts';
import { shared } from '../styles/shared.ts';
import { tokens } from '../styles/tokens.ts';

/** Decibels from which something is seen, and at which the meter is full: a quiet room, somebody who shouts. */
const FROM = -60;
const FULL = -10;

/** Part of the distance to a lower level that is gone in a frame: it falls more slowly than it rises, so that one can read it. */
const FALL = 0.12;

/**
 * @customElement wcs-meter
 * @summary How loud one's own microphone is just now.
 */
export class WcsMeter extends WcsElement {
  static override styles = [
    tokens,
    shared,
    css`
      :host {
        display: block;
        width: 4.5em;
      }

      [role='meter'] {
        height: 0.4em;
        border-radius: 1em;
        overflow: hidden;
        background: var(--_meter-background, color-mix(in oklab, var(--_text-muted), transparent 65%));
      }

      .level {
        height: 100%;
        border-radius: inherit;
        background: var(--_success);
        transform: scaleX(var(--_level, 0));
        transform-origin: left;
      }

      .level:dir(rtl) {
        transform-origin: right;
      }

      @media (forced-colors: active) {
        [role='meter'] {
          border: 1px solid CanvasText;
        }

        .level {
          background: Highlight;
        }
      }
    `,
  ];

  /** What is measured; without it there is silence. */
  @property({ attribute: false }) track: MediaStreamTrack | undefined;

  #sound: SoundLevel | undefined;
  #frame: number | undefined;
  #level = 0;
  #said = -1;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  override render(): TemplateResult {
    return html`<div
      role="meter"
      aria-label=${this.localize.term('microphoneLevel')}
      aria-valuemin="0"
      aria-valuemax="10"
      aria-valuenow="0"
    >
      <div class="level"></div>
    </div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    if (changed.has('track')) this.#listen();
  }

  #listen(): void {
    this.#stop();
    if (!this.track || this.track.readyState === 'ended') return this.#show(0);
    this.#sound = new SoundLevel(this.track);
    this.#measure();
  }

  #stop(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    this.#sound?.close();
    this.#sound = undefined;
  }

  #measure(): void {
    const decibels = this.#sound?.decibels ?? SILENCE;
    const now = Math.min(Math.max((decibels - FROM) / (FULL - FROM), 0), 1);
    this.#show(now > this.#level ? now : this.#level + (now - this.#level) * FALL);
    this.#frame = requestAnimationFrame(() => this.#measure());
  }

  /** Told in tenths only: a tree for screen readers that changes with every frame is of no use to anybody. */
  #show(level: number): void {
    this.#level = level;
    const meter = this.renderRoot.querySelector<HTMLElement>('[role=meter]');
    meter?.style.setProperty('--_level', level.toFixed(3));
    const said = Math.round(level * 10);
    if (said !== this.#said) meter?.setAttribute('aria-valuenow', String(said));
    this.#said = said;
  }
}

define('wcs-meter', WcsMeter);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-meter': WcsMeter;
  }
}
