import { LocalizeController } from '@shoelace-style/localize';
import { LitElement } from 'lit';
import type { CSSResultGroup, PropertyDeclaration, PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import type { Dictionary } from '../../locales/dictionary.ts';
import { shared } from '../../styles/shared.ts';
import { tokens } from '../../styles/tokens.ts';
import { languageTag, oddFlag, ruleOf, takes } from './attribute-rules.ts';
import { loadLanguage } from './languages.ts';

/**
 * What every element of the kit is: its styles, its language, its way of speaking up.
 *
 * @cssproperty --wcs-accent - Palette: main buttons, focus, links.
 * @cssproperty --wcs-on-accent - Palette: text on the accent.
 * @cssproperty --wcs-danger - Palette: leave, what is switched off.
 * @cssproperty --wcs-on-danger - Palette: text on danger.
 * @cssproperty --wcs-danger-text - Palette: words about what went wrong.
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
  @takes(languageTag, 'the language of the page')
  @property({ reflect: true, useDefault: true })
  override lang = '';

  protected readonly localize = new LocalizeController<Dictionary>(this);

  /**
   * Whether light or dark is left to the system: neither the page nor the element has a `color-scheme`. Otherwise elements are
   * as the page around them.
   */
  protected followsSystem = true;

  #rememberedDefaults: ReadonlyMap<PropertyKey, unknown> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#defaults;
    this.followsSystem = getComputedStyle(this).colorScheme === 'normal';
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    const [property, declaration] = this.#propertyOf(name) ?? [];
    const defaults = this.#defaults;
    const used = property && value !== null ? this.#check(property, declaration, name, value) : value;
    super.attributeChangedCallback(name, old, used);
    if (used === null && property && defaults.has(property)) Reflect.set(this, property, defaults.get(property));
  }

  /** Language and direction of what is shown, for the root of an element's own tree: the page may be in another language. */
  protected get shownIn(): { lang: string; dir: 'rtl' | undefined } {
    const isRtl = this.localize.term('$dir') === 'rtl' && !this.dir;
    return { lang: this.localize.term('$code'), dir: isRtl ? 'rtl' : undefined };
  }

  protected override scheduleUpdate(): void | Promise<unknown> {
    const loading = loadLanguage(this.localize.lang());
    // Only at first: an element that is there keeps its language until the new one has come.
    if (!loading || this.hasUpdated) return super.scheduleUpdate();
    return loading.then(() => super.scheduleUpdate());
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    for (const property of changed.keys()) this.#checkProperty(property);
  }

  /** What properties with rules are without their attributes: as they were before the first attribute came. */
  get #defaults(): ReadonlyMap<PropertyKey, unknown> {
    this.#rememberedDefaults ??= new Map(
      [...this.#properties.keys()]
        .filter((property) => ruleOf(this, property))
        .map((property) => [property, Reflect.get(this, property)]),
    );
    return this.#rememberedDefaults;
  }

  get #properties(): Map<PropertyKey, PropertyDeclaration> {
    return (this.constructor as typeof WcsElement).elementProperties;
  }

  #propertyOf(attribute: string): [PropertyKey, PropertyDeclaration] | undefined {
    return [...this.#properties].find(([property, declaration]) => attributeName(property, declaration) === attribute);
  }

  /** The value to use: null for the default. */
  #check(
    property: PropertyKey,
    declaration: PropertyDeclaration | undefined,
    name: string,
    value: string,
  ): string | null {
    if (declaration?.type === Boolean) return this.#checkFlag(name, value);
    return this.#isRefused(property, name, value) ? null : value;
  }

  #checkFlag(name: string, value: string): string | null {
    const use = oddFlag(name, value);
    if (use) this.#warn(`${name}="${value}": takes no value, being there is what counts; it is taken as ${use}`);
    return use === 'off' ? null : value;
  }

  /** What a script has set is held to the same rules. */
  #checkProperty(property: PropertyKey): void {
    const name = attributeName(property, this.#properties.get(property) ?? { attribute: false });
    const value: unknown = Reflect.get(this, property);
    if (!name || (typeof value !== 'string' && typeof value !== 'number')) return;
    if (this.#isRefused(property, name, String(value))) Reflect.set(this, property, this.#defaults.get(property));
  }

  #isRefused(property: PropertyKey, name: string, value: string): boolean {
    const rule = ruleOf(this, property);
    if (!rule || rule.accepts(value)) return false;
    const got = value.length > 80 ? `${value.slice(0, 80)}…` : value;
    this.#warn(`${name}="${got}": takes ${rule.takes}; the default is used (${rule.otherwise})`);
    return true;
  }

  #warn(problem: string): void {
    console.warn(`<${this.localName}> ${problem}.`);
  }
}

function attributeName(property: PropertyKey, { attribute }: PropertyDeclaration): string | undefined {
  if (attribute === false) return undefined;
  return typeof attribute === 'string' ? attribute : String(property).toLowerCase();
}
