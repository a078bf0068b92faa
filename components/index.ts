/** The elements: importing this registers them. On a server it does nothing. */
export { WcsConference } from './conference/conference.ts';
export { registerDictionary } from './base/element/languages.ts';
export type { PageDictionary } from './base/element/languages.ts';
export type { TileBox, TileInfo, TileLayout, TileOrder } from './base/tile-layout.ts';
export { WcsScreenShare } from './screen-share/screen-share.ts';
export { WcsVideoChat } from './video-chat/video-chat.ts';
