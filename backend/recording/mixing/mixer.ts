/** Mixes a recording of a room to one file: scans it, plans, renders picture and sound beside each other, puts them together. */
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { FfmpegError, runFfmpeg } from '../ffmpeg.ts';
import { backdropScript, captionScript, missingLetters } from './captions.ts';
import type { MixerConfig } from './config.ts';
import { type Piece, backdropArguments, cutPieces, pictureArguments } from './picture.ts';
import { type MixPlan, planMix, timelineOfTracks } from './plan.ts';
import { mixSound } from './sound.ts';
import { scanTracks } from './tracks.ts';
import { type Timeline, readTimeline } from '../timeline.ts';

export interface MixOptions {
  /** A room's `.mkv`, or its timeline (`.json`), which lies beside it. A file without a timeline is mixed by its tracks alone. */
  file: string;
  config: MixerConfig;
  /** Where to put the result; `.mp4`, or `.m4a` for sound alone. Default: `<file>-mixed` with that ending. */
  out?: string;
  /** Told how much is done, 0 to 1. */
  onProgress?: (fraction: number) => void;
  signal?: AbortSignal;
  /** How many pieces of the picture are rendered at once. Default: one for every two processors, none shorter than a minute. */
  pieces?: number;
  /** Milliseconds without progress after which mixing fails. Default: 120,000. */
  stallMs?: number;
}

export interface MixResult {
  file: string;
  durationMs: number;
  hasVideo: boolean;
  hasAudio: boolean;
  /** What was odd but could be mixed: damage in the file, letters that no font has. */
  notes: string[];
}

/** A recording that cannot be mixed: nothing in it, or nothing that could be read. */
export class MixError extends Error {
  override name = 'MixError';
}

/** What is mixed: the media file, its timeline, and where both lie. */
export interface Recording {
  file: string;
  timeline?: Timeline;
}

const PIECE_MIN_SECONDS = 60;

/** The part of the progress that finding out what there is takes; putting the result together takes as much. */
const EDGE_PROGRESS = 0.02;

/**
 * Mixes a recording. Nothing but the result is left behind, and that appears when it is complete. Throws MixError,
 * FfmpegError, or the reason of `signal`.
 */
