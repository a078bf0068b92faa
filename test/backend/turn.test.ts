import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { it } from 'node:test';
import { ConfigError, loadConfig } from '../../backend/config.ts';
import { iceServers } from '../../backend/media/turn.ts';
import { People, startServer } from './backend.ts';

const SECRET = 'a secret of the TURN server';
const URLS = ['turn:turn.example.com:3478?transport=udp', 'turns:turn.example.com:443?transport=tcp'];

const sign = (username: string) => createHmac('sha1', SECRET).update(username).digest('base64');

it('makes credentials that name the second of their end, signed with the shared secret', () => {
  const now = Date.UTC(2026, 10, 24);
  const [server] = iceServers({ urls: URLS, secret: SECRET, lifetime: 3_600_000 }, 'somebody', now);
  assert.deepEqual(server?.urls, URLS);
  assert.equal(server.username, `${now / 1000 + 3600}:somebody`);
  assert.equal(server.credential, sign(server.username));
});

it('gives them to everybody who joins, and fresh ones to whoever looks for a new path', async (t) => {
  const server = await startServer({ turn_urls: URLS, turn_secret: SECRET, turn_lifetime: 60_000 });
  t.after(() => server.close());
  const alice = await new People(t, server).connect('Алиса');
  const { transports } = await alice.join('turn');
  const given = transports.iceServers?.[0];
  assert.match(given?.username ?? '', /^\d+:[\da-f-]{36}$/);
  assert.equal(given?.credential, sign(given?.username ?? ''));
  const restarted = await alice.request('restartIce', { room: 'turn', transport: transports.send.id });
  assert.deepEqual(restarted.iceServers?.[0]?.urls, URLS);
});

it('says nothing of TURN where there is none', async (t) => {
  const server = await startServer();
  t.after(() => server.close());
  const alice = await new People(t, server).connect('Alice');
  const { transports } = await alice.join('none');
  assert.equal(transports.iceServers, undefined);
});

it('wants TURN addresses that are ones, and their secret', () => {
  const load = (...argv: string[]) => loadConfig({ argv, env: {} });
  const wrong = (argv: string[], message: RegExp) =>
    assert.throws(
      () => load(...argv),
      (error) => error instanceof ConfigError && message.test(error.message),
    );
  wrong(['--turn_urls=turn:example.com'], /turn_urls: needs turn_secret/);
  for (const url of ['https://example.com', 'turn:', 'turn:a b', 'turn:host?transport=sctp', 'turn://host'])
    wrong([`--turn_urls=${url}`, `--turn_secret=${SECRET.replaceAll(' ', '-')}`], /must be TURN servers/);
  const { turn_urls } = load('--turn_urls=turn:[2001:db8::1]:3478, turns:host', '--turn_secret=0123456789abcdef');
  assert.deepEqual(turn_urls, ['turn:[2001:db8::1]:3478', 'turns:host']);
});
