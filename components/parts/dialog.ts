import { html, nothing } from 'lit';
import type { CSSResultGroup, TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import { WcsElement } from '../base/element/element.ts';
import { shared } from '../styles/shared.ts';
import { tokens } from '../styles/tokens.ts';
import { closeButton } from './close-button.ts';
import { dialogStyles } from './dialog.styles.ts';

/** A dialog with a heading and a button that closes it; what it is about is there only while it is open. */
export abstract class WcsDialog extends WcsElement {
  static override styles: CSSResultGroup = [tokens, shared, dialogStyles];

  /** Nothing is shown or measured while nobody looks. */
  @state() private open = false;
  @query('dialog') private readonly dialog!: HTMLDialogElement | null;

  /** The dialog's name for `::part()`. */
  protected abstract readonly partName: string;
  protected abstract get heading(): string;
  protected abstract content(): TemplateResult;

  /** Opens the dialog; the keyboard stays inside until it is closed, and then goes back to where it was. */
  show(): void {
    if (this.dialog?.open) return;
    this.open = true;
    this.dialog?.showModal();
  }

  override render(): TemplateResult {
    return html`<dialog
      part=${this.partName}
      aria-labelledby="title"
      @click=${this.#click}
      @keydown=${keep}
      @close=${() => (this.open = false)}
    >
      <div class="heading">
        <h2 id="title">${this.heading}</h2>
        ${closeButton(this.localize, () => this.dialog?.close())}
      </div>
      ${this.open ? this.content() : nothing}
    </dialog>`;
  }

  /** Whatever is around the dialog's content counts as the dialog itself: a click beside it closes it. */
  #click({ target, clientX, clientY }: MouseEvent): void {
    const { dialog } = this;
    // Choosing from a list by the keyboard clicks nowhere.
    if (!dialog || target !== dialog || (clientX === 0 && clientY === 0)) return;
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    if (clientX < left || clientX > right || clientY < top || clientY > bottom) dialog.close();
  }
}

/** Keys in here are for this dialog only: Escape closes nothing else. */
function keep(event: KeyboardEvent): void {
  event.stopPropagation();
}