export async function mix(options: MixOptions): Promise<MixResult> {
  const { config, onProgress } = options;
  const aborter = new AbortController();
  const signal = AbortSignal.any([aborter.signal, ...(options.signal ? [options.signal] : [])]);
  const recording = await openRecording(options.file);
  const { tracks, problems } = await scan(recording.file, signal);
  const plan = planMix({ timeline: recording.timeline ?? timelineOfTracks(tracks), tracks, config });
  const [hasVideo, hasAudio] = [plan.spans.length > 0 && plan.frames > 0, plan.voices.length > 0 && plan.frames > 0];
  if (!hasVideo && !hasAudio) throw new MixError(`There is nothing to mix in ${basename(recording.file)}.`);
  onProgress?.(EDGE_PROGRESS);

  const out = resolve(options.out ?? mixedName(recording.file, hasVideo));
  const directory = join(dirname(out), `.${basename(out)}.mixing`);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const job: Job = { ...options, recording, plan, directory, signal, stallMs: options.stallMs };
  const notes = new Set(problems);
  try {
    const report = sharedProgress(hasVideo, (fraction) =>
      onProgress?.(EDGE_PROGRESS + fraction * (1 - 2 * EDGE_PROGRESS)),
    );
    const parts = [
      hasVideo ? renderPicture(job, report.picture) : [],
      hasAudio ? mixSound({ ...job, source: recording.file, out: 'sound.m4a', onProgress: report.sound }) : [],
    ].map((part) => stopOthers(Promise.resolve(part), aborter));
    for (const result of await Promise.allSettled(parts)) {
      if (result.status === 'fulfilled') result.value.forEach((note) => notes.add(note));
    }
    await Promise.all(parts);
    await putTogether(job, { hasVideo, hasAudio, result: `result${extname(out)}` });
    await rename(join(directory, `result${extname(out)}`), out);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  onProgress?.(1);
  return { file: out, durationMs: (plan.frames * 1000) / plan.fps, hasVideo, hasAudio, notes: [...notes] };
}

/** Finds the media file and the timeline that belong together, given either. Throws the file system's error when there is no media. */
export async function openRecording(path: string): Promise<Recording> {
  const stem = path.slice(0, path.length - extname(path).length);
  const timelinePath = `${stem}.json`;
  const timeline = await readTimeline(timelinePath).catch((error: unknown) => {
    if (isMissing(error) && path !== timelinePath) return undefined;
    throw error;
  });
  const file = resolve(path === timelinePath ? join(dirname(path), timeline?.file ?? `${basename(stem)}.mkv`) : path);
  await stat(file);
  return { file, timeline };
}

interface Job extends MixOptions {
  recording: Recording;
  plan: MixPlan;
  directory: string;
  signal: AbortSignal;
}

async function scan(file: string, signal: AbortSignal) {
  try {
    return await scanTracks(file, signal);
  } catch (error) {
    if (!(error instanceof FfmpegError)) throw error;
    throw new MixError(`${basename(file)} cannot be read: ${error.lines.at(-1) ?? error.message}`, { cause: error });
  }
}

/** Renders the pieces, a few at a time, and answers what ffmpeg complained about. */
async function renderPicture(job: Job, onProgress: (fraction: number) => void): Promise<string[]> {
  const { plan } = job;
  const wanted = Math.min(
    Math.floor(availableParallelism() / 2),
    Math.floor(plan.frames / plan.fps / PIECE_MIN_SECONDS),
  );
  const pieces = cutPieces(plan, Math.max(1, job.pieces ?? wanted));
  const done = pieces.map(() => 0);
  const rendered = pieces.map((piece, index) =>
    renderPiece(job, piece, index, (frames) => {
      done[index] = frames;
      onProgress(done.reduce((sum, count) => sum + count, 0) / plan.frames);
    }),
  );
  const lines = (await Promise.all(rendered)).flat();
  const list = pieces.map(({ frames }, index) => `file picture-${index}.mp4\nduration ${frames / plan.fps}\n`);
  await writeFile(join(job.directory, 'picture.ffconcat'), `ffconcat version 1.0\n${list.join('')}`);
  return lines;
}

async function renderPiece(
  job: Job,
  piece: Piece,
  index: number,
  onFrames: (frames: number) => void,
): Promise<string[]> {
  const { plan, config, directory, signal, stallMs, recording } = job;
  const names = { backdrops: `backdrops-${index}.mkv`, captions: `captions-${index}.ass`, graph: `graph-${index}.txt` };
  const files = { ...names, source: recording.file, out: `picture-${index}.mp4` };
  const drawing = `backdrops-${index}.ass`;
  const { args, graph } = pictureArguments(plan, config, piece, files);
  const write = (name: string, text: string) => writeFile(join(directory, name), text);
  await write(
    drawing,
    backdropScript(
      piece.backdrops.map(({ tiles }) => tiles),
      plan,
      config,
    ),
  );
  await write(files.captions, captionScript(piece.spans, plan, config));
  await write(files.graph, graph);
  const run = { cwd: directory, signal, stallMs };
  const drawn = await runFfmpeg({ ...run, args: backdropArguments(plan, config, piece, drawing, files.backdrops) });
  const more = await runFfmpeg({ ...run, args, onProgress: ({ frames }) => onFrames(frames) });
  onFrames(piece.frames);
  return [...missingLetters(drawn), ...more];
}

async function putTogether(job: Job, parts: { hasVideo: boolean; hasAudio: boolean; result: string }): Promise<void> {
  const { directory, signal, stallMs } = job;
  const inputs = [
    ...(parts.hasVideo ? ['-f', 'concat', '-i', 'picture.ffconcat'] : []),
    ...(parts.hasAudio ? ['-i', 'sound.m4a'] : []),
  ];
  const maps = parts.hasVideo && parts.hasAudio ? ['-map', '0:v', '-map', '1:a'] : ['-map', '0'];
  const args = [...inputs, ...maps, '-c', 'copy', '-movflags', '+faststart', parts.result];
  await runFfmpeg({ args, cwd: directory, signal, stallMs });
}

/** When one part fails, the other need not go on. */
async function stopOthers<T>(part: Promise<T>, aborter: AbortController): Promise<T> {
  try {
    return await part;
  } catch (error) {
    aborter.abort(error);
    throw error;
  }
}

/** The picture is nearly all of the work where there is one. */
function sharedProgress(hasVideo: boolean, report: (fraction: number) => void) {
  const weight = hasVideo ? 0.95 : 0;
  let [picture, sound] = [0, 0];
  const tell = () => report(weight * picture + (1 - weight) * sound);
  return {
    picture: (fraction: number) => ((picture = fraction), tell()),
    sound: (fraction: number) => ((sound = fraction), tell()),
  };
}

function mixedName(file: string, hasVideo: boolean): string {
  return `${file.slice(0, file.length - extname(file).length)}-mixed${hasVideo ? '.mp4' : '.m4a'}`;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
