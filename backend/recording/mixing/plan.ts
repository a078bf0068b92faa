/**
 * What is to be mixed: spans of time in which the picture's layout does not change, and the voices. Pure: timeline, tracks
 * and settings in, plan out. Times are frames of the mixed picture, or milliseconds on the recording's clock.
 */
import type { Timeline, TimelineStream } from '../timeline.ts';
import type { MixerConfig } from './config.ts';
import { type Rect, layOut } from './layout.ts';
import type { Run, Track } from './tracks.ts';

export interface Tile {
  stream: string;
  caption: string;
  rect: Rect;
  /** The video track that is shown; without one the tile only has its caption: the camera is off. */
  track?: Track;
  /** Whether the whole picture is shown, or as much of it as fills the tile. */
  fit: 'contain' | 'cover';
}

/** From the frame `from` up to, and without, the frame `to`. */
export interface Span {
  from: number;
  to: number;
  tiles: Tile[];
}

export interface MixPlan {
  width: number;
  height: number;
  fps: number;
  /** Frames from the beginning of the recording to its end; sound is as long. */
  frames: number;
  durationMs: number;
  /** Without a gap from 0 to `frames`; none when there is no picture to mix. */
  spans: Span[];
  /** The audio tracks that have something in them. */
  voices: Track[];
}

interface PlanOptions {
  timeline: Timeline;
  tracks: Track[];
  config: MixerConfig;
}

/** A stream with its tracks, and when its tile stands in the picture and when the tile shows video. */
interface Source {
  stream: TimelineStream;
  video?: Track;
  present: Run;
  picture: Run[];
}

/** Milliseconds that the last picture of a camera stays when no more come; then its tile says that the camera is off. */
const STALL_MS = 5000;

/** Milliseconds that a tile waits for the first picture before it appears without one. */
const FIRST_PICTURE_MS = 3000;

/** Milliseconds that somebody has to speak to be shown large: less is a cough. */
const SPEAKER_MS = 1500;

export function planMix({ timeline, tracks, config }: PlanOptions): MixPlan {
  const streams = [...timeline.streams, ...unlisted(timeline, tracks)].sort((a, b) => a.startMs - b.startMs);
  const taken = new Set<Track>();
  const sources = streams.map((stream) => toSource(stream, timeline, tracks, taken));
  const voices = tracks.filter((track) => track.kind === 'audio' && track.runs.length > 0);
  const durationMs = Math.max(0, ...sources.map(({ present }) => present.toMs));
  const { mixerVideoWidth: width, mixerVideoHeight: height, mixerVideoFps: fps } = config;
  const frames = durationMs > 0 ? Math.max(1, Math.round((durationMs * fps) / 1000)) : 0;
  const pictures = config.hasVideo && sources.some(({ picture }) => picture.length > 0);
  return {
    width,
    height,
    fps,
    frames,
    durationMs,
    spans: pictures ? planSpans(sources, timeline, config, frames) : [],
    voices: config.hasAudio ? voices : [],
  };
}

/** What a recording without a timeline tells by itself: the names of its tracks and when they have packets. */
export function timelineOfTracks(tracks: Track[]): Timeline {
  const empty: Timeline = {
    version: 1,
    room: '',
    recorder: '',
    startedAt: 0,
    endedAt: null,
    durationMs: Math.max(0, ...tracks.map((track) => track.runs.at(-1)?.toMs ?? 0)),
    state: 'recorded',
    attempts: 0,
    participants: [],
    streams: [],
    speakers: [],
  };
  return { ...empty, streams: unlisted(empty, tracks) };
}

/** Streams that are in the file only: what a crash left before the timeline was told. */
function unlisted(timeline: Timeline, tracks: Track[]): TimelineStream[] {
  const listed = new Set(timeline.streams.map(({ name }) => name));
  const byName = Map.groupBy(
    tracks.filter((track) => track.runs.length > 0 && !listed.has(track.streamName)),
    (track) => track.streamName,
  );
  return [...byName].map(([name, own]) => ({
    name,
    login: name,
    kind: /-screenShare$|desktop/i.test(name) ? ('screen' as const) : ('camera' as const),
    mediaSessionId: '',
    startMs: Math.min(...own.map((track) => track.runs[0]?.fromMs ?? 0)),
    endMs: Math.max(...own.map((track) => track.runs.at(-1)?.toMs ?? 0)),
    muted: [],
  }));
}

function toSource(stream: TimelineStream, timeline: Timeline, tracks: Track[], taken: Set<Track>): Source {
  const find = (kind: 'audio' | 'video'): Track | undefined => {
    const own = tracks.filter((track) => track.kind === kind && track.streamName === stream.name && !taken.has(track));
    // A stream that came back is listed once more, under the same name: what is another part's is not this one's.
    const isTold = ({ index }: Track) => timeline.streams.some((each) => each[kind]?.track === index + 1);
    const track = own.find(({ index }) => index + 1 === stream[kind]?.track) ?? own.find((each) => !isTold(each));
    if (track) taken.add(track);
    return track && track.runs.length > 0 ? track : undefined;
  };
  const video = find('video');
  const lastMs = Math.max(stream.startMs, video?.runs.at(-1)?.toMs ?? 0, find('audio')?.runs.at(-1)?.toMs ?? 0);
  const publisher = timeline.participants.findLast(
    ({ login, joinedAtMs }) => login === stream.login && joinedAtMs <= stream.startMs,
  );
  const toMs = Math.max(stream.startMs, stream.endMs ?? Math.min(lastMs, publisher?.leftAtMs ?? lastMs));
  const present = { fromMs: stream.startMs, toMs };
  const picture = video ? pictureRuns(stream, video, present) : [];
  const first = picture[0];
  const offAtFirst = stream.muted.some(({ kind, fromMs }) => kind === 'video' && fromMs <= stream.startMs);
  if (first && !offAtFirst && first.fromMs - present.fromMs <= FIRST_PICTURE_MS) present.fromMs = first.fromMs;
  return { stream, video, present, picture };
}

