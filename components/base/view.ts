import type { Quality, Reaction } from '../../protocol/model.ts';

/** What parts show: plain data, made by the room controller and the own devices, with no way back to them. */

/** One picture on the stage: somebody's camera (or only their name), or a screen. */
export interface TileView {
  /** Stable while the tile stays: the login, or for a screen its stream's name. */
  id: string;
  kind: 'camera' | 'screen';
  /** What is shown of whoever it is. */
  name: string;
  /** Their login, where it is not what is shown. */
  login?: string;
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
  /** Whether this viewer has stopped the picture. */
  stopped?: boolean;
  /** How loud it is played, 0 to 100; undefined of ourselves, and where there is no sound. */
  volume?: number | undefined;
  /** False while their connection is lost and may come back. */
  connected: boolean;
  /** Place among the raised hands, from 1. */
  hand?: number | undefined;
  /** Signs that they show just now, oldest first. */
  reactions?: readonly ShownReaction[];
}

/** A sign that is seen for a moment. */
export interface ShownReaction {
  id: number;
  reaction: Reaction;
}

/** Somebody in the list of people. */
export interface PersonView {
  login: string;
  /** What is shown of them. */
  name: string;
  own: boolean;
  /** `held`: a moderator has muted it for good. */
  microphone: 'on' | 'off' | 'held';
  camera: boolean;
  sharing: boolean;
  speaking: boolean;
  /** False while their connection is lost and may come back. */
  connected: boolean;
  /** Place among the raised hands, from 1. */
  hand: number | undefined;
}

/** How one track goes over the connection; what is not known, or not yet, is left out. */
export interface TrackDetails {
  /** `opus`, `VP8`, … */
  codec: string;
  /** Kilobits per second. */
  bitrate?: number | undefined;
  /** 0 to 1: packets that were lost lately. */
  loss?: number | undefined;
  /** Milliseconds by which packets come early or late. */
  jitter?: number | undefined;
  /** 0 to 10, by the backend: how much of it arrives in time. */
  score?: number | undefined;
}

export interface PictureDetails extends TrackDetails {
  /** Pixels. */
  width?: number | undefined;
  height?: number | undefined;
  /** Frames per second. */
  frameRate?: number | undefined;
  /** Of the layers of size and of frame rate: how many there are, come, and are wanted. */
  size?: LayerDetails | undefined;
  rate?: LayerDetails | undefined;
}

export interface LayerDetails {
  count: number;
  /** 0: none. */
  current: number;
  wanted: number;
}

/** How somebody's stream reaches us, or how ours leaves us. */
export interface ConnectionDetails {
  direction: 'received' | 'sent';
  quality?: Quality | undefined;
  /** Milliseconds to the backend and back. */
  roundTrip?: number | undefined;
  sound?: TrackDetails | undefined;
  picture?: PictureDetails | undefined;
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

/**
 * `on`, `off`; `missing`: there is none to switch, the button tries to get one; `busy`: being opened; `held`: a moderator has
 * switched it off for good.
 */
export type DeviceState = 'on' | 'off' | 'missing' | 'busy' | 'held';
