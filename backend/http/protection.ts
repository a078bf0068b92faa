import type { ServerOptions } from 'node:http';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { Config } from '../config.ts';

/** Bytes of all headers of a request together; node:http answers more with 431. */
const HEADERS_MAX_BYTES = 16 * 1024;

/** Milliseconds between two looks for requests that take too long, and for connections that ask nothing. */
const CHECK_INTERVAL = 1_000;

/** What the pages that we serve ourselves need: the elements load nothing inline, and any backend may be named. */
const PAGE_POLICY = {
  'default-src': ["'self'"],
  'connect-src': ["'self'", 'ws:', 'wss:'],
  'img-src': ["'self'", 'data:', 'blob:'],
  'media-src': ["'self'", 'blob:'],
  'worker-src': ["'self'", 'blob:'],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'self'"],
};

/**
 * Headers by which browsers protect people and pages. What may be loaded by pages of other sites says so itself, later.
 * Whether the site is reached by TLS only (Strict-Transport-Security) is for whoever ends TLS to say.
 */
export function protectiveHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: PAGE_POLICY },
    strictTransportSecurity: false,
  });
}

/** How long node:http waits for those who send slowly, and how much it listens to. */
export function patience({ http_timeout }: Pick<Config, 'http_timeout'>): ServerOptions {
  return {
    maxHeaderSize: HEADERS_MAX_BYTES,
    headersTimeout: http_timeout,
    requestTimeout: http_timeout,
    connectionsCheckingInterval: Math.min(CHECK_INTERVAL, http_timeout),
  };
}
