/**
 * The parts that everybody sees in a room, and only there: one file, so that they come in one piece while
 * the room is being joined, and not before.
 */
import { addEnglish } from '../base/element/languages.ts';
import { enCall } from '../locales/en-call.ts';
import '../parts/chat.ts';
import '../parts/controls.ts';
import '../parts/invite.ts';
import '../parts/stage/stage.ts';

addEnglish(enCall);

export { CallAids } from './aids/call-aids.ts';
