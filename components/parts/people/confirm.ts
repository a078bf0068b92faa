import { css, html } from 'lit';
import type { TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { define } from '../../base/element/define.ts';
import { WcsElement } from '../../base/element/element.ts';
import { shared } from '../../styles/shared.ts';
import { tokens } from '../../styles/tokens.ts';
import { dialogStyles } from '../dialog.styles.ts';

export interface Question {
  title: string;
  /** What follows from it. */
  hint: string;
  /** What the button says that does it. */
  action: string;
}

/**
 * @customElement wcs-confirm
 * @summary Asks once more before something that cannot be taken back.
 *
 * @csspart confirm - The dialog.
 * @csspart confirm-button - The button that does it.
 * @csspart cancel-button - The button that does not.
 */
export class WcsConfirm extends WcsElement {
  static override styles = [
    tokens,
    shared,
    dialogStyles,
    css`
      dialog {
        width: min(25em, 100vw - 2em);
        padding: 1.25em;
      }

      h2 {
        margin: 0;
        overflow-wrap: anywhere;
      }

      p {
        margin: 0.5em 0 1.25em;
        color: var(--_text-muted);
      }

      .buttons {
        display: flex;
        flex-wrap: wrap;
        justify-content: end;
        gap: 0.5em;
      }
    `,
  ];

  /** What is asked. */
  @property({ attribute: false }) question: Question = { title: '', hint: '', action: '' };
  @query('dialog') private readonly dialog!: HTMLDialogElement | null;
  #answered: ((yes: boolean) => void) | undefined;

  /** Asks; resolves with whether it is to be done. */
  async ask(question: Question): Promise<boolean> {
    this.question = question;
    await this.updateComplete;
    this.#answered?.(false);
    if (!this.dialog?.open) this.dialog?.showModal();
    return new Promise((resolve) => (this.#answered = resolve));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#answer(false);
  }

  override render(): TemplateResult {
    const { title, hint, action } = this.question;
    return html`<dialog
      part="confirm"
      role="alertdialog"
      aria-labelledby="title"
      aria-describedby="hint"
      @close=${() => this.#closed()}
      @keydown=${(event: KeyboardEvent) => event.stopPropagation()}
    >
      <h2 id="title">${title}</h2>
      <p id="hint">${hint}</p>
      <div class="buttons">
        <button type="button" part="cancel-button" autofocus @click=${() => this.#answer(false)}>
          ${this.localize.term('cancel')}
        </button>
        <button type="button" part="confirm-button" class="danger" @click=${() => this.#answer(true)}>${action}</button>
      </div>
    </dialog>`;
  }

  /** Closing is told a little later, when the next question may be asked already. */
  #closed(): void {
    if (!this.dialog?.open) this.#answer(false);
  }

  #answer(yes: boolean): void {
    const answered = this.#answered;
    this.#answered = undefined;
    if (this.dialog?.open) this.dialog.close();
    answered?.(yes);
  }
}

define('wcs-confirm', WcsConfirm);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-confirm': WcsConfirm;
  }
}
