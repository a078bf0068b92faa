/** `wcs-backend token`, as an administrator calls it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { TokenVerifier } from '../../backend/auth/token.ts';

const COMMAND = join(import.meta.dirname, '../../backend/main.ts');
const SECRET = 'a-secret-of-the-site-that-is-long-enough';

const mint = (args: string[], secret = SECRET) =>
  execa(process.execPath, [COMMAND, 'token', '--config', '/dev/null', ...args], {
    env: { WCS_TOKEN_SECRET: secret },
    reject: false,
  });

describe('wcs-backend token', () => {
  it('prints a token that says what was asked for', async () => {
    const who = ['--login', 'alice', '--name', 'Alice Liddell', '--subject', '17'];
    const { stdout, exitCode } = await mint([
      ...['--room', 'lesson', '--room', 'team-*', ...who],
      ...['--expires', '30s', '--grants', 'join, chat'],
    ]);
    assert.equal(exitCode, 0);
    const tokens = new TokenVerifier({ secret: SECRET, jwksUrl: '', issuer: '', audience: '' });
    assert.deepEqual(await tokens.verify(stdout), {
      ...{ room: ['lesson', 'team-*'], login: 'alice', name: 'Alice Liddell', sub: '17' },
      grants: ['join', 'chat'],
    });
    const { exp, iat } = JSON.parse(Buffer.from(stdout.split('.')[1]!, 'base64url').toString()) as Record<
      string,
      number
    >;
    assert.equal(exp! - iat!, 30);
  });

  it('says what is wrong, and prints no token', async () => {
    for (const [args, words] of [
      [['--room', 'lesson', '--grants', 'fly'], /--grants/],
      [['--room', 'lesson', '--expires', 'soon'], /--expires/],
      [['--login', 'alice'], /--room/],
    ] as const) {
      const { stdout, stderr, exitCode } = await mint([...args]);
      assert.deepEqual([exitCode, stdout], [2, '']);
      assert.match(stderr, words);
    }
    const { stderr, exitCode } = await mint(['--room', 'lesson'], '');
    assert.equal(exitCode, 2);
    assert.match(stderr, /no token_secret/);
  });
});
