import { WcsError } from '../../protocol/errors.ts';

/** The page parameter that names a room, as in WCS's sample pages. */
const ROOM_PARAMETER = 'roomName';

/** The room that the page's address names, if it does. */
export function roomOfPage(page: string): string | undefined {
  return new URL(page).searchParams.get(ROOM_PARAMETER)?.trim() || undefined;
}

/** A new room's name: `room-` and 6 lower-case hexadecimal digits. */
export function makeRoomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(3));
  return `room-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** The page's address with the room in it; whatever else stands there stays. */
export function inviteUrl(page: string, room: string): string {
  const url = new URL(page);
  url.searchParams.set(ROOM_PARAMETER, room);
  return url.href;
}

/** Where the backend whose signaling is at `server` lists its recordings. */
export function recordingsUrl(server: string): string {
  const url = new URL('/client/records/', server);
  url.protocol = url.protocol.replace(/^ws/, 'http');
  return url.href;
}

/**
 * The address of the backend's signaling. What is not said comes from where this code was loaded: nothing at all gives
 * that server's `/ws`; http(s) becomes ws(s).
 *
 * @throws WcsError invalid when `given` is no address.
 */
export function serverUrl(given: string, code: string): string {
  try {
    const url = new URL(given || '/ws', code);
    url.protocol = url.protocol.replace(/^http/, 'ws');
    url.hash = '';
    return url.href;
  } catch (cause) {
    throw new WcsError('invalid', `server-url is not an address: ${given}`, { cause });
  }
}
