/** What the elements say about themselves is complete: nothing without a sentence, nothing in the sources that is not said. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { PALETTE } from '../../components/styles/palette.ts';
import { elementsOf, isPart, makeManifest } from '../../scripts/manifest.mjs';

const KINDS = ['attributes', 'members', 'events', 'cssParts', 'slots', 'cssProperties', 'cssStates'] as const;

const elements = elementsOf(makeManifest());
const pageElements = elements.filter((element) => !isPart(element));

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const sources = (folder: string) =>
  readdirSync(new URL(folder, root), { encoding: 'utf8', recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read(`${folder}/${name}`));
const found = (text: string, pattern: RegExp) => new Set([...text.matchAll(pattern)].map(([, name]) => name!));
const names = (entries: readonly { name: string }[] = []) => new Set(entries.map(({ name }) => name));

/** The parts that a template gives away: its own, and those of the elements in it. */
const partsIn = (source: string) =>
  new Set(
    [...source.matchAll(/\b(?:export)?parts?="([^"$]+)"/g)]
      .flatMap(([, list]) => list!.split(/[\s,]+/))
      .filter(Boolean),
  );

describe('the elements’ manifest', () => {
  it('has every element that the package registers, and their parts', () => {
    const tagNames = elements.map(({ tagName }) => tagName);
    const registered = ['conference', 'video-chat', 'screen-share', 'parts']
      .filter((folder) => readdirSync(new URL('components', root)).includes(folder))
      .flatMap((folder) => sources(`components/${folder}`))
      .flatMap((source) => [...found(source, /^define\('([a-z-]+)'/gm)]);
    assert.deepEqual(tagNames.sort(), registered.sort());
  });

  for (const element of elements) {
    it(`says of everything in <${element.tagName}> what it is`, () => {
      const silent = KINDS.flatMap((kind) =>
        (element[kind] ?? [])
          .filter(({ description }) => !/\w{2}.*[.!)`:]$/s.test(description?.trim() ?? ''))
          .map(({ name, description }) => `${kind}: ${name}${description ? ` ("${description}")` : ''}`),
      );
      assert.deepEqual(silent, [], `no whole sentence about these in ${element.path}`);
      assert.ok(element.summary, `@summary is missing in ${element.path}`);
    });
  }

  for (const element of pageElements) {
    it(`names every part of <${element.tagName}> that a page can style`, () => {
      const folder = element.path.slice(0, element.path.lastIndexOf('/'));
      const shared = sources('components/parts').filter((source) => !source.includes('\ndefine('));
      const given = new Set([...sources(folder), ...shared].flatMap((source) => [...partsIn(source)]));
      const said = names(element.cssParts);
      assert.deepEqual(
        [...given].filter((part) => !said.has(part)),
        [],
      );
    });

    it(`names every icon of <${element.tagName}> that a page can replace`, () => {
      const drawn = ['icon', 'call-icons'].map(
        (file) =>
          read(`components/parts/${file}.ts`)
            .split(/const (?:shapes|callIcons)[^=]* = /)[1]!
            .split('satisfies')[0]!,
      );
      const icons = found(drawn.join('\n'), /^ {2}'?([a-z-]+)'?[:,]/gm);
      // Every tile has one, and one element of the page cannot stand in all of them.
      icons.delete('pin');
      const slots = new Set([...names(element.slots)].filter((name) => name.startsWith('icon-')));
      assert.deepEqual([...slots].sort(), [...icons].map((icon) => `icon-${icon}`).sort());
    });

    it(`names every token of <${element.tagName}>, and none that does nothing`, () => {
      const styles = readdirSync(new URL('components', root), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => read(`components/${name}`));
      const used = found(styles.join('\n'), /var\(\s*(--wcs-[a-z0-9]+(?:-[a-z0-9]+)*),/g);
      for (const color of Object.keys(PALETTE)) used.add(`--wcs-${color}`);
      assert.deepEqual([...names(element.cssProperties)].sort(), [...used].sort());
    });

    it(`names every state of <${element.tagName}>`, () => {
      const states = read('components/base/element/custom-states.ts').split('type CustomState =')[1]!.split(';')[0]!;
      assert.deepEqual([...names(element.cssStates)].sort(), [...found(states, /'([a-z-]+)'/g)].sort());
    });

    it(`names every event of <${element.tagName}>`, () => {
      const details = read('components/base/events.ts').split('interface EventDetails')[1]!.split('\n}')[0]!;
      assert.deepEqual([...names(element.events)].sort(), [...found(details, /^ {2}'(wcs-[a-z-]+)'/gm)].sort());
    });

    it(`gives every attribute of <${element.tagName}> a property, and says what type it has`, () => {
      for (const attribute of element.attributes ?? []) {
        assert.ok(attribute.type?.text, attribute.name);
        assert.ok(names(element.members).has(attribute.fieldName!), attribute.name);
      }
    });
  }
});
