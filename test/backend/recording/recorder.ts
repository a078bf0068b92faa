import { pino } from 'pino';
import { Recorder, type RecorderOptions } from '../../../backend/recording/recorder.ts';

/** A recorder as small as it can be: no hooks, nothing is really mixed, no disk is too full. */
export async function startRecorder(options: Partial<RecorderOptions> & { directory: string }): Promise<Recorder> {
  return await Recorder.start({
    concurrency: 1,
    mix: (path) => Promise.resolve(path.replace('.json', '-mixed.mp4')),
    emptyShift: false,
    onRecordHook: '',
    onMultipleRecordHook: '',
    hookDeadline: 5000,
    streamTemplate: 'stream-{mediaSessionId}-{login}',
    freeMinimum: 0,
    log: pino({ level: process.env.TEST_LOG ?? 'silent' }),
    ...options,
  });
}
