import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { parseEnv } from 'node:util';
import { exampleFile, helpText } from '../../backend/config-help.ts';
import { ConfigError, loadConfig } from '../../backend/config.ts';
import { serviceVariables } from '../../backend/config-sources.ts';

const root = join(import.meta.dirname, '../..');

function problems(argv: string[], env: NodeJS.ProcessEnv = {}): string {
  try {
    loadConfig({ argv, env });
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.message;
  }
  assert.fail('The settings are accepted.');
}

function fileWith(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'wcs-config-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'other.properties');
  writeFileSync(file, text);
  return file;
}

test('without any setting the defaults hold', () => {
  assert.deepEqual(loadConfig({ argv: [], env: {} }), {
    port: 8080,
    host: '127.0.0.1',
    open: false,
    tls_cert: '',
    tls_key: '',
    http_redirect_port: 0,
    announced_address: [],
    token_secret: '',
    token_jwks_url: '',
    token_issuer: '',
    token_audience: '',
    connect_hook_url: '',
    connect_hook_timeout: 3000,
    webhook_url: '',
    webhook_secret: '',
    rtc_port: 40_000,
    turn_urls: [],
    turn_secret: '',
    turn_lifetime: 86_400_000,
    workers: 0,
    room_idle_timeout: 60_000,
    session_resume_timeout: 15_000,
    drain_timeout: 0,
    room_worker_participants: 24,
    room_voices: 12,
    room_max_participants: 0,
    chat_history: 50,
    record_streams: true,
    records_dir: './records',
    stream_record_policy_template: 'stream-{mediaSessionId}-{login}',
    enable_empty_shift_writer: false,
    record_rotation: '',
    on_record_hook_script: '',
    on_multiple_record_hook_script: '',
    record_hook_timeout: 3_600_000,
    offline_mixer: '',
    mixer_concurrency: 0,
    record_min_free_bytes: 268_435_456,
    records_access: 'loopback',
    admin_token: '',
    records_max_age: 0,
    records_max_bytes: 0,
    callback_secret: '',
    allowed_origins: [],
    allow_no_origin: false,
    trust_proxy: [],
    http_timeout: 20_000,
    limit_connections: 20_000,
    limit_connections_per_address: 1000,
    limit_connects_per_address: 3000,
    limit_http_requests_per_address: 6000,
    limit_requests_per_address: 120_000,
    limit_requests_per_session: 2400,
    limit_joins_per_address: 3000,
    limit_joins_per_session: 60,
    limit_messages_per_address: 12_000,
    limit_messages_per_session: 120,
    limit_new_rooms_per_address: 600,
    limit_rooms_per_session: 8,
    limit_streams_per_participant: 8,
    max_incoming_bitrate: 10_000_000,
    metrics_port: undefined,
    metrics_host: '127.0.0.1',
    log_level: 'info',
  });
});

test('a flag goes over the environment, the environment over the file', (t) => {
  const file = fileWith(t, '# a comment\nport=1\nworkers=1\nroom_idle_timeout = 1000\n');
  const config = loadConfig({ argv: ['--config', file, '--port', '3'], env: { WCS_PORT: '2', WCS_WORKERS: '2' } });
  assert.equal(config.port, 3);
  assert.equal(config.workers, 2);
  assert.equal(config.room_idle_timeout, 1_000);
  assert.equal(loadConfig({ argv: [], env: { WCS_CONFIG: file } }).room_idle_timeout, 1_000);
});

test('what Kubernetes tells of a service called wcs is no setting, and anything else unknown still is none', () => {
  const service = {
    WCS_SERVICE_HOST: '10.0.0.7',
    WCS_SERVICE_PORT: '8080',
    WCS_SERVICE_PORT_HTTP: '8080',
    WCS_PORT: 'tcp://10.0.0.7:8080',
    WCS_PORT_8080_TCP: 'tcp://10.0.0.7:8080',
    WCS_PORT_8080_TCP_PROTO: 'tcp',
    WCS_TURN_PORT: 'udp://10.0.0.8:3478',
    WCS_TURN_PORT_3478_UDP_ADDR: '10.0.0.8',
  };
  assert.equal(loadConfig({ argv: [], env: service }).port, 8080);
  assert.deepEqual(serviceVariables({ ...service, WCS_RTC_PORT: '1', PORT: 'tcp://a' }), Object.keys(service));
  assert.throws(() => loadConfig({ argv: [], env: { WCS_SERVICE: '1' } }), /WCS_SERVICE: there is no such setting/);
});

test('flags are written with a space or an equals sign, with underscores or hyphens', () => {
  const argv = ['--room-idle-timeout=5', '--announced_address', 'media.example.com'];
  const config = loadConfig({ argv, env: { OTHER: 'ignored' } });
  assert.equal(config.room_idle_timeout, 5);
  assert.deepEqual(config.announced_address, ['media.example.com']);
});

test('origins are a list', () => {
  const argv = ['--allowed_origins', 'https://example.com, http://localhost:3000,'];
  assert.deepEqual(loadConfig({ argv, env: {} }).allowed_origins, ['https://example.com', 'http://localhost:3000']);
});

