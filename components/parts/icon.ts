import { html, svg } from 'lit';
import type { SVGTemplateResult, TemplateResult } from 'lit';
import type { CallIconName } from './call-icons.ts';

const slash = svg`<path d="M4 4l16 16" />`;
const microphone = svg`<path d="M12 3.5a2.75 2.75 0 0 1 2.75 2.75v5a2.75 2.75 0 0 1-5.5 0v-5A2.75 2.75 0 0 1 12 3.5z" />
  <path d="M5.75 11.25a6.25 6.25 0 0 0 12.5 0M12 17.5v3M9 20.5h6" />`;
const camera = svg`<rect x="2.75" y="6.5" width="12.5" height="11" rx="2.75" /><path d="M15.25 11l6-3.25v8.5l-6-3.25" />`;

/** Drawn on a grid of 24 by 24, one line thick. Those that are seen in a room only are in call-icons.ts. */
const shapes = {
  microphone,
  'microphone-off': svg`${microphone}${slash}`,
  camera,
  'camera-off': svg`${camera}${slash}`,
  stop: svg`<rect x="6.5" y="6.5" width="11" height="11" rx="2.5" />`,
  invite: svg`<circle cx="9.5" cy="8" r="3.75" /><path d="M2.75 19.75a6.75 6.75 0 0 1 13.5 0M18.5 8v6M21.5 11h-6" />`,
  record: svg`<circle cx="12" cy="12" r="8.75" /><circle cx="12" cy="12" r="4" fill="currentColor" stroke="none" />`,
  close: svg`<path d="M6 6l12 12M18 6L6 18" />`,
  keyboard: svg`<rect x="2.75" y="6" width="18.5" height="12" rx="2.5" />
    <path d="M6.75 9.75h.1M10.25 9.75h.1M13.75 9.75h.1M17.25 9.75h.1M8.5 14.25h7" />`,
  settings: svg`<path d="M4 7.5h9M19.5 7.5h.5M4 16.5h.5M11 16.5h9" /><circle cx="16" cy="7.5" r="2.75" /><circle cx="7.75" cy="16.5" r="2.75" />`,
  flip: svg`<path d="M4 10a8.25 8.25 0 0 1 15-2.5M20 14a8.25 8.25 0 0 1-15 2.5M19.25 3.5v4.25H15M4.75 20.5v-4.25H9" /><circle cx="12" cy="12" r="2.5" />`,
  sound: svg`<path d="M4 9.5h3.5L12 5.5v13l-4.5-4H4zM15.5 9a4.25 4.25 0 0 1 0 6M18 6.25a8.25 8.25 0 0 1 0 11.5" />`,
  warning: svg`<path d="M12 3.75l9.25 16.5H2.75zM12 10v4.5M12 17.25v.1" />`,
} satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof shapes | CallIconName;

const all: Partial<Record<IconName, SVGTemplateResult>> = { ...shapes };

/** Adds drawings that come later. */
export function addIcons(icons: Partial<Record<IconName, SVGTemplateResult>>): void {
  Object.assign(all, icons);
}

/** An icon, which a page can replace through the slot `icon-NAME`. It says nothing to screen readers: its button does. */
export function icon(name: IconName): TemplateResult {
  return html`<slot name=${`icon-${name}`}>${draw(all[name])}</slot>`;
}

/**
 * Hands the icons that a page has put into an element on to one of its parts. A slot that is handed on counts as content
 * even when it is empty, so it brings the drawing along.
 */
export function forwardIcons(names: readonly IconName[]): TemplateResult[] {
  return names.map((name) => html`<slot name=${`icon-${name}`} slot=${`icon-${name}`}>${draw(all[name])}</slot>`);
}

export function draw(shape: SVGTemplateResult | undefined): TemplateResult {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true">${shape}</svg>`;
}
