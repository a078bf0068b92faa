import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ERRORS } from '../../../protocol/errors.ts';
import type { Dictionary } from '../../../components/locales/dictionary.ts';
import { de } from '../../../components/locales/de.ts';
import { enCall } from '../../../components/locales/en-call.ts';
import { enCheck } from '../../../components/locales/en-check.ts';
import { enPeople } from '../../../components/locales/en-people.ts';
import { enWaiting } from '../../../components/locales/en-waiting.ts';
import { en as enFirst } from '../../../components/locales/en.ts';
import { es } from '../../../components/locales/es.ts';
import { fr } from '../../../components/locales/fr.ts';
import { ru } from '../../../components/locales/ru.ts';

const COMPONENTS = new URL('../../../components/', import.meta.url);
const en: Dictionary = { ...enFirst, ...enCall, ...enCheck, ...enPeople, ...enWaiting };
const OTHERS = [de, es, fr, ru];
/** English texts that come later than the elements. */
const LATER = ['en-call.ts', 'en-check.ts', 'en-people.ts', 'en-waiting.ts'];
/** Texts with a number to fill in; the others take a name. */
const COUNTED = ['chatUnread', 'peopleCount', 'peopleFound', 'handUp', 'manyWantIn'];

const keys = (dictionary: Dictionary) => Object.keys(dictionary).sort();

const textOf = (dictionary: Dictionary, key: string, filling: string | number): string => {
  const text = dictionary[key as keyof Dictionary] as string | ((filling: string | number) => string);
  return typeof text === 'function' ? text(filling) : text;
};

/** All code of the elements but the dictionaries. */
function sources(): string {
  return readdirSync(COMPONENTS, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('locales'))
    .map((name) => readFileSync(new URL(name, COMPONENTS), 'utf8'))
    .join('\n');
}

describe('the interface’s languages', () => {
  it('have every text, and none that English does not have', () => {
    for (const dictionary of OTHERS) assert.deepEqual(keys(dictionary), keys(en), dictionary.$name);
  });

  it('are all looked at here', () => {
    const files = readdirSync(new URL('locales/', COMPONENTS)).filter((name) => name !== 'dictionary.ts');
    assert.deepEqual(files.sort(), [...[en, ...OTHERS].map(({ $code }) => `${$code}.ts`), ...LATER].sort());
  });

  it('have no text that is never shown', () => {
    const code = sources();
    const texts = keys(en).filter((key) => key !== '$name' && !key.startsWith('error_'));
    const unused = texts.filter((key) => !code.includes(`'${key}'`));
    assert.deepEqual(unused, []);
  });

  it('have no English text twice in what is loaded first and later', () => {
    assert.deepEqual(
      Object.keys({ ...enCall, ...enCheck, ...enPeople, ...enWaiting }).filter((key) => key in enFirst),
      [],
    );
  });

  it('have words for errors that exist', () => {
    const errors = keys(en).filter((key) => key.startsWith('error_'));
    for (const key of errors) assert.ok(key.slice('error_'.length) in ERRORS, key);
  });

  it('say something in each text, in words of their own, and fill in what they are given', () => {
    for (const dictionary of [en, ...OTHERS]) {
      for (const key of keys(en)) {
        const where = `${dictionary.$code}.${key}`;
        const isFunction = typeof en[key as keyof Dictionary] === 'function';
        assert.equal(typeof dictionary[key as keyof Dictionary] === 'function', isFunction, where);
        const filling = COUNTED.includes(key) ? 21 : 'Bob-1';
        const text = textOf(dictionary, key, filling);
        assert.equal(text, text.trim(), where);
        assert.notEqual(text, '', where);
        if (isFunction) assert.ok(text.includes(String(filling)), where);
      }
    }
    for (const dictionary of OTHERS) {
      const same = keys(en).filter((key) => textOf(dictionary, key, 3) === textOf(en, key, 3));
      assert.ok(same.length < 8, `${dictionary.$code} repeats English in ${same.join(', ')}`);
    }
  });

  it('count messages as each language does', () => {
    assert.deepEqual(
      [1, 2, 5, 21, 22].map((count) => ru.chatUnread(count)),
      ['1 новое сообщение', '2 новых сообщения', '5 новых сообщений', '21 новое сообщение', '22 новых сообщения'],
    );
    assert.deepEqual(
      [1, 2].map((count) => fr.chatUnread(count)),
      ['1 nouveau message', '2 nouveaux messages'],
    );
    for (const { $code, chatUnread } of [en, de, es]) assert.notEqual(chatUnread(1), chatUnread(2), $code);
  });
});
