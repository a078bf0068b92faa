import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import * as v from 'valibot';
import { CAPACITY_MAX } from '../protocol/limits.ts';
import { readEnvironment, readFile, readFlags, unknownSetting } from './config-sources.ts';
import {
  address,
  addresses,
  bytes,
  file,
  MAX_AGE,
  milliseconds,
  optionalPort,
  origins,
  proxies,
  rotation,
  secret,
  signingSecret,
  streamTemplate,
  TIMER_MAX,
  turnUrls,
  url,
  wholeNumber,
  yesOrNo,
} from './config-values.ts';
import { STREAM_NAME_ELEMENTS } from './recording/store/file-name.ts';

/** Values of `records_access`. */
const ACCESS = ['loopback', 'token', 'everyone'] as const;
export type RecordsAccess = (typeof ACCESS)[number];

/** Settings whose values are never shown. */
const SECRETS = ['admin_token', 'callback_secret', 'token_secret', 'turn_secret', 'webhook_secret'];

const setting = <const S extends v.GenericSchema<string, unknown>>(schema: S, byDefault: string, text: string) =>
  v.optional(v.pipe(schema, v.description(text)), byDefault);

const limit = (byDefault: string, text: string) =>
  setting(wholeNumber(0, 1_000_000_000), byDefault, `${text}; 0 is no limit`);

