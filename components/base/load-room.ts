import { WcsError } from '../../protocol/errors.ts';
import type * as RoomHalf from './room-half.ts';

/**
 * Loads the room API. It comes after the elements, while the camera is being opened or the session begun, so that what a
 * page waits for before it shows anything stays small.
 *
 * @throws WcsError server_unreachable.
 */
export function loadRoom(): Promise<typeof RoomHalf> {
  return loaded(import('./room-half.ts'));
}

/** What is imported, or a WcsError `server_unreachable`. */
export async function loaded<T>(module: Promise<T>): Promise<T> {
  try {
    return await module;
  } catch (cause) {
    throw new WcsError('server_unreachable', 'The rest of the script could not be loaded.', { cause });
  }
}

/** Loads everything that joining will need, while somebody is still looking at themselves. What fails is tried again then. */
export async function warmUp(): Promise<void> {
  await loadRoom()
    .then((room) => room.loadMedia())
    .catch(() => undefined);
}
