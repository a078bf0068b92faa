import type { TokenSource } from '../room/signaling/connection.ts';

/**
 * Whether a camera is worth asking for before the server has said what we may do: not when the token itself says otherwise
 * (`grants`, see ACCESS.md), nor before a page's function has been asked for one. Only the server decides.
 */
export function expectsToPublish(token: TokenSource): boolean {
  if (typeof token !== 'string') return false;
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { grants } = JSON.parse(atob(payload)) as { grants?: unknown };
    return !Array.isArray(grants) || grants.includes('publish');
  } catch {
    return true;
  }
}
