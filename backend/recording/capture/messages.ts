/**
 * What the main thread and the thread that captures tell each other: the one table of it.
 *
 * A stream is known by a number that the main thread gives it. It begins with `open`, which is answered by `opened`;
 * what its sender reports follows; and it ends with `close`, which is answered by `closed` when all that was
 * received is on disk. Nothing else is answered. When the thread dies, every stream in it has failed and is closed.
 */
import type { types } from 'mediasoup';
import type { AudioCodec, VideoCodec } from './matroska.ts';

export type Codec = AudioCodec | VideoCodec;

export interface Track {
  kind: types.MediaKind;
  codec: Codec;
  /** As in the packets; the tracks of a stream have different ones. */
  payloadType: number;
  /** As in the packets, 32 bits; no other track has it. */
  ssrc: number;
  /** RTP clock, Hz. */
  clockRate: number;
  /** Absolute; made when the first frame comes, and must not be there. */
  path: string;
  /** Stands in the file as the track's name. */
  name: string;
}

/** What the RTP clock of a track showed at a time of its sender's clock. */
export interface SenderReport {
  /** RTP time, 32 bits. */
  timestamp: number;
  /** Milliseconds. */
  senderTime: number;
}

/** How far a track has come. */
export interface Progress {
  /** Frames written. */
  frames: number;
  /** Packets that never came. */
  lost: number;
  /** Milliseconds to add to every time in the file. */
  shiftMs: number;
}

export interface ToThread {
  stream: number;
  order: Order;
}

export type FromThread = { stream: number; news: News }[];

/** How far the tracks of a stream have come. */
export type ProgressByKind = { [K in types.MediaKind]?: Progress };

export type Order =
  | {
      type: 'open';
      /** `performance.now()` at which the clock of the files shows 0; threads of a process agree on it. */
      origin: number;
      tracks: Track[];
    }
  | { type: 'report'; kind: types.MediaKind; report: SenderReport }
  | { type: 'close' };

export type News =
  | {
      type: 'opened';
      /** UDP port of 127.0.0.1 to which the packets are to be sent. */
      port: number;
    }
  /** About once a second, where there is something new, and right before `closed`. */
  | { type: 'progress'; progress: ProgressByKind }
  /** Nothing can be decoded until a key frame comes. */
  | { type: 'key-frame-wanted'; kind: types.MediaKind }
  /** A file cannot be written any longer; what is in it stays. */
  | { type: 'failed'; message: string }
  | { type: 'closed' };
