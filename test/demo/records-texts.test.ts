import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

type Texts = Record<string, string> & { recordings: Partial<Record<Intl.LDMLPluralRule, string>> };

// A script of a page: no part of any of our TypeScript projects.
const { all } = (await import(new URL('../../demo/records-texts.js', import.meta.url).href)) as {
  all: Record<string, Texts>;
};

const placeholders = (text: unknown) => [...JSON.stringify(text).matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test('the page of recordings says everything in every language, with all that belongs into it', () => {
  assert.deepEqual(Object.keys(all), ['en', 'de', 'es', 'fr', 'ru']);
  const english = all.en!;
  for (const [language, texts] of Object.entries(all)) {
    const { recordings } = texts;
    assert.deepEqual(Object.keys(texts), Object.keys(english), language);
    for (const [key, text] of Object.entries(texts)) {
      if (key === 'recordings') continue;
      assert.notEqual(text, '', `${language}: ${key}`);
      const wanted = placeholders(english[key]);
      assert.deepEqual(placeholders(text), wanted, `${language}: ${key}`);
    }
    for (const count of [0, 1, 2, 5, 21]) {
      const form = new Intl.PluralRules(language).select(count);
      assert.match(recordings[form] ?? '', /^\{count\} \S/, `${language}: ${count}`);
    }
  }
});

test('the page names only texts that there are, and shows the English ones until its script runs', async () => {
  const html = await readFile(join(import.meta.dirname, '../../demo/records.html'), 'utf8');
  const english = all.en!;
  const named = [...html.matchAll(/data-say="(\w+)"[^>]*>([^<]*)/g)];
  assert.ok(named.length > 20);
  for (const [, key = '', text = ''] of named) {
    const beginning = text.replaceAll(/\s+/g, ' ').trim();
    assert.ok(beginning !== '' && english[key]?.startsWith(beginning), `${key}: ${text}`);
  }
  for (const [, label, key = ''] of html.matchAll(/aria-label="([^"]+)"\s+data-say-label="(\w+)"/g))
    assert.equal(english[key], label);
});
