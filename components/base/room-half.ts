/** What the elements use of the room API while they run: one file, so that it comes in one piece. */
export { openCamera, openScreen } from '../room/capture.ts';
export { connect } from '../room/session.ts';
