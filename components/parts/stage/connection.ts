import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { define } from '../../base/element/define.ts';
import { WcsElement } from '../../base/element/element.ts';
import type { ConnectionDetails, LayerDetails, PictureDetails, TileView, TrackDetails } from '../../base/view.ts';
import { shared } from '../../styles/shared.ts';
import { tokens } from '../../styles/tokens.ts';
import { closeButton } from '../close-button.ts';
import { isolate } from '../isolate.ts';
import { standBeside } from './beside.ts';

/** Milliseconds between two looks at the numbers. */
const INTERVAL = 1_000;

type Row = [label: string, value: string | undefined];

/**
 * @customElement wcs-connection
 * @summary How somebody's sound and picture reach us, or ours leave us, in numbers that follow while it is open.
 *
 * @fires {Event} close - It has been closed.
 * @csspart connection - The box.
 */
export class WcsConnection extends WcsElement {
  static override styles = [
    tokens,
    shared,
    css`
      .box {
        position: fixed;
        inset: auto;
        top: var(--_y, 0);
        left: var(--_x, 0);
        width: min(21em, 100vw - 0.5em);
        max-height: calc(100dvh - 0.5em);
        margin: 0;
        padding: 0.75em 1em 1em;
        overflow: hidden auto;
        border: 0;
        border-radius: min(var(--_radius), 0.875em);
        background: var(--_surface);
        color: var(--_text);
        box-shadow: var(--_shadow);
        font-size: 0.875em;
      }

      .heading {
        display: flex;
        align-items: start;
        justify-content: space-between;
        gap: 0.75em;
      }

      h2,
      h3 {
        margin: 0;
        font-size: 1.0625em;
        font-weight: 650;
        line-height: 1.35;
      }

      h2 {
        padding-block-start: 0.35em;
        overflow-wrap: anywhere;
      }

      h3 {
        margin-block: 0.75em 0.125em;
        color: var(--_text-muted);
        font-size: 0.875em;
        font-weight: 600;
      }

      .round {
        width: 2.25em;
        height: 2.25em;
        margin-inline-end: -0.5em;
      }

      dl {
        margin: 0;
      }

      dl div {
        display: flex;
        justify-content: space-between;
        gap: 1em;
        padding-block: 0.125em;
      }

      dd {
        margin: 0;
        font-variant-numeric: tabular-nums;
        font-weight: 550;
        text-align: end;
      }

      .good {
        color: var(--_success);
      }

      .poor {
        color: var(--_warning);
      }

      .lost {
        color: var(--_danger-text);
      }

      p {
        margin: 0.5em 0 0;
        color: var(--_text-muted);
      }
    `,
  ];

  /** Whose connection it is. */
  @property({ attribute: false }) tile: TileView | undefined;
  /** Tells how it is just now. */
  @property({ attribute: false }) measure: ((tile: string) => Promise<ConnectionDetails | undefined>) | undefined;

  @state() private details: ConnectionDetails | undefined;
  /** Whether the first numbers have come. */
  @state() private isMeasured = false;
  @query('.box') private readonly box!: HTMLElement;
  @query('button') private readonly button!: HTMLElement;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Opens beside `anchor`; the focus goes in. */
  show(anchor: Element | undefined): void {
    if (!this.box.matches(':popover-open')) this.box.showPopover();
    if (anchor) standBeside(this.box, anchor);
    this.button.focus();
    this.details = undefined;
    this.isMeasured = false;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => void this.#look(), INTERVAL);
    void this.#look().then(() => anchor && standBeside(this.box, anchor));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render(): TemplateResult {
    const { tile, localize } = this;
    return html`<div
      class="box"
      part="connection"
      role="dialog"
      aria-labelledby="title"
      popover="manual"
      @keydown=${this.#key}
    >
      <div class="heading">
        <h2 id="title">${localize.term('connectionOf', isolate(tile?.name ?? ''))}</h2>
        ${closeButton(localize, this.#close)}
      </div>
      ${this.details ? this.#tables(this.details) : html`<p>${localize.term(this.isMeasured ? 'connectionNone' : 'connectionMeasuring')}</p>`}
    </div>`;
  }

