import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import type { TestContext } from 'node:test';
import { isLocal } from '../../backend/http/access.ts';
import { addRoom, site, type SiteOptions } from './recordings-site.ts';

const TOKEN = 'a-token-of-enough-length';
const LIST = '/api/v1/recordings';

/** Asks in every way, and says what came back. */
async function opened(t: TestContext, options: SiteOptions) {
  const { ask, directory } = await site(t, options);
  const id = await addRoom(directory, 'kitchen');
  const file = `/client/records/${id}.mkv`;
  const status = async (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    (await ask(path, { headers, method })).status;
  return { ask, id, file, status };
}

const remote = { 'X-Forwarded-For': '192.0.2.7' };
const bearer = { Authorization: `Bearer ${TOKEN}` };

describe('by default', () => {
  it('this machine sees recordings, and may change them', async (t) => {
    const { status, file, id } = await opened(t, {});
    assert.equal(await status(LIST), 200);
    assert.equal(await status(file), 200);
    assert.equal(await status(`${LIST}/${id}`, {}, 'DELETE'), 204);
  });

  it('nobody else does, and hears why; the page itself is no secret', async (t) => {
    const { ask, status, file, id } = await opened(t, {});
    const { status: refused, headers, json } = await ask(LIST, { headers: remote });
    assert.equal(refused, 401);
    assert.equal(headers['www-authenticate'], undefined);
    assert.equal(json().error?.code, 'unauthorized');
    assert.match(json().error?.message ?? '', /admin_token/);
    assert.equal(await status(file, remote), 401);
    assert.equal(await status(`/client/records/none.mkv`, remote), 401, 'not even whether a file is there');
    assert.equal(await status(`${LIST}/${id}`, remote, 'DELETE'), 401);
    assert.equal(await status('/api/v1/rooms/kitchen/recording', remote, 'POST'), 401);
    assert.equal(await status('/client/records/', remote), 200);
    for (const token of ['', 'undefined', 'null'])
      assert.equal(await status(LIST, { ...remote, Authorization: `Bearer ${token}` }), 401);
  });

  it('a page of another site whose name leads here sees nothing', async (t) => {
    const { status } = await opened(t, {});
    for (const host of ['evil.example:8080', 'localhost.evil.example', '127.0.0.1.evil.example', '192.0.2.1'])
      assert.equal(await status(LIST, { Host: host }), 401, host);
    for (const host of ['localhost:8080', '[::1]:8080', '127.0.0.2'])
      assert.equal(await status(LIST, { Host: host }), 200);
  });

  it('a page of another site can have nothing changed', async (t) => {
    const { status, id } = await opened(t, {});
    const foreign: Record<string, string>[] = [
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
    ];
    for (const headers of foreign) {
      assert.equal(await status(`${LIST}/${id}`, headers, 'DELETE'), 403);
      assert.equal(await status(`${LIST}/${id}/mix`, headers, 'POST'), 403);
    }
    assert.equal(await status(`${LIST}/${id}`, { 'Sec-Fetch-Site': 'same-origin' }, 'DELETE'), 204);
  });
});

describe('who is on this machine', () => {
  const local = { headers: { host: 'localhost:8080' }, httpVersion: '1.1', socket: { remoteAddress: '127.0.0.1' } };
  const asked = (changes: object) => isLocal({ ...local, ...changes } as Parameters<typeof isLocal>[0]);
  const from = (remoteAddress: string | undefined) => asked({ socket: { remoteAddress } });

  it('is known by the address', () => {
    for (const address of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])
      assert.equal(from(address), true, address);
    for (const address of ['192.0.2.7', '::ffff:192.0.2.7', '2001:db8::1', '10.0.0.1', '1270.0.0.1', '', undefined])
      assert.equal(from(address), false, address);
  });

  it('is not who comes through a proxy here', () => {
    for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-proto', 'x-forwarded-host'])
      assert.equal(asked({ headers: { ...local.headers, [name]: '127.0.0.1' } }), false, name);
    assert.equal(asked({ httpVersion: '1.0' }), false);
    assert.equal(asked({ headers: { host: 'rooms.example.com' } }), false);
    assert.equal(asked({ headers: {} }), false);
  });
});

