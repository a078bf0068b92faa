import type { types } from 'mediasoup-client';
import type { EventData } from '../../protocol/messages.ts';
import type { Ask } from './media/media.ts';
import type { Room } from './room.ts';

export interface JoinOptions {
  /** 1 to 64 characters, without control characters; compared whole. */
  name: string;
  /** As the first participant: record the whole room. */
  record?: boolean;
  /** As the first participant: let in this many people at most, oneself included; 1 to 10,000. */
  capacity?: number;
}

/** `idle`, `replaced`, `media`: told by the backend. `disconnected`: the session ended. `refused`: not let in again. */
export type RoomEndReason = EventData<'ended'>['reason'] | 'disconnected' | 'refused';

/** What a room needs of its session. */
export interface RoomLink {
  /** The login as the backend knows it. */
  login: string;
  rtc: RTCConfiguration;
  ask: Ask;
  /** Resolves when signed in; undefined where there is no WebRTC. */
  device(): Promise<types.Device | undefined>;
  /** Whether requests go out now. */
  up(): boolean;
  /** Milliseconds for which what is lost is looked for. */
  reconnectTimeout: number;
  onOver(room: Room): void;
}

/** Why a room ended, in words. */
export const ENDED: Record<EventData<'ended'>['reason'], string> = {
  idle: 'The room has ended: nobody was connected to it for too long.',
  replaced: 'You have joined again from elsewhere under the same name.',
  media: 'The room has ended: the server could not go on with its media.',
};
