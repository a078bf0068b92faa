/**
 * Names on tiles, as subtitle scripts (Advanced SubStation Alpha v4+) for ffmpeg's `ass` filter: libass shapes every
 * script, turns right-to-left text, and takes each letter from a font that has it.
 */
import type { MixerConfig } from './config.ts';
import type { Rect } from './layout.ts';
import type { Span, Tile } from './plan.ts';

interface Picture {
  width: number;
  height: number;
  fps: number;
}

interface Event {
  /** Frames. */
  from: number;
  to: number;
  text: string;
}

const FONT = 'Noto Sans';
const TILE_COLOUR = '2B2A33';

/** The height of a tile, in pixels, at which captions have the size of the settings. */
const USUAL_TILE = 360;

/** Letters are on average this part of the font size wide; those of East Asia are square. */
const LETTER_WIDTH = 0.5;
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|[\u{1f000}-\u{3ffff}]/u;

const graphemes = new Intl.Segmenter();

/** Captions over tiles that show video. */
export function captionScript(spans: Span[], picture: Picture, config: MixerConfig): string {
  const events: Event[] = [];
  for (const { from, to, tiles } of spans) {
    for (const tile of tiles) if (tile.track) events.push({ from, to, text: caption(tile, config) });
  }
  return script(events, picture, config);
}

/** What lies under the video for each of `backdrops`: the tiles of switched-off cameras. The n-th is shown in second n. */
export function backdropScript(backdrops: Tile[][], picture: Picture, config: MixerConfig): string {
  const events = backdrops.flatMap((tiles, second) =>
    tiles.flatMap((tile) =>
      [box(tile.rect), nameInTheMiddle(tile, config)].map((text) => ({ from: second, to: second + 1, text })),
    ),
  );
  return script(events, { ...picture, fps: 1 }, config);
}

/** Which letters libass found in no font, by what it wrote: one sentence for all of them, or none. */
export function missingLetters(lines: string[]): string[] {
  const codes = lines.flatMap((line) => /failed to find any fallback with glyph (0x[0-9a-f]+)/i.exec(line)?.[1] ?? []);
  const letters = [...new Set(codes)].map((code) => String.fromCodePoint(Number(code)));
  return letters.length > 0 ? [`No font on this machine has the letters ${letters.join(' ')}`] : [];
}

function script(events: Event[], { width, height, fps }: Picture, config: MixerConfig): string {
  const text = `&H00${swapped(config.mixerTextColour)}`;
  const opacity = Math.round(255 * (1 - config.mixerTextBackgroundOpacity / 100));
  const background = `&H${hex(opacity)}${swapped(config.mixerTextBackgroundColour)}`;
  // 4 is one box around the whole line (an extension of libass), as much larger as a shadow would be off.
  const boxed = config.mixerTextBackgroundOpacity > 0 ? 4 : 1;
  const style = (name: string, border: number) =>
    `Style: ${name},${FONT},20,${text},${text},${background},${background},0,0,0,0,100,100,0,0,${border},0,0,1,0,0,0,-1`;
  const lines = events.map(({ from, to, text: line }) => `Dialogue: 0,${time(from, fps)},${time(to, fps)},${line}`);
  return [
    '[Script Info]',
    'ScriptType: v4.00+',
    `PlayResX: ${width}`,
    `PlayResY: ${height}`,
    'WrapStyle: 2',
    'ScaledBorderAndShadow: yes',
    '[V4+ Styles]',
    'Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ' +
      'ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding',
    style('Caption', boxed),
    style('Plain', 1),
    '[Events]',
    'Format: Layer, Start, End, Style, Text',
    ...lines,
    '',
  ].join('\n');
}

function caption(tile: Tile, config: MixerConfig): string {
  const rect = shown(tile);
  const size = fontSize(config.mixerFontSize, tile, config);
  const padding = Math.round(size / 5);
  const inset = padding * 2;
  const [vertical, horizontal] = config.mixerTextPosition.split('_');
  const anchors = { LEFT: 1, CENTER: 2, RIGHT: 3 };
  const column = anchors[horizontal as keyof typeof anchors];
  const x = [rect.x + inset, rect.x + rect.width / 2, rect.x + rect.width - inset][column - 1];
  const y = vertical === 'TOP' ? rect.y + inset : rect.y + rect.height - inset;
  const align = column + (vertical === 'TOP' ? 6 : 0);
  const text = shorten(tile.caption, (rect.width - 2 * inset) / size);
  return `Caption,{\\an${align}\\pos(${x},${y})\\fs${size}\\shad${padding}${clip(tile.rect)}}${escape(text)}`;
}

function nameInTheMiddle(tile: Tile, config: MixerConfig): string {
  const { x, y, width, height } = tile.rect;
  const size = Math.min(fontSize(config.mixerFontSizeAudioOnly, tile, config), Math.max(8, Math.round(width / 5)));
  const text = shorten(tile.caption, (width * 0.9) / size);
  return `Plain,{\\an5\\pos(${x + width / 2},${y + height / 2})\\fs${size}${clip(tile.rect)}}${escape(text)}`;
}

function box({ x, y, width, height }: Rect): string {
  const corners = `m 0 0 l ${width} 0 ${width} ${height} 0 ${height}`;
  return `Plain,{\\an7\\pos(${x},${y})\\1c&H${swapped(TILE_COLOUR)}&\\p1}${corners}`;
}

function clip({ x, y, width, height }: Rect): string {
  return `\\clip(${x},${y},${x + width},${y + height})`;
}

/** Where the picture of a tile is expected: a picture that is shown whole leaves margins. */
function shown({ rect, track, fit }: Tile): Rect {
  if (fit === 'cover' || !track?.width || !track.height) return rect;
  const scale = Math.min(rect.width / track.width, rect.height / track.height);
  const [width, height] = [Math.round(track.width * scale), Math.round(track.height * scale)];
  return { x: rect.x + (rect.width - width) / 2, y: rect.y + (rect.height - height) / 2, width, height };
}

function fontSize(size: number, { rect }: Tile, { mixerTextAutoscale }: MixerConfig): number {
  if (!mixerTextAutoscale) return size;
  return Math.max(8, Math.round(size * Math.min(2, rect.height / USUAL_TILE)));
}

/** Cuts a name, between two letters, to a width in units of the font size. */
function shorten(name: string, width: number): string {
  let [used, kept] = [0, ''];
  for (const { segment } of graphemes.segment(name)) {
    used += WIDE.test(segment) ? 1 : LETTER_WIDTH;
    if (used > width) return `${kept.trimEnd()}…`;
    kept += segment;
  }
  return name;
}

/** Makes text mean only itself: braces begin commands and a backslash is one; a word joiner (U+2060) behind it breaks that. */
function escape(text: string): string {
  return text
    .replace(/\\/g, '\\\u2060')
    .replace(/[{}]/g, '\\$&')
    .replace(/[\r\n]+/g, ' ');
}

/** Half a frame early, so that rounding to hundredths of a second cannot lose or win a frame. */
function time(frame: number, fps: number): string {
  const hundredths = Math.max(0, Math.round(((frame - 0.5) * 100) / fps));
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const minutes = Math.floor(hundredths / 6000);
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two((hundredths % 6000) / 100)}.${two(hundredths % 100)}`;
}

/** Colours are written blue first. */
function swapped(rgb: string): string {
  return rgb.slice(4) + rgb.slice(2, 4) + rgb.slice(0, 2);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0').toUpperCase();
}
