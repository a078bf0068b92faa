import { registerTranslation } from '@shoelace-style/localize';
import type { Translation } from '@shoelace-style/localize';
import type { CallTexts, CheckTexts, Dictionary } from '../../locales/dictionary.ts';
import { en } from '../../locales/en.ts';

/** Languages that come with the elements, each in a chunk of its own, which only those who read it load. */
const LOADERS: Partial<Record<string, () => Promise<Dictionary>>> = {
  de: async () => (await import('../../locales/de.ts')).de,
  es: async () => (await import('../../locales/es.ts')).es,
  fr: async () => (await import('../../locales/fr.ts')).fr,
  ru: async () => (await import('../../locales/ru.ts')).ru,
};

/** Milliseconds that an element waits for its language before it shows itself in English. */
const LANGUAGE_DEADLINE = 2000;

// The first one registered is what a language without a dictionary falls back to.
registerTranslation(en);

const loading = new Map<string, Promise<void>>();
const settled = new Set<string>();
const ofPage = new Map<string, Translation>();

/** A dictionary of a page's own: a new language, or some texts of one that is there. What it leaves out stays as it is, or English. */
export type PageDictionary = Partial<Dictionary> & Translation;

/**
 * Adds a language, or changes texts of one, for all elements on the page, at once and later. `$code` is a language tag
 * (`ar`, `pt-br`), `$name` the language's own name for itself; with `$dir: 'rtl'` elements in it run from right to left.
 */
export function registerDictionary(dictionary: PageDictionary): void {
  const code = dictionary.$code.toLowerCase();
  ofPage.set(code, { ...ofPage.get(code), ...dictionary });
  registerTranslation(dictionary);
}

/** Adds English texts of a part that is loaded later; what the page has put in their place stays. */
export function addEnglish(texts: Partial<CallTexts & CheckTexts>): void {
  const { $code, $name, $dir } = en;
  registerTranslation({ $code, $name, $dir, ...texts, ...ofPage.get($code) });
}

/**
 * Sees to it that a language (BCP 47 tag) is there, if it is one of ours; elements in it are then updated. Undefined when
 * there is nothing to wait for. Never rejects.
 */
export function loadLanguage(tag: string): Promise<void> | undefined {
  const [language = ''] = tag.toLowerCase().split('-');
  const load = LOADERS[language];
  if (!load || settled.has(language)) return undefined;
  const promise = loading.get(language) ?? register(language, load);
  loading.set(language, promise);
  return Promise.race([promise, new Promise<void>((resolve) => setTimeout(resolve, LANGUAGE_DEADLINE))]);
}

async function register(language: string, load: () => Promise<Dictionary>): Promise<void> {
  try {
    const dictionary = await load();
    // What the page has registered counts, whichever came first.
    registerTranslation(...[dictionary, ofPage.get(language)].filter((one) => one !== undefined));
  } catch (error) {
    console.warn(`The texts in "${language}" could not be loaded; English is used.`, error);
  }
  settled.add(language);
}
