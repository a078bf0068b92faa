/** A site of somebody else: pages of its own on an origin of its own, with the headers that it sends. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Page {
  body: string;
  /** Default: an HTML page. */
  type?: string;
  headers?: Record<string, string>;
}

export interface Site {
  readonly url: string;
  /** Puts a page at a path, or another in its place. */
  put(path: string, page: Page): void;
  close(): Promise<void>;
}

export async function startSite(): Promise<Site> {
  const pages = new Map<string, Page>();
  const server = createServer((request, response) => {
    const page = pages.get(new URL(request.url ?? '/', 'http://site').pathname);
    if (!page) return void response.writeHead(request.url === '/favicon.ico' ? 204 : 404).end();
    response
      .writeHead(200, { 'Content-Type': page.type ?? 'text/html; charset=utf-8', ...page.headers })
      .end(page.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    put: (path, page) => void pages.set(path, page),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