test('every wrong setting is named, with where it stands and what it may be', (t) => {
  const file = fileWith(t, 'room_idle_timout=1000\nworkers=many\n');
  const message = problems(['--config', file, '--port', '99999', '--log_level=loud', 'stray'], {
    WCS_HOST: 'http://example.com',
    WCS_ALLOWED_ORIGINS: 'example.com',
    WCS_RTC_PORT: '-1',
  });
  for (const expected of [
    /room_idle_timout: there is no such setting; did you mean room_idle_timeout\?/,
    /other\.properties: workers: must be a whole number from 0 to 256, not "many"/,
    /--port: must be a whole number from 0 to 65535, not "99999"/,
    /--log_level: must be fatal, error/,
    /stray: is not a flag/,
    /WCS_HOST: must be an IP address or a host name/,
    /WCS_ALLOWED_ORIGINS: must be origins such as https:\/\/example\.com/,
    /WCS_RTC_PORT: must be a whole number/,
  ])
    assert.match(message, expected);
});

test('a name that is like none is refused without a suggestion', () => {
  assert.match(problems(['--colour_of_the_sky', 'blue']), /--colour_of_the_sky: there is no such setting$/m);
  assert.match(problems(['--port']), /--port: has no value/);
  assert.match(problems([], { WCS_PORTS: '1' }), /WCS_PORTS: .*did you mean port\?/);
});

test('a file that was named has to be there', () => {
  assert.match(problems(['--config', '/nowhere/wcs.properties']), /\/nowhere\/wcs\.properties: cannot be read/);
});

test('the help and the example file tell every setting', () => {
  const keys = Object.keys(loadConfig({ argv: [], env: {} }));
  for (const key of keys) {
    assert.match(helpText(), new RegExp(`^  --${key} +\\w`, 'm'));
    assert.match(exampleFile(), new RegExp(`^# .+\n#${key}=`, 'm'));
  }
});

test('wcs.properties.example is the example file, and changes nothing when its comments are removed', (t) => {
  const example = readFileSync(join(root, 'wcs.properties.example'), 'utf8');
  assert.equal(example, exampleFile(), 'write it anew: node backend/main.ts --example > wcs.properties.example');
  const uncommented = example.replaceAll(/^#(?=\w)/gm, '');
  assert.deepEqual(Object.keys(parseEnv(uncommented)).sort(), Object.keys(loadConfig({ argv: [], env: {} })).sort());
  const argv = ['--config', fileWith(t, uncommented)];
  assert.deepEqual(loadConfig({ argv, env: {} }), loadConfig({ argv: [], env: {} }));
});

test('secrets are long enough, and a wrong one is not printed', () => {
  const message = problems(['--admin_token', 'short', '--callback_secret', 'with spaces and long'], {});
  assert.match(message, /--admin_token: must have 16 to 256 characters/);
  assert.match(message, /--callback_secret: must have/);
  assert.doesNotMatch(message, /short|with spaces/);
});

test('recordings behind a token need one', () => {
  assert.match(problems(['--records_access', 'token']), /records_access: token needs admin_token/);
  const argv = ['--records_access', 'token', '--admin_token', 'a-token-of-enough-length'];
  assert.equal(loadConfig({ argv, env: {} }).records_access, 'token');
});

test('what is sent to the site is signed, and a backend that asks it who may come in is not open', () => {
  const hook = ['--connect_hook_url', 'https://example.com/hook'];
  assert.match(
    problems([...hook, '--webhook_url', 'https://example.com/told']),
    /webhook_url: needs webhook_secret\n.*connect_hook_url: needs/,
  );
  const argv = [...hook, '--webhook_secret', 'a-secret-of-enough-length', '--host', '0.0.0.0'];
  assert.equal(loadConfig({ argv, env: {} }).host, '0.0.0.0');
});

test('a backend that other machines reach is open to everybody only when that is said', () => {
  const text = problems(['--host', '0.0.0.0'], {});
  assert.match(text, /host: 0\.0\.0\.0 can be reached from other machines.*token_secret.*--open/s);
  assert.equal(loadConfig({ argv: ['--host', '0.0.0.0', '--open', '--port', '1'], env: {} }).open, true);
  assert.equal(loadConfig({ argv: ['--host', '0.0.0.0'], env: { WCS_OPEN: 'true' } }).port, 8080);
  const secret = 'a-secret-of-the-site-that-is-long-enough';
  assert.equal(loadConfig({ argv: ['--host', '::', '--token_secret', secret], env: {} }).open, false);
  for (const host of ['localhost', '127.0.0.2', '::1']) loadConfig({ argv: ['--host', host], env: {} });
});

test('secrets are not shown, whatever is wrong with them', () => {
  const argv = ['--token_secret', 'too-short-secret'];
  const text = problems(argv, {});
  assert.match(text, /--token_secret: must have 32 to 256 characters/);
  assert.doesNotMatch(text, /too-short-secret/);
  const named = problems(
    ['--webhook_secret', 'x'.repeat(16), '--webhook_url', 'https://me:pass-word@example.com/'],
    {},
  );
  assert.match(named, /--webhook_url: must be without a name and a password/);
  assert.doesNotMatch(named, /pass-word/);
});
