/** What the elements use of the room API while they run: one file, so that it comes in one piece. */
export { OwnDevices } from './own/devices/own-devices.ts';
export { openScreen } from '../room/capture/capture.ts';
export { connect } from '../room/session.ts';

/** Loads the media code, which a session loads by itself, before there is one. */
export async function loadMedia(): Promise<void> {
  await import('../room/media/mediasoup.ts');
}
