import { Router } from 'express';

export interface HealthOptions {
  /** Whether the backend can take people just now: its workers are up and it is not going down. */
  isReady: () => boolean;
}

/** `/healthz`: the process lives. `/readyz`: it can take people; 503 when not, so that a balancer looks elsewhere. */
export function healthRoutes({ isReady }: HealthOptions): Router {
  const routes = Router();
  routes.get('/healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ ok: true });
  });
  routes.get('/readyz', (_request, response) => {
    const ready = isReady();
    response
      .set('Cache-Control', 'no-store')
      .status(ready ? 200 : 503)
      .json({ ready });
  });
  return routes;
}
