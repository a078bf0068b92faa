/** `offline_mixer.json`: how a recording is mixed. The keys are those of the WCS offline mixer and of its live mixer's parameters. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { hasCredentials, isWebAddress } from '../../web-address.ts';

export const LAYOUT_CLASSES = [
  'GridLayout',
  'CenterNoPaddingGridLayout',
  'CropNoPaddingGridLayout',
  'SpeakerLayout',
  'DesktopLayout',
] as const;

const CAPTION_POSITIONS = [
  'BOTTOM_LEFT',
  'BOTTOM_CENTER',
  'BOTTOM_RIGHT',
  'TOP_LEFT',
  'TOP_CENTER',
  'TOP_RIGHT',
] as const;

/** WCS writes its switches as text, so both forms are taken. */
const Switch = v.pipe(
  v.union([v.boolean(), v.picklist(['true', 'false'])], 'must be true or false'),
  v.transform((value) => value === true || value === 'true'),
);

const whole = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
};

/** Chroma is stored for blocks of 2x2 pixels, so sides are even. */
const side = v.pipe(
  whole(64, 7680),
  v.check((value) => value % 2 === 0, 'must be even'),
);

/** `#RRGGBB` or `0xRRGGBB`; becomes six upper-case hexadecimal digits. */
const Colour = v.pipe(
  v.string('must be a colour like #FFFFFF'),
  v.regex(/^(#|0x)[0-9a-f]{6}$/i, 'must be a colour like #FFFFFF'),
  v.transform((value) => value.slice(-6).toUpperCase()),
);

const HttpUrl = v.pipe(
  v.string('must be an http or https URL'),
  v.check(isWebAddress, 'must be an http or https URL'),
  v.check((value) => !hasCredentials(value), 'must be without a name and a password'),
);

const ImageFile = v.pipe(v.string('must be the path of an image'), v.minLength(1, 'must be the path of an image'));

const ENTRIES = {
  /** Mix the pictures, the sound. Without pictures the result is an .m4a. */
  hasVideo: v.optional(Switch, true),
  hasAudio: v.optional(Switch, true),
  /** Captions show the stream's name; otherwise the participant's. */
  mixerDisplayStreamName: v.optional(Switch, false),
  /** Told by POST when mixing has ended. */
  callbackUrl: v.optional(HttpUrl),
  /** Pixels, frames a second, and the most that the picture takes of a line, in kbit/s. */
  mixerVideoWidth: v.optional(side, 1280),
  mixerVideoHeight: v.optional(side, 720),
  mixerVideoFps: v.optional(whole(1, 60), 25),
  mixerVideoBitrateKbps: v.optional(whole(50, 100_000), 2000),
  /** While a screen is shared, DesktopLayout is taken in any case. */
  mixerLayoutClass: v.optional(v.picklist(LAYOUT_CLASSES, `must be one of ${LAYOUT_CLASSES.join(', ')}`), 'GridLayout'),
  /** Pixels, for a tile 360 pixels high; larger and smaller tiles follow unless mixerTextAutoscale is off. */
  mixerFontSize: v.optional(whole(6, 400), 20),
  /** The same for tiles without a picture, where the name stands in the middle. */
  mixerFontSizeAudioOnly: v.optional(whole(6, 400), 40),
  mixerTextAutoscale: v.optional(Switch, true),
  mixerTextColour: v.optional(Colour, '#FFFFFF'),
  mixerTextBackgroundColour: v.optional(Colour, '#000000'),
  /** Per cent; 0 leaves the box out. */
  mixerTextBackgroundOpacity: v.optional(whole(0, 100), 60),
  mixerTextPosition: v.optional(
    v.picklist(CAPTION_POSITIONS, `must be one of ${CAPTION_POSITIONS.join(', ')}`),
    'BOTTOM_LEFT',
  ),
  /** Images: one behind the tiles, scaled to cover; one over everything, in the upper right corner. Relative to the file. */
  background: v.optional(ImageFile),
  watermark: v.optional(ImageFile),
};

const MixerConfigSchema = v.object(ENTRIES);

export type MixerConfig = v.InferOutput<typeof MixerConfigSchema>;
export type LayoutClass = (typeof LAYOUT_CLASSES)[number];

/** An `offline_mixer.json` that cannot be used; the message lists all that is wrong, one thing a line. */
export class MixerConfigError extends Error {
  override name = 'MixerConfigError';
}

/**
 * Reads `offline_mixer.json`; `changes` go over what is in it. Paths in it become absolute. Throws MixerConfigError, or
 * the file system's error.
 */
export async function readMixerConfig(path: string, changes: Record<string, unknown> = {}): Promise<MixerConfig> {
  const text = await readFile(path, 'utf8');
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new MixerConfigError(`${path} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  const config = checkMixerConfig(isSettings(data) ? { ...data, ...changes } : data);
  const absolute = (file: string | undefined) => file && resolve(dirname(path), file);
  return { ...config, background: absolute(config.background), watermark: absolute(config.watermark) };
}

/** Checks settings and fills in the defaults. Throws MixerConfigError. */
export function checkMixerConfig(data: unknown): MixerConfig {
  if (!isSettings(data)) throw new MixerConfigError('The mixer settings must be an object.');
  const problems = Object.keys(data)
    .filter((key) => !Object.hasOwn(ENTRIES, key))
    .map((key) => `${key} is not a setting of the mixer; did you mean ${nearest(key, Object.keys(ENTRIES))}?`);
  const result = v.safeParse(MixerConfigSchema, data);
  for (const issue of result.issues ?? []) problems.push(`${v.getDotPath(issue) ?? 'settings'} ${issue.message}`);
  if (!result.success || problems.length > 0) throw new MixerConfigError(problems.join('\n'));
  return result.output;
}

/** Keys that name what lies elsewhere: files of this machine, addresses of its network. */
const ADMINISTRATORS_KEYS = ['background', 'watermark', 'callbackUrl'];

/**
 * Checks settings that come over the network and go over those of `offline_mixer.json`. Throws MixerConfigError, also
 * for keys that only who administers the machine may set.
 */
export function checkMixerChanges(data: unknown): Record<string, unknown> {
  checkMixerConfig(data);
  const changes = data as Record<string, unknown>;
  const refused = ADMINISTRATORS_KEYS.filter((key) => Object.hasOwn(changes, key));
  if (refused.length > 0) throw new MixerConfigError(`${refused.join(', ')} can be set in offline_mixer.json only`);
  return changes;
}

function isSettings(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

function nearest(word: string, known: string[]): string {
  const distances = known.map((key) => distance(word.toLowerCase(), key.toLowerCase()));
  return known[distances.indexOf(Math.min(...distances))] ?? '';
}

/** Levenshtein distance: how many letters to put in, take out or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
