/** What an attribute takes. Declared beside its property, with `@takes(…)`. */
interface AttributeRule {
  /** In words, to follow "takes". */
  takes: string;
  accepts: (value: string) => boolean;
}

interface RuleWithDefault extends AttributeRule {
  /** In words, what is used instead of a value that is not accepted. */
  otherwise: string;
}

/** The rules of each class, by property. */
const rulesOf = new Map<unknown, Map<PropertyKey, RuleWithDefault>>();

/**
 * Declares what the attribute of a property takes. Anything else is warned of, and the property's initial value used, which
 * `otherwise` says in words.
 */
export function takes(rule: AttributeRule, otherwise: string) {
  return (prototype: object, property: PropertyKey): void => {
    const rules = rulesOf.get(prototype) ?? new Map<PropertyKey, RuleWithDefault>();
    rulesOf.set(prototype, rules.set(property, { ...rule, otherwise }));
  };
}

/** The rule of a property, its own class's or an ancestor's. */
export function ruleOf(element: object, property: PropertyKey): RuleWithDefault | undefined {
  for (let prototype: unknown = element; prototype; prototype = Object.getPrototypeOf(prototype)) {
    const rule = rulesOf.get(prototype)?.get(property);
    if (rule) return rule;
  }
  return undefined;
}

export function wholeNumber(from: number, to: number): AttributeRule {
  return {
    takes: `a whole number from ${from} to ${to}`,
    accepts: (value) => /^\s*\d+\s*$/.test(value) && Number(value) >= from && Number(value) <= to,
  };
}

export function oneOf(...words: string[]): AttributeRule {
  return { takes: words.join(' or '), accepts: (value) => words.includes(value) };
}

/** Text of a length in characters (Unicode code points), not counting spaces around it; empty text is the default. */
export function textUpTo(length: number): AttributeRule {
  return {
    takes: `text of up to ${length} characters, none of them control characters`,
    accepts: (value) => [...value.trim()].length <= length && !/\p{Cc}/u.test(value.trim()),
  };
}

/** An address with one of the schemes (`wss:`), or a path on the server that this script came from. */
export function address(...schemes: string[]): AttributeRule {
  return {
    takes: `an address that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}, or a path`,
    accepts: (value) => schemes.includes(schemeOf(value) ?? ''),
  };
}

/** A language tag (BCP 47). */
export const languageTag: AttributeRule = {
  takes: 'a language tag such as "en" or "pt-BR"',
  accepts: (value) => value === '' || isLanguageTag(value),
};

/**
 * How a boolean attribute with a value is understood, and undefined when there is nothing to wonder about. HTML counts only
 * its presence, so that `record="false"` would record; that is hardly ever meant, so `false` is taken for absence here.
 */
export function oddFlag(attribute: string, value: string): 'on' | 'off' | undefined {
  const word = value.trim().toLowerCase();
  if (word === '' || word === 'true' || word === attribute) return undefined;
  return word === 'false' ? 'off' : 'on';
}

/** A number, or undefined without the attribute. */
export const optionalNumber = {
  fromAttribute: (value: string | null): number | undefined => (value === null ? undefined : Number(value)),
};

function schemeOf(value: string): string | undefined {
  try {
    return new URL(value, 'https://any/').protocol;
  } catch {
    return undefined;
  }
}

function isLanguageTag(value: string): boolean {
  try {
    return new Intl.Locale(value.replaceAll('_', '-')).language !== '';
  } catch {
    return false;
  }
}
