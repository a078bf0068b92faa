import { Router } from 'express';
import { WcsError } from '../../protocol/errors.ts';
import type { Catalogue } from '../recording/store/catalogue.ts';
import type { Access } from './access.ts';
import type { Folders } from './folders.ts';
import { mediaType } from './api/recordings.ts';

/** The page brings all it needs itself, and shows nothing of other sites. */
const PAGE_POLICY = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "img-src 'self'", "media-src 'self'", "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join('; ');

export interface RecordRoutesOptions {
  /** Undefined: this backend does not record. */
  catalogue: Catalogue | undefined;
  access: Access;
  folders: Pick<Folders, 'demo'>;
}

/**
 * `/client/records/`: the page that lists recordings, which itself is no secret; and the files of recordings, in ranges
 * where asked (RFC 9110 §14), for those who may see them. `?download` has the browser save a file.
 */
export function recordRoutes({ catalogue, access, folders }: RecordRoutesOptions): Router {
  const routes = Router({ strict: true });
  // The page is framed by nobody, by whatever address it is asked for.
  routes.get(['/client/records', '/records.html'], (_request, response) => response.redirect(301, '/client/records/'));
  routes.get('/client/records/', (_request, response) => {
    response.set('Content-Security-Policy', PAGE_POLICY);
    response.set('Referrer-Policy', 'no-referrer');
    response.sendFile('records.html', { root: folders.demo, cacheControl: false });
  });
  routes.use('/client/records/:name', access.guard);
  routes.get('/client/records/:name', async (request, response) => {
    const { name } = request.params;
    const file = await catalogue?.findFile(name);
    if (!catalogue || !file) throw new WcsError('recording_unknown', 'There is no such recording.');
    if (request.query.download !== undefined) response.attachment(file.name);
    response.type(mediaType(file.name));
    // Other sites' pages cannot show what only this machine may see.
    response.set('Cross-Origin-Resource-Policy', 'same-origin');
    response.set('Cache-Control', 'private, no-cache');
    response.set('Content-Security-Policy', "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'");
    response.sendFile(file.name, { root: catalogue.directory, dotfiles: 'deny', cacheControl: false });
  });
  routes.use('/client/records/', () => {
    throw new WcsError('recording_unknown', 'There is no such recording.');
  });
  return routes;
}