/** When there is a picture to show: switched on, and from the first one that came to the last one, held for a while. */
function pictureRuns(stream: TimelineStream, video: Track, present: Run): Run[] {
  // A screen on which nothing moves sends nothing, and stays.
  const hold = stream.kind === 'screen' ? Infinity : STALL_MS;
  return switchedOn(stream, present).flatMap((on) => {
    const runs: Run[] = [];
    for (const run of video.runs) {
      const part = { fromMs: Math.max(run.fromMs, on.fromMs), toMs: Math.min(run.toMs + hold, on.toMs) };
      if (part.fromMs >= part.toMs || run.toMs <= on.fromMs) continue;
      const last = runs.at(-1);
      if (last && part.fromMs <= last.toMs) last.toMs = part.toMs;
      else runs.push(part);
    }
    return runs;
  });
}

function switchedOn(stream: TimelineStream, present: Run): Run[] {
  let on = [present];
  for (const { kind, fromMs, toMs } of stream.muted) {
    if (kind !== 'video') continue;
    on = on.flatMap((run) => [
      { fromMs: run.fromMs, toMs: Math.min(run.toMs, fromMs) },
      { fromMs: Math.max(run.fromMs, toMs ?? Infinity), toMs: run.toMs },
    ]);
  }
  return on.filter(({ fromMs, toMs }) => fromMs < toMs);
}

function planSpans(sources: Source[], timeline: Timeline, config: MixerConfig, frames: number): Span[] {
  const frame = (ms: number) => Math.min(frames, Math.round((ms * config.mixerVideoFps) / 1000));
  const speakers = config.mixerLayoutClass === 'SpeakerLayout' ? steadySpeakers(timeline) : [];
  const edges = new Set([0, frames, ...speakers.map(({ atMs }) => frame(atMs))]);
  for (const { present, picture } of sources) {
    for (const { fromMs, toMs } of [present, ...picture]) edges.add(frame(fromMs)).add(frame(toMs));
  }
  const within = (at: number) => (run: Run) => frame(run.fromMs) <= at && at < frame(run.toMs);
  const spans: Span[] = [];
  const sorted = [...edges].sort((a, b) => a - b);
  for (const [index, from] of sorted.slice(0, -1).entries()) {
    const to = sorted[index + 1] ?? frames;
    const visible = sources
      .filter(({ stream, present, picture }) =>
        stream.kind === 'screen' ? picture.some(within(from)) : within(from)(present),
      )
      .map((source) => ({ source, track: source.picture.some(within(from)) ? source.video : undefined }));
    const speaker = speakers.findLast(({ atMs }) => frame(atMs) <= from)?.login;
    const tiles = placeTiles(visible, config, speaker);
    const last = spans.at(-1);
    if (last && sameTiles(last.tiles, tiles)) last.to = to;
    else spans.push({ from, to, tiles });
  }
  return spans;
}

function placeTiles(visible: { source: Source; track?: Track }[], config: MixerConfig, speaker?: string): Tile[] {
  const screens = visible.filter(({ source }) => source.stream.kind === 'screen');
  const cameras = visible.filter(({ source }) => source.stream.kind === 'camera');
  let [large, layoutClass] = [screens.length, config.mixerLayoutClass];
  if (large > 0) {
    layoutClass = 'DesktopLayout';
  } else if (layoutClass === 'SpeakerLayout' && cameras.length > 0) {
    large = 1;
    const [speaking] = cameras.splice(
      Math.max(
        0,
        cameras.findIndex(({ source }) => source.stream.login === speaker),
      ),
      1,
    );
    if (speaking) cameras.unshift(speaking);
  }
  const tiles = [...screens, ...cameras];
  const { mixerVideoWidth: width, mixerVideoHeight: height } = config;
  const rects = layOut({ layoutClass, width, height, tiles: tiles.length, large });
  return tiles.flatMap(({ source: { stream }, track }, index) => {
    const rect = rects[index];
    const fit = config.mixerLayoutClass === 'CropNoPaddingGridLayout' && stream.kind === 'camera' ? 'cover' : 'contain';
    return rect
      ? [{ stream: stream.name, caption: config.mixerDisplayStreamName ? stream.name : stream.login, rect, track, fit }]
      : [];
  });
}

function steadySpeakers({ speakers }: Timeline): { atMs: number; login: string }[] {
  return speakers.flatMap(({ atMs, login }, index) => {
    const nextMs = speakers[index + 1]?.atMs ?? Infinity;
    return login !== null && nextMs - atMs >= SPEAKER_MS ? [{ atMs, login }] : [];
  });
}

function sameTiles(a: Tile[], b: Tile[]): boolean {
  const key = (tiles: Tile[]) =>
    JSON.stringify(tiles.map(({ stream, track, rect, fit }) => [stream, track?.index, rect, fit]));
  return key(a) === key(b);
}
