import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import { MESSAGE_MAX_LENGTH } from '../../protocol/limits.ts';
import { define } from '../base/element/define.ts';
import { WcsElement } from '../base/element/element.ts';
import { IntentEvent } from '../base/element/intent.ts';
import type { ChatLine } from '../base/view.ts';
import { shared } from '../styles/shared.ts';
import { tokens } from '../styles/tokens.ts';
import { systemText } from './chat-line-text.ts';
import { chatStyles } from './chat.styles.ts';
import { closeButton } from './close-button.ts';
import { icon } from './icon.ts';
import { isolate } from './isolate.ts';
import { withLinks } from './links.ts';

/** Pixels from the end within which the log is taken to be at its end, and follows what comes. */
const END_TOLERANCE = 32;

/**
 * @customElement wcs-chat
 * @summary The text chat: what was written, who came and went, and a field to write in. Text is shown as text.
 *
 * @csspart chat-log - What was written, and who came and went.
 * @csspart chat-line - One line of it.
 * @csspart chat-input - The field for a message.
 * @csspart send-button - Sends the message.
 * @csspart chat-recipient - Chooses who gets it: everybody, or one.
 */
export class WcsChat extends WcsElement {
  static override styles = [tokens, shared, chatStyles];

  /** Without the field for a message. */
  @property({ type: Boolean }) readonly = false;
  /** What to show, oldest first. */
  @property({ attribute: false }) lines: readonly ChatLine[] = [];

  /** Logins of those to whom one can write privately. */
  @property({ attribute: false }) people: readonly string[] = [];
  /** Who gets what is written: a login, or empty for everybody. */
  @property({ attribute: false }) to = '';

  @state() private draft = '';
  @query('.log') private readonly log!: HTMLElement | null;
  @query('textarea') private readonly input!: HTMLTextAreaElement | null;
  #follow = true;
  #clock: { lang: string; format: Intl.DateTimeFormat } | undefined;

  /** Puts the cursor into the field. */
  override focus(options?: FocusOptions): void {
    this.input?.focus(options);
  }

  /** Chooses who gets what is written, and puts the cursor into the field. */
  writeTo(login: string): void {
    this.to = login;
    void this.updateComplete.then(() => this.focus());
  }

  override render(): TemplateResult {
    return html`<div class="heading">
        <h2>${this.localize.term('chat')}</h2>
        ${closeButton(this.localize, () => this.dispatchEvent(new IntentEvent({ do: 'chat', open: false })))}
      </div>
      <div
        class="log"
        part="chat-log"
        role="log"
        aria-live="off"
        aria-label=${this.localize.term('chatLog')}
        tabindex="0"
      >
        ${
          this.lines.length === 0
            ? html`<div class="empty">${this.localize.term('chatEmpty')}</div>`
            : repeat(
                this.lines,
                (line) => line.id,
                (line) => this.#line(line),
              )
        }
      </div>
      ${!this.readonly && (this.people.length > 0 || this.to) ? this.#recipient() : nothing}
      ${this.readonly ? nothing : this.#form()}`;
  }

  #form(): TemplateResult {
    return html`<form @submit=${this.#submit}>
      <textarea
        part="chat-input"
        rows="1"
        dir="auto"
        maxlength=${MESSAGE_MAX_LENGTH}
        aria-label=${this.localize.term('message')}
        placeholder=${this.to ? this.localize.term('privateTo', isolate(this.to)) : this.localize.term('message')}
        .value=${live(this.draft)}
        @input=${this.#type}
        @keydown=${this.#key}
      ></textarea>
      <button
        part="send-button"
        class="round primary"
        aria-label=${this.localize.term('send')}
        title=${this.localize.term('send')}
        ?disabled=${this.draft.trim() === ''}
      >
        ${icon('send')}
      </button>
    </form>`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('lines')) return;
    const { log } = this;
    const atEnd = !log || log.scrollHeight - log.scrollTop - log.clientHeight <= END_TOLERANCE;
    this.#follow = atEnd || this.lines.at(-1)?.own === true;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('lines') && this.#follow && this.log) this.log.scrollTop = this.log.scrollHeight;
  }

  #line(line: ChatLine): TemplateResult {
    const time = html`<time datetime=${new Date(line.at).toISOString()}>${this.#time(line.at)}</time>`;
    if (line.kind !== 'text')
      return html`<div class="line system" part="chat-line">${time} ${systemText(this.localize, line)}</div>`;
    const isPrivate = line.to !== undefined;
    return html`<div class=${`line ${line.delivery} ${isPrivate ? 'private' : ''}`} part="chat-line">
      <bdi class="author">${line.name}</bdi> ${time}
      ${isPrivate ? html`<span class="whom">${this.#whom(line)}</span>` : nothing}
      <span class="text" dir="auto">${withLinks(line.text)}</span>
      ${line.delivery === 'failed' ? this.#failure(line) : nothing}
    </div>`;
  }

  #whom({ own, to = '' }: ChatLine): string {
    return own ? this.localize.term('privateTo', isolate(to)) : this.localize.term('privateToYou');
  }

  /** Whoever has left stays chosen: what was meant for them is not to go to everybody. */
  #recipient(): TemplateResult {
    const people = this.to && !this.people.includes(this.to) ? [this.to, ...this.people] : this.people;
    return html`<label class="recipient"
      >${this.localize.term('to')}
      <select part="chat-recipient" .value=${live(this.to)} @change=${this.#choose}>
        <option value="" ?selected=${!this.to}>${this.localize.term('everybody')}</option>
        ${people.map((name) => html`<option value=${name} ?selected=${name === this.to}>${name}</option>`)}
      </select></label
    >`;
  }

  #choose({ target }: Event): void {
    this.to = (target as HTMLSelectElement).value;
  }

  #failure(line: ChatLine): TemplateResult {
    const again = () =>
      this.dispatchEvent(new IntentEvent({ do: 'send', text: line.text, to: line.to, again: line.id }));
    return html`<span class="note"
      >${this.localize.term('notSent')}
      <button type="button" @click=${again}>${this.localize.term('sendAgain')}</button></span
    >`;
  }

  #time(at: number): string {
    const lang = this.localize.lang();
    if (this.#clock?.lang !== lang)
      this.#clock = { lang, format: new Intl.DateTimeFormat(lang, { hour: 'numeric', minute: '2-digit' }) };
    return this.#clock.format.format(at);
  }

  #type(event: InputEvent): void {
    this.draft = (event.target as HTMLTextAreaElement).value;
  }

  #key(event: KeyboardEvent): void {
    // While a word is being composed (Japanese, Chinese, …) Enter accepts it and must not send.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #submit(event: Event): void {
    event.preventDefault();
    this.#send();
  }

  #send(): void {
    const text = this.draft;
    if (text.trim() === '') return;
    this.draft = '';
    this.dispatchEvent(new IntentEvent({ do: 'send', text, ...(this.to ? { to: this.to } : {}) }));
  }
}

define('wcs-chat', WcsChat);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-chat': WcsChat;
  }
}
