#!/usr/bin/env node
/** The command that mixes a recording again in another way, or tells what is in it. */
import { access } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { FfmpegError } from './recording/ffmpeg.ts';
import { MixError, mix, openRecording } from './recording/mixing/mixer.ts';
import { findMixerConfig } from './recording/mixing/config-file.ts';
import {
  LAYOUT_CLASSES,
  type MixerConfig,
  MixerConfigError,
  checkMixerConfig,
  readMixerConfig,
} from './recording/mixing/config.ts';
import { describeTracks, scanTracks, type Track } from './recording/mixing/tracks.ts';
import type { TimelineStream } from './recording/timeline.ts';

const HELP = `Mixes the recording of a room to one file.

  wcs-mixer FILE [--config FILE] [--layout CLASS] [--out FILE]
  wcs-mixer --show-tracks-info FILE

FILE is a room's .mkv, or the .json beside it. The result is FILE-mixed.mp4, or .m4a when there is only sound.

  --config FILE            settings; default: offline_mixer.json in the current folder, else of this installation
  --layout CLASS           ${LAYOUT_CLASSES.join(', ')}
  --out FILE               where to put the result
  --show-tracks-info FILE  print the tracks of a recording as JSON: codec, stream, size, and when there is media and when a pause
  --help                   print this

Ends with 0 when it is done, 2 when it was called wrongly, 64 when FILE is not there, 65 when the settings are not there or wrong, 1 for all else.
`;

/** 64 and 65 are those of the WCS tool. */
const EXIT = { failed: 1, usage: 2, fileMissing: 64, configMissing: 65 };

class Refusal extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  try {
    await run(args);
    return 0;
  } catch (error) {
    if (error instanceof Refusal) {
      process.stderr.write(`${error.message}\n`);
      return error.exitCode;
    }
    if (error instanceof MixError || error instanceof FfmpegError) {
      process.stderr.write(`${error.message}\n`);
      return EXIT.failed;
    }
    throw error;
  }
}

async function run(args: string[]): Promise<void> {
  const { values, positionals } = parse(args);
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const tracksOf = values['show-tracks-info'];
  const [file = tracksOf, ...more] = positionals;
  if (file === undefined || more.length > 0 || (tracksOf !== undefined && file !== tracksOf)) {
    throw new Refusal(EXIT.usage, HELP);
  }
  const missing = () => Promise.reject(new Refusal(EXIT.fileMissing, `There is no file ${file}`));
  await access(file).catch(missing);
  if (tracksOf !== undefined) return showTracks(tracksOf);

  const config = await loadConfig(values.config, values.layout);
  const progress = progressLine();
  const result = await mix({ file, config, out: values.out, onProgress: progress.show });
  progress.clear();
  for (const note of result.notes) process.stderr.write(`Note: ${note}\n`);
  process.stdout.write(`${result.file}\n`);
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        layout: { type: 'string' },
        out: { type: 'string' },
        'show-tracks-info': { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new Refusal(EXIT.usage, `${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
}

async function showTracks(path: string): Promise<void> {
  const { file, timeline } = await openRecording(path);
  const { tracks } = await scanTracks(file);
  // A stream that came back has one name and, each time, an identifier of its own.
  const mediaSessionId = ({ index, streamName }: Track) => {
    const own = timeline?.streams.filter(({ name }) => name === streamName) ?? [];
    const isOf = ({ audio, video }: TimelineStream) => [audio?.track, video?.track].includes(index + 1);
    return (own.find(isOf) ?? own[0])?.mediaSessionId ?? '';
  };
  process.stdout.write(`${JSON.stringify(describeTracks(tracks, mediaSessionId), null, 2)}\n`);
}

async function loadConfig(path: string | undefined, layout: string | undefined): Promise<MixerConfig> {
  try {
    const config = await readMixerConfig(findMixerConfig(path));
    if (layout === undefined) return config;
    const { mixerLayoutClass } = checkMixerConfig({ mixerLayoutClass: layout });
    return { ...config, mixerLayoutClass };
  } catch (error) {
    if (error instanceof MixerConfigError) throw new Refusal(EXIT.configMissing, error.message);
    throw new Refusal(EXIT.configMissing, `The settings cannot be read: ${String(error)}`);
  }
}

/** Per cent and the time left, on a terminal only. */
function progressLine(): { show: (fraction: number) => void; clear: () => void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => undefined, clear: () => undefined };
  const startedAt = performance.now();
  return {
    show(fraction) {
      const seconds = ((performance.now() - startedAt) / 1000) * (1 / Math.max(fraction, 0.001) - 1);
      const left = fraction > 0.05 ? `, ${clock(seconds)} left` : '';
      stderr.write(`\r\x1b[KMixing: ${Math.floor(fraction * 100)} %${left}`);
    },
    clear: () => stderr.write('\r\x1b[K'),
  };
}

function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
