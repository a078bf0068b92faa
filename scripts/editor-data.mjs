// What editors and compilers need of the manifest in forms of their own: VS Code's custom data for HTML and CSS, and the
// types of the tags in JSX.

import { elementsOf, isPart } from './manifest.mjs';

/** @typedef {import('./manifest.mjs').Manifest} Manifest */
/** @typedef {ReturnType<typeof elementsOf>[number]} Element */

/**
 * VS Code's `html.customData`: the tags with their attributes.
 * @param {Manifest} manifest
 */
export function htmlData(manifest) {
  return {
    version: 1.1,
    tags: publicElements(manifest).map((element) => ({
      name: element.tagName,
      description: element.summary,
      attributes: (element.attributes ?? []).map(({ name, description, type }) => ({
        name,
        description,
        ...(type?.text === 'boolean' ? { valueSet: 'v' } : {}),
      })),
    })),
  };
}

/**
 * VS Code's `css.customData`: tokens, parts and states.
 * @param {Manifest} manifest
 */
export function cssData(manifest) {
  const elements = publicElements(manifest);
  const parts = once(elements.flatMap(({ cssParts = [] }) => cssParts));
  const states = once(elements.flatMap(({ cssStates = [] }) => cssStates));
  return {
    version: 1.1,
    properties: once(elements.flatMap(({ cssProperties = [] }) => cssProperties)),
    pseudoElements: parts.map(({ name, description }) => ({ name: `::part(${name})`, description })),
    pseudoClasses: states.map(({ name, description }) => ({ name: `:state(${name})`, description })),
  };
}

/**
 * Types of the tags for React 19's JSX. Attributes are written as in HTML, properties as in scripts, events as `onwcs-join`.
 * @param {Manifest} manifest
 */
export function jsxTypes(manifest) {
  const elements = publicElements(manifest);
  return `import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { ${elements.map(({ name }) => name).join(', ')} } from './types/components/index.js';

type Props<E, Attributes, Properties extends keyof E, Events extends keyof HTMLElementEventMap> = Omit<
  DetailedHTMLProps<HTMLAttributes<E>, E>,
  keyof Attributes | Properties
> &
  Attributes &
  Partial<Pick<E, Properties>> & {
    [Name in Events as \`on\${Name}\`]?: (event: HTMLElementEventMap[Name]) => void;
  };

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
${elements.map(jsxTag).join('\n')}
    }
  }
}
`;
}

/** @param {Element} element */
function jsxTag({ tagName, name, attributes = [], members = [], events = [] }) {
  const properties = members.filter((member) => member.kind === 'field' && !member.readonly && !member.static);
  const own = attributes.filter((attribute) => !properties.some((property) => property.name === attribute.name));
  const lines = own.map((attribute) =>
    [
      `          /** ${attribute.description} */`,
      `          '${attribute.name}'?: ${jsxType(attribute.type?.text)};`,
    ].join('\n'),
  );
  /** @param {{ name: string }[]} named */
  const union = (named) => named.map((one) => `'${one.name}'`).join(' | ') || 'never';
  return `      '${tagName}': Props<
        ${name},
        {
${lines.join('\n')}
        },
        ${union(properties)},
        ${union(events)}
      >;`;
}

/** @param {string | undefined} type */
function jsxType(type = 'string') {
  const bare = type.replace(/\s*\|\s*undefined/, '');
  return ['boolean', 'number', 'string'].includes(bare) ? bare : 'string';
}

/** @param {Manifest} manifest */
function publicElements(manifest) {
  return elementsOf(manifest).filter((element) => !isPart(element));
}

/** @param {{ name: string, description?: string }[]} entries */
function once(entries) {
  return [...new Map(entries.map(({ name, description }) => [name, { name, description }])).values()];
}
