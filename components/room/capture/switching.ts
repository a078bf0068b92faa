import { capture } from './capture.ts';
import type { AudioConstraints, VideoConstraints } from './constraints.ts';
import { listDevices } from './devices.ts';

/**
 * Opens another device of a kind with the same wishes.
 *
 * @param current - the one in use.
 * @param id - which; default: the one after the current in the browser's list.
 * @throws Error when there are not two, WcsError when it does not open.
 */
export async function openOther(
  kind: 'audio' | 'video',
  current: MediaStreamTrack,
  wanted: boolean | AudioConstraints | VideoConstraints | undefined,
  id?: string,
): Promise<MediaStreamTrack> {
  const deviceId = id || (await nextDevice(kind, current.getSettings().deviceId));
  const wishes = typeof wanted === 'object' ? wanted : {};
  const stream = await capture({ [kind]: { ...wishes, facingMode: undefined, deviceId } });
  return stream.getTracks()[0] as MediaStreamTrack;
}

async function nextDevice(kind: 'audio' | 'video', current: string | undefined): Promise<string> {
  const { microphones, cameras } = await listDevices();
  const devices = kind === 'audio' ? microphones : cameras;
  const next = devices[(devices.findIndex(({ id }) => id === current) + 1) % devices.length];
  if (devices.length < 2 || !next) throw new Error('There is no other device to switch to.');
  return next.id;
}