/** Every setting: how it is written, its default, and what it is for. Their names are the same everywhere. */
export const Settings = v.object({
  port: setting(wholeNumber(0, 65_535), '8080', 'HTTP and WebSocket port; 0 takes any free one'),
  host: setting(
    address,
    '127.0.0.1',
    'address on which HTTP is served; 0.0.0.0 is all of the machine, for which people need tokens, or the setting open',
  ),
  open: setting(
    yesOrNo,
    'false',
    'whether anybody may come in from other machines without a token, into any room, under any name (--open is enough)',
  ),
  tls_cert: setting(
    file,
    '',
    'file with the TLS certificate and its chain (PEM), read again when it changes; with it HTTPS is served, empty serves HTTP',
  ),
  tls_key: setting(file, '', 'file with the private key of that certificate (PEM)'),
  http_redirect_port: setting(
    wholeNumber(0, 65_535),
    '0',
    'with TLS: port on which plain HTTP is answered by the address with https; 0 is none',
  ),
  announced_address: setting(
    addresses,
    '',
    'address or host name at which browsers reach this machine for media, where it has none of its own that they can reach (NAT, container); an IPv4 and an IPv6 address are separated by a comma',
  ),
  token_secret: setting(
    signingSecret,
    '',
    'secret with which the site signs the tokens (JWT, HS256) that let people in, 32 characters at least; with it nobody gets in without one',
  ),
  token_jwks_url: setting(
    url,
    '',
    'instead of token_secret: address of the public keys (JWKS) of whoever signs the tokens, with RSA or elliptic curves',
  ),
  token_issuer: setting(v.string(), '', 'what the claim iss of tokens must be; empty: anything'),
  token_audience: setting(v.string(), '', 'what the claim aud of tokens must contain; empty: anything'),
  connect_hook_url: setting(
    url,
    '',
    'address that is asked by a signed POST whether somebody may connect, and enter a room (backend/ACCESS.md); nobody gets in whom it refuses, or while it does not answer',
  ),
  connect_hook_timeout: setting(wholeNumber(100, 9_000), '3000', 'milliseconds that connect_hook_url has to answer'),
  webhook_url: setting(
    url,
    '',
    'address that is told by signed POSTs of rooms, participants, streams and recordings, as they come and go (backend/ACCESS.md)',
  ),
  webhook_secret: setting(
    secret,
    '',
    'signs what is sent to webhook_url and connect_hook_url, which need it (16 characters at least)',
  ),
  rtc_port: setting(
    wholeNumber(0, 65_535),
    '40000',
    'UDP and TCP port for media of the first worker; each further worker has the next one; 0 takes any free ones',
  ),
  turn_urls: setting(
    turnUrls,
    '',
    'TURN servers that relay media for browsers behind strict firewalls, separated by commas (turn:turn.example.com:3478?transport=udp,turns:turn.example.com:443?transport=tcp)',
  ),
  turn_secret: setting(
    secret,
    '',
    "secret that is shared with those TURN servers (coturn's static-auth-secret), 16 characters at least; every participant gets credentials made of it that expire",
  ),
  turn_lifetime: setting(
    wholeNumber(1_000, TIMER_MAX),
    '86400000',
    'milliseconds for which such credentials can be used to begin a connection',
  ),
  workers: setting(wholeNumber(0, 256), '0', 'media workers; 0 is one per processor core'),
  room_worker_participants: setting(
    wholeNumber(0, CAPACITY_MAX),
    '24',
    'people of one room that one media worker carries; further ones go to another worker, as long as there is one; 0 is no limit',
  ),
  room_voices: setting(
    wholeNumber(0, CAPACITY_MAX),
    '12',
    'microphones of one room that are sent to those who play them at the same time, the loudest; in a room with no more than that all are; 0 is always all',
  ),
  room_idle_timeout: setting(
    milliseconds,
    '60000',
    'milliseconds for which a room stays after its last participant was lost without leaving; a recording that broke off with the backend waits as long for its people',
  ),
  session_resume_timeout: setting(
    milliseconds,
    '15000',
    'milliseconds within which a participant whose connection was lost can come back as the same one',
  ),
  drain_timeout: setting(
    milliseconds,
    '0',
    'milliseconds that rooms have to end by themselves after SIGTERM, while no new ones are taken; 0 goes down at once, and browsers come back to the next backend by themselves',
  ),
  room_max_participants: setting(wholeNumber(0, CAPACITY_MAX), '0', 'people in any one room at most; 0 is no limit'),
  chat_history: setting(
    wholeNumber(0, 500),
    '50',
    'last messages of a room to everybody that newcomers get to read, kept in memory as long as the room; 0 keeps none',
  ),
  record_streams: setting(yesOrNo, 'true', 'whether streams and rooms can be recorded at all'),
  records_dir: setting(file, './records', 'folder that recordings go to; one backend at a time writes to it'),
  stream_record_policy_template: setting(
    streamTemplate,
    'stream-{mediaSessionId}-{login}',
    'file name, without its ending, for a stream that is recorded by itself; elements: ' +
      STREAM_NAME_ELEMENTS.map((name) => `{${name}}`).join(' '),
  ),
  enable_empty_shift_writer: setting(
    yesOrNo,
    'false',
    "whether streams' files begin and end with their room, with black and silence where there was no stream",
  ),
  record_rotation: setting(
    rotation,
    '',
    'accepted for files written for WCS, and without effect: recordings of rooms are never split',
  ),
  on_record_hook_script: setting(
    file,
    '',
    "script to run after a stream was recorded, with the stream's name and the path of its file",
  ),
  on_multiple_record_hook_script: setting(
    file,
    '',
    "script to run after a room was recorded, with the path of its file, its creation time, its duration in milliseconds and the recorder's name; empty mixes the room by offline_mixer.json",
  ),
  record_hook_timeout: setting(milliseconds, '3600000', 'milliseconds that such a script may take before it is killed'),
  offline_mixer: setting(
    file,
    '',
    'offline_mixer.json that says how rooms are mixed; empty takes the one in the current folder, else the one of this installation',
  ),
  mixer_concurrency: setting(
    wholeNumber(0, 256),
    '0',
    'recordings that are worked on at once, at low priority; 0 is one less than processor cores, and at least 1',
  ),
  record_min_free_bytes: setting(
    bytes,
    '268435456',
    'bytes that stay free on the disk of recordings: below that recording stops, and calls go on',
  ),
  records_access: setting(
    v.picklist(ACCESS, `must be ${ACCESS.join(', ')}`),
    'loopback',
    'who sees recordings (/client/records/): loopback, programs on this machine, and others by admin_token; token, nobody without admin_token (right behind a reverse proxy); everyone, but only the former may change or delete them',
  ),
  admin_token: setting(
    secret,
    '',
    'token, 16 characters at least, with which recordings are seen and administered (/api/v1/); empty lets nobody in from elsewhere',
  ),
  records_max_age: setting(
    wholeNumber(0, MAX_AGE),
    '0',
    'milliseconds after its end for which a recording is kept (2592000000 is 30 days); 0 keeps all',
  ),
  records_max_bytes: setting(
    bytes,
    '0',
    'bytes that recordings take together at most: the oldest are deleted, never one that is being recorded or mixed; 0 is no limit',
  ),
  callback_secret: setting(
    secret,
    '',
    'signs what is sent to the callbackUrl of offline_mixer.json (16 characters at least); empty signs nothing',
  ),
  allowed_origins: setting(
    origins,
    '',
    'origins of the pages that may connect, and use /api/v1, separated by commas (https://example.com); empty lets every page connect, and only our own use the API',
  ),
  allow_no_origin: setting(
    yesOrNo,
    'false',
    'whether with allowed_origins programs may connect, which unlike browsers name no origin',
  ),
  trust_proxy: setting(
    proxies,
    '',
    'proxies whose X-Forwarded-For is believed, separated by commas: addresses, networks (10.0.0.0/8), loopback, linklocal, uniquelocal; empty believes none',
  ),
  http_timeout: setting(
    wholeNumber(1, 3_600_000),
    '20000',
    'milliseconds within which an HTTP request must have arrived, headers and all; an answer of which nothing is read for six times as long is cut off',
  ),
  limit_connections: limit(
    '20000',
    'sockets that may be open at once in all, of HTTP and of signaling; more are dropped unanswered',
  ),
  limit_connections_per_address: limit(
    '1000',
    'sockets of signaling that one address may have open at once; of all its sockets, with those of HTTP, there may be twice as many, and more are dropped',
  ),
  limit_connects_per_address: limit('3000', 'sockets that one address may open in a minute'),
  limit_http_requests_per_address: limit('6000', 'HTTP requests of one address in a minute, health checks not counted'),
  limit_requests_per_address: limit('120000', 'signaling requests of one address in a minute'),
  limit_requests_per_session: limit('2400', 'signaling requests of one session in a minute'),
  limit_joins_per_address: limit(
    '3000',
    'joins from one address in a minute, with knocks at a lobby and tests of the connection',
  ),
  limit_joins_per_session: limit('60', 'joins of one session in a minute, with the same'),
  limit_messages_per_address: limit('12000', 'text messages from one address in a minute'),
  limit_messages_per_session: limit('120', 'text messages of one session in a minute'),
  limit_new_rooms_per_address: limit('600', 'rooms that one address may make in a minute'),
  limit_rooms_per_session: limit('8', 'rooms that one session may be in at once'),
  limit_streams_per_participant: limit('8', 'streams that one participant may publish at once in a room'),
  max_incoming_bitrate: limit(
    '10000000',
    'bits per second of one stream: browsers are asked to keep to it, and a stream that comes much faster for some seconds is ended',
  ),
  metrics_port: setting(
    optionalPort,
    '',
    'port of its own for /metrics (Prometheus), open to whoever reaches it; 0 takes any free one; empty has it on the main port, for programs on this machine and others by admin_token',
  ),
  metrics_host: setting(address, '127.0.0.1', 'address on which metrics_port is served'),
  log_level: setting(
    v.picklist(
      ['fatal', 'error', 'warn', 'info', 'debug', 'silent'],
      'must be fatal, error, warn, info, debug or silent',
    ),
    'info',
    'least severe log lines that are written: fatal, error, warn, info, debug, or silent for none',
  ),
});

