import { css, html } from 'lit';
import type { TemplateResult } from 'lit';
import { query } from 'lit/decorators.js';
import { define } from '../base/element/define.ts';
import { WcsElement } from '../base/element/element.ts';
import { SHORTCUTS } from '../base/element/shortcuts.ts';
import type { Shortcut } from '../base/element/shortcuts.ts';
import { shared } from '../styles/shared.ts';
import { tokens } from '../styles/tokens.ts';
import { dialogStyles } from './dialog.styles.ts';
import { icon } from './icon.ts';

/**
 * @customElement wcs-help
 * @summary A dialog that lists the keyboard shortcuts.
 *
 * @csspart help - The dialog.
 */
export class WcsHelp extends WcsElement {
  static override styles = [
    tokens,
    shared,
    dialogStyles,
    css`
      dialog {
        width: min(24em, 100vw - 2em);
        max-height: calc(100dvh - 2em);
        padding: 1em 1.25em 1.25em;
        overflow: auto;
      }

      dl {
        display: grid;
        gap: 0.25em;
        margin: 0.75em 0;
      }

      dl div {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 1em;
        min-height: 2em;
      }

      dd {
        margin: 0;
      }

      kbd {
        display: inline-block;
        min-width: 2em;
        padding: 0.1em 0.5em;
        border: 1px solid var(--_border);
        border-radius: 0.375em;
        background: var(--_surface-2);
        font: inherit;
        font-size: 0.875em;
        text-align: center;
      }

      p {
        margin: 0;
        color: var(--_text-muted);
        font-size: 0.875em;
      }
    `,
  ];

  @query('dialog') private readonly dialog!: HTMLDialogElement | null;

  /** Opens the dialog; the keyboard stays inside until it is closed, and then goes back to where it was. */
  show(): void {
    if (!this.dialog?.open) this.dialog?.showModal();
  }

  override render(): TemplateResult {
    const names: Record<Shortcut, string> = {
      microphone: this.localize.term('microphone'),
      camera: this.localize.term('camera'),
      share: this.localize.term('share'),
      hand: this.localize.term('handRaise'),
      people: this.localize.term('people'),
      chat: this.localize.term('chat'),
      help: this.localize.term('shortcutsShow'),
    };
    return html`<dialog part="help" aria-labelledby="title" @click=${this.#click} @keydown=${this.#keep}>
      <div class="heading">
        <h2 id="title">${this.localize.term('shortcuts')}</h2>
        <button
          type="button"
          class="round quiet"
          aria-label=${this.localize.term('close')}
          title=${this.localize.term('close')}
          @click=${() => this.dialog?.close()}
        >
          ${icon('close')}
        </button>
      </div>
      <dl>
        ${(Object.keys(names) as Shortcut[]).map(
          (shortcut) =>
            html`<div>
              <dt>${names[shortcut]}</dt>
              <dd><kbd>${SHORTCUTS[shortcut]}</kbd></dd>
            </div>`,
        )}
      </dl>
      <p>${this.localize.term('shortcutsHint')}</p>
    </dialog>`;
  }

  /** Keys in here are for this dialog only: Escape closes nothing else. */
  #keep(event: KeyboardEvent): void {
    event.stopPropagation();
  }

  /** Whatever is around the dialog's content counts as the dialog itself: a click beside it closes it. */
  #click(event: MouseEvent): void {
    const { dialog } = this;
    if (!dialog || event.target !== dialog) return;
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    const isInside = event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom;
    if (!isInside) dialog.close();
  }
}

define('wcs-help', WcsHelp);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-help': WcsHelp;
  }
}
