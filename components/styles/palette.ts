/**
 * The colours that elements have by themselves: `[in light, in dark]`. Beside the tokens and without Lit, so that a test can
 * measure every pair that text, signs and rings are made of.
 */
export const PALETTE = {
  accent: ['#2c56e0', '#8fa8ff'],
  'on-accent': ['#ffffff', '#0a1230'],
  danger: ['#c4271b', '#d93036'],
  'on-danger': ['#ffffff', '#ffffff'],
  'danger-text': ['#b42318', '#ff9a94'],
  warning: ['#8a5300', '#f5b94e'],
  success: ['#12744a', '#5bd39a'],
  background: ['#eef0f4', '#0d0f13'],
  surface: ['#ffffff', '#181b21'],
  'surface-2': ['#eceff4', '#272c35'],
  text: ['#14171c', '#f1f3f7'],
  'text-muted': ['#545c6b', '#a5aebd'],
  border: ['#d9dee7', '#2d333d'],
  'tile-background': ['#262b35', '#1d2129'],
  'tile-text': ['#ffffff', '#ffffff'],
} as const satisfies Record<string, readonly [string, string]>;

/** Shadows are translucent: a thin line and a soft one below. */
export const SHADOW_COLORS = [
  ['#14171c0f', '#ffffff0d'],
  ['#14171c1f', '#00000080'],
] as const;
