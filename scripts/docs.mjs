// npm run docs: writes what the sources say into README.md, between its reference marks, and wcs.properties.example.
// With --check it writes nothing and fails when something would change.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import { describeSettings, exampleFile } from '../backend/config-help.ts';
import { OBJECTS, ROUTES } from '../backend/http/api/routes.ts';
import { Metrics } from '../backend/metrics.ts';
import { elementsOf, isPart, makeManifest } from './manifest.mjs';
import { root, runMain } from './setup.mjs';

/** @typedef {import('./manifest.mjs').Entry} Entry */

const API_PAGE = 'backend/http/api/README.md';

await runMain(async () => {
  const wanted = {
    'README.md': Object.entries(references()).reduce(
      (text, [name, reference]) => marked(text, name, reference),
      read('README.md'),
    ),
    [API_PAGE]: marked(read(API_PAGE), 'routes', routesReference()),
    'wcs.properties.example': exampleFile(),
  };
  const stale = Object.entries(wanted).filter(([file, text]) => read(file) !== text);
  if (process.argv.includes('--check')) {
    for (const [file] of stale) console.error(`${file} does not say what the sources say: npm run docs`);
    return stale.length;
  }
  for (const [file, text] of stale) {
    writeFileSync(join(root, file), text);
    console.log(`${file} is up to date again.`);
  }
  return 0;
});

/** @param {string} file */
function read(file) {
  return readFileSync(join(root, file), 'utf8');
}

/**
 * @param {string} text
 * @param {string} name
 * @param {string} reference
 * @returns {string} The text with the reference between its marks.
 */
function marked(text, name, reference) {
  const [open, close] = [`<!-- reference:${name} -->`, `<!-- /reference:${name} -->`];
  const [from, to] = [text.indexOf(open), text.indexOf(close)];
  if (from === -1 || to < from) throw new Error(`There is no ${open} … ${close}.`);
  return `${text.slice(0, from + open.length)}\n\n${reference}\n\n${text.slice(to)}`;
}

function elementsReference() {
  const [first, ...others] = elementsOf(makeManifest()).filter((element) => !isPart(element));
  if (!first) throw new Error('There are no elements.');
  const intro = [first, ...others].map(({ tagName, summary }) => `- \`<${tagName}>\`: ${summary?.split('\n\n')[0]}`);
  return [
    intro.join('\n'),
    `All of what follows is the same for each of them, unless it says otherwise.`,
    ...sections(first),
    ...others.flatMap((element) => own(element, first)),
  ].join('\n\n');
}

/** @param {ReturnType<typeof elementsOf>[number]} element */
function sections(element) {
  const members = element.members ?? [];
  const attributes = element.attributes ?? [];
  const properties = members.filter(
    ({ kind, name }) => kind === 'field' && !attributes.some(({ fieldName }) => fieldName === name),
  );
  const methods = members.filter(({ kind }) => kind === 'method');
  return [
    ...section('Attributes', attributes, ['Attribute', 'What it does', 'Default'], (one) => [
      code(one.name),
      one.description,
      (one.default ?? "''") === "''" ? '' : code(one.default ?? ''),
    ]),
    'Each has a property of the same name in camel case (`server-url`: `serverUrl`).',
    ...section('Properties', properties, ['Property', 'What it is', 'Type'], (one) => [
      code(one.name),
      one.description,
      code(one.type?.text ?? ''),
    ]),
    ...section('Methods', methods, ['Method', 'What it does'], (one) => [code(signature(one)), one.description]),
    ...section('Events', element.events, ['Event', 'When', '`detail`'], (one) => [
      code(one.name),
      one.description,
      code((one.type?.text ?? '').replace(/^CustomEvent<(.*)>$/, '$1')),
    ]),
    ...styling(element),
  ];
}

/** @param {ReturnType<typeof elementsOf>[number]} element */
function styling({ slots, cssParts, cssStates, cssProperties }) {
  return [
    ...section('Slots', slots, ['Slot', 'Where'], (one) => [one.name ? code(one.name) : '(none)', one.description]),
    ...section('Parts', cssParts, ['`::part()`', 'What it is'], (one) => [code(one.name), one.description]),
    ...section('States', cssStates, ['`:state()`', 'When'], (one) => [code(one.name), one.description]),
    ...section('Tokens', cssProperties, ['Custom property', 'What it is for'], (one) => [
      code(one.name),
      one.description,
    ]),
  ];
}

/**
 * What one element has and the first has not.
 * @param {ReturnType<typeof elementsOf>[number]} element
 * @param {ReturnType<typeof elementsOf>[number]} first
 */