  #tables({ direction, quality, roundTrip, sound, picture }: ConnectionDetails): TemplateResult {
    const { localize } = this;
    const term = quality && ({ good: 'qualityGood', poor: 'qualityPoor', lost: 'qualityLost' } as const)[quality];
    return html`<dl>
        ${
          term
            ? html`<div>
                <dt>${localize.term('quality')}</dt>
                <dd class=${quality}>${localize.term(term)}</dd>
              </div>`
            : nothing
        }
        ${rows([[localize.term('roundTrip'), this.#milliseconds(roundTrip)]])}
      </dl>
      ${picture ? this.#table(localize.term('picture'), [...this.#picture(picture, direction), ...this.#track(picture)]) : nothing}
      ${sound ? this.#table(localize.term('sound'), this.#track(sound)) : nothing}`;
  }

  #table(title: string, lines: Row[]): TemplateResult {
    return html`<h3>${title}</h3>
      <dl>${rows(lines)}</dl>`;
  }

  #picture({ width, height, frameRate, size, rate }: PictureDetails, direction: 'received' | 'sent'): Row[] {
    const { localize } = this;
    return [
      [localize.term('resolution'), width && height ? `${width} × ${height}` : undefined],
      [
        localize.term('frameRate'),
        frameRate === undefined
          ? undefined
          : localize.term('framesPerSecond', localize.number(frameRate, { maximumFractionDigits: 0 })),
      ],
      [localize.term(direction === 'sent' ? 'layersSent' : 'layerOfSize'), size && this.#layers(size)],
      [localize.term('layerOfRate'), rate && this.#layers(rate)],
    ];
  }

  #track({ codec, bitrate, loss, jitter, score }: TrackDetails): Row[] {
    const { localize } = this;
    const kilobits = { style: 'unit', unit: 'kilobit-per-second', maximumFractionDigits: 0 } as const;
    return [
      [localize.term('bitrate'), bitrate === undefined ? undefined : localize.number(bitrate, kilobits)],
      [
        localize.term('packetLoss'),
        loss === undefined ? undefined : localize.number(loss, { style: 'percent', maximumFractionDigits: 1 }),
      ],
      [localize.term('jitter'), this.#milliseconds(jitter)],
      [localize.term('score'), score === undefined ? undefined : `${score} / 10`],
      [localize.term('codec'), codec],
    ];
  }

  /** What comes of what there is, and what is wanted where that is something else. */
  #layers({ count, current, wanted }: LayerDetails): string {
    const now = `${current} / ${count}`;
    return current === wanted ? now : `${now} (${this.localize.term('wanted', String(wanted))})`;
  }

  #milliseconds(value: number | undefined): string | undefined {
    if (value === undefined) return undefined;
    return this.localize.number(value, { style: 'unit', unit: 'millisecond', maximumFractionDigits: 0 });
  }

  async #look(): Promise<void> {
    const { tile } = this;
    if (!tile) return;
    const details = await this.measure?.(tile.id).catch(() => undefined);
    if (this.tile?.id !== tile.id) return;
    this.details = details;
    this.isMeasured = true;
    await this.updateComplete;
  }

  readonly #close = (): void => {
    clearInterval(this.#timer);
    this.dispatchEvent(new Event('close'));
  };

  /** Keys in here are for this panel only. */
  readonly #key = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Escape') this.#close();
  };
}

/** What is not known is left out. */
function rows(lines: readonly Row[]): (TemplateResult | typeof nothing)[] {
  return lines.map(([label, value]) =>
    value === undefined
      ? nothing
      : html`<div>
          <dt>${label}</dt>
          <dd>${value}</dd>
        </div>`,
  );
}

define('wcs-connection', WcsConnection);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-connection': WcsConnection;
  }
}
