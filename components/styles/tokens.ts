import { css, unsafeCSS } from 'lit';
import type { CSSResult } from 'lit';
import { PALETTE, SHADOW_COLORS } from './palette.ts';

/**
 * The two levels of tokens. A page sets `--wcs-*` anywhere above or on an element; palette tokens are enough for most
 * themes, and each specific token defaults from one of them. Elements themselves only read the resolved `--_*` names,
 * and never declare a public one, so that a value from the page always wins.
 *
 * Light and dark follow `color-scheme`. Browsers before `light-dark()` (Chrome 123, Firefox 120, Safari 17.5) follow the
 * system's setting instead.
 */
export const tokens = css`
  :host {
    ${colors((light) => light)}

    /* Palette */
    --_radius: var(--wcs-radius, 0.875rem);
    --_font: var(--wcs-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif);
    --_gap: var(--wcs-gap, 0.5em);

    /* Specific */
    --_stage-background: var(--wcs-stage-background, var(--_background));
    --_tile-radius: var(--wcs-tile-radius, var(--_radius));
    --_controls-background: var(--wcs-controls-background, var(--_surface));
    --_button-background: var(--wcs-button-background, var(--_surface-2));
    --_button-text: var(--wcs-button-text, var(--_text));
    --_button-size: var(--wcs-button-size, 2.875em);
    --_chat-background: var(--wcs-chat-background, var(--_surface));
    --_chat-width: var(--wcs-chat-width, 21em);
    --_focus: var(--wcs-focus, var(--_accent));
  }

  @media (prefers-color-scheme: dark) {
    :host {
      ${colors((_light, dark) => dark)}
    }
  }

  @supports (color: light-dark(#000, #fff)) {
    :host {
      ${colors((light, dark) => (light === dark ? light : `light-dark(${light}, ${dark})`))}
    }
  }

  @media (pointer: coarse) {
    :host {
      --_button-size: var(--wcs-button-size, 3em);
    }
  }
`;

/** Every colour as a token of the palette, in the scheme that `pick` chooses. */
function colors(pick: (light: string, dark: string) => string): CSSResult {
  const palette = Object.entries(PALETTE).map(
    ([name, [light, dark]]) => `--_${name}: var(--wcs-${name}, ${pick(light, dark)});`,
  );
  const [line, soft] = SHADOW_COLORS.map(([light, dark]) => pick(light, dark));
  const shadow = `--_shadow: var(--wcs-shadow, 0 0 0 1px ${line}, 0 0.5em 1.75em ${soft});`;
  return unsafeCSS([...palette, shadow].join('\n'));
}
