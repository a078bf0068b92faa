// The custom elements manifest: what the elements and their parts take, do, tell and show, read from their sources.
//
// Every entry is a comment beside what it is about: attributes, properties and methods have one of their own; events,
// slots, CSS parts, tokens and states are tags (@fires, @slot, @csspart, @cssproperty, @cssState) in the comment of the class.
// Subclasses inherit all of it, so what the three elements share is said once, in components/base/room-element.ts, and
// the tokens of everything in components/base/element/element.ts.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as untypedAnalyzer from '@custom-elements-manifest/analyzer';
// @ts-expect-error -- and this has none
import { litPlugin as untypedLitPlugin } from '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js';
import { root } from './setup.mjs';

/**
 * What we use of https://github.com/webcomponents/custom-elements-manifest, which has no types of its latest edition.
 * @typedef {{ schemaVersion: string, modules: Module[] }} Manifest
 * @typedef {{ path: string, declarations?: Declaration[], exports?: object[] }} Module
 * @typedef {{ kind: string, name: string, tagName?: string, customElement?: boolean, summary?: string, description?: string,
 *   attributes?: Entry[], members?: Entry[], events?: Entry[], cssParts?: Entry[], slots?: Entry[],
 *   cssProperties?: Entry[], cssStates?: Entry[] }} Declaration
 * @typedef {{ name: string, description?: string, type?: { text: string }, default?: string, fieldName?: string, kind?: string,
 *   privacy?: string, readonly?: boolean, static?: boolean, optional?: boolean, parameters?: Entry[], return?: { type?: { text: string } } }} Entry
 */

const analyzer = /** @type {{ create: (options: object) => Manifest, ts: typeof import('typescript') }} */ (
  untypedAnalyzer
);
const litPlugin = /** @type {() => object[]} */ (untypedLitPlugin);
/** The analyzer's own: its syntax trees are not those of another version. */
const { ts } = analyzer;

/** @returns {Manifest} */
export function makeManifest() {
  const files = readdirSync(join(root, 'components'), { recursive: true, encoding: 'utf8' })
    .map((name) => `components/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.ts') && !name.startsWith('components/room/'))
    .sort();
  const modules = files.map((name) =>
    ts.createSourceFile(name, readFileSync(join(root, name), 'utf8'), ts.ScriptTarget.ES2022, true),
  );
  return analyzer.create({ modules, plugins: [...litPlugin(), publicSide()], context: { dev: false } });
}

/**
 * @param {Manifest} manifest
 * @returns {(Declaration & { tagName: string, path: string })[]} What a page can put in its markup, then the parts
 * they are made of.
 */
export function elementsOf(manifest) {
  const all = manifest.modules.flatMap(({ path, declarations = [] }) =>
    declarations.flatMap((one) => (one.tagName !== undefined ? { ...one, tagName: one.tagName, path } : [])),
  );
  return [...all.filter((one) => !isPart(one)), ...all.filter(isPart)];
}

/** @param {{ path: string }} declaration */
export function isPart({ path }) {
  return path.startsWith('components/parts/');
}

/** Knows the elements by their `define('wcs-name', WcsName)`, and keeps of them what a page can reach. */
function publicSide() {
  /** @type {Map<string, string>} */
  const tagNames = new Map();
  return {
    name: 'public-side',
    /** @param {{ node: import('typescript').Node }} phase */
    analyzePhase({ node }) {
      if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression) || node.expression.text !== 'define') return;
      const [tagName, element] = node.arguments;
      if (tagName && element && ts.isStringLiteral(tagName) && ts.isIdentifier(element))
        tagNames.set(element.text, tagName.text);
    },
    /** @param {{ customElementsManifest: Manifest }} phase */
    packageLinkPhase({ customElementsManifest: manifest }) {
      for (const file of manifest.modules) {
        file.declarations = file.declarations?.flatMap((declaration) => {
          const tagName = tagNames.get(declaration.name);
          return tagName !== undefined && declaration.kind === 'class' ? publicElement(declaration, tagName) : [];
        });
        file.exports = file.declarations?.flatMap(({ name }) => [
          { kind: 'js', name, declaration: { name } },
          { kind: 'custom-element-definition', name: tagNames.get(name), declaration: { name } },
        ]);
      }
      manifest.modules = manifest.modules.filter(({ declarations = [] }) => declarations.length > 0);
    },
  };
}

/**
 * @param {Declaration} declaration
 * @param {string} tagName
 * @returns {Declaration}
 */
function publicElement({ members = [], events = [], ...rest }, tagName) {
  return {
    ...rest,
    customElement: true,
    tagName,
    members: members.filter(({ privacy = 'public' }) => privacy === 'public'),
    // What parts tell the element around them goes no further; it has no name here.
    events: events.filter(({ name }) => name !== undefined),
  };
}
