import { WcsError } from '../../protocol/errors.ts';
import type { Grant } from '../../protocol/model.ts';

/** Where nobody shows a token: everybody talks, and whoever made the room, or has that login later, decides over it. */
export const GUEST: ReadonlySet<Grant> = new Set(['join', 'publish', 'screen', 'chat']);
export const MAKER: ReadonlySet<Grant> = new Set([...GUEST, 'record', 'moderate']);

const FORBIDDEN: Readonly<Record<Grant, string>> = {
  join: 'You may not enter this room.',
  publish: 'You may not publish a camera or a microphone in this room.',
  screen: 'You may not share a screen in this room.',
  chat: 'You may not write in this room.',
  record: 'You may not switch the recording of this room.',
  moderate: 'Only a moderator of this room may do that.',
};

/** Throws WcsError `forbidden`. */
export function assertGranted(grants: ReadonlySet<Grant>, grant: Grant): void {
  if (!grants.has(grant)) throw new WcsError('forbidden', FORBIDDEN[grant]);
}
