import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PALETTE } from '../../../components/styles/palette.ts';

type Color = keyof typeof PALETTE;

/** WCAG 2.2: text has at least 4.5 : 1 (1.4.3); signs, rings and edges that mean something at least 3 : 1 (1.4.11). */
const TEXT = 4.5;
const SIGN = 3;

const PAIRS: [Color, Color, number][] = [
  ...(['background', 'surface', 'surface-2'] as const).flatMap((behind): [Color, Color, number][] => [
    ['text', behind, TEXT],
    ['text-muted', behind, TEXT],
    ['danger-text', behind, TEXT],
    ['accent', behind, SIGN],
    ['warning', behind, SIGN],
    ['success', behind, SIGN],
  ]),
  ['on-accent', 'accent', TEXT],
  ['on-danger', 'danger', TEXT],
  ['surface', 'warning', SIGN],
  ['tile-text', 'tile-background', TEXT],
  // The two rings of the focus: one of them shows on anything.
  ['accent', 'surface', SIGN],
];

describe('the colours that elements have by themselves', () => {
  for (const [scheme, index] of [
    ['light', 0],
    ['dark', 1],
  ] as const) {
    for (const [front, behind, least] of PAIRS) {
      it(`${scheme}: ${front} on ${behind} has a contrast of at least ${least}`, () => {
        const ratio = contrast(PALETTE[front][index], PALETTE[behind][index]);
        assert.ok(ratio >= least, `${ratio.toFixed(2)}`);
      });
    }
  }
});

/** Contrast ratio, 1 to 21 (WCAG 2.2, "contrast ratio"). */
function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Relative luminance of `#rrggbb` (WCAG 2.2, "relative luminance"). */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
