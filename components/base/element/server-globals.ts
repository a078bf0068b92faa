/**
 * What the library's modules touch while they are loaded. On a server, where a page's framework may import them only to
 * render the page, stand-ins keep that from throwing; in a browser these are the real things. The build puts these names
 * in place of the global ones.
 */
const page = globalThis as Partial<typeof globalThis>;
const nothing = class {};

const element = page.HTMLElement ?? nothing;
const sheet = page.CSSStyleSheet ?? nothing;
const pageDocument = page.document ?? { createTreeWalker: () => undefined };

export { element as HTMLElement, sheet as CSSStyleSheet, pageDocument as document };
