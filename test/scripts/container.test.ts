/** The image is made by hand only (npm run container-check); here, that its steps can be read, and that what they name is there. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../backend/config.ts';
import { readDockerfile } from '../../scripts/container/dockerfile.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string) => readFileSync(join(root, name), 'utf8');

describe('the Dockerfile', () => {
  const stages = readDockerfile(read('Dockerfile'));
  const copies = stages.flatMap(({ steps }) => steps.filter((step) => step.kind === 'copy'));

  it('copies what is there, and what .dockerignore lets in', () => {
    const allowed = read('.dockerignore').split('\n');
    const sources = copies.filter(({ from }) => from === undefined).flatMap((copy) => copy.sources);
    assert.ok(sources.length > 0);
    for (const source of sources) {
      assert.ok(existsSync(join(root, source)), `${source} is not there`);
      assert.ok(allowed.includes(`!${source.split('/')[0]}`), `.dockerignore keeps ${source} out`);
    }
  });

  it('takes things from stages that come before', () => {
    const before = new Set<string>();
    for (const { name, steps } of stages) {
      for (const step of steps)
        if (step.kind === 'copy' && step.from) assert.ok(before.has(step.from), `${name} wants ${step.from}`);
      before.add(name);
    }
  });

  it('runs the backend as a user without rights, with a health check', () => {
    const image = stages.at(-1);
    assert.ok(image?.user && image.user !== 'root');
    assert.deepEqual(image.command, ['wcs-backend']);
    assert.equal(image.healthcheck?.[0], 'node');
    assert.equal(image.stopSignal, 'SIGTERM');
  });

  it('is of the Node that is tested with', () => {
    const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };
    const major = devDependencies.node?.split('.')[0];
    assert.equal(stages[0]?.from, `node:${major}-bookworm-slim`);
  });
});

describe('reading a Dockerfile', () => {
  it('joins lines and leaves comments out', () => {
    const [stage] = readDockerfile(
      '# first\nFROM debian:bookworm-slim AS one\nRUN a \\\n  # why\n  && b\nENV A=1 B=/x\n',
    );
    assert.equal(stage?.name, 'one');
    assert.deepEqual(stage.steps, [
      { kind: 'run', command: 'a   && b' },
      { kind: 'env', values: { A: '1', B: '/x' } },
    ]);
  });

  it('refuses what it would do otherwise than Docker', () => {
    for (const line of [
      'ADD a b',
      'COPY *.json ./',
      'COPY --chown=1 a b',
      'ENV A="b"',
      'USER x\nRUN y',
      'CMD wcs-backend',
    ])
      assert.throws(() => readDockerfile(`FROM a\n${line}\n`), line);
  });
});

describe('compose.yaml', () => {
  /** The backend's variables, with what `.env` gives; others have the value after `:-`, or none. */
  const variables = (env: Record<string, string>) => {
    const lines = [...read('compose.yaml').matchAll(/^ {6}(WCS_\w+): (.*)$/gm)];
    const fill = (text: string) =>
      text.replaceAll(/\$\{(\w+)(?::(-)?([^}]*))?\}/g, (_, name: string, optional: string, other: string) => {
        assert.ok(env[name] !== undefined || optional, `${name} is not in compose.env.example`);
        return env[name] ?? other;
      });
    return Object.fromEntries(lines.map(([, name = '', value = '']) => [name, fill(value)]));
  };

  it('starts a backend that people outside reach, with what its example of an .env has filled in', () => {
    const example = Object.fromEntries(
      [...read('deploy/compose.env.example').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]),
    );
    for (const [name, value] of Object.entries(example))
      if (value === '' && name !== 'ALLOWED_ORIGINS') example[name] = 'made-by-openssl-rand-of-forty-characters';
    const env = { WCS_HOST: '0.0.0.0', ...variables(example) };
    const config = loadConfig({ argv: ['--config', '/dev/null'], env });
    assert.ok(config.token_secret && config.admin_token && config.turn_secret);
    assert.deepEqual([config.records_access, config.trust_proxy], ['token', ['uniquelocal']]);
    const ports = /'(\d+)-(\d+):\1-\2\/udp'/.exec(read('compose.yaml'));
    assert.deepEqual(
      [Number(ports?.[1]), Number(ports?.[2])],
      [config.rtc_port, config.rtc_port + config.workers - 1],
      'each worker has its port',
    );
  });
});
