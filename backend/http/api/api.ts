import express, { Router, type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import * as v from 'valibot';
import { WcsError } from '../../../protocol/errors.ts';
import { check } from '../../../protocol/frames.ts';
import type { Access } from '../access.ts';
import { packageVersion } from '../folders.ts';
import { allowOrigins } from './cors.ts';
import { openApi } from './openapi.ts';
import { recordingHandlers, type RecordingRoutesOptions } from './recordings.ts';
import { roomHandlers, type RoomRoutesOptions } from './rooms.ts';
import { ROUTES, type RouteDescription, type RouteName } from './routes.ts';

export interface ApiOptions {
  /** Of pages elsewhere that may ask. */
  allowedOrigins: readonly string[];
  access: Access;
  rooms: RoomRoutesOptions;
  /** Undefined: this backend does not record. */
  recording: RecordingRoutesOptions | undefined;
}

type AnyHandler = (given: { params: unknown; query: unknown; body: unknown }) => unknown;

/** `/api/v1`: administration, in JSON. Every refusal is `{error: {code, message}}`; `README.md` describes all of it. */
export function apiRoutes({ allowedOrigins, access, rooms, recording }: ApiOptions): Router {
  const description = openApi(packageVersion());
  const handlers = {
    ...roomHandlers(rooms),
    ...(recording && recordingHandlers(recording)),
    openapi: () => description,
  } as Partial<Record<RouteName, AnyHandler>>;

  const api = Router();
  api.use(allowOrigins(allowedOrigins));
  api.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  // Signing in and out is in the table for its description only: what it does is headers.
  api.use(access.routes());
  const guards = { open: [], recordings: [access.guard], administration: [access.administration] };
  for (const [name, route] of Object.entries<RouteDescription>(ROUTES)) {
    if (route.path === '/login') continue;
    const body = route.method === 'post' ? [express.json({ limit: '16kb', strict: false }), refuseOtherBodies] : [];
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    api[route.method](path, ...guards[route.access], ...body, answer(route, handlers[name as RouteName]));
  }
  api.use(access.guard, ({ path }) => {
    if (!recording && path.startsWith('/rec')) throw unavailable();
    throw new WcsError('unknown_method', 'There is nothing at this address of the API, or not for this method.');
  });
  api.use(explainBadRequests);
  return Router().use('/api/v1', api);
}

/** Checks what is asked, has it done, and answers what came of it. */
function answer(route: RouteDescription, handle: AnyHandler | undefined): RequestHandler {
  return async (request, response) => {
    if (!handle) throw unavailable();
    const answer = await handle({
      params: paramsOf(route, request),
      query: route.query && check(route.query, request.query),
      body: route.body && check(route.body, request.body),
    });
    response.status(route.status);
    if (route.status === 204) response.end();
    else response.json(answer);
  };
}

function paramsOf({ params, unknown = 'invalid' }: RouteDescription, request: Request): unknown {
  const result = v.safeParse(params ?? v.object({}), request.params);
  if (!result.success) throw new WcsError(unknown, 'There is nothing of this name.');
  return result.output;
}

/** A body of another type would be left out without a word. */
const refuseOtherBodies: RequestHandler = ({ headers, body }: Request<unknown, unknown, unknown>, _response, next) => {
  const isEmpty = headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
  if (body === undefined && !isEmpty) throw new WcsError('invalid', 'The body must be application/json.');
  // To a schema a list is an object, too.
  if (Array.isArray(body)) throw new WcsError('invalid', 'The body must be an object.');
  next();
};

function unavailable(): WcsError {
  return new WcsError('recording_unavailable', 'This backend does not record.');
}

/** What express cannot read (a broken escape in the address, JSON with a mistake, a body too large). */
const explainBadRequests: ErrorRequestHandler = (error: unknown, _request, _response, next) => {
  const isReadable = !(error instanceof Error) || !('status' in error) || error instanceof WcsError;
  if (isReadable || typeof error.status !== 'number' || error.status >= 500) next(error);
  else next(new WcsError('invalid', `The request cannot be read: ${error.message}`, { cause: error }));
};
