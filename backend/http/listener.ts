import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createServer as createHttpServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { Log } from '../log.ts';

/** Milliseconds between two looks at the files of the certificate. Not fs.watch: certificates are renewed by links that change. */
const LOOK_INTERVAL = 5_000;

export interface TlsFiles {
  /** Paths of PEM files: the certificate with its chain, and its private key. */
  cert: string;
  key: string;
}

/**
 * The one server of all HTTP and signaling; with TLS when there are files for it, which are read again when they
 * change. Does not listen yet, and answers nothing by itself.
 *
 * @throws Error in words for people, when the files cannot be read or do not belong together.
 */
export function createListener(tls: TlsFiles | undefined, options: ServerOptions, log: Log): Server | HttpsServer {
  if (!tls) return createHttpServer(options);
  const server = createHttpsServer({ ...options, ...readTls(tls), handshakeTimeout: options.requestTimeout });
  const renew = () => {
    try {
      server.setSecureContext(readTls(tls));
      log.info('TLS certificate was read again');
    } catch (err) {
      log.error({ err }, 'TLS certificate has changed and cannot be used; the one before stays');
    }
  };
  const files = [tls.cert, tls.key];
  server.on('listening', () => {
    for (const file of files) watchFile(file, { interval: LOOK_INTERVAL, persistent: false }, renew);
  });
  server.on('close', () => {
    for (const file of files) unwatchFile(file, renew);
  });
  return server;
}

/** What both files hold. Throws as createListener. */
export function readTls({ cert, key }: TlsFiles): { cert: Buffer; key: Buffer } {
  const read = (file: string, name: string) => {
    try {
      return readFileSync(file);
    } catch (cause) {
      throw new Error(`${name}: ${file} cannot be read`, { cause });
    }
  };
  const pair = { cert: read(cert, 'tls_cert'), key: read(key, 'tls_key') };
  try {
    createSecureContext(pair);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`tls_cert and tls_key are not a certificate and its key: ${reason}`, { cause });
  }
  return pair;
}

/** Answers plain HTTP by the same address with https. Does not listen yet. */
export function createRedirect(securePort: () => number, options: ServerOptions): Server {
  return createHttpServer(options, (request, response) => {
    const name = URL.parse(`http://${request.headers.host}`)?.hostname;
    if (!name) return void response.writeHead(400).end();
    const port = securePort();
    const suffix = port === 443 ? '' : `:${port}`;
    // Never to another host: what follows the host is a path, whatever the request says.
    const path = `/${(request.url ?? '').replace(/^[/\\]+/, '')}`;
    response.writeHead(308, { Location: `https://${name}${suffix}${path}`, Connection: 'close' }).end();
  });
}

export function portOf(server: Server | HttpsServer): number {
  return (server.address() as AddressInfo).port;
}
