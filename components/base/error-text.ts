import type { LocalizeController } from '@shoelace-style/localize';
import type { WcsError } from '../../protocol/errors.ts';
import type { Dictionary } from '../locales/dictionary.ts';
import { saidBy } from '../room/room-end.ts';

/**
 * What went wrong and what to do, in the interface's language; the error's own words where there are none. With what a moderator
 * has to say about it.
 */
export function errorText(localize: LocalizeController<Dictionary>, error: WcsError): string {
  const key = `error_${error.code}` as const;
  const known = localize.exists(key, { includeFallback: true });
  const { note } = saidBy(error);
  return [(known && localize.term(key)) || error.message, note && `“\u2068${note}\u2069”`].filter(Boolean).join(' ');
}
