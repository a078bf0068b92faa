import { X509Certificate, createPrivateKey } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, statfs } from 'node:fs/promises';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import { readTls } from '../http/listener.ts';
import { createLog } from '../log.ts';
import { reachOf } from '../media/addresses.ts';
import { createWorkerPool } from '../media/workers.ts';
import { ffmpegAbilities, hasFontFor } from '../recording/ffmpeg.ts';
import { about, type Finding } from './finding.ts';

/** Milliseconds before its end at which a certificate should have been renewed. */
const RENEWAL = 14 * 24 * 60 * 60 * 1000;

const DAY = 24 * 60 * 60 * 1000;

/** What recordings are made with. */
const ENCODERS = ['libx264', 'aac', 'libopus', 'libvpx'];
const FILTERS = ['ass'];

/** Scripts of which one font or another is often missing, by a language. */
const SCRIPTS = { ru: 'Cyrillic', ar: 'Arabic', hi: 'Devanagari', th: 'Thai', ja: 'Japanese', ko: 'Korean' } as const;

/** Characters from which secrets cannot be guessed any more, if they are random. */
const STRONG = 32;

/** Whether mediasoup's worker runs on this machine. */
export async function checkWorker(): Promise<Finding[]> {
  const { good, bad } = about('worker');
  try {
    const turn = { urls: [], secret: '', lifetime: 0 };
    const log = createLog({ level: 'silent' });
    const pool = await createWorkerPool({ count: 1, rtcPort: 0, announced: [], turn, log });
    pool.close();
    return [good('A media worker starts and listens.')];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [bad(`No media worker can be started: ${reason}.`, 'Install the package anew on this kind of machine.')];
  }
}

/** Whether the certificate is there, belongs to its key, and goes on for a while. */
export function checkTls({ tls_cert, tls_key, host }: Config): Finding[] {
  const { good, warning, bad } = about('tls');
  if (!tls_cert) {
    if (isIP(host) && reachOf(host) === 'loopback')
      return [good('HTTP is served on this machine only: a proxy in front has to bring TLS.')];
    return [
      warning(
        'There is no TLS: browsers give a camera only to pages that come by HTTPS, or from localhost.',
        'Set tls_cert and tls_key, or put a proxy with TLS in front (deploy/README.md).',
      ),
    ];
  }
  try {
    const { cert, key } = readTls({ cert: tls_cert, key: tls_key });
    const certificate = new X509Certificate(cert);
    if (!certificate.checkPrivateKey(createPrivateKey(key)))
      return [bad('tls_key is not the key of the certificate in tls_cert.', 'Take both from the same place.')];
    const names = certificate.subjectAltName?.replaceAll(/(?:DNS|IP Address):/g, '') ?? certificate.subject;
    const left = certificate.validToDate.getTime() - Date.now();
    if (left < 0) return [bad(`The certificate for ${names} is over since ${certificate.validTo}.`, 'Renew it.')];
    const days = Math.floor(left / DAY);
    if (left < RENEWAL)
      return [warning(`The certificate for ${names} is over in ${days} days.`, 'See why it is not renewed by itself.')];
    return [good(`The certificate is for ${names}, and good for ${days} days.`)];
  } catch (error) {
    return [bad(`${(error as Error).message}.`, 'Correct the files or the settings tls_cert and tls_key.')];
  }
}

/** Whether recordings can be written and mixed. */
export async function checkRecording(config: Config): Promise<Finding[]> {
  const { good } = about('recording');
  if (!config.record_streams) return [good('Recording is switched off (record_streams).')];
  const [disk, programs, fonts] = await Promise.all([checkDisk(config), checkFfmpeg(), checkFonts()]);
  return [disk, programs, fonts];
}

async function checkDisk({ records_dir, record_min_free_bytes }: Config): Promise<Finding> {
  const { good, warning, bad } = about('recording');
  const directory = resolve(records_dir);
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
    const { bavail, bsize } = await statfs(directory);
    const free = bavail * bsize;
    const gigabytes = (free / 1e9).toFixed(1);
    if (free < record_min_free_bytes)
      return bad(
        `${directory} has ${gigabytes} GB free: too little to record.`,
        'Make room, or set records_max_bytes.',
      );
    if (free < 10 * record_min_free_bytes)
      return warning(`${directory} has only ${gigabytes} GB free.`, 'Make room, or set records_max_bytes.');
    return good(`${directory} can be written and has ${gigabytes} GB free.`);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    return bad(
      `${directory} cannot be written (${reason}).`,
      'Give the folder to the user that the backend runs as, or set records_dir.',
    );
  }
}

async function checkFfmpeg(): Promise<Finding> {
  const { good, bad } = about('recording');
  const found = await ffmpegAbilities();
  if (!found) return bad('ffmpeg cannot be run: nothing can be recorded.', 'Install ffmpeg 5 or later.');
  const missing = [
    ...ENCODERS.filter((name) => !found.encoders.has(name)),
    ...FILTERS.filter((name) => !found.filters.has(name)),
  ];
  if (missing.length > 0)
    return bad(`ffmpeg ${found.version} has no ${missing.join(', ')}.`, "Install the distribution's whole ffmpeg.");
  return good(`ffmpeg ${found.version} has all that recordings are made with.`);
}

async function checkFonts(): Promise<Finding> {
  const { good, warning } = about('recording');
  const languages = Object.keys(SCRIPTS) as (keyof typeof SCRIPTS)[];
  const found = await Promise.all(languages.map(hasFontFor));
  const missing = languages.filter((_, index) => !found[index]).map((language) => SCRIPTS[language]);
  if (missing.length === 0) return good('There are fonts for names in recordings.');
  return warning(
    `There is no font for ${missing.join(', ')}: such names are boxes in mixed recordings.`,
    'Install Noto fonts (Debian: fonts-noto-core fonts-noto-cjk).',
  );
}

/** Whether strangers are kept out of what is not theirs. */
export function checkAccess(config: Config): Finding[] {
  const { good, warning } = about('access');
  const secrets = ['token_secret', 'admin_token', 'callback_secret', 'turn_secret'] as const;
  const weak = secrets.filter((name) => config[name] !== '' && isWeak(config[name]));
  const wantsTokens = config.token_secret !== '' || config.token_jwks_url !== '';
  return [
    wantsTokens
      ? good('Only people with a token of your site come in.')
      : warning('Anybody who reaches this backend can open rooms.', 'Set token_secret, and let your site sign tokens.'),
    ...(weak.length > 0
      ? [warning(`${weak.join(' and ')} can be guessed.`, 'Make new ones: openssl rand -base64 32')]
      : [good('Secrets that are set are long enough.')]),
    ...(config.allowed_origins.length === 0
      ? [warning('Pages of every site may use this backend.', 'Name your sites in allowed_origins.')]
      : [good(`Pages of these sites may use this backend: ${config.allowed_origins.join(', ')}.`)]),
  ];
}

/** Too short, or of too few different characters to be random. */
function isWeak(secret: string): boolean {
  return secret.length < STRONG || new Set(secret).size < 10;
}
