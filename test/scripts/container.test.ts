/** The image is made by hand only (npm run container-check); here, that its steps can be read, and that what they name is there. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
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
