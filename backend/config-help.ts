/** The settings told to people: `--help`, an example file, and tables that are made of them. */
import * as v from 'valibot';
import { DEFAULT_FILE, ENV_PREFIX } from './config-sources.ts';
import { Settings } from './config.ts';

/** What `--help` prints. */
export function helpText(): string {
  const settings = describeSettings();
  const width = Math.max(...settings.map(({ key }) => key.length));
  const row = (name: string, text: string) => `  --${name.padEnd(width)} ${text}`;
  const rows = settings.map(({ key, byDefault, text }) =>
    row(key, byDefault === '' ? text : `${text} (default ${byDefault})`),
  );
  return [
    'Usage: wcs-backend [--SETTING VALUE]...',
    '       wcs-backend doctor [--json] [--SETTING VALUE]...   looks whether all that is needed is there',
    '',
    `A setting is taken from its flag (--port 80), else from the environment (${ENV_PREFIX}PORT=80), else from the file`,
    `${DEFAULT_FILE} in the current folder (port=80), else from its default.`,
    '',
    ...rows,
    row('config', `another file instead of ${DEFAULT_FILE}`),
    row('example', `print a ${DEFAULT_FILE} with every setting and its default, and exit`),
    row('help', 'print this, and exit'),
  ].join('\n');
}

/** What `--example` prints: a settings file that changes nothing yet. */
export function exampleFile(): string {
  const entries = describeSettings().map(({ key, byDefault, text }) => `# ${text}\n#${key}=${byDefault}\n`);
  return [`# Settings of the backend. Remove the # before a name to change it.\n`, ...entries].join('\n');
}

/** Every setting in the order of the table: name, default as it is written, what it is for. */
export function describeSettings() {
  return Object.entries(Settings.entries).map(([key, schema]) => ({
    key,
    byDefault: schema.default,
    text: v.getDescription(schema.wrapped) ?? '',
  }));
}