export type Config = v.InferOutput<typeof Settings>;

/** The settings are wrong; the message is a readable list of what is. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export interface ConfigSources {
  /** Command line arguments: `--port 80`, `--port=80`, `--config FILE`. */
  argv: readonly string[];
  env?: NodeJS.ProcessEnv;
}

/**
 * Reads the settings: flags over environment over file over defaults. Throws ConfigError that names every setting that
 * is unknown or wrong.
 */
export function loadConfig({ argv, env = process.env }: ConfigSources): Config {
  const problems: string[] = [];
  const flags = readFlags(argv, problems);
  const variables = readEnvironment(env);
  const file = [...variables, ...flags].findLast(({ key }) => key === 'config')?.value;
  const given = [...readFile(file, problems), ...variables, ...flags].filter(({ key }) => key !== 'config');

  const known = given.filter(({ key }) => Object.hasOwn(Settings.entries, key));
  problems.push(
    ...given.filter((one) => !known.includes(one)).map((one) => unknownSetting(one, Object.keys(Settings.entries))),
  );
  const values = new Map(known.map((one) => [one.key, one]));
  const result = v.safeParse(Settings, Object.fromEntries([...values].map(([key, { value }]) => [key, value.trim()])));
  for (const issue of result.issues ?? []) {
    const key = String(v.getDotPath(issue));
    const { source = key, value = '' } = values.get(key) ?? {};
    const isSecret = SECRETS.includes(key) || value.includes('@');
    problems.push(`${source}: ${issue.message}${isSecret ? '' : `, not "${value}"`}`);
  }
  problems.push(...contradictions((key) => values.get(key)?.value.trim() ?? ''));
  problems.push(...openProblems(result));
  if (!result.success || problems.length > 0) {
    const list = problems.map((problem) => `  ${problem}`).join('\n');
    throw new ConfigError(`The backend is not started, because of its settings:\n${list}\nSee --help for all of them.`);
  }
  return result.output;
}

