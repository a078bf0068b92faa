/** Who gets in with which token, and what they may do there: all by raw requests. */
import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test, type TestContext } from 'node:test';
import { Writable } from 'node:stream';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { isRoomOf, mintToken, type Minting } from '../../backend/auth/token.ts';
import { createLog } from '../../backend/log.ts';
import type { Server } from '../../backend/server.ts';
import type { Grant } from '../../protocol/model.ts';
import { People, refused, startServer } from './backend.ts';
import type { Client } from './client.ts';

const SECRET = 'a-secret-of-the-site-that-is-long-enough';

const mint = (more: Partial<Minting> = {}) => mintToken(SECRET, { room: 'lesson', lifetime: 60, ...more });

test('a room pattern is compared whole, and * stands for any characters', () => {
  for (const [pattern, room] of [
    ['lesson', 'lesson'],
    ['*', 'anything at all'],
    ['team-*', 'team-'],
    ['team-*-daily', 'team-red-daily'],
    ['*-a-*-b', 'x-a-b-a-b-b'],
    ['a.c', 'a.c'],
  ] as const)
    assert.ok(isRoomOf(pattern, room), `${pattern} ${room}`);
  for (const [pattern, room] of [
    ['lesson', 'lesson 2'],
    ['team-*', 'my team-a'],
    ['aba*aba', 'aba'],
    ['a*b*b', 'ab'],
    ['a.c', 'abc'],
  ] as const)
    assert.ok(!isRoomOf(pattern, room), `${pattern} ${room}`);
});