function own(element, first) {
  const more = /** @type {const} */ ([
    'attributes',
    'members',
    'events',
    'slots',
    'cssParts',
    'cssStates',
    'cssProperties',
  ]).flatMap((kind) => {
    const known = new Map(first[kind]?.map((one) => [one.name, one]));
    return (element[kind] ?? [])
      .filter((one) => !known.has(one.name) || (kind === 'attributes' && known.get(one.name)?.default !== one.default))
      .map((one) => [code(one.name), one.description, one.default === undefined ? '' : code(one.default)]);
  });
  return more.length === 0
    ? []
    : [`#### Only \`<${element.tagName}>\``, table(['Name', 'What it is', 'Default'], more)];
}

function references() {
  const settings = describeSettings();
  const isLimit = (/** @type {{ key: string }} */ { key }) => key.startsWith('limit_');
  return {
    elements: elementsReference(),
    settings: settingsReference(settings.filter((one) => !isLimit(one))),
    limits: settingsReference(settings.filter(isLimit)),
    metrics: metricsReference(),
  };
}

/** @param {ReturnType<typeof describeSettings>} settings */
function settingsReference(settings) {
  const rows = settings.map(({ key, byDefault, text }) => [code(key), text, byDefault === '' ? '' : code(byDefault)]);
  return table(['Setting', 'What it is', 'Default'], rows);
}

function metricsReference() {
  const rows = new Metrics()
    .describe()
    .map(({ name, type, help, labels }) => [code(name), type, labels.map(code).join(', '), help]);
  return table(['Metric', 'Type', 'Labels', 'What it is'], rows);
}

function routesReference() {
  const who = { open: 'everybody', recordings: 'by `records_access`', administration: 'administrators' };
  const rows = Object.values(ROUTES).map(
    (/** @type {import('../backend/http/api/routes.ts').RouteDescription} */ route) => {
      const body = code(Object.keys(fieldsOf(route.body)).join(', '));
      const query = Object.keys(fieldsOf(route.query)).map((name) => `${name}=`);
      const address = `${route.method.toUpperCase()} ${route.path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
      const answer = `${route.status} ${code(Object.keys(fieldsOf(route.answer)).join(', '))}`.trim();
      const refusals = route.refusals?.map(code).join(', ');
      return [`${code(address)} ${body}`.trim(), route.summary, answer, refusals, who[route.access]];
    },
  );
  const objects = Object.entries(OBJECTS).flatMap(([name, schema]) => [
    `### ${name}`,
    table(
      ['Field', 'Type', 'What it is'],
      Object.entries(fieldsOf(schema)).map(([field, one]) => [code(field), typeOf(one), one.description]),
    ),
  ]);
  return [
    table(['Request, fields of its body', 'What it does', 'Answer', 'Refusals', 'Who may'], rows),
    ...objects,
  ].join('\n\n');
}

/**
 * @typedef {{ type?: string, enum?: string[], description?: string, items?: Field }} Field
 * @param {import('valibot').GenericSchema | undefined} schema
 * @returns {Record<string, Field>} By name; none for what is no object, or one of any fields.
 */
function fieldsOf(schema) {
  if (!schema) return {};
  const { properties } = toJsonSchema(schema, { errorMode: 'ignore', typeMode: 'input' });
  return /** @type {Record<string, Field>} */ (properties ?? {});
}

/**
 * @param {Field} field
 * @returns {string}
 */
function typeOf({ type = '', enum: values, items }) {
  if (values) return values.map(code).join(', ');
  return items ? `list of ${items.enum ? typeOf(items) : `${items.type}s`}` : type;
}

/**
 * @param {string} title
 * @param {Entry[] | undefined} entries
 * @param {string[]} head
 * @param {(entry: Entry) => (string | undefined)[]} row
 */
function section(title, entries = [], head, row) {
  return entries.length === 0 ? [] : [`#### ${title}`, table(head, entries.map(row))];
}

/**
 * @param {string[]} head
 * @param {(string | undefined)[][]} rows
 */
function table(head, rows) {
  const cells = [head, head.map(() => '---'), ...rows].map((row) =>
    row.map((cell = '') => cell.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')),
  );
  return cells.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** @param {Entry} method */
function signature({ name, parameters = [] }) {
  const list = parameters.map((one) => (one.optional || one.default !== undefined ? `${one.name}?` : one.name));
  return `${name}(${list.join(', ')})`;
}

/** @param {string} text */
function code(text) {
  return text && `\`${text}\``;
}
