import { LocalizeController, registerTranslation } from '@shoelace-style/localize';
import { LitElement } from 'lit';
import type { CSSResultGroup } from 'lit';
import { property } from 'lit/decorators.js';
import type { Dictionary } from '../locales/dictionary.ts';
import { en } from '../locales/en.ts';
import { ru } from '../locales/ru.ts';
import { shared } from '../styles/shared.ts';
import { tokens } from '../styles/tokens.ts';

// The first one registered is what a language without a dictionary falls back to.
registerTranslation(en, ru);

/** What every element of the kit is: its styles, its language, its way of speaking up. */
export class WcsElement extends LitElement {
  static override styles: CSSResultGroup = [tokens, shared];

  /** Interface language as a BCP 47 tag; the page's when empty. */
  @property({ reflect: true, useDefault: true }) override lang = '';

  protected readonly localize = new LocalizeController<Dictionary>(this);
}
