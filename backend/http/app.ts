import { randomBytes } from 'node:crypto';
import compression from 'compression';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { ERRORS, WcsError } from '../../protocol/errors.ts';
import { clientAddress, networkOf, type TrustProxy } from '../address.ts';
import type { Limits } from '../limits.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Access } from './access.ts';
import { apiRoutes } from './api/api.ts';
import type { RecordingRoutesOptions } from './api/recordings.ts';
import type { RoomRoutesOptions } from './api/rooms.ts';
import type { Folders } from './folders.ts';
import { healthRoutes, type HealthOptions } from './health.ts';
import { countAnswers, metricsRoutes } from './metrics.ts';
import { pageRoutes } from './pages.ts';
import { protectiveHeaders } from './protection.ts';
import { recordRoutes } from './records.ts';

export interface AppOptions extends HealthOptions {
  folders: Folders;
  /** Of pages elsewhere that may use the API. Default: none. */
  allowedOrigins?: readonly string[];
  access: Access;
  rooms: RoomRoutesOptions;
  /** Undefined: this backend does not record. */
  recording?: RecordingRoutesOptions | undefined;
  trustProxy: TrustProxy;
  limits: Limits;
  metrics: Metrics;
  /** Whether `/metrics` is on this port. Default: true. */
  servesMetrics?: boolean;
  /** Whether browsers come to this port by TLS. Default: false. */
  endsTls?: boolean;
  log: Log;
}

/** Everything on the HTTP port but signaling. Does not listen. */
export function createApp(options: AppOptions): Express {
  const {
    folders,
    isReady,
    allowedOrigins = [],
    access,
    rooms,
    recording,
    metrics,
    servesMetrics = true,
    endsTls = false,
    trustProxy,
    limits,
    log,
  } = options;
  const app = express();
  // What `request.ip`, `request.secure` and `request.hostname` say comes from these proxies only.
  app.set('trust proxy', trustProxy);
  app.use(countAnswers(metrics));
  app.use(protectiveHeaders({ endsTls }));
  app.use(compression());
  app.use(healthRoutes({ isReady }));
  if (servesMetrics) app.use(metricsRoutes(metrics, access));
  app.use(limit({ limits, trustProxy }));
  app.use(apiRoutes({ allowedOrigins, access, rooms, recording }));
  app.use(recordRoutes({ access, folders, catalogue: recording?.recordings.catalogue }));
  app.use(pageRoutes(folders));
  app.use((_request, response) => {
    response.status(404).type('text/plain').send('There is nothing at this address.');
  });
  app.use(answerErrors(metrics, log));
  return app;
}

/** Counts every request that comes this far. */
function limit({ limits, trustProxy }: Pick<AppOptions, 'limits' | 'trustProxy'>): RequestHandler {
  return async (request, _response, next) => {
    await limits.take('http', { address: networkOf(clientAddress(request, trustProxy)) });
    next();
  };
}

/** The fate of an error over HTTP: a refusal is answered, anything else logged under a reference. */
function answerErrors(metrics: Metrics, log: Log): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    if (error instanceof WcsError) {
      if (error.retryAfter !== undefined) response.set('Retry-After', String(Math.ceil(error.retryAfter / 1000)));
      metrics.failed(error.code);
      response.status(ERRORS[error.code].status).json({ error });
      return;
    }
    const status = clientErrorStatus(error);
    if (status !== undefined) {
      response.status(status).type('text/plain').send('This request cannot be answered.');
      return;
    }
    metrics.failed('internal');
    const reference = randomBytes(4).toString('hex');
    log.error({ err: error, reference }, 'HTTP request failed');
    const internal = new WcsError('internal', `Something went wrong on the server (reference ${reference}).`);
    response.status(500).json({ error: internal });
  };
}

/** The 4xx status that express or one of its parts gives to a request that it cannot read. */
function clientErrorStatus(error: unknown): number | undefined {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
