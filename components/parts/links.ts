import { html } from 'lit';
import type { TemplateResult } from 'lit';

/** Up to the next blank, quote or angle bracket, or a mark that turns the direction of what follows. */
const ADDRESS = /\bhttps?:\/\/[^\s<>"`\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/giu;
/** What ends a sentence more likely than an address. */
const TAIL = /[.,;:!?'’»”)\]}…]+$/u;

/**
 * Text with its web addresses to click on. They tell their target nothing of this page and hold no name or password before the
 * host, which would be taken for the host.
 */
export function withLinks(text: string): (string | TemplateResult)[] {
  const pieces: (string | TemplateResult)[] = [];
  let end = 0;
  for (const { 0: match, index } of text.matchAll(ADDRESS)) {
    const address = withoutTail(match);
    const url = URL.parse(address);
    if (!url || url.username || url.password) continue;
    pieces.push(text.slice(end, index), link(address, url.href));
    end = index + address.length;
  }
  return [...pieces, text.slice(end)];
}

/** The title is the address as the browser takes it: a host in letters that look like others is seen there. */
function link(shown: string, href: string): TemplateResult {
  return html`<a href=${href} title=${href} dir="ltr" target="_blank" rel="noopener noreferrer nofollow">${shown}</a>`;
}

/** A bracket that the address opens itself belongs to it. */
function withoutTail(address: string): string {
  const [tail = ''] = TAIL.exec(address) ?? [];
  const bare = address.slice(0, address.length - tail.length);
  return tail.startsWith(')') && bare.includes('(') ? `${bare})` : bare;
}
