import { css } from 'lit';

/**
 * The two levels of tokens. A page sets `--wcs-*` anywhere above or on an element; palette tokens are enough for most
 * themes, and each specific token defaults from one of them. Elements themselves only read the resolved `--_*` names,
 * and never declare a public one, so that a value from the page always wins.
 */
export const tokens = css`
  :host {
    /* Palette */
    --_accent: var(--wcs-accent, light-dark(#2c56e0, #8fa8ff));
    --_on-accent: var(--wcs-on-accent, light-dark(#ffffff, #0a1230));
    --_danger: var(--wcs-danger, light-dark(#c4271b, #d93036));
    --_on-danger: var(--wcs-on-danger, #ffffff);
    --_warning: var(--wcs-warning, light-dark(#8a5300, #f5b94e));
    --_success: var(--wcs-success, light-dark(#12744a, #5bd39a));
    --_background: var(--wcs-background, light-dark(#eef0f4, #0d0f13));
    --_surface: var(--wcs-surface, light-dark(#ffffff, #181b21));
    --_surface-2: var(--wcs-surface-2, light-dark(#eceff4, #272c35));
    --_text: var(--wcs-text, light-dark(#14171c, #f1f3f7));
    --_text-muted: var(--wcs-text-muted, light-dark(#545c6b, #a5aebd));
    --_border: var(--wcs-border, light-dark(#d9dee7, #2d333d));
    --_radius: var(--wcs-radius, 0.875rem);
    --_font: var(--wcs-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif);
    --_gap: var(--wcs-gap, 0.5em);
    --_shadow: var(
      --wcs-shadow,
      0 0 0 1px light-dark(#14171c0f, #ffffff0d),
      0 0.5em 1.75em light-dark(#14171c1f, #00000080)
    );

    /* Specific */
    --_stage-background: var(--wcs-stage-background, var(--_background));
    --_tile-background: var(--wcs-tile-background, light-dark(#262b35, #1d2129));
    --_tile-text: var(--wcs-tile-text, #ffffff);
    --_tile-radius: var(--wcs-tile-radius, var(--_radius));
    --_controls-background: var(--wcs-controls-background, var(--_surface));
    --_button-background: var(--wcs-button-background, var(--_surface-2));
    --_button-text: var(--wcs-button-text, var(--_text));
    --_button-size: var(--wcs-button-size, 2.875em);
    --_chat-background: var(--wcs-chat-background, var(--_surface));
    --_chat-width: var(--wcs-chat-width, 21em);
    --_focus: var(--wcs-focus, var(--_accent));
  }
`;
