import type { LocalizeController } from '@shoelace-style/localize';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Waiting } from '../../protocol/model.ts';
import type { Assembly, Decision } from '../base/gathering/assembly.ts';
import type { News } from '../base/gathering/news.ts';
import type { Dictionary } from '../locales/dictionary.ts';
import { isolate } from './isolate.ts';
import './notice.ts';
import { REACTIONS } from './reactions.ts';

type Localize = LocalizeController<Dictionary>;

/** Who waits before the room, to moderators, unless the list that shows them is open; and what moderators have done to us. */
export function gatheringNotices(
  localize: Localize,
  { assembly, lang, listOpen }: { assembly: Assembly; lang: string; listOpen: boolean },
): TemplateResult {
  const waiting = assembly.moderation?.waiting ?? [];
  return html`${listOpen ? nothing : knocks(localize, lang, waiting)}
  ${repeat(
    assembly.decisions,
    ({ id }) => id,
    (decision) =>
      html`<wcs-notice
        part="notice"
        icon=${decisionIcon(decision)}
        .lang=${lang}
        .dismiss=${() => assembly.dismiss(decision)}
        >${decisionText(localize, decision)}</wcs-notice
      >`,
  )}`;
}

/** What a screen reader is told of hands and reactions. */
export function newsText(localize: Localize, { names, reaction }: News): string {
  const list = new Intl.ListFormat(localize.lang(), { type: 'unit' }).format(names.map(isolate));
  if (!reaction) return localize.term('handRaised', list);
  return `${list}: ${localize.term(REACTIONS[reaction].name)}`;
}

function knocks(localize: Localize, lang: string, waiting: readonly Waiting[]): TemplateResult | typeof nothing {
  const [first] = waiting;
  if (!first) return nothing;
  const { login } = first;
  const alone = waiting.length === 1;
  const action = alone
    ? { label: localize.term('admit'), intent: { do: 'admit', login, on: true } as const }
    : { label: localize.term('show'), intent: { do: 'people', open: true } as const };
  const alternative = alone
    ? { label: localize.term('refuse'), intent: { do: 'admit', login, on: false } as const }
    : { label: localize.term('admitAll'), intent: { do: 'admit', on: true } as const };
  const text = alone ? localize.term('wantsIn', isolate(login)) : localize.term('manyWantIn', waiting.length);
  return html`<wcs-notice part="notice" icon="people" .lang=${lang} .action=${action} .alternative=${alternative}
    >${text}</wcs-notice
  >`;
}

function decisionText(localize: Localize, { what, by, note }: Decision): string {
  const who = by === undefined ? localize.term('aModerator') : isolate(by);
  const said = note === undefined ? '' : ` “\u2068${note}\u2069”`;
  switch (what) {
    case 'muted':
      return localize.term('mutedYou', who) + said;
    case 'held':
      return by === undefined
        ? localize.term('microphoneHeld')
        : `${localize.term('mutedYou', who)} ${localize.term('heldYou')}${said}`;
    case 'allowed':
      return localize.term('allowedYou', who) + said;
    case 'camera':
      return localize.term('stoppedCamera', who) + said;
    case 'camera-held':
      return by === undefined
        ? localize.term('cameraHeld')
        : `${localize.term('stoppedCamera', who)} ${localize.term('heldYou')}${said}`;
    case 'share':
      return localize.term('stoppedShare', who) + said;
  }
}

function decisionIcon({ what }: Decision): 'microphone' | 'microphone-off' | 'camera-off' | 'unshare' {
  if (what === 'share') return 'unshare';
  if (what === 'camera' || what === 'camera-held') return 'camera-off';
  return what === 'allowed' ? 'microphone' : 'microphone-off';
}
