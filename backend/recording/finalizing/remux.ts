/** Turns the files of single tracks into what people open: a stream's file, a room's file with a track for each. */
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFfmpeg, runFfprobe } from '../ffmpeg.ts';
import type { Timeline, TimelineStream } from '../timeline.ts';

/** What ffmpeg says when a disk does not take its output. */
const UNWRITTEN = /No space left|Disk quota|Input\/output error|File too large|Read-only file system/i;

/** Frames a second of the black picture before and after a stream: a player shows each for as long as it lasts. */
const BLACK_RATE = 5;

export interface RemuxOptions {
  timeline: Timeline;
  /** Absolute path of where the tracks' files are, and where the result goes. */
  directory: string;
  /** Of the result, in `directory`. It appears when it is complete. */
  file: string;
  signal?: AbortSignal;
}

/** A track of which something was recorded. */
export interface UsableTrack {
  stream: TimelineStream;
  kind: 'audio' | 'video';
  codec: string;
  file: string;
  /** Milliseconds on the recording's clock. */
  firstMs: number;
  shiftMs: number;
}

/** The tracks that have at least one frame; damaged and empty files are left out. */
export async function usableTracks(
  timeline: Timeline,
  directory: string,
  signal?: AbortSignal,
): Promise<UsableTrack[]> {
  const usable: UsableTrack[] = [];
  for (const stream of timeline.streams) {
    const tracks: UsableTrack[] = [];
    for (const kind of ['video', 'audio'] as const) {
      const { codec, file, shiftMs = 0 } = stream[kind] ?? {};
      const firstMs = file === undefined ? undefined : await firstTime(join(directory, file), signal);
      if (firstMs === undefined || !codec || !file) continue;
      tracks.push({ stream, kind, codec, file, firstMs: firstMs + shiftMs, shiftMs });
    }
    // Nothing in a file can be before its beginning; sound and picture are moved together.
    const early = Math.max(0, ...tracks.map(({ firstMs }) => -firstMs));
    usable.push(...tracks.map((t) => ({ ...t, firstMs: t.firstMs + early, shiftMs: t.shiftMs + early })));
  }
  return usable;
}

/** One Matroska file with a track for each of `tracks`, in their order, named after its stream, at its time. */
export async function mergeRoom(tracks: UsableTrack[], options: RemuxOptions): Promise<void> {
  const inputs = tracks.flatMap(({ file, shiftMs }) => input(file, shiftMs));
  const maps = tracks.flatMap(({ stream }, i) => ['-map', `${i}:0`, `-metadata:s:${i}`, `title=${stream.name}`]);
  const copy = ['-c', 'copy', '-copyts', '-avoid_negative_ts', 'disabled', '-map_metadata', '-1'];
  await complete([...inputs, ...maps, ...copy, '-f', 'matroska'], options);
}

/** `.mp4` with AAC for H.264, `.webm` with Opus for VP8; alone, Opus is `.webm` and G.711 becomes AAC in `.m4a`. */
export function streamEnding(codecs: { audio?: string; video?: string }): '.mp4' | '.webm' | '.m4a' {
  if (codecs.video) return codecs.video === 'h264' ? '.mp4' : '.webm';
  return codecs.audio === 'opus' ? '.webm' : '.m4a';
}

/** The file of one stream, from its first frame on; the picture is not transcoded. */
export async function remuxStream(tracks: UsableTrack[], options: RemuxOptions): Promise<void> {
  const { file } = options;
  const start = Math.min(...tracks.map(({ firstMs }) => firstMs));
  const inputs = tracks.flatMap((track) => input(track.file, track.shiftMs - start));
  const maps = tracks.flatMap((_, i) => ['-map', `${i}:0`]);
  const codecs = tracks.flatMap((track) => codecArguments(track, file));
  await complete([...inputs, ...maps, '-copyts', ...codecs, ...container(file)], options);
}

/**
 * The file of one stream, over the whole time of its room: black and silence stand where there was nothing, so that
 * the files of a room begin together and are of one length.
 */
export async function remuxShifted(tracks: UsableTrack[], options: RemuxOptions): Promise<void> {
  const { directory, file, timeline } = options;
  const seconds = timeline.durationMs / 1000;
  const video = tracks.find(({ kind }) => kind === 'video');
  const audio = tracks.find(({ kind }) => kind === 'audio');
  const pieces = `${file}.pieces`;
  const names = { before: `${pieces}-before.mkv`, after: `${pieces}-after.mkv`, list: `${pieces}.txt` };
  try {
    const list = video ? await blackened(video, { ...options, names }) : undefined;
    const silent = ['-f', 'lavfi', '-t', String(seconds), '-i', 'anullsrc=r=48000:cl=stereo'];
    const inputs = [
      ...(list ? ['-f', 'concat', '-safe', '0', '-i', local(list)] : []),
      ...(audio ? input(audio.file, audio.shiftMs) : silent),
    ];
    const maps = list ? ['-map', '0:v', '-map', '1:a'] : ['-map', '0:a'];
    const filter = `aresample=48000:async=1:min_hard_comp=0.05:first_pts=0,apad=whole_dur=${seconds},atrim=end=${seconds}`;
    const codecs = ['-c:v', 'copy', '-af', filter, '-c:a', file.endsWith('.webm') ? 'libopus' : 'aac'];
    await complete([...inputs, ...maps, '-copyts', ...codecs, ...container(file)], options);
  } finally {
    await Promise.all(Object.values(names).map((name) => rm(join(directory, name), { force: true })));
  }
}

