import type { LocalizeController } from '@shoelace-style/localize';
import type { Intent } from '../../base/element/intent.ts';
import type { Dictionary } from '../../locales/dictionary.ts';
import { isolate } from '../isolate.ts';
import type { Question } from './confirm.ts';

/** What to ask before something that cannot be taken back; undefined of everything else. */
export function questionOf(localize: LocalizeController<Dictionary>, intent: Intent, name = ''): Question | undefined {
  switch (intent.do) {
    case 'remove':
      return {
        title: localize.term('removeAsk', isolate(name)),
        hint: localize.term(intent.ban ? 'removeForGoodHint' : 'removeHint'),
        action: localize.term(intent.ban ? 'removeForGood' : 'remove'),
      };
    case 'end':
      return {
        title: localize.term('endAsk'),
        hint: localize.term('endHint'),
        action: localize.term('endForAll'),
      };
    default:
      return undefined;
  }
}
