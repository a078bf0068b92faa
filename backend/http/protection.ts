import type { Server, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { networkOf, type TrustProxy } from '../address.ts';
import type { Config } from '../config.ts';
import type { Limits } from '../limits.ts';
import type { Metrics } from '../metrics.ts';

/** Bytes of all headers of a request together; node:http answers more with 431. */
const HEADERS_MAX_BYTES = 16 * 1024;

/** Milliseconds between two looks for requests that take too long, and for connections that ask nothing. */
const CHECK_INTERVAL = 1_000;

/** How many times `http_timeout` an answer waits for somebody who reads nothing of it: players that pause do that, too. */
const READ_PATIENCE = 6;

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
 * That the site is reached by TLS only (RFC 6797), of this host and no others, is for whoever ends TLS to say: without
 * `endsTls` not for us.
 */
export function protectiveHeaders({ endsTls }: { endsTls: boolean }): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: PAGE_POLICY },
    strictTransportSecurity: endsTls && { includeSubDomains: false },
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

interface SocketLimits {
  config: Pick<Config, 'http_timeout' | 'limit_connections'>;
  limits: Limits;
  trustProxy: TrustProxy;
  metrics: Metrics;
}

/**
 * How many sockets there may be, in all and of one address, before anything is asked over them: more are dropped. Those that
 * a proxy opens are counted when they become signaling, by the addresses that it names.
 */
export function limitSockets(server: Server, { config, limits, trustProxy, metrics }: SocketLimits): void {
  if (config.limit_connections > 0) server.maxConnections = config.limit_connections;
  server.on('drop', () => metrics.failed('rate_limited'));
  server.timeout = READ_PATIENCE * config.http_timeout;
  server.on('connection', (socket: Socket) => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined || trustProxy(remoteAddress)) return;
    try {
      socket.once('close', limits.open('any', networkOf(remoteAddress)));
    } catch {
      metrics.failed('rate_limited');
      socket.destroy();
    }
  });
}
