import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Waiting } from '../../../protocol/model.ts';
import { define } from '../../base/element/define.ts';
import { WcsElement } from '../../base/element/element.ts';
import { askFor } from '../../base/element/intent.ts';
import type { Intent, IntentEvent } from '../../base/element/intent.ts';
import type { PersonView } from '../../base/view.ts';
import { shared } from '../../styles/shared.ts';
import { tokens } from '../../styles/tokens.ts';
import { closeButton } from '../close-button.ts';
import { forwardIcons, icon } from '../icon.ts';
import { isolate } from '../isolate.ts';
import '../menu/menu.ts';
import type { WcsMenu } from '../menu/menu.ts';
import './confirm.ts';
import type { WcsConfirm } from './confirm.ts';
import { questionOf } from './questions.ts';
import { personMenu } from './person-menu.ts';
import { personRow } from './person-row.ts';
import { meetingSwitches, waitingList } from './moderation.ts';
import { peopleStyles } from './people.styles.ts';

export interface PeopleView {
  /** In the order of the list. */
  people: readonly PersonView[];
  /** Whether one can write to one person. */
  mayWrite: boolean;
  /** Whether nobody new gets in. */
  locked: boolean;
  /** What we may decide over; absent: nothing. */
  moderation: { lobby: boolean; waiting: readonly Waiting[] } | undefined;
}

/** People from whom on there is a field to find somebody. */
const SEARCH_FROM = 8;

/**
 * @customElement wcs-people
 * @summary Everybody in the room, with what they do just now; for moderators also who waits, and what they decide over.
 *
 * @csspart people-search - The field to find somebody.
 * @csspart people-list - The list.
 * @csspart people-item - Somebody in it.
 * @csspart person-button - Writes to somebody; for moderators, opens the menu of what to do.
 * @csspart waiting-item - Somebody who waits to be let in.
 * @csspart admit-button - Lets in somebody who waits, or all.
 * @csspart refuse-button - Sends away somebody who waits.
 * @csspart meeting - What moderators decide over the meeting.
 * @csspart meeting-summary - Opens and closes it.
 * @csspart lock-switch - Locks the room.
 * @csspart lobby-switch - Lets newcomers wait.
 * @csspart mute-all-button - Mutes everybody else.
 * @csspart end-button - Ends the meeting for everybody.
 * @csspart menu - The menu of what moderators can do with somebody.
 * @csspart menu-item - One thing in it.
 * @csspart confirm - The dialog that asks once more.
 * @csspart confirm-button - The button in it that does it.
 * @csspart cancel-button - The button in it that does not.
 */
export class WcsPeople extends WcsElement {
  static override styles = [tokens, shared, peopleStyles];

  /** Who is there, and what can be done. */
  @property({ attribute: false }) view: PeopleView = {
    people: [],
    mayWrite: false,
    locked: false,
    moderation: undefined,
  };

  @state() private search = '';
  @state() private chosen: PersonView | undefined;
  @query('wcs-menu') private readonly menu!: WcsMenu | null;
  @query('wcs-confirm') private readonly confirm!: WcsConfirm | null;

  /** Puts the focus on what somebody opens this for: the search, or the way out. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>('input[type=search], .close')?.focus(options);
  }

  override render(): TemplateResult {
    const { people, moderation, locked } = this.view;
    const found = this.#found;
    const ask = (intent: Intent) => this.#ask(intent);
    return html`<div class="heading">
        <h2>${this.localize.term('people')} <span class="count">${people.length}</span></h2>
        ${closeButton(this.localize, () => this.#ask({ do: 'people', open: false }))}
      </div>
      ${people.length >= SEARCH_FROM ? this.#searchField() : nothing}
      <div class="body">
        ${moderation ? waitingList(this.localize, moderation.waiting, ask) : nothing}
        ${locked && !moderation ? html`<p class="locked">${icon('lock')}${this.localize.term('roomLocked')}</p>` : nothing}
        <ul part="people-list" class="people" role="list" aria-label=${this.localize.term('people')}>
          ${repeat(
            found,
            ({ own, login }) => `${own} ${login}`,
            (person) => this.#person(person),
          )}
        </ul>
        ${found.length === 0 ? html`<p class="nobody">${this.localize.term('nobodyFound')}</p>` : nothing}
        <p class="visually-hidden" role="status">
          ${this.#narrowed ? this.localize.term('peopleFound', found.length) : ''}
        </p>
      </div>
      ${moderation ? meetingSwitches(this.localize, { locked, lobby: moderation.lobby }, ask) : nothing}
      <wcs-menu
        exportparts="menu, menu-item"
        .lang=${this.lang}
        .label=${this.chosen ? this.localize.term('optionsFor', isolate(this.chosen.name)) : ''}
        .items=${this.chosen ? personMenu(this.localize, this.chosen, this.view.mayWrite) : []}
        @wcs-intent=${({ intent }: IntentEvent) => this.#ask(intent)}
        @wcs-menu-toggle=${() => this.requestUpdate()}
        >${forwardIcons(['chat', 'microphone-off', 'microphone', 'camera-off', 'unshare', 'hand', 'leave', 'lock'])}</wcs-menu
      >
      <wcs-confirm exportparts="confirm, confirm-button, cancel-button" .lang=${this.lang}></wcs-confirm>`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (!changed.has('view')) return;
    if (this.view.people.length < SEARCH_FROM) this.search = '';
    // The menu shows what somebody does now, and closes when they are gone.
    const { chosen } = this;
    this.chosen = chosen && this.view.people.find(({ own, login }) => !own && login === chosen.login);
    if (chosen && !this.chosen) this.menu?.close();
  }

  #searchField(): TemplateResult {
    const label = this.localize.term('peopleSearch');
    return html`<input
      type="search"
      part="people-search"
      aria-label=${label}
      placeholder=${label}
      dir="auto"
      autocomplete="off"
      .value=${this.search}
      @input=${({ target }: Event) => (this.search = (target as HTMLInputElement).value)}
      @keydown=${this.#searchKey}
    />`;
  }

  #person(person: PersonView): TemplateResult {
    const isOpen = this.menu?.isOpen === true && this.chosen?.login === person.login && !person.own;
    return personRow(this.localize, person, {
      button: person.own ? undefined : this.view.moderation ? 'menu' : this.view.mayWrite ? 'write' : undefined,
      isOpen,
      press: (button) => this.#press(person, button),
    });
  }

  #press(person: PersonView, button: HTMLElement): void {
    if (!this.view.moderation) return this.#ask({ do: 'write', to: person.login });
    this.chosen = person;
    this.menu?.toggle(button);
  }

  get #narrowed(): boolean {
    return this.search.trim() !== '';
  }

  get #found(): readonly PersonView[] {
    const wanted = plain(this.search.trim());
    return this.view.people.filter(({ name, login }) => plain(`${name}\n${login}`).includes(wanted));
  }

  /** Asks once more where it cannot be taken back. */
  #ask(intent: Intent): void {
    const name = 'login' in intent ? this.view.people.find(({ login }) => login === intent.login)?.name : undefined;
    const question = questionOf(this.localize, intent, name);
    const ask = () => askFor(this, intent);
    if (!question) ask();
    else void this.confirm?.ask(question).then((yes) => yes && ask());
  }

  /** The first Escape empties the field, the next one closes the list. */
  #searchKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || this.search === '') return;
    event.preventDefault();
    this.search = '';
  }
}

/** Without the differences that somebody who looks for a name does not think of. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}

define('wcs-people', WcsPeople);

declare global {
  interface HTMLElementTagNameMap {
    'wcs-people': WcsPeople;
  }
}
