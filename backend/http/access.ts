import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import express, { Router, type Request, type RequestHandler, type Response } from 'express';
import * as v from 'valibot';
import { WcsError } from '../../protocol/errors.ts';
import type { RecordsAccess } from '../config.ts';

const COOKIE = 'wcs_admin';

/** Seconds for which somebody stays signed in on a page. */
const COOKIE_MAX_AGE = 12 * 60 * 60;

/** Headers by which a proxy tells of the client behind it. */
const PROXY_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

const SignIn = v.object({ token: v.string() });

export interface AccessOptions {
  /** `records_access`. */
  access: RecordsAccess;
  /** `admin_token`; empty: there is none. */
  adminToken: string;
}

/** Who may see and change recordings, by the settings `records_access` and `admin_token`. */
export class Access {
  readonly #options: AccessOptions;

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  /** Lets pass who may see recordings or, by methods that change something, change them. Throws WcsError `unauthorized`. */
  readonly guard: RequestHandler = (request, response, next) => {
    const mayAll = this.#options.access === 'everyone' && SAFE_METHODS.includes(request.method);
    this.#admit(request, response, mayAll);
    next();
  };

  /** Lets pass administrators only, whatever `records_access` opens to everyone. Throws WcsError `unauthorized`. */
  readonly administration: RequestHandler = (request, response, next) => {
    this.#admit(request, response, false);
    next();
  };

  #admit(request: Request, response: Response, mayAll: boolean): void {
    response.vary('Cookie, Authorization');
    const isSafe = SAFE_METHODS.includes(request.method);
    if (this.#hasBearer(request)) return;
    // What a browser sends by itself must come from our own pages.
    if (!isSafe && !isSameOrigin(request)) {
      throw new WcsError('forbidden', 'This was asked for by a page of another site.');
    }
    const isOpen = mayAll || (this.#options.access !== 'token' && isLocal(request));
    if (!isOpen && !this.#hasCookie(request)) throw this.#refusal(response);
  }

  /** `POST /login {token}` changes the token for a cookie that scripts cannot read; `DELETE /login` takes it back. */
  routes(): Router {
    const routes = Router();
    routes.use('/login', (request, _response, next) => {
      if (!isSameOrigin(request)) throw new WcsError('forbidden', 'This was asked for by a page of another site.');
      next();
    });
    routes.post('/login', express.json({ limit: '4kb' }), (request, response) => {
      const given = v.safeParse(SignIn, request.body);
      if (!given.success) throw new WcsError('invalid', 'The body must be JSON: {"token": "…"}.');
      if (!this.#isToken(given.output.token)) throw this.#refusal(response, 'This is not the token of this backend.');
      const expires = Math.floor(Date.now() / 1000) + COOKIE_MAX_AGE;
      setCookie({ request, response, value: `${expires}.${this.#sign(expires)}`, maxAge: COOKIE_MAX_AGE });
      response.status(204).end();
    });
    routes.delete('/login', (request, response) => {
      setCookie({ request, response, value: '', maxAge: 0 });
      response.status(204).end();
    });
    return routes;
  }

  #hasBearer(request: Request): boolean {
    const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    return token !== undefined && this.#isToken(token);
  }

  #hasCookie({ headers }: Request): boolean {
    const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
    const value = pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? '';
    const [, expires = '', signature = ''] = /^(\d{1,15})\.([0-9a-f]{64})$/.exec(value) ?? [];
    return Number(expires) > Date.now() / 1000 && isSame(signature, this.#sign(Number(expires)));
  }

  #isToken(text: string): boolean {
    const { adminToken } = this.#options;
    return isSame(text, adminToken) && adminToken !== '';
  }

  /** Ends all sign-ins when the token is changed, and does not tell the token. */
  #sign(expires: number): string {
    // Without a token nobody signs in, and the key must not be known to all.
    if (this.#options.adminToken === '') return '';
    return createHmac('sha256', this.#options.adminToken).update(`${COOKIE} ${expires}`).digest('hex');
  }

  #refusal(response: Response, message?: string): WcsError {
    if (this.#options.adminToken === '') {
      return new WcsError(
        'unauthorized',
        'This is for the machine itself that the backend runs on; for others it needs the setting admin_token.',
      );
    }
    response.set('WWW-Authenticate', 'Bearer realm="administration"');
    return new WcsError('unauthorized', message ?? 'Sign in with the token of this backend (setting admin_token).');
  }
}

/**
 * Whether a program on this machine asks this backend by a name of this machine: a proxy that stands before us asks from
 * here too, and so does a page of any site whose name leads to 127.0.0.1.
 */
export function isLocal({
  headers,
  httpVersion,
  socket,
}: Pick<Request, 'headers' | 'httpVersion' | 'socket'>): boolean {
  if (!isLoopback(socket.remoteAddress ?? '')) return false;
  if (PROXY_HEADERS.some((name) => headers[name] !== undefined)) return false;
  // Some proxies tell nothing by default; they can be told by their old HTTP.
  if (httpVersion === '1.0') return false;
  const host = URL.parse(`http://${headers.host}`)?.hostname.replace(/^\[|\]$/g, '') ?? '';
  return host === 'localhost' || host.endsWith('.localhost') || isLoopback(host);
}

/** RFC 1122 §3.2.1.3, RFC 4291 §2.5.3; with those of IPv4 in IPv6. */
function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '');
  return (isIP(plain) === 4 && plain.startsWith('127.')) || plain === '::1';
}

/** Browsers say where a request comes from (Fetch Metadata; before it, RFC 6454); other programs say nothing. */
function isSameOrigin({ headers }: Request): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  return headers.origin === undefined || URL.parse(headers.origin)?.host === headers.host;
}

/** Takes as long for one difference as for another. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

interface CookieOptions {
  request: Request;
  response: Response;
  value: string;
  /** Seconds. */
  maxAge: number;
}

function setCookie({ request, response, value, maxAge }: CookieOptions): void {
  const isSecure = request.secure || request.headers['x-forwarded-proto'] === 'https';
  response.cookie(COOKIE, value, {
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure,
    path: '/',
    maxAge: maxAge * 1000,
  });
}
