/**
 * One ffmpeg run for a piece of the picture. Each track is decoded once, from front to back, whatever the layout does
 * meanwhile: sizes and places are functions of time. So the cost grows with the length only, however seldom the key
 * frames, and no frame waits in memory for one of another track.
 */
import type { MixerConfig } from './config.ts';
import type { MixPlan, Span, Tile } from './plan.ts';
import type { Track } from './tracks.ts';

/** A part of the picture that one ffmpeg renders. Its spans and backdrops count from its own beginning. */
export interface Piece {
  /** Frames from the beginning of the recording. */
  from: number;
  frames: number;
  spans: Span[];
  /** What lies under the video, from which frame on: the tiles of cameras that are off. */
  backdrops: { from: number; tiles: Tile[] }[];
}

interface PictureFiles {
  /** The recording. */
  source: string;
  /** Beside each other, in the directory where ffmpeg runs. */
  backdrops: string;
  captions: string;
  graph: string;
  out: string;
}

/** Seconds between two key frames of the result: how exactly a player can jump. */
const KEYFRAME_SECONDS = 4;

/** What a track that is not shown just now is scaled to: its frames have to flow, but should not cost. */
const HIDDEN_SIDE = 16;

/**
 * Lays one picture over another that has the same ticks. A filter that may have to repeat the upper picture copies the
 * whole lower one for each frame, in case it is needed again: a fourteenth of the time of mixing for four people.
 */
const OVERLAY = 'overlay=eval=frame:repeatlast=0';

const BACKDROP_COLOUR = '0x16151C';

/** Cuts the plan into pieces of equal length. */
export function cutPieces(plan: MixPlan, count: number): Piece[] {
  const edges = Array.from({ length: count + 1 }, (_, index) => Math.round((plan.frames * index) / count));
  return edges.slice(0, -1).flatMap((from, index) => {
    const to = edges[index + 1] ?? plan.frames;
    if (from >= to) return [];
    const spans = plan.spans
      .filter((span) => span.from < to && span.to > from)
      .map((span) => ({ ...span, from: Math.max(span.from, from) - from, to: Math.min(span.to, to) - from }));
    return [{ from, frames: to - from, spans, backdrops: findBackdrops(spans, to - from) }];
  });
}

function findBackdrops(spans: Span[], frames: number): Piece['backdrops'] {
  let last = '';
  const backdrops = spans.flatMap(({ from, tiles }) => {
    const off = tiles.filter(({ track }) => !track);
    const key = JSON.stringify(off);
    if (key === last) return [];
    last = key;
    return [{ from, tiles: off }];
  });
  // The fps filter stops at the end of its input, before the last frame where that was given a later time. So the last one is
  // never seen; it has all the names, to learn of letters that no font has.
  const named = new Map(spans.flatMap(({ tiles }) => tiles.map((tile) => [tile.caption, tile])));
  return [...backdrops, { from: frames, tiles: [...named.values()] }];
}

/** Arguments that draw the backdrops, one frame each, second by second. */
export function backdropArguments(
  plan: MixPlan,
  config: MixerConfig,
  piece: Piece,
  script: string,
  out: string,
): string[] {
  const size = `${plan.width}:${plan.height}`;
  const input = config.background
    ? ['-loop', '1', '-framerate', '1', '-i', `file:${config.background}`]
    : ['-f', 'lavfi', '-i', `color=c=${BACKDROP_COLOUR}:s=${plan.width}x${plan.height}:r=1`];
  const fill = `scale=${size}:force_original_aspect_ratio=increase,crop=${size},setsar=1`;
  const filters = `${fill},format=yuv420p,ass=filename=${script}`;
  return [
    '-loglevel',
    'warning',
    ...input,
    '-vf',
    filters,
    '-frames:v',
    String(piece.backdrops.length),
    '-c:v',
    'ffv1',
    out,
  ];
}

