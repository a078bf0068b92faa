/**
 * The parts that everybody sees in a room, and only there: one file, so that they come in one piece while
 * the room is being joined, and not before.
 */
import { addEnglish } from '../base/element/languages.ts';
import { enCall } from '../locales/en-call.ts';
import { callIcons } from '../parts/call-icons.ts';
import '../parts/chat.ts';
import '../parts/controls.ts';
import { addIcons } from '../parts/icon.ts';
import '../parts/invite.ts';
import '../parts/stage/stage.ts';

export { Assembly } from '../base/gathering/assembly.ts';
export { CallAids } from './aids/call-aids.ts';
export { inviteCard } from './invite-card.ts';
export { roomStyles } from './room.styles.ts';
export { chatPanel, controlsPanel, peoplePanel, stagePanel } from './room-panels.ts';
export { gatheringNotices, newsText } from '../parts/gathering-notices.ts';

addEnglish(enCall);
addIcons(callIcons);
