/** What somebody sees who waits to be let in, with its texts: loaded by those who have to. */
import { addEnglish } from '../base/element/languages.ts';
import { enWaiting } from '../locales/en-waiting.ts';
import { callIcons } from '../parts/call-icons.ts';
import { addIcons } from '../parts/icon.ts';
import '../parts/waiting.ts';

addEnglish(enWaiting);
addIcons(callIcons);
