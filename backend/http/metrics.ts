import { createServer, type Server } from 'node:http';
import express, { Router, type RequestHandler } from 'express';
import type { Metrics } from '../metrics.ts';
import type { Access } from './access.ts';

/** `/metrics` on the main port: for programs on this machine, and others by the token. */
export function metricsRoutes(metrics: Metrics, access: Access): Router {
  return Router().get('/metrics', access.administration, answer(metrics));
}

/** A port of its own for `/metrics`, open to whoever reaches it. Does not listen. */
export function createMetricsServer(metrics: Metrics): Server {
  const app = express();
  app.disable('x-powered-by');
  app.get('/metrics', answer(metrics));
  return createServer(app);
}

/** Counts what is answered over HTTP. */
export function countAnswers({ httpRequests }: Metrics): RequestHandler {
  return ({ method }, response, next) => {
    response.once('finish', () => httpRequests.inc({ method, status: response.statusCode }));
    next();
  };
}

function answer(metrics: Metrics): RequestHandler {
  return async (_request, response) => {
    const text = await metrics.text();
    // Express would put its own charset into the content type.
    response.setHeader('Content-Type', metrics.contentType);
    response.setHeader('Cache-Control', 'no-store');
    response.end(text);
  };
}
