import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { mixerConcurrency, type Config } from '../config.ts';
import type { Log } from '../log.ts';
import { missingPrograms } from './ffmpeg.ts';
import { FolderLock } from './store/folder-lock.ts';
import { mixProcess } from './mixing/mix-process.ts';
import { findMixerConfig } from './mixing/config-file.ts';
import { readMixerConfig } from './mixing/config.ts';
import { Recorder, type RecorderOptions } from './recorder.ts';

/** A recorder, and the folder that is kept for it. */
export interface Recording {
  recorder: Recorder;
  close(): Promise<void>;
}

interface StartOptions extends Pick<RecorderOptions, 'onStarted' | 'onFinished'> {
  config: Config;
  log: Log;
}

/**
 * Recording as the settings say it, with what a former process left taken up; undefined where there is none, and the log
 * says why. Never throws: calls go on without.
 */
export async function startRecording({ config, log, ...told }: StartOptions): Promise<Recording | undefined> {
  if (!config.record_streams) {
    log.info('recording is switched off (record_streams)');
    return undefined;
  }
  const directory = resolve(config.records_dir);
  try {
    const missing = await missingPrograms();
    if (missing.length > 0) throw new Error(`${missing.join(' and ')} cannot be run: install ffmpeg`);
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
    const lock = await FolderLock.take(directory);
    if (!lock) throw new Error('another backend records into this folder: give each its own records_dir');
    const mixerConfig = findMixerConfig(config.offline_mixer);
    const recorder = await startRecorder({ config, directory, mixerConfig, log, ...told });
    log.info({ directory }, 'recording is available');
    return {
      recorder,
      async close() {
        await recorder.close();
        lock.close();
      },
    };
  } catch (err) {
    log.error({ err, directory }, 'recording is not available; calls are');
    return undefined;
  }
}

interface Parts extends StartOptions {
  directory: string;
  mixerConfig: string;
}

async function startRecorder({ config, directory, mixerConfig, log, ...told }: Parts): Promise<Recorder> {
  if (config.record_rotation) log.info('record_rotation has no effect: recordings of rooms are never split');
  // A mistake in it is worth knowing before the first recording ends.
  await readMixerConfig(mixerConfig).catch((err: unknown) =>
    log.error({ err, file: mixerConfig }, 'recordings cannot be mixed until this file is right'),
  );
  return Recorder.start({
    directory,
    concurrency: mixerConcurrency(config),
    mix: mixProcess(mixerConfig),
    emptyShift: config.enable_empty_shift_writer,
    onRecordHook: config.on_record_hook_script && resolve(config.on_record_hook_script),
    onMultipleRecordHook: config.on_multiple_record_hook_script && resolve(config.on_multiple_record_hook_script),
    hookDeadline: config.record_hook_timeout,
    streamTemplate: config.stream_record_policy_template,
    freeMinimum: config.record_min_free_bytes,
    resumeTimeout: config.room_idle_timeout,
    limits: { maxAge: config.records_max_age, maxBytes: config.records_max_bytes },
    callback: { mixerConfig, secret: config.callback_secret },
    ...told,
    log,
  });
}
