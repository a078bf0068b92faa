import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { loadConfig } from '../../../backend/config.ts';
import { checkAccess, checkTls } from '../../../backend/doctor/machine.ts';
import { checkPorts, checkTurn } from '../../../backend/doctor/network.ts';
import { parseTurnUrl } from '../../../backend/doctor/turn-client.ts';
import { outsideAddress, startTurn, withoutTurn } from '../../e2e/network.ts';
import { startServer } from '../backend.ts';

const SECRET = 'secret-of-the-turn-server';

const settings = (values: Record<string, string | number>) =>
  loadConfig({ argv: Object.entries(values).map(([key, value]) => `--${key}=${value}`), env: {} });

it(
  'asks TURN servers for a relay, and tells a wrong secret from one that is not there',
  { skip: withoutTurn },
  async (t) => {
    const turn = await startTurn(outsideAddress() ?? '127.0.0.1', SECRET);
    t.after(() => turn.close());
    const urls = `turn:${turn.host}?transport=udp,turn:${turn.host}?transport=tcp`;
    for (const { level, text } of await checkTurn(settings({ turn_urls: urls, turn_secret: SECRET }))) {
      assert.equal(level, 'good', text);
      assert.match(text, /gives a relay on \d/);
    }
    const [refused] = await checkTurn(settings({ turn_urls: `turn:${turn.host}`, turn_secret: `${SECRET}-other` }));
    assert.equal(refused?.level, 'bad');
    assert.match(refused.text, /refuses the credentials: turn_secret is not its static-auth-secret/);
    const [absent] = await checkTurn(settings({ turn_urls: 'turn:127.0.0.1:9?transport=tcp', turn_secret: SECRET }));
    assert.match(absent?.text ?? '', /cannot be used: .*ECONNREFUSED/);
  },
);

it('reads TURN addresses with the defaults of RFC 7065', () => {
  assert.deepEqual(parseTurnUrl('turn:a.example'), { host: 'a.example', port: 3478, transport: 'udp' });
  assert.deepEqual(parseTurnUrl('turns:a.example'), { host: 'a.example', port: 5349, transport: 'tls' });
  assert.deepEqual(parseTurnUrl('turn:[::1]:99?transport=tcp'), { host: '::1', port: 99, transport: 'tcp' });
});

it('names the ports that another program has, and knows a backend that runs already', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const media = createSocket('udp4').bind(0, '127.0.0.1');
  await once(media, 'listening');
  t.after(() => {
    taken.close();
    media.close();
  });
  const found = await checkPorts(settings({ host: '127.0.0.1', port, rtc_port: media.address().port, workers: 1 }));
  const bad = found.filter(({ level }) => level === 'bad').map(({ text }) => text);
  assert.match(bad[0] ?? '', new RegExp(`^Port ${port} on 127.0.0.1 cannot be had \\(EADDRINUSE\\)`));
  assert.ok(bad.some((text) => text.startsWith(`Port ${media.address().port} (UDP) on 127.0.0.1`)));

  const server = await startServer();
  t.after(() => server.close());
  const [running] = await checkPorts(settings({ host: '127.0.0.1', port: server.port }));
  assert.equal(running?.level, 'good');
  assert.match(running.text, /A backend runs on port/);
});

it('warns of missing TLS and of secrets that can be guessed, without saying them', () => {
  assert.equal(checkTls(settings({ host: '0.0.0.0', open: 'true' }))[0]?.level, 'warning');
  assert.equal(checkTls(settings({ host: '127.0.0.1' }))[0]?.level, 'good');
  assert.equal(checkTls(settings({ tls_cert: '/none', tls_key: '/none' }))[0]?.level, 'bad');
  const found = checkAccess(settings({ admin_token: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }));
  assert.ok(found.some(({ text }) => text === 'admin_token can be guessed.'));
});

it('is a command whose exit code says whether something must be put right', async (t) => {
  const free = { host: '127.0.0.1', port: 0, rtc_port: 0, workers: 1 };
  const well = await run(t, { ...free, record_streams: 'false' });
  assert.equal(well.code, 0);
  const findings = JSON.parse(well.text) as { topic: string; level: string }[];
  assert.deepEqual(new Set(findings.map(({ topic }) => topic)).size, 7);
  assert.ok(findings.some(({ topic, level }) => topic === 'worker' && level === 'good'));
  const unwell = await run(t, { ...free, records_dir: '/dev/null/records' });
  assert.equal(unwell.code, 1);
  assert.match(unwell.text, /\/dev\/null\/records cannot be written/);
});

function run(t: TestContext, values: Record<string, string | number>): Promise<{ code: number; text: string }> {
  const cwd = mkdtempSync(join(tmpdir(), 'wcs-doctor-'));
  t.after(() => rmSync(cwd, { recursive: true, force: true }));
  const main = join(import.meta.dirname, '../../../backend/main.ts');
  const flags = Object.entries(values).map(([key, value]) => `--${key}=${value}`);
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, 'doctor', '--json', ...flags], { cwd }, (_error, text) =>
      resolve({ code: child.exitCode ?? -1, text }),
    );
  });
}
