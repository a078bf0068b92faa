/**
 * The parts that are seen only in a room, and by keyboard only on demand: one file, so that they come in one piece while
 * the room is being joined, and not before.
 */
import { addEnglish } from '../base/element/languages.ts';
import { enCall } from '../locales/en-call.ts';
import '../parts/chat.ts';
import '../parts/controls.ts';
import '../parts/help.ts';
import '../parts/invite.ts';
import '../parts/meter.ts';
import '../parts/stage/stage.ts';

addEnglish(enCall);

export { CallAids } from './aids/call-aids.ts';
