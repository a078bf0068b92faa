import type { TokenSource } from '../room/signaling/connection.ts';

/**
 * Whether a camera is worth asking for before the server has said what we may do: not when the token itself says otherwise
 * (`grants`, see ACCESS.md), nor before a page's function has been asked for one. Only the server decides.
 */
export function expectsToPublish(token: TokenSource): boolean {
  if (typeof token !== 'string') return false;
  const { grants } = claimsOf(token);
  return !Array.isArray(grants) || grants.includes('publish');
}

/** The login that the token names, if it names one. */
export function loginOf(token: string): string | undefined {
  const { login } = claimsOf(token);
  return typeof login === 'string' ? login : undefined;
}

/** What the token says, unchecked; nothing where it is none. */
function claimsOf(token: string): Record<string, unknown> {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (letter) => letter.charCodeAt(0));
    return Object(JSON.parse(new TextDecoder().decode(bytes))) as Record<string, unknown>;
  } catch {
    return {};
  }
}