interface BlackOptions extends RemuxOptions {
  names: { before: string; after: string; list: string };
}

/** Writes a list for ffmpeg's concat demuxer: black, the picture, black. Answers its name. */
async function blackened(video: UsableTrack, { timeline, directory, names, signal }: BlackOptions): Promise<string> {
  const path = join(directory, video.file);
  const endMs = Math.min(timeline.durationMs, video.stream.endMs ?? timeline.durationMs);
  const parts = [
    { name: names.before, ms: video.firstMs },
    { name: video.file, ms: endMs - video.firstMs },
    { name: names.after, ms: timeline.durationMs - endMs },
  ].filter(({ ms }) => ms > 0);
  const size = await pictureSize(path, signal);
  const encoder =
    video.codec === 'h264'
      ? ['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'baseline', '-bf', '0']
      : ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8'];
  for (const { name, ms } of parts) {
    if (name === video.file) continue;
    const source = ['-f', 'lavfi', '-i', `color=black:s=${size}:r=${BLACK_RATE}`, '-t', String(ms / 1000)];
    await runFfmpeg({ args: [...source, '-pix_fmt', 'yuv420p', ...encoder, local(name)], cwd: directory, signal });
  }
  const quoted = (name: string) => `'${local(name).replaceAll("'", `'\\''`)}'`;
  const lines = parts.map(({ name, ms }) => `file ${quoted(name)}\nduration ${ms / 1000}`);
  await writeFile(join(directory, names.list), `ffconcat version 1.0\n${lines.join('\n')}\n`);
  return names.list;
}

/** A file of ours as input, its times moved by `shiftMs` milliseconds. */
function input(file: string, shiftMs: number): string[] {
  return ['-itsoffset', String(shiftMs / 1000), '-i', local(file)];
}

function codecArguments({ kind, codec }: UsableTrack, file: string): string[] {
  if (kind === 'video') return ['-c:v', 'copy'];
  if (codec === 'opus' && file.endsWith('.webm')) return ['-c:a', 'copy'];
  // Where sound is missing, silence stands: an encoder would otherwise draw together what is left.
  const encoder = file.endsWith('.webm') ? 'libopus' : 'aac';
  return ['-af', 'aresample=48000:async=1:min_hard_comp=0.05', '-c:a', encoder];
}

function container(file: string): string[] {
  return file.endsWith('.webm') ? ['-f', 'webm'] : ['-movflags', '+faststart', '-f', 'mp4'];
}

/** ffmpeg takes a name with a colon, or a dash in front, for something else. */
function local(name: string): string {
  return `file:${name}`;
}

/**
 * Has ffmpeg fill a temporary file, which gets its name when it is whole. ffmpeg ends well also when the disk was full,
 * and what it was made of is deleted afterwards: so the result is looked at.
 */
async function complete(args: string[], { directory, file, signal }: RemuxOptions): Promise<void> {
  const temporary = `${file}.tmp`;
  try {
    const problems = await runFfmpeg({ args: [...args, local(temporary)], cwd: directory, signal });
    const unwritten = problems.find((line) => UNWRITTEN.test(line));
    if (unwritten !== undefined) throw new Error(`${file} could not be written: ${unwritten}`);
    if ((await firstTime(join(directory, temporary), signal)) === undefined) throw new Error(`${file} became empty`);
    await rename(join(directory, temporary), join(directory, file));
  } catch (error) {
    await rm(join(directory, temporary), { force: true });
    throw error;
  }
}

/** Milliseconds; undefined when there is no frame, or no readable file. */
async function firstTime(path: string, signal?: AbortSignal): Promise<number | undefined> {
  let first: number | undefined;
  const args = ['-read_intervals', '%+#1', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', local(path)];
  const onLine = (line: string) => {
    const time = Number.parseFloat(line);
    if (first === undefined && !Number.isNaN(time)) first = Math.round(time * 1000);
  };
  try {
    await runFfprobe({ args, onLine, signal });
  } catch {
    signal?.throwIfAborted();
  }
  return first;
}

/** As `640x480`. */
async function pictureSize(path: string, signal?: AbortSignal): Promise<string> {
  let size = '640x480';
  const args = ['-select_streams', 'v:0', '-show_entries', 'stream=width,height', '-of', 'csv=p=0:s=x', local(path)];
  await runFfprobe({ args, onLine: (line) => (size = /^\d+x\d+/.exec(line)?.[0] ?? size), signal });
  return size;
}