/** Arguments that render a piece, and the filter graph that they name. */
export function pictureArguments(
  plan: MixPlan,
  config: MixerConfig,
  piece: Piece,
  files: PictureFiles,
): { args: string[]; graph: string } {
  const tracks = [...new Set(piece.spans.flatMap(({ tiles }) => tiles.flatMap(({ track }) => track ?? [])))];
  const inputs = tracks.flatMap((track) => [
    ...seek(track, (piece.from * 1000) / plan.fps),
    // Without this the whole graph would be built anew, and lose frames, whenever a sender changes its resolution.
    '-reinit_filter',
    '0',
    '-i',
    `file:${files.source}`,
  ]);
  const watermark = config.watermark ? ['-i', `file:${config.watermark}`] : [];
  const { mixerVideoBitrateKbps: bitrate } = config;
  const args = [
    ...['-copyts', '-i', files.backdrops, ...inputs, ...watermark],
    // Sharing one frame's filters among threads costs more than it brings; decoders, the encoder and pieces run beside each other.
    ...[
      '-filter_complex_threads',
      '1',
      '-filter_complex_script',
      files.graph,
      '-map',
      '[out]',
      '-frames:v',
      String(piece.frames),
    ],
    ...encoderArguments(plan.fps, bitrate),
    files.out,
  ];
  return { args, graph: graphOf(plan, config, piece, tracks, files) };
}

/** H.264 as browsers and phones play it; of constant quality up to the bitrate, in kbit/s. */
export function encoderArguments(fps: number, bitrate: number): string[] {
  return [
    ...[
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-crf',
      '23',
      '-maxrate',
      `${bitrate}k`,
      '-bufsize',
      `${2 * bitrate}k`,
    ],
    ...['-pix_fmt', 'yuv420p', '-g', String(KEYFRAME_SECONDS * fps), '-video_track_timescale', String(fps * 1000)],
  ];
}

/** Where to begin reading a track: at the last key frame before the piece. The first seconds are not worth a jump. */
function seek(track: Track, fromMs: number): string[] {
  const keyMs = track.keyframes.findLast((atMs) => atMs <= fromMs) ?? 0;
  return keyMs < 10_000 ? [] : ['-noaccurate_seek', '-ss', String(keyMs / 1000)];
}

function graphOf(plan: MixPlan, config: MixerConfig, piece: Piece, tracks: Track[], files: PictureFiles): string {
  const { fps } = plan;
  // A picture for every tick: the newest there is, held over pauses and past the end.
  const steady = `fps=${fps},tpad=stop_mode=clone:stop=-1`;
  const drawnAt = stepwise(
    'N',
    piece.backdrops.map(({ from }, index) => [index - 0.5, seconds(from, fps)]),
  );
  const lines = [`[0:v]setpts='(${drawnAt})/TB',${steady},format=yuv420p[base]`];
  let below = 'base';
  for (const [index, track] of tracks.entries()) {
    const steps = stepsOf(piece, track);
    const at = (value: (tile: Tile | undefined) => string) =>
      stepwise(
        't',
        steps.map(({ from, tile }) => [(from - 0.5) / fps, value(tile)]),
      );
    const input = `[${index + 1}:${track.index}]setpts=PTS-${seconds(piece.from, fps)}/TB,${steady}`;
    lines.push(...scaled({ input, steps, fps, name: `tile${index}`, flags: scalerFlags(track, steps) }));
    const x = at((tile) => (tile ? `${tile.rect.x}+(${tile.rect.width}-overlay_w)/2` : '0'));
    const y = at((tile) => (tile ? `${tile.rect.y}+(${tile.rect.height}-overlay_h)/2` : '0'));
    const enable = at((tile) => (tile ? '1' : '0'));
    lines.push(`[${below}][tile${index}]${OVERLAY}:x='${x}':y='${y}':enable='${enable}'[mixed${index}]`);
    below = `mixed${index}`;
  }
  if (config.watermark) {
    const margin = Math.round(plan.width / 80);
    lines.push(`[${tracks.length + 1}:v]scale=w='min(iw,${Math.round(plan.width / 5)})':h=-2[mark]`);
    lines.push(`[${below}][mark]overlay=x=main_w-overlay_w-${margin}:y=${margin}[marked]`);
    below = 'marked';
  }
  lines.push(`[${below}]ass=filename=${files.captions}[out]`);
  return `${lines.join(';\n')}\n`;
}

