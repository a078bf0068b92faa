import { Router, type ErrorRequestHandler } from 'express';
import { WcsError } from '../../protocol/errors.ts';
import type { Access } from './access.ts';
import { recordingRoutes, type RecordingRoutesOptions } from './recordings.ts';

export interface ApiOptions {
  access: Access;
  /** Undefined: this backend does not record. */
  recording: RecordingRoutesOptions | undefined;
}

/** `/api/v1`: administration, in JSON. Every refusal is `{error: {code, message}}`; `API.md` describes all of it. */
export function apiRoutes({ access, recording }: ApiOptions): Router {
  const api = Router();
  api.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  api.use(access.routes());
  api.use(access.guard);
  if (recording) api.use(recordingRoutes(recording));
  api.use(({ path }) => {
    if (!recording && path.startsWith('/rec'))
      throw new WcsError('recording_unavailable', 'This backend does not record.');
    throw new WcsError('unknown_method', 'There is nothing at this address of the API, or not for this method.');
  });
  api.use(explainBadRequests);
  return Router().use('/api/v1', api);
}

/** What express cannot read (a broken escape in the address, JSON with a mistake, a body too large). */
const explainBadRequests: ErrorRequestHandler = (error: unknown, _request, _response, next) => {
  const isReadable = !(error instanceof Error) || !('status' in error) || error instanceof WcsError;
  if (isReadable || typeof error.status !== 'number' || error.status >= 500) next(error);
  else next(new WcsError('invalid', `The request cannot be read: ${error.message}`, { cause: error }));
};