describe('with token_secret', () => {
  let server: Server;

  before(async () => (server = await startServer({ token_secret: SECRET })));
  after(() => server.close());

  /** People of one test, who come in with tokens. */
  const guests = (t: TestContext) => {
    const people = new People(t, server);
    return {
      connect: (login: string, token?: string) => people.connect(login, undefined, token),
      async enter(login: string, token: string, room = 'lesson'): Promise<Client> {
        const client = await people.connect(login, undefined, token);
        await client.join(room);
        return client;
      },
    };
  };

  test('nobody gets in without a token, or with one that cannot be trusted; words say why', async (t) => {
    const { connect } = guests(t);
    const stranger = (token?: string) => refused(connect('Alice', token), 'unauthorized');
    assert.match(await stranger(), /asks for a token/);
    assert.match(await stranger('nonsense'), /not one that this server trusts/);
    const foreign = await mintToken('another-secret-that-is-long-enough-too', { room: 'lesson', lifetime: 60 });
    assert.match(await stranger(foreign), /not one that this server trusts/);
    const unsigned = new UnsecuredJWT({ room: 'lesson' }).setExpirationTime('1h').encode();
    assert.match(await stranger(unsigned), /not one that this server trusts/);
    const { privateKey } = await generateKeyPair('RS256');
    const otherKind = new SignJWT({ room: 'lesson' }).setProtectedHeader({ alg: 'RS256' }).setExpirationTime('1h');
    assert.match(await stranger(await otherKind.sign(privateKey)), /not one that this server trusts/);
    assert.match(await stranger(await mint({ lifetime: -60 })), /expired/);
    const early = new SignJWT({ room: 'lesson' }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('2h');
    assert.match(await stranger(await early.setNotBefore('1h').sign(new TextEncoder().encode(SECRET))), /claim nbf/);
    const endless = await new SignJWT({ room: 'lesson' })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(SECRET));
    assert.match(await stranger(endless), /exp is missing/);
    assert.match(await stranger(await mint({ room: [] })), /claim room/);
    assert.match(await stranger(await mint({ grants: ['fly' as Grant] })), /claim grants/);
  });

  test('a token for a login is for that login only', async (t) => {
    const { connect, enter } = guests(t);
    const token = await mint({ login: 'Alice' });
    await refused(connect('Bob', token), 'forbidden');
    await enter('Alice', token);
  });

  test('another tab of the same person takes over, and the first one is told; a namesake is refused', async (t) => {
    const { connect, enter } = guests(t);
    const first = await enter('Alice', await mint({ sub: 'user-1' }));
    const stranger = await connect('Alice', await mint({ sub: 'user-2' }));
    await refused(stranger.join('lesson'), 'login_taken');
    const nobody = await connect('Alice', await mint());
    await refused(nobody.join('lesson'), 'login_taken');
    const second = await enter('Alice', await mint({ sub: 'user-1' }));
    assert.deepEqual(await first.hears('ended'), { room: 'lesson', reason: 'replaced' });
    await refused(first.request('message', { room: 'lesson', text: 'x' }), 'not_joined');
    await second.request('message', { room: 'lesson', text: 'here' });
  });

  test('a token opens the rooms that it names', async (t) => {
    const { enter } = guests(t);
    const token = await mint({ room: ['lesson', 'team-*'] });
    await enter('Alice', token);
    await enter('Alice', token, 'team-red');
    const message = await refused(enter('Alice', token, 'lesson 2'), 'forbidden');
    assert.match(message, /another room/);
  });

  test('everybody does what their token grants, and nothing else', async (t) => {
    const { enter } = guests(t);
    const moderator = await enter('Ann', await mint({ grants: ['join', 'chat', 'record', 'moderate'] }));
    const viewer = await enter('Vic', await mint({ grants: ['join'] }));
    await refused(enter('Nobody', await mint({ grants: ['publish'] })), 'forbidden');
    await refused(viewer.publish('lesson'), 'forbidden');
    await refused(viewer.publish('lesson', 'abcd', { kind: 'screen' }), 'forbidden');
    await refused(viewer.request('message', { room: 'lesson', text: 'Hello' }), 'forbidden');
    await refused(viewer.request('message', { room: 'lesson', to: 'Ann', text: 'Hello' }), 'forbidden');
    await refused(moderator.publish('lesson'), 'forbidden');
    await moderator.request('message', { room: 'lesson', text: 'Hello' });
    const sharer = await enter('Sam', await mint({ grants: ['join', 'screen'] }));
    await sharer.publish('lesson', 'abcd', { kind: 'screen' });
    await refused(sharer.publish('lesson', 'abce'), 'forbidden');
    const speaker = await enter('Pat', await mint());
    await refused(speaker.publish('lesson', 'abcd', { record: true }), 'forbidden');
    await speaker.publish('lesson');
  });

  test('recording and moderation are for those whose token grants them', async (t) => {
    const { enter } = guests(t);
    const usual = await enter('Bob', await mint());
    await enter('Eve', await mint());
    const room = 'lesson';
    await refused(usual.request('silence', { room, login: 'Eve', audio: true, video: false }), 'forbidden');
    await refused(usual.request('remove', { room, login: 'Eve' }), 'forbidden');
    await refused(usual.request('guard', { room, locked: true }), 'forbidden');
    await refused(usual.request('admit', { room, on: true }), 'forbidden');
    await refused(usual.request('end', { room }), 'forbidden');
    const moderator = await enter('Ann', await mint({ grants: ['join', 'moderate'] }));
    await moderator.request('silence', { room, login: 'Eve', audio: true, video: false });
    await moderator.request('remove', { room, login: 'Eve' });
    await moderator.request('end', { room });
    assert.equal((await usual.hears('ended')).reason, 'closed');
  });

  test('the grants stand in the answer; whoever makes the room has no more than the token says', async (t) => {
    const alice = await guests(t).connect('Alice', await mint());
    const { created, grants } = await alice.join('lesson');
    assert.equal(created, true);
    assert.deepEqual(grants, ['join', 'publish', 'screen', 'chat']);
  });

  test('others see the display name', async (t) => {
    const { enter } = guests(t);
    const bob = await enter('Bob', await mint());
    await enter('u-17', await mint({ name: 'Alice Liddell' }));
    const { participant } = await bob.hears('joined');
    assert.deepEqual(participant, { login: 'u-17', displayName: 'Alice Liddell', connected: true, streams: [] });
  });

  test('a session is resumed without a token: it may have expired in the middle of a call', async (t) => {
    const people = new People(t, server);
    const alice = await people.connect('Alice', undefined, await mint());
    await alice.join('lesson');
    alice.cut();
    const again = await people.connect('Alice', alice.session);
    assert.equal(again.session.session, alice.session.session);
    assert.equal(again.session.rooms?.length, 1);
  });
});