interface Step {
  /** Frame, from the beginning of the piece. */
  from: number;
  /** None while the track is not shown. */
  tile?: Tile;
}

interface ScaledOptions {
  /** The beginning of the chain, and the name of its result. */
  input: string;
  name: string;
  steps: Step[];
  fps: number;
  flags: string;
}

/** Scales each frame by the size that it has itself and the size of its tile at that moment, which may both change. */
function scaled({ input, name, steps, fps, flags }: ScaledOptions): string[] {
  const [first, ...later] = steps.map(({ from, tile }) => {
    const { width, height } = tile?.rect ?? { width: HIDDEN_SIDE, height: HIDDEN_SIDE };
    return { from, width, height };
  });
  const size = `w=${first?.width ?? HIDDEN_SIDE}:h=${first?.height ?? HIDDEN_SIDE}:eval=frame`;
  // Commands, because an expression of the time makes the scaler begin anew at each frame.
  const resizing = (scaler: string) => {
    const commands = later.map(({ from, width, height }) => {
      return `${seconds(from - 0.5, fps)} scale@${scaler} w ${width}, scale@${scaler} h ${height}`;
    });
    return commands.length > 0 ? `sendcmd=c='${commands.join(';')}',` : '';
  };
  const keeping = (scaler: string, how: string) =>
    `scale@${scaler}=${size}:flags=${flags}:force_original_aspect_ratio=${how}:force_divisible_by=2,setsar=1`;
  if (!steps.some(({ tile }) => tile?.fit === 'cover')) {
    return [`${input},${resizing(name)}${keeping(name, 'decrease')},format=yuva420p[${name}]`];
  }
  // The crop filter takes its size once and for all. A canvas as large as the tile crops what is laid over it just as well.
  const [canvas, whole] = [`${name}canvas`, `${name}whole`];
  return [
    `${input},split[${name}a][${name}b]`,
    `[${name}a]${resizing(canvas)}scale@${canvas}=${size}:flags=neighbor,setsar=1,format=yuva420p[${canvas}]`,
    `[${name}b]${resizing(whole)}${keeping(whole, 'increase')},format=yuva420p[${whole}]`,
    `[${canvas}][${whole}]${OVERLAY}:x='(main_w-overlay_w)/2':y='(main_h-overlay_h)/2',format=yuva420p[${name}]`,
  ];
}

/** The cheaper scaler looks at two pixels only, which is all that it takes unless a picture shrinks to less than half. */
function scalerFlags({ width = Infinity, height = Infinity }: Track, steps: Step[]): string {
  const shrunk = steps.some(({ tile }) => tile && (tile.rect.width * 2 < width || tile.rect.height * 2 < height));
  return shrunk ? 'bilinear' : 'fast_bilinear';
}

/** Where a track is shown, from which frame on; no tile while it is not. */
function stepsOf({ spans }: Piece, track: Track): Step[] {
  let last = 'none yet';
  return spans.flatMap(({ from, tiles }) => {
    const tile = tiles.find((candidate) => candidate.track === track);
    const key = JSON.stringify(tile?.rect ?? null);
    if (key === last) return [];
    last = key;
    return [{ from, tile }];
  });
}

/** An ffmpeg expression that has the value of the last step whose threshold `variable` has passed; halved again and again, so that it is not deep. */
function stepwise(variable: string, steps: [threshold: number, value: string][]): string {
  if (steps.length <= 1) return steps[0]?.[1] ?? '0';
  const middle = Math.ceil(steps.length / 2);
  const threshold = Number((steps[middle]?.[0] ?? 0).toFixed(6));
  return `if(lt(${variable},${threshold}),${stepwise(variable, steps.slice(0, middle))},${stepwise(variable, steps.slice(middle))})`;
}

function seconds(frame: number, fps: number): string {
  return String(Number((frame / fps).toFixed(6)));
}
