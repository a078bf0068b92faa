import type { Quality } from '../../protocol/model.ts';

/** What parts show: plain data, made by the room controller and the own devices, with no way back to them. */

/** One picture on the stage: somebody's camera (or only their name), or a screen. */
export interface TileView {
  /** Stable while the tile stays: the login, or for a screen its stream's name. */
  id: string;
  kind: 'camera' | 'screen';
  /** What is shown of whoever it is. */
  name: string;
  /** Whether it is ourselves: silent. */
  own: boolean;
  /** Whether it is shown as in a mirror. */
  mirrored?: boolean;
  media: MediaStream | undefined;
  /** Whether `media` has a picture that is on; without it the initials are shown. */
  video: boolean;
  /** Whether they can be heard; a microphone that is off or missing shows a sign. */
  audio: boolean;
  /** Whether they are the one who speaks just now. */
  speaking?: boolean;
  /** How well it reaches us; undefined of ourselves. */
  quality?: Quality | undefined;
  /** Whether the picture waits because the bandwidth is only enough for the sound. */
  starved?: boolean;
  /** False while their connection is lost and may come back. */
  connected: boolean;
}

/** One line of the chat log. */
export interface ChatLine {
  id: string;
  /** `system`: something that happened in the room. */
  kind: 'text' | 'joined' | 'left' | 'lost' | 'people' | 'empty';
  /** What is shown of whom it is about; several, one a line, for `people`. */
  name: string;
  text: string;
  /** The login of the one recipient of a private line. */
  to?: string | undefined;
  /** Whether it was written before we came. */
  earlier?: boolean;
  /** Milliseconds since the Unix epoch. */
  at: number;
  own: boolean;
  /** Of an own line: whether it has reached the backend. */
  delivery: 'sending' | 'sent' | 'failed';
}

/** `on`, `off`; `missing`: there is none to switch, the button tries to get one; `busy`: being opened. */
export type DeviceState = 'on' | 'off' | 'missing' | 'busy';
