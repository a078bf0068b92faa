import type { DeviceRequest } from '../own/devices/device-view.ts';
import type { Reaction } from '../../../protocol/model.ts';

/** What somebody asked for by using a part. Parts only ask; the element around them decides and acts. */
export type Intent =
  | { do: 'join'; name: string; record: boolean }
  | { do: 'leave' }
  | { do: 'microphone' }
  | { do: 'camera' }
  | { do: 'publish' }
  | { do: 'share' }
  | { do: 'chat'; open: boolean }
  /** To everybody, or to one; `again` is the line of an earlier try that failed. */
  | { do: 'send'; text: string; to?: string | undefined; again?: string }
  | { do: 'record'; on: boolean }
  /** Make a tile large for oneself, or let it go. */
  | { do: 'pin'; tile: string }
  /** The picture of a tile is in this `<video>` now; without one, in none. */
  | { do: 'show'; tile: string; video: HTMLVideoElement | undefined }
  | { do: 'settings' }
  /** Something about one's own devices. */
  | { do: 'device'; ask: DeviceRequest }
  /** How loud a tile is, 0 to 100, for oneself. */
  | { do: 'volume'; tile: string; volume: number }
  /** Receive the picture of a tile, or not. */
  | { do: 'watch'; tile: string; on: boolean }
  /** What can be done with a tile; about the tile itself, so nobody but the stage is asked. */
  | { do: 'options' | 'full-screen' | 'picture-in-picture' | 'details'; tile: string }
  | { do: 'sound' }
  | { do: 'sound-blocked' }
  | GatheringIntent
  | ModeratorIntent;

/** What people do in a room besides talking. */
type GatheringIntent =
  | { do: 'people'; open: boolean }
  | { do: 'hand'; up: boolean }
  | { do: 'react'; reaction: Reaction }
  /** Open the chat, for a message to one. */
  | { do: 'write'; to: string };

/** What moderators decide over others, by login. */
export type ModeratorIntent =
  /** Microphone or camera; `hold`: until a moderator allows it again. */
  | { do: 'mute'; login: string; kind: 'audio' | 'video'; hold: boolean }
  | { do: 'mute-all' }
  | { do: 'stop-sharing'; login: string }
  | { do: 'lower-hand'; login: string }
  /** `ban`: for as long as there is this room. */
  | { do: 'remove'; login: string; ban: boolean }
  | { do: 'guard'; locked?: boolean; lobby?: boolean }
  /** Let in, or send away, one who waits; without a login all. */
  | { do: 'admit'; login?: string | undefined; on: boolean }
  | { do: 'end' };

/** Carries an intent from a part to the element around it, and no further: it is not composed. */
export class IntentEvent extends Event {
  static readonly type = 'wcs-intent';
  readonly intent: Intent;

  constructor(intent: Intent) {
    super(IntentEvent.type, { bubbles: true });
    this.intent = intent;
  }
}

/** Asks for something on behalf of a part. */
export function askFor(part: EventTarget, intent: Intent): void {
  part.dispatchEvent(new IntentEvent(intent));
}

declare global {
  interface HTMLElementEventMap {
    'wcs-intent': IntentEvent;
  }
}