describe('with a token', () => {
  it('who has it sees recordings from everywhere', async (t) => {
    const { ask, status, file } = await opened(t, { adminToken: TOKEN });
    assert.equal(await status(LIST, { ...remote, ...bearer }), 200);
    assert.equal(await status(file, { ...remote, ...bearer }), 200);
    const wrong = [`Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, `Basic ${TOKEN}`, TOKEN, 'Bearer'];
    for (const text of wrong) assert.equal(await status(LIST, { ...remote, Authorization: text }), 401, text);
    const { headers } = await ask(LIST, { headers: remote });
    assert.match(headers['www-authenticate'] ?? '', /^Bearer/);
    assert.equal(await status(LIST), 200, 'this machine needs none');
  });

  it('this machine needs it too when told so', async (t) => {
    const { status } = await opened(t, { access: 'token', adminToken: TOKEN });
    assert.equal(await status(LIST), 401);
    assert.equal(await status(LIST, bearer), 200);
  });

  it('a page signs in once: a cookie that scripts and other sites do not have', async (t) => {
    const { ask, status, file, id } = await opened(t, { access: 'token', adminToken: TOKEN });
    const wrong = await ask('/api/v1/login', { method: 'POST', body: { token: 'wrong' } });
    assert.deepEqual([wrong.status, wrong.headers['set-cookie']], [401, undefined]);
    assert.equal((await ask('/api/v1/login', { method: 'POST', body: {} })).status, 400);
    const elsewhere = { 'Sec-Fetch-Site': 'cross-site' };
    const body = { token: TOKEN };
    assert.equal((await ask('/api/v1/login', { method: 'POST', body, headers: elsewhere })).status, 403);
    const { status: answer, headers } = await ask('/api/v1/login', { method: 'POST', body });
    assert.equal(answer, 204);
    const [cookie = ''] = headers['set-cookie'] ?? [];
    assert.match(cookie, /; Path=\/;.*HttpOnly; SameSite=Strict/);
    assert.doesNotMatch(cookie, new RegExp(`${TOKEN}|Secure`));
    const [pair = ''] = cookie.split(';');
    assert.equal(await status(file, { Cookie: `other=1; ${pair}` }), 200);
    assert.equal(await status(`${LIST}/${id}`, { Cookie: pair, ...elsewhere }, 'DELETE'), 403);
    assert.equal(await status(`${LIST}/${id}`, { Cookie: pair }, 'DELETE'), 204);
    const [name, value = ''] = pair.split('=');
    const [expires, signature] = value.split('.');
    for (const forged of [`${Number(expires) + 1}.${signature}`, `1.${signature}`, `${expires}.${'0'.repeat(64)}`, ''])
      assert.equal(await status(LIST, { Cookie: `${name}=${forged}` }), 401, forged);
    const out = await ask('/api/v1/login', { method: 'DELETE' });
    assert.match(out.headers['set-cookie']?.[0] ?? '', /^wcs_admin=;/);
  });

  it('the cookie travels by HTTPS only where the page did', async (t) => {
    const { ask } = await site(t, { adminToken: TOKEN });
    const headers = { 'X-Forwarded-Proto': 'https' };
    const { headers: answer } = await ask('/api/v1/login', { method: 'POST', body: { token: TOKEN }, headers });
    assert.match(answer['set-cookie']?.[0] ?? '', /; Secure/);
  });

  it('a cookie made without any token opens nothing', async (t) => {
    const { status } = await opened(t, {});
    const signature = '0'.repeat(64);
    assert.equal(await status(LIST, { ...remote, Cookie: `wcs_admin=99999999999.${signature}` }), 401);
    assert.equal(await status(LIST, { ...remote, Cookie: 'wcs_admin=99999999999.' }), 401);
  });
});

test('everyone may look where that is wanted, and still only look', async (t) => {
  const { status, file, id } = await opened(t, { access: 'everyone' });
  assert.equal(await status(LIST, remote), 200);
  assert.equal(await status(file, remote), 200);
  assert.equal(await status(`${LIST}/${id}`, remote, 'DELETE'), 401);
  assert.equal(await status(`${LIST}/${id}`, {}, 'DELETE'), 204);
});