/** Settings that do not go together, or not without another. */
function contradictions(valueOf: (key: string) => string): string[] {
  const needs = (key: string, other: string) => (valueOf(key) && !valueOf(other) ? [`${key}: needs ${other}`] : []);
  return [
    ...(valueOf('records_access') === 'token' && !valueOf('admin_token')
      ? ['records_access: token needs admin_token']
      : []),
    ...(Boolean(valueOf('tls_cert')) === Boolean(valueOf('tls_key'))
      ? []
      : ['tls_cert and tls_key: one needs the other']),
    ...needs('turn_urls', 'turn_secret'),
    ...(valueOf('token_secret') && valueOf('token_jwks_url')
      ? ['token_jwks_url: tokens are checked by it or by token_secret, not by both']
      : []),
    ...needs('webhook_url', 'webhook_secret'),
    ...needs('connect_hook_url', 'webhook_secret'),
  ];
}

/** Whether anybody may come in: nothing asks who they are. */
export function isOpen({ token_secret, token_jwks_url, connect_hook_url }: Config): boolean {
  return !token_secret && !token_jwks_url && !connect_hook_url;
}

/** A backend that other machines reach is for everybody only when that is said. */
function openProblems({ success, output }: { success: boolean; output: unknown }): string[] {
  const config = output as Config;
  if (!success || !isOpen(config) || config.open || isLoopbackHost(config.host)) return [];
  return [
    `host: ${config.host} can be reached from other machines, and anybody there could enter any room: set token_secret ` +
      '(backend/ACCESS.md), or give --open if that is meant, or leave host at 127.0.0.1',
  ];
}

/** RFC 1122 §3.2.1.3, RFC 4291 §2.5.3, RFC 6761 §6.3. */
function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** How many media workers `workers` asks for. */
export function workerCount({ workers }: Config): number {
  return workers || availableParallelism();
}

/** How many recordings `mixer_concurrency` lets be worked on at once. */
export function mixerConcurrency({ mixer_concurrency }: Config): number {
  return mixer_concurrency || Math.max(1, availableParallelism() - 1);
}
