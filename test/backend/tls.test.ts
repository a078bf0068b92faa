import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { connect } from 'node:tls';
import { WebSocket } from 'ws';
import { startServer } from './backend.ts';
import { until } from './until.ts';

const folder = mkdtempSync(join(tmpdir(), 'wcs-tls-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const files = { tls_cert: join(folder, 'cert.pem'), tls_key: join(folder, 'key.pem') };

/** A certificate for localhost, made by itself, at the paths of the settings or others. */
function certify(name: string, { tls_cert, tls_key } = files): void {
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  const key = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];
  execFileSync('openssl', ['req', ...key, ...subject, '-keyout', tls_key, '-out', tls_cert], { stdio: 'ignore' });
}

/** The name in the certificate that a server shows. */
async function shownBy(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.CN);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

it('serves pages and signaling over TLS, and sends people there from plain HTTP', async (t) => {
  certify('first');
  const redirectPort = await freePort();
  const server = await startServer({ ...files, http_redirect_port: redirectPort });
  t.after(() => server.close());
  assert.match(server.url, /^https:/);
  const socket = new WebSocket(`wss://localhost:${server.port}/ws`, { rejectUnauthorized: false });
  await once(socket, 'open');
  socket.terminate();
  const page = get(`${server.url}/conference.html`, { rejectUnauthorized: false });
  const [{ headers }] = (await once(page, 'response')) as [IncomingMessage];
  page.destroy();
  assert.equal(headers['strict-transport-security'], 'max-age=31536000', 'and browsers remember that');
  for (const path of ['/conference.html?roomName=a', '//evil.example/x', '/\\evil.example']) {
    const answer = await fetch(`http://127.0.0.1:${redirectPort}${path}`, { redirect: 'manual' });
    assert.equal(answer.status, 308);
    const to = new URL(answer.headers.get('location') ?? '');
    assert.equal(to.origin, `https://127.0.0.1:${server.port}`);
  }
});

it('shows a renewed certificate without a restart, and keeps the one before when the new one is broken', async (t) => {
  certify('first');
  const server = await startServer(files);
  t.after(() => server.close());
  assert.equal(await shownBy(server.port), 'first');
  writeFileSync(files.tls_cert, 'half a certif');
  assert.equal(await shownBy(server.port), 'first');
  certify('second');
  await until('the new certificate is shown', async () => (await shownBy(server.port)) === 'second', 15_000);
});

it('does not start with a certificate and a key that do not belong together', async () => {
  certify('first');
  certify('other', { tls_cert: join(folder, 'other.pem'), tls_key: files.tls_key });
  await assert.rejects(startServer(files), /are not a certificate and its key/);
  await assert.rejects(startServer({ ...files, tls_key: join(folder, 'none.pem') }), /tls_key: .* cannot be read/);
});
