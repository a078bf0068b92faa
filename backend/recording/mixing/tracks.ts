/** What is in a recording file: its tracks, and when each of them really has packets. Nothing is decoded. */
import { runFfprobe } from '../ffmpeg.ts';

/** Milliseconds on the recording's clock. A little before 0 may be the silence that a decoder needs to settle. */
export interface Run {
  fromMs: number;
  toMs: number;
}

export interface Track {
  /** Position in the file, from 0, as ffmpeg counts. */
  index: number;
  kind: 'audio' | 'video';
  codec: string;
  streamName: string;
  width?: number;
  height?: number;
  channels?: number;
  sampleRate?: number;
  /** Where there are packets without a pause of PAUSE_MS or more; empty for a track without packets. */
  runs: Run[];
  /** When its key frames are, in order, for video only. */
  keyframes: number[];
}

export interface TrackScan {
  tracks: Track[];
  /** What ffprobe complained about: a damaged file, for instance. */
  problems: string[];
}

/** One line of `--show-tracks-info`, with the names of the original's tool. */
export interface TrackInfo {
  trackId: number;
  trackType: 'AUDIO' | 'VIDEO';
  trackCodec: string;
  streamName: string;
  mediaSessionId: string;
  durationInMS: number;
  timescale: number;
  width?: number;
  height?: number;
  channels?: number;
  sampleRate?: number;
  trackEdits: { type: 'media' | 'pause'; startInMs: number; endInMs: number }[];
}

/** Milliseconds without a packet that count as a pause. Opus without sound (DTX) still sends every 400 ms. */
const PAUSE_MS = 1000;

/** How long a packet without a duration lasts: a frame at 25 a second, an Opus packet. */
const PACKET_MS = { video: 40, audio: 20 };

/** Matroska as we write it counts milliseconds. */
const TIMESCALE = 1000;

/** Reads a recording file once from end to end. Throws FfmpegError when it cannot be read at all. */
export async function scanTracks(file: string, signal?: AbortSignal): Promise<TrackScan> {
  let json = '';
  const entries = 'stream=index,codec_type,codec_name,width,height,channels,sample_rate:stream_tags=title';
  const problems = await runFfprobe({
    args: ['-show_entries', entries, '-of', 'json', `file:${file}`],
    onLine: (line) => (json += line),
    signal,
  });
  const tracks = (JSON.parse(json || '{}') as { streams?: ProbedStream[] }).streams?.flatMap(toTrack) ?? [];
  const byIndex = new Map(tracks.map((track) => [track.index, track]));
  const more = await runFfprobe({
    args: ['-show_entries', 'packet=stream_index,pts_time,duration_time,flags', '-of', 'csv=p=0', `file:${file}`],
    onLine(line) {
      const [index, pts, duration, flags] = line.split(',');
      const track = byIndex.get(Number(index));
      const atMs = Number(pts) * 1000;
      if (track && Number.isFinite(atMs))
        addPacket(track, atMs, Number(duration) * 1000, flags?.startsWith('K') ?? false);
    },
    signal,
  });
  return { tracks, problems: [...new Set([...problems, ...more])] };
}

/** The tracks as the original's tool prints them. Pauses carry the alignment. */
export function describeTracks(tracks: Track[], mediaSessionId: (track: Track) => string): TrackInfo[] {
  return tracks.map((track) => ({
    trackId: track.index + 1,
    trackType: track.kind === 'audio' ? 'AUDIO' : 'VIDEO',
    trackCodec: track.codec,
    streamName: track.streamName,
    mediaSessionId: mediaSessionId(track),
    durationInMS: Math.round(track.runs.at(-1)?.toMs ?? 0),
    timescale: TIMESCALE,
    ...(track.kind === 'audio'
      ? { channels: track.channels, sampleRate: track.sampleRate }
      : { width: track.width, height: track.height }),
    trackEdits: edits(track.runs),
  }));
}

function edits(runs: Run[]): TrackInfo['trackEdits'] {
  let end = 0;
  return runs.flatMap(({ fromMs, toMs }) => {
    const [startInMs, endInMs, pausedAt] = [Math.max(0, Math.round(fromMs)), Math.round(toMs), end];
    end = endInMs;
    const media = { type: 'media' as const, startInMs, endInMs };
    return startInMs > pausedAt
      ? [{ type: 'pause' as const, startInMs: pausedAt, endInMs: startInMs }, media]
      : [media];
  });
}

interface ProbedStream {
  index: number;
  codec_type?: string;
  codec_name?: string;
  width?: number;
  height?: number;
  channels?: number;
  sample_rate?: string;
  tags?: { title?: string };
}

function toTrack(stream: ProbedStream): Track[] {
  const kind = stream.codec_type;
  if (kind !== 'audio' && kind !== 'video') return [];
  return [
    {
      index: stream.index,
      kind,
      codec: stream.codec_name ?? 'unknown',
      streamName: stream.tags?.title ?? `track-${stream.index + 1}`,
      width: stream.width,
      height: stream.height,
      channels: stream.channels,
      sampleRate: stream.sample_rate === undefined ? undefined : Number(stream.sample_rate),
      runs: [],
      keyframes: [],
    },
  ];
}

function addPacket(track: Track, atMs: number, durationMs: number, key: boolean): void {
  const endMs = atMs + (durationMs > 0 ? durationMs : PACKET_MS[track.kind]);
  const last = track.runs.at(-1);
  if (last && atMs - last.toMs < PAUSE_MS) last.toMs = Math.max(last.toMs, endMs);
  else track.runs.push({ fromMs: atMs, toMs: endMs });
  if (key && track.kind === 'video') track.keyframes.push(atMs);
}
