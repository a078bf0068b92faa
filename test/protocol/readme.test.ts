import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type * as v from 'valibot';
import { ERRORS } from '../../protocol/errors.ts';
import { FRAME_MAX_BYTES, MESSAGE_MAX_LENGTH, NAME_MAX_LENGTH, REQUESTS_PER_SECOND } from '../../protocol/limits.ts';
import { EVENTS, PROTOCOL_VERSION, REQUESTS } from '../../protocol/messages.ts';

const page = readFileSync(new URL('../../protocol/README.md', import.meta.url), 'utf8');

/** The text under a heading, up to the next one. */
function section(heading: string, of = page): string | undefined {
  const [, text] = new RegExp(`^${heading}$([^]*?)(?=^#{2,3} |$(?![^]))`, 'm').exec(of) ?? [];
  return text;
}

const part = (title: string) => {
  const from = page.indexOf(`\n## ${title}\n`);
  const to = page.indexOf('\n## ', from + 1);
  return page.slice(from, to === -1 ? undefined : to);
};

const headings = (title: string) => [...part(title).matchAll(/^### (.+)$/gm)].map((match) => match[1]);

const fields = (schema: v.GenericSchema) => Object.keys((schema as unknown as { entries: object }).entries);

describe('the protocol page', () => {
  it('tells every request of the table and no other', () => {
    assert.deepEqual(headings('Requests').sort(), Object.keys(REQUESTS).sort());
  });

  it('tells every event of the table and no other', () => {
    assert.deepEqual(headings('Events').sort(), Object.keys(EVENTS).sort());
  });

  for (const [method, { data, reply }] of Object.entries(REQUESTS)) {
    it(`names each field of ${method}`, () => {
      const text = section(`### ${method}`, part('Requests'));
      assert.ok(text);
      for (const field of [...fields(data), ...fields(reply)]) {
        assert.match(text, new RegExp(`\\b${field}\\b`), `${method} does not tell of "${field}"`);
      }
    });
  }

  for (const [event, schema] of Object.entries(EVENTS)) {
    it(`names each field of the event ${event}`, () => {
      const text = section(`### ${event}`, part('Events'));
      assert.ok(text);
      for (const field of fields(schema).filter((name) => name !== 'room')) {
        assert.match(text, new RegExp(`\\b${field}\\b`), `${event} does not tell of "${field}"`);
      }
    });
  }

  it('lists every error code with its close code', () => {
    const errors = part('Errors');
    for (const [code, traits] of Object.entries(ERRORS)) {
      assert.match(errors, new RegExp(`\`${code}\``), `${code} is missing`);
      if (!('close' in traits)) continue;
      assert.match(errors, new RegExp(`\\| \`${code}\` +\\| ${traits.close} `), `${code} closes with ${traits.close}`);
    }
  });

  it('gives the version and the limits in force', () => {
    assert.match(page, new RegExp(`version ${PROTOCOL_VERSION}\\b`));
    assert.match(page, new RegExp(`${FRAME_MAX_BYTES / 1024} KiB`));
    assert.match(page, new RegExp(`1 to ${NAME_MAX_LENGTH} characters`));
    assert.match(page, new RegExp(`1 to ${MESSAGE_MAX_LENGTH} characters`));
    assert.match(page, new RegExp(`more than ${REQUESTS_PER_SECOND} requests`));
  });
});
