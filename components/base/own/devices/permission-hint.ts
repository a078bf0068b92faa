import type { WcsError } from '../../../../protocol/errors.ts';
import type { Dictionary } from '../../../locales/dictionary.ts';
import { Browser } from '../../../room/capture/browser.ts';

/** Where in this browser somebody allows what they, or their system, have denied: the key of the words for it. */
export function permissionHint({ cause }: WcsError): keyof Dictionary {
  // Chrome and Edge say so; elsewhere one cannot tell.
  if (/system/i.test((cause as Error | undefined)?.message ?? '')) return 'allowInSystem';
  // On an iPhone every other browser is an app that asks the system.
  if (Browser.isiOS()) return Browser.isSafari() ? 'allowInIosSafari' : 'allowInSystem';
  if (Browser.isFirefox()) return 'allowInFirefox';
  if (Browser.isAndroid()) return 'allowInAndroid';
  return Browser.isSafari() ? 'allowInSafari' : 'allowInChromium';
}
