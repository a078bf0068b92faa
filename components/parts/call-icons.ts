import { svg } from 'lit';
import type { SVGTemplateResult } from 'lit';

const screen = svg`<rect x="2.75" y="4.5" width="18.5" height="12.5" rx="2.25" /><path d="M8.5 20.5h7" />`;

export type CallIconName =
  | 'publish'
  | 'share'
  | 'unshare'
  | 'chat'
  | 'people'
  | 'hand'
  | 'react'
  | 'more'
  | 'leave'
  | 'send'
  | 'copy'
  | 'check'
  | 'full-screen'
  | 'picture-in-picture'
  | 'lock'
  | 'pin'
  | 'next'
  | 'previous'
  | 'signal';

/** What is seen in a room only, and comes with its parts; drawn like those of icon.ts. */
export const callIcons: Record<CallIconName, SVGTemplateResult> = {
  publish: svg`<circle cx="12" cy="12" r="1.75" fill="currentColor" stroke="none" />
    <path d="M8.1 8.1a5.5 5.5 0 0 0 0 7.8M15.9 8.1a5.5 5.5 0 0 1 0 7.8M5.3 5.3a9.5 9.5 0 0 0 0 13.4M18.7 5.3a9.5 9.5 0 0 1 0 13.4" />`,
  share: svg`${screen}<path d="M12 13.5v-5.75M9.25 10.25L12 7.5l2.75 2.75" />`,
  unshare: svg`${screen}<path d="M9.75 8.5l4.5 4.5M14.25 8.5l-4.5 4.5" />`,
  chat: svg`<path d="M12 4c5 0 8.75 3.25 8.75 7.4 0 4.2-3.75 7.45-8.75 7.45-1 0-2-.13-2.9-.4L4.5 20.25l1.15-3.6c-1.5-1.35-2.4-3.2-2.4-5.25C3.25 7.25 7 4 12 4z" />`,
  people: svg`<circle cx="9" cy="8.25" r="3.5" /><path d="M2.5 19.5a6.5 6.5 0 0 1 13 0M15.75 5.1a3.5 3.5 0 0 1 0 6.3M18 14.1a6.5 6.5 0 0 1 3.5 5.4" />`,
  hand: svg`<path d="M7 13V6.25a1.4 1.4 0 0 1 2.8 0V11M9.8 10.5V4.4a1.4 1.4 0 0 1 2.8 0v6.1M12.6 10.75V5.4a1.4 1.4 0 0 1 2.8 0V12M15.4 8.4a1.4 1.4 0 0 1 2.8 0v6.1c0 3.9-2.4 6.25-5.85 6.25-2.7 0-4.3-1.1-5.6-3.4L4.1 13.5c-.9-1.6 1.1-2.9 2.3-1.5l.6.75" />`,
  react: svg`<circle cx="12" cy="12" r="8.75" /><path d="M8.25 14.25a4.4 4.4 0 0 0 7.5 0M9 9.5v.1M15 9.5v.1" />`,
  more: svg`<g fill="currentColor" stroke="none"><circle cx="12" cy="5.5" r="1.7" /><circle cx="12" cy="12" r="1.7" /><circle cx="12" cy="18.5" r="1.7" /></g>`,
  leave: svg`<path d="M2.6 14.2c-.5-1.1-.35-2.3.5-3.1C5.5 8.9 8.6 7.75 12 7.75s6.5 1.15 8.9 3.35c.85.8 1 2 .5 3.1l-.55 1.15c-.3.6-.95.9-1.6.75l-2.75-.7a1.5 1.5 0 0 1-1.1-1.2l-.25-1.55a10.6 10.6 0 0 0-6.3 0l-.25 1.55a1.5 1.5 0 0 1-1.1 1.2l-2.75.7c-.65.15-1.3-.15-1.6-.75z" />`,
  send: svg`<path d="M4 12L3.5 4.5 21 12 3.5 19.5 4 12zM4 12h8" />`,
  copy: svg`<rect x="8.5" y="8.5" width="12" height="12" rx="2.5" /><path d="M5 15.5H4.75A1.75 1.75 0 0 1 3 13.75v-9A1.75 1.75 0 0 1 4.75 3h9a1.75 1.75 0 0 1 1.75 1.75V5" />`,
  check: svg`<path d="M4.5 12.5l5 5 10-11" />`,
  'full-screen': svg`<path d="M4 9V5.5A1.5 1.5 0 0 1 5.5 4H9M15 4h3.5A1.5 1.5 0 0 1 20 5.5V9M20 15v3.5a1.5 1.5 0 0 1-1.5 1.5H15M9 20H5.5A1.5 1.5 0 0 1 4 18.5V15" />`,
  'picture-in-picture': svg`<path d="M20.75 10V7A2.25 2.25 0 0 0 18.5 4.75h-13A2.25 2.25 0 0 0 3.25 7v9.5a2.25 2.25 0 0 0 2.25 2.25H9" />
    <rect x="12.5" y="12.5" width="8.5" height="6.75" rx="1.5" fill="currentColor" />`,
  lock: svg`<rect x="5" y="10.75" width="14" height="9.5" rx="2.5" /><path d="M8.25 10.75V7.5a3.75 3.75 0 0 1 7.5 0v3.25" />`,
  pin: svg`<path d="M9 3.75h6l-.75 6 3.5 3.5v1.5H6.25v-1.5l3.5-3.5zM12 14.75v6" />`,
  next: svg`<path d="M9.5 5.5l6.5 6.5-6.5 6.5" />`,
  previous: svg`<path d="M14.5 5.5L8 12l6.5 6.5" />`,
  signal: svg`<path d="M5 19.5v-3M12 19.5v-7" /><path d="M19 19.5V5" opacity=".35" />`,
};
