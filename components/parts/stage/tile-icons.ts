import { svg } from 'lit';
import type { SVGTemplateResult, TemplateResult } from 'lit';
import { draw } from '../icon.ts';

/** Icons of the menu of a tile; they come with the parts of a room. */
const shapes = {
  more: svg`<path d="M5.5 12h.1M12 12h.1M18.5 12h.1" stroke-width="3" />`,
  'picture-off': svg`<rect x="2.75" y="5" width="18.5" height="14" rx="2.75" /><path d="M9 9l6 6M15 9l-6 6" />`,
  picture: svg`<rect x="2.75" y="5" width="18.5" height="14" rx="2.75" /><path d="M10 9l5 3-5 3z" />`,
  details: svg`<path d="M5 19.5v-4M9.7 19.5v-8M14.3 19.5v-5M19 19.5V5" />`,
} satisfies Record<string, SVGTemplateResult>;

export function drawing(name: keyof typeof shapes): TemplateResult {
  return draw(shapes[name]);
}
