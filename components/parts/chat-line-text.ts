import type { LocalizeController } from '@shoelace-style/localize';
import type { ChatLine } from '../base/view.ts';
import type { Dictionary } from '../locales/dictionary.ts';
import { isolate } from './isolate.ts';

/** What a line that nobody wrote says; also what a screen reader is told. */
export function systemText(localize: LocalizeController<Dictionary>, { kind, name, text, to }: ChatLine): string {
  switch (kind) {
    case 'joined':
      return localize.term('joined', isolate(name));
    case 'left':
      return localize.term('left', isolate(name));
    case 'lost':
      return localize.term('lost', isolate(name));
    case 'people':
      return localize.term('peopleHere', list(name.split('\n').map(isolate), localize.lang()));
    case 'empty':
      return localize.term('roomEmpty');
    case 'text':
      return `${name}${to === undefined ? '' : ` (${localize.term('privateToYou')})`}: ${text}`;
  }
}

/** Names one after the other, as a language writes lists. */
function list(names: string[], lang: string): string {
  return new Intl.ListFormat(lang, { type: 'unit' }).format(names);
}
