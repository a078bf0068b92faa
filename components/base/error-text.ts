import type { LocalizeController } from '@shoelace-style/localize';
import type { WcsError } from '../../protocol/errors.ts';
import type { Dictionary } from '../locales/dictionary.ts';

/** What went wrong and what to do, in the interface's language; the error's own words where there are none. */
export function errorText(localize: LocalizeController<Dictionary>, error: WcsError): string {
  const key = `error_${error.code}` as const;
  if (!localize.exists(key, { includeFallback: true })) return error.message;
  return localize.term(key) || error.message;
}
