/** The list of people, with its texts: loaded when somebody opens it. */
import { addEnglish } from '../base/element/languages.ts';
import { enPeople } from '../locales/en-people.ts';
import '../parts/people/people.ts';

addEnglish(enPeople);
