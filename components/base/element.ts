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

/**
 * What every element of the kit is: its styles, its language, its way of speaking up.
 *
 * @cssproperty --wcs-accent - Palette: main buttons, focus, links.
 * @cssproperty --wcs-on-accent - Palette: text on the accent.
 * @cssproperty --wcs-danger - Palette: leave, what is switched off.
 * @cssproperty --wcs-on-danger - Palette: text on danger.
 * @cssproperty --wcs-warning - Palette: warnings.
 * @cssproperty --wcs-success - Palette: what is well.
 * @cssproperty --wcs-background - Palette: behind everything.
 * @cssproperty --wcs-surface - Palette: panels and bars.
 * @cssproperty --wcs-surface-2 - Palette: buttons and fields on a surface.
 * @cssproperty --wcs-text - Palette: text.
 * @cssproperty --wcs-text-muted - Palette: less important text.
 * @cssproperty --wcs-border - Palette: thin lines.
 * @cssproperty --wcs-radius - Palette: how round corners are.
 * @cssproperty --wcs-font - Palette: font families.
 * @cssproperty --wcs-font-size - Palette: size that everything else is relative to.
 * @cssproperty --wcs-shadow - Palette: shadow of what floats.
 * @cssproperty --wcs-gap - Space between tiles.
 * @cssproperty --wcs-stage-background - Behind the tiles; default: background.
 * @cssproperty --wcs-tile-background - A tile without a picture.
 * @cssproperty --wcs-tile-text - Text in a tile.
 * @cssproperty --wcs-tile-radius - Corners of tiles; default: radius.
 * @cssproperty --wcs-controls-background - The bar of buttons; default: surface.
 * @cssproperty --wcs-button-background - Buttons; default: surface-2.
 * @cssproperty --wcs-button-text - Buttons; default: text.
 * @cssproperty --wcs-button-size - Width and height of round buttons.
 * @cssproperty --wcs-chat-background - The chat; default: surface.
 * @cssproperty --wcs-chat-width - Width of the chat beside the stage.
 * @cssproperty --wcs-focus - The ring around what has the focus; default: accent.
 */
export class WcsElement extends LitElement {
  static override styles: CSSResultGroup = [tokens, shared];

  /** Interface language as a BCP 47 tag; the page's when empty. */
  @property({ reflect: true, useDefault: true }) override lang = '';

  protected readonly localize = new LocalizeController<Dictionary>(this);
}
