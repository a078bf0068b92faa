import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import express, { Router, type RequestHandler, type Response } from 'express';
import type { Folders } from './folders.ts';

const NOT_BUILT =
  'dist/wcs.js is not built yet. Run "npm run build" in the folder of WCS Rooms, then reload this page.';

/** Files whose names never change: to be asked for again each time, at the cost of an ETag comparison. */
const STABLE_FILES = /^\/(?:(?:wcs\.js|room-api\.m?js)(?:\.map|\.LEGAL\.txt)?|integrity\.json)$/;

const FOR_EVER = 'max-age=31536000, immutable';

/**
 * The elements, the room API and the demo pages. Any page of any site may load the scripts. They are also at
 * `/v/<version>/`, for pages that name a version together with its hash from `/integrity.json`.
 */
export function pageRoutes({ dist, demo }: Folders): Router {
  const routes = Router();
  const chunks = express.static(join(dist, 'chunks'), { ...scripts(FOR_EVER), index: false });
  routes.use('/chunks', chunks);
  routes.get(STABLE_FILES, express.static(dist, { ...scripts('no-cache'), index: false }));
  const pinned = Router();
  pinned.use('/chunks', chunks);
  pinned.get(STABLE_FILES, express.static(dist, { ...scripts(FOR_EVER), index: false }));
  routes.use('/v/:version', onlyBuiltVersion(dist), pinned);
  routes.use(explainMissingBuild(dist));
  // Those of the examples that have to be compiled first; the others lie among the demo pages.
  routes.use('/examples', express.static(join(dist, 'examples'), { index: false }));
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

/** Another version than the one that is here would break the promise that the address makes. */
function onlyBuiltVersion(dist: string): RequestHandler {
  return async (request, response, next) => {
    const built = await readFile(join(dist, 'integrity.json'), 'utf8').then(
      (text) => (JSON.parse(text) as { version: string }).version,
      () => undefined,
    );
    if (request.params.version === built) {
      next();
      return;
    }
    const here = built === undefined ? NOT_BUILT : `This server has version ${built}: use /v/${built}/wcs.js.`;
    response.status(404).type('text/plain').set('Access-Control-Allow-Origin', '*').send(here);
  };
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
