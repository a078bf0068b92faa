/** The elements: importing this registers them. On a server it does nothing. */
export { WcsConference } from './conference/conference.ts';
