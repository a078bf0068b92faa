import type { LocalizeController } from '@shoelace-style/localize';
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ChatLine } from '../base/view.ts';
import type { Dictionary } from '../locales/dictionary.ts';
import { systemText } from './chat-line-text.ts';

/** Lines that are kept: several may come at once, and each is read out. */
const KEPT = 5;

interface Announcements {
  lines: readonly ChatLine[];
  recording: boolean;
  /** What else happens among people. */
  news: readonly { id: number; text: string }[];
}

/**
 * What happens in the room, for screen readers: messages, comings and goings, hands, reactions, the recording. Read out in pauses, also while
 * the chat is closed.
 */
export function announcer(
  localize: LocalizeController<Dictionary>,
  { lines, recording, news }: Announcements,
): TemplateResult {
  const others = lines.filter((line) => !line.own && !line.earlier).slice(-KEPT);
  return html`<div class="visually-hidden" role="log" aria-label=${localize.term('news')}>
      ${repeat(
        others,
        (line) => line.id,
        (line) => html`<p>${systemText(localize, line)}</p>`,
      )}
      ${repeat(
        news,
        ({ id }) => id,
        ({ text }) => html`<p>${text}</p>`,
      )}
    </div>
    <div class="visually-hidden" role="status">${recording ? localize.term('recording') : ''}</div>`;
}