test('a token, a resume key and what people write never reach the log, whatever happens', async (t) => {
  const lines: string[] = [];
  const destination = new Writable({ write: (line, _, done) => (lines.push(String(line)), done()) });
  const log = createLog({ level: 'debug', destination });
  const server = await startServer({ token_secret: SECRET, room_idle_timeout: 50 }, log);
  const token = await mint();
  const expired = await mint({ lifetime: -60 });
  let key = '';
  await t.test('in a call', async (call) => {
    const people = new People(call, server);
    await refused(people.connect('Mallory', undefined, expired), 'unauthorized');
    const alice = await people.connect('Alice', undefined, token);
    ({ key } = alice.session);
    await alice.join('lesson');
    await alice.publish('lesson');
    await alice.request('message', { room: 'lesson', text: 'between-us-only' });
    alice.cut();
    const again = await people.connect('Alice', alice.session);
    await refused(again.raw('connect', { version: 1, login: 'Alice', token }), 'already_connected');
    await refused(again.raw('connect', { version: 'one', login: 'Alice', token }), 'invalid');
    again.send(`{"id": 7, "method": "connect", "data": {"token": "${token}"`);
    await again.closed;
  });
  await server.close();
  const text = lines.join('');
  assert.match(text, /participant joined/);
  assert.match(text, /"method":"connect"/);
  for (const secret of [token, expired, token.split('.')[2]!, key, SECRET, 'between-us-only'])
    assert.ok(!text.includes(secret), 'a secret is in the log');
});

describe('with token_jwks_url', () => {
  test('tokens are signed by a private key, for this audience, and checked by the public one', async (t) => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }] });
    const site = createHttpServer((_request, response) => response.end(jwks)).listen(0, '127.0.0.1');
    await once(site, 'listening');
    const { port } = site.address() as AddressInfo;
    const server = await startServer({ token_jwks_url: `http://127.0.0.1:${port}/jwks`, token_audience: 'rooms' });
    t.after(async () => {
      await server.close();
      site.close();
    });
    const sign = (audience: string) =>
      new SignJWT({ room: '*' })
        .setProtectedHeader({ alg: 'ES256', kid: 'one' })
        .setAudience(audience)
        .setExpirationTime('1m')
        .sign(privateKey);
    await t.test('in a call', async (call) => {
      const people = new People(call, server);
      await (await people.connect('Alice', undefined, await sign('rooms'))).join('lesson');
      await refused(people.connect('Bob', undefined, await sign('shop')), 'unauthorized');
      // Signed with what everybody can read.
      const forged = await mintToken(jwks.slice(0, 64), { room: '*', lifetime: 60 });
      await refused(people.connect('Bob', undefined, forged), 'unauthorized');
    });
  });

  test('new keys are found when somebody comes with one, and the old ones are gone with that', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
    const make = async (kid: string) => {
      const { publicKey, privateKey } = await generateKeyPair('ES256');
      const token = () =>
        new SignJWT({ room: '*' }).setProtectedHeader({ alg: 'ES256', kid }).setExpirationTime('1m').sign(privateKey);
      return { token, jwk: { ...(await exportJWK(publicKey)), kid } };
    };
    const [old, fresh] = [await make('old'), await make('fresh')];
    let keys = [old.jwk];
    const site = createHttpServer((_request, response) => response.end(JSON.stringify({ keys }))).listen(
      0,
      '127.0.0.1',
    );
    await once(site, 'listening');
    const server = await startServer({ token_jwks_url: `http://127.0.0.1:${(site.address() as AddressInfo).port}` });
    t.after(async () => {
      await server.close();
      site.close();
    });
    await t.test('in a call', async (call) => {
      const people = new People(call, server);
      const connect = async (login: string, key: typeof old) => people.connect(login, undefined, await key.token());
      await connect('Alice', old);
      keys = [fresh.jwk];
      t.mock.timers.tick(5_000);
      await connect('Bob', fresh);
      await refused(connect('Mallory', old), 'unauthorized');
    });
  });

  test('when the keys cannot be had nobody gets in, and it is worth trying again', async (t) => {
    const server = await startServer({ token_jwks_url: 'http://127.0.0.1:9/jwks' });
    t.after(() => server.close());
    const { privateKey } = await generateKeyPair('ES256');
    const token = await new SignJWT({ room: '*' })
      .setProtectedHeader({ alg: 'ES256' })
      .setExpirationTime('1m')
      .sign(privateKey);
    await t.test('in a call', async (call) => {
      await refused(new People(call, server).connect('Alice', undefined, token), 'auth_unavailable');
    });
  });
});
