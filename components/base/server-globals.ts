/**
 * What the library's modules touch while they are loaded. On a server, where a page's framework may import them only to
 * render the page, stand-ins keep that from throwing; in a browser these are the real things. The build puts these names
 * in place of the global ones.
 */
const page = globalThis as Partial<typeof globalThis>;

const HTMLElementOrNothing = page.HTMLElement ?? (class {} as typeof globalThis.HTMLElement);
const documentOrNothing = page.document ?? ({ createTreeWalker: () => undefined } as unknown as Document);

export { HTMLElementOrNothing as HTMLElement, documentOrNothing as document };
