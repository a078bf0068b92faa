/** How the values of settings are written: each kind reads text, and says what is wrong with it. */
import * as v from 'valibot';
import { trustedProxies } from './address.ts';
import { STREAM_NAME_ELEMENTS, unknownElements } from './recording/store/file-name.ts';
import { hasCredentials, isWebAddress } from './web-address.ts';

/** Milliseconds of the longest timer that Node can set (2^31 - 1). */
export const TIMER_MAX = 2_147_483_647;

export const wholeNumber = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`;
  const inRange = (text: string) => /^\d{1,16}$/.test(text) && Number(text) >= least && Number(text) <= most;
  return v.pipe(v.string(), v.check(inRange, message), v.transform(Number));
};
export const milliseconds = wholeNumber(0, TIMER_MAX);

/** A port, 0 for any free one, or nothing. */
export const optionalPort = v.pipe(
  v.string(),
  v.check(
    (text) => /^\d{0,5}$/.test(text) && Number(text) <= 65_535,
    'must be a whole number from 0 to 65535, or empty',
  ),
  v.transform((text) => (text === '' ? undefined : Number(text))),
);

export const bytes = wholeNumber(0, Number.MAX_SAFE_INTEGER);
export const file = v.string();

export const yesOrNo = v.pipe(
  v.string(),
  v.picklist(['true', 'false'], 'must be true or false'),
  v.transform((text) => text === 'true'),
);

export const streamTemplate = v.pipe(
  v.string(),
  v.check((text) => text !== '', 'must not be empty'),
  v.check(
    (text) => unknownElements(text).length === 0,
    `may have only these elements: ${STREAM_NAME_ELEMENTS.map((name) => `{${name}}`).join(' ')}`,
  ),
);

export const rotation = v.pipe(v.string(), v.regex(/^(?:\d+M?)?$/, 'must be seconds (3600), megabytes (10M) or empty'));

/** Milliseconds of ten years. */
export const MAX_AGE = 315_576_000_000;

export const secret = v.pipe(
  v.string(),
  v.regex(/^(?:\S{16,256})?$/, 'must have 16 to 256 characters, without spaces'),
);

/** RFC 7518 §3.2: a key of HS256 has 256 bits at least. */
export const signingSecret = v.pipe(
  v.string(),
  v.regex(/^(?:\S{32,256})?$/, 'must have 32 to 256 characters, without spaces'),
);

export const url = v.pipe(
  v.string(),
  v.check((text) => text === '' || isWebAddress(text), 'must be an address such as https://example.com/path'),
  v.check((text) => !hasCredentials(text), 'must be without a name and a password: what is sent is signed'),
);

export const address = v.pipe(
  v.string(),
  v.regex(/^[\p{L}\p{N}.:_-]*$/u, 'must be an IP address or a host name, without a port or a scheme'),
);

const list = v.pipe(
  v.string(),
  v.transform((text) => text.split(',').flatMap((part) => part.trim() || [])),
);

export const addresses = v.pipe(
  list,
  v.check(
    (parts) => parts.every((part) => v.is(address, part)),
    'must be an IP address or a host name, without a port or a scheme; or an IPv4 and an IPv6 address, separated by a comma',
  ),
);

export const proxies = v.pipe(
  list,
  v.check(
    (parts) => areProxies(parts),
    'must be addresses, networks (10.0.0.0/8), loopback, linklocal or uniquelocal, separated by commas',
  ),
);

export const origins = v.pipe(
  list,
  v.check((parts) => parts.every(isOrigin), 'must be origins such as https://example.com, separated by commas'),
);

/** RFC 7065 §3.1, without the escapes that no host name needs. */
const TURN_URL = /^turns?:(?:\[[\da-f:.]+\]|[\p{L}\p{N}._-]+)(?::\d{1,5})?(?:\?transport=(?:udp|tcp))?$/iu;

export const turnUrls = v.pipe(
  v.string(),
  v.transform((text) => text.split(',').flatMap((part) => part.trim() || [])),
  v.check(
    (list) => list.length <= 16 && list.every((url) => TURN_URL.test(url)),
    'must be TURN servers such as turn:turn.example.com:3478?transport=udp, separated by commas, 16 at most',
  ),
);

function areProxies(parts: readonly string[]): boolean {
  try {
    trustedProxies(parts);
    return true;
  } catch {
    return false;
  }
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
