import { access } from 'node:fs/promises';
import { join } from 'node:path';
import express, { Router, type RequestHandler, type Response } from 'express';
import type { Folders } from './folders.ts';

const NOT_BUILT =
  'dist/wcs.js is not built yet. Run "npm run build" in the folder of WCS Rooms, then reload this page.';

/** Files whose names never change: to be asked for again each time, at the cost of an ETag comparison. */
const STABLE_FILES = /^\/(?:wcs\.js|room-api\.m?js)(?:\.map|\.LEGAL\.txt)?$/;

/** The elements, the room API and the demo pages. Any page of any site may load the scripts. */
export function pageRoutes({ dist, demo }: Folders): Router {
  const routes = Router();
  routes.use(
    '/chunks',
    express.static(join(dist, 'chunks'), { ...scripts('max-age=31536000, immutable'), index: false }),
  );
  routes.get(STABLE_FILES, express.static(dist, { ...scripts('no-cache'), index: false }));
  routes.use(explainMissingBuild(dist));
  routes.use(express.static(demo, { setHeaders: (response) => response.set('Cache-Control', 'no-cache') }));
  return routes;
}

/** Whether the elements are built. */
export async function isBuilt({ dist }: Folders): Promise<boolean> {
  return await access(join(dist, 'wcs.js')).then(
    () => true,
    () => false,
  );
}

function scripts(cacheControl: string) {
  return {
    cacheControl: false,
    setHeaders: (response: Response) => {
      response.set('Cache-Control', `public, ${cacheControl}`);
      response.set('Access-Control-Allow-Origin', '*');
      response.set('Cross-Origin-Resource-Policy', 'cross-origin');
    },
  };
}

/** A demo page without its elements is an empty page; better to say why. */
function explainMissingBuild(dist: string): RequestHandler {
  return async (request, response, next) => {
    const isPage = /(?:\/|\.html)$/.test(request.path);
    if ((!isPage && !STABLE_FILES.test(request.path)) || (await isBuilt({ dist, demo: '' }))) {
      next();
      return;
    }
    response.status(503).type('text/plain').send(NOT_BUILT);
  };
}
