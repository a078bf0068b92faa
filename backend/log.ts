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

export function createLog({ level, destination }: LogOptions): Log {
  const options = { level, base: undefined, timestamp: stdTimeFunctions.isoTime };
  return destination ? pino(options, destination) : pino(options);
}
