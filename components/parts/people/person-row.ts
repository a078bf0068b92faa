import type { LocalizeController } from '@shoelace-style/localize';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { PersonView } from '../../base/view.ts';
import type { Dictionary } from '../../locales/dictionary.ts';
import { icon } from '../icon.ts';
import type { IconName } from '../icon.ts';
import { isolate } from '../isolate.ts';
import { hue, initials } from '../stage/initials.ts';

type Localize = LocalizeController<Dictionary>;

interface RowOptions {
  /** What stands at the end; absent: nothing. */
  button: 'write' | 'menu' | undefined;
  /** Whether its menu is open. */
  isOpen: boolean;
  press(button: HTMLElement): void;
}

/** Somebody in the list of people. */
export function personRow(localize: Localize, person: PersonView, options: RowOptions): TemplateResult {
  const name = person.own ? localize.term('youNamed', isolate(person.name)) : person.name;
  return html`<li
    part="people-item"
    class=${`person ${person.speaking ? 'speaking' : ''} ${person.connected ? '' : 'away'}`}
  >
    <span class="avatar" aria-hidden="true" ${ref((element) => tint(element, person.name))}
      >${initials(person.name)}</span
    >
    <span class="who">
      <bdi class="name">${name}</bdi>
      ${person.connected ? nothing : html`<span class="note">${localize.term('reconnecting')}</span>`}
    </span>
    <span class="signs">${signs(localize, person)}</span>
    ${options.button ? button(localize, person, { ...options, button: options.button }) : nothing}
  </li>`;
}

/** Seen as signs, heard as words. */
function signs(localize: Localize, person: PersonView): TemplateResult[] {
  const { microphone } = person;
  const silence = microphone === 'held' ? 'mutedForGood' : 'muted';
  return [
    ...(person.hand === undefined ? [] : [hand(localize.term('handUp', person.hand), person.hand)]),
    ...(person.sharing ? [sign('share', localize.term('sharesScreen'))] : []),
    ...(person.camera ? [] : [sign('camera-off', localize.term('withoutPicture'), 'faint')]),
    ...(person.speaking ? [sign('microphone', localize.term('speaks'), 'loud')] : []),
    ...(microphone === 'on' || person.speaking
      ? []
      : [sign('microphone-off', localize.term(silence), microphone === 'held' ? 'held' : 'faint')]),
  ];
}

function sign(name: IconName, words: string, className = ''): TemplateResult {
  return html`<span class=${`sign ${className}`} title=${words}
    >${icon(name)}<span class="visually-hidden">, ${words}</span></span
  >`;
}

function hand(words: string, place: number): TemplateResult {
  return html`<span class="sign hand" title=${words}
    >${icon('hand')}<span aria-hidden="true">${place}</span><span class="visually-hidden">, ${words}</span></span
  >`;
}

function button(
  localize: Localize,
  { name }: PersonView,
  { button, isOpen, press }: RowOptions & { button: 'write' | 'menu' },
): TemplateResult {
  const isMenu = button === 'menu';
  const label = localize.term(isMenu ? 'optionsFor' : 'writeTo', isolate(name));
  return html`<button
    type="button"
    part="person-button"
    class="round quiet"
    aria-label=${label}
    title=${label}
    aria-haspopup=${isMenu ? 'menu' : nothing}
    aria-expanded=${isMenu ? isOpen : nothing}
    @click=${({ currentTarget }: Event) => press(currentTarget as HTMLElement)}
  >
    ${icon(isMenu ? 'more' : 'chat')}
  </button>`;
}

/** Not by a style attribute, which a strict Content Security Policy forbids. */
function tint(element: Element | undefined, name: string): void {
  (element as HTMLElement | undefined)?.style.setProperty('--_hue', String(hue(name)));
}
