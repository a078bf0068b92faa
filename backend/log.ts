import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';

/**
 * One line of JSON per event: fields, not prose. error: someone must look. warn: odd, but handled. info: one line per
 * step in the life of the server, a room, a participant, a recording. debug: each message. Names are fields; tokens,
 * keys, message texts and SDP are never logged.
 */
export type Log = Logger;

export interface LogOptions {
  level: string;
  /** Default: standard output. */
  destination?: DestinationStream;
}

/** Writes at once: lines that wait to be written come out of order, or not at all, when the process exits. */
export function createLog({ level, destination = pino.destination({ fd: 1, sync: true }) }: LogOptions): Log {
  return pino({ level, base: undefined, timestamp: stdTimeFunctions.isoTime }, destination);
}
