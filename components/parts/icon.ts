import { html, svg } from 'lit';
import type { SVGTemplateResult, TemplateResult } from 'lit';

const slash = svg`<path d="M4 4l16 16" />`;
const microphone = svg`<path d="M12 3.5a2.75 2.75 0 0 1 2.75 2.75v5a2.75 2.75 0 0 1-5.5 0v-5A2.75 2.75 0 0 1 12 3.5z" />
  <path d="M5.75 11.25a6.25 6.25 0 0 0 12.5 0M12 17.5v3M9 20.5h6" />`;
const camera = svg`<rect x="2.75" y="6.5" width="12.5" height="11" rx="2.75" /><path d="M15.25 11l6-3.25v8.5l-6-3.25" />`;
const screen = svg`<rect x="2.75" y="4.5" width="18.5" height="12.5" rx="2.25" /><path d="M8.5 20.5h7" />`;

/** Drawn on a grid of 24 by 24, one line thick. */
const shapes = {
  microphone,
  'microphone-off': svg`${microphone}${slash}`,
  camera,
  'camera-off': svg`${camera}${slash}`,
  publish: svg`<circle cx="12" cy="12" r="1.75" fill="currentColor" stroke="none" />
    <path d="M8.1 8.1a5.5 5.5 0 0 0 0 7.8M15.9 8.1a5.5 5.5 0 0 1 0 7.8M5.3 5.3a9.5 9.5 0 0 0 0 13.4M18.7 5.3a9.5 9.5 0 0 1 0 13.4" />`,
  stop: svg`<rect x="6.5" y="6.5" width="11" height="11" rx="2.5" />`,
  share: svg`${screen}<path d="M12 13.5v-5.75M9.25 10.25L12 7.5l2.75 2.75" />`,
  unshare: svg`${screen}<path d="M9.75 8.5l4.5 4.5M14.25 8.5l-4.5 4.5" />`,
  chat: svg`<path d="M12 4c5 0 8.75 3.25 8.75 7.4 0 4.2-3.75 7.45-8.75 7.45-1 0-2-.13-2.9-.4L4.5 20.25l1.15-3.6c-1.5-1.35-2.4-3.2-2.4-5.25C3.25 7.25 7 4 12 4z" />`,
  invite: svg`<circle cx="9.5" cy="8" r="3.75" /><path d="M2.75 19.75a6.75 6.75 0 0 1 13.5 0M18.5 8v6M21.5 11h-6" />`,
  leave: svg`<path d="M2.6 14.2c-.5-1.1-.35-2.3.5-3.1C5.5 8.9 8.6 7.75 12 7.75s6.5 1.15 8.9 3.35c.85.8 1 2 .5 3.1l-.55 1.15c-.3.6-.95.9-1.6.75l-2.75-.7a1.5 1.5 0 0 1-1.1-1.2l-.25-1.55a10.6 10.6 0 0 0-6.3 0l-.25 1.55a1.5 1.5 0 0 1-1.1 1.2l-2.75.7c-.65.15-1.3-.15-1.6-.75z" />`,
  record: svg`<circle cx="12" cy="12" r="8.75" /><circle cx="12" cy="12" r="4" fill="currentColor" stroke="none" />`,
  send: svg`<path d="M4 12L3.5 4.5 21 12 3.5 19.5 4 12zM4 12h8" />`,
  copy: svg`<rect x="8.5" y="8.5" width="12" height="12" rx="2.5" /><path d="M5 15.5H4.75A1.75 1.75 0 0 1 3 13.75v-9A1.75 1.75 0 0 1 4.75 3h9a1.75 1.75 0 0 1 1.75 1.75V5" />`,
  check: svg`<path d="M4.5 12.5l5 5 10-11" />`,
  close: svg`<path d="M6 6l12 12M18 6L6 18" />`,
  keyboard: svg`<rect x="2.75" y="6" width="18.5" height="12" rx="2.5" />
    <path d="M6.75 9.75h.1M10.25 9.75h.1M13.75 9.75h.1M17.25 9.75h.1M8.5 14.25h7" />`,
  settings: svg`<path d="M4 7.5h9M19.5 7.5h.5M4 16.5h.5M11 16.5h9" /><circle cx="16" cy="7.5" r="2.75" /><circle cx="7.75" cy="16.5" r="2.75" />`,
  flip: svg`<path d="M4 10a8.25 8.25 0 0 1 15-2.5M20 14a8.25 8.25 0 0 1-15 2.5M19.25 3.5v4.25H15M4.75 20.5v-4.25H9" /><circle cx="12" cy="12" r="2.5" />`,
  sound: svg`<path d="M4 9.5h3.5L12 5.5v13l-4.5-4H4zM15.5 9a4.25 4.25 0 0 1 0 6M18 6.25a8.25 8.25 0 0 1 0 11.5" />`,
  'full-screen': svg`<path d="M4 9V5.5A1.5 1.5 0 0 1 5.5 4H9M15 4h3.5A1.5 1.5 0 0 1 20 5.5V9M20 15v3.5a1.5 1.5 0 0 1-1.5 1.5H15M9 20H5.5A1.5 1.5 0 0 1 4 18.5V15" />`,
  'picture-in-picture': svg`<path d="M20.75 10V7A2.25 2.25 0 0 0 18.5 4.75h-13A2.25 2.25 0 0 0 3.25 7v9.5a2.25 2.25 0 0 0 2.25 2.25H9" />
    <rect x="12.5" y="12.5" width="8.5" height="6.75" rx="1.5" fill="currentColor" />`,
  pin: svg`<path d="M9 3.75h6l-.75 6 3.5 3.5v1.5H6.25v-1.5l3.5-3.5zM12 14.75v6" />`,
  next: svg`<path d="M9.5 5.5l6.5 6.5-6.5 6.5" />`,
  previous: svg`<path d="M14.5 5.5L8 12l6.5 6.5" />`,
  signal: svg`<path d="M5 19.5v-3M12 19.5v-7" /><path d="M19 19.5V5" opacity=".35" />`,
  warning: svg`<path d="M12 3.75l9.25 16.5H2.75zM12 10v4.5M12 17.25v.1" />`,
} satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof shapes;

/** An icon, which a page can replace through the slot `icon-NAME`. It says nothing to screen readers: its button does. */
export function icon(name: IconName): TemplateResult {
  return html`<slot name=${`icon-${name}`}>${draw(shapes[name])}</slot>`;
}

/**
 * Hands the icons that a page has put into an element on to one of its parts. A slot that is handed on counts as content
 * even when it is empty, so it brings the drawing along.
 */
export function forwardIcons(names: readonly IconName[]): TemplateResult[] {
  return names.map((name) => html`<slot name=${`icon-${name}`} slot=${`icon-${name}`}>${draw(shapes[name])}</slot>`);
}

export function draw(shape: SVGTemplateResult): TemplateResult {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true">${shape}</svg>`;
}
