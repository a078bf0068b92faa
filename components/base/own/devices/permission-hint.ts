import type { WcsError } from '../../../../protocol/errors.ts';
import type { Dictionary } from '../../../locales/dictionary.ts';
import { Browser } from '../../../room/capture/browser.ts';

/** Milliseconds that nobody takes less of to answer the browser's question. */
const SOONEST_ANSWER = 400;

/** Permissions Policy §5.5; so far only Chromium has it, under its older name. */
interface PolicyDocument {
  featurePolicy?: { allowsFeature(feature: string): boolean };
  permissionsPolicy?: { allowsFeature(feature: string): boolean };
}

/**
 * Where somebody allows what they, their system or the page around has denied: the key of the words for it.
 *
 * @param after - Milliseconds after which it was denied.
 */
export function permissionHint(
  { cause }: WcsError,
  { device, after }: { device: 'microphone' | 'camera'; after: number },
): keyof Dictionary {
  if (isKeptFromPage(device, after)) return window.top === window ? 'allowByPage' : 'allowByFrame';
  // Chrome and Edge say so; elsewhere one cannot tell.
  if (/system/i.test((cause as Error | undefined)?.message ?? '')) return 'allowInSystem';
  // On an iPhone every other browser is an app that asks the system.
  if (Browser.isiOS()) return Browser.isSafari() ? 'allowInIosSafari' : 'allowInSystem';
  if (Browser.isFirefox()) return 'allowInFirefox';
  if (Browser.isAndroid()) return 'allowInAndroid';
  return Browser.isSafari() ? 'allowInSafari' : 'allowInChromium';
}

/** Whether nobody was asked, because the page around, or what its site says of it, does not let this page have the device. */
function isKeptFromPage(device: string, after: number): boolean {
  const { permissionsPolicy, featurePolicy } = document as PolicyDocument;
  const policy = permissionsPolicy ?? featurePolicy;
  if (policy) return !policy.allowsFeature(device);
  return after < SOONEST_ANSWER && isInForeignFrame();
}

/** By itself a page of another origin in a frame gets no devices. */
function isInForeignFrame(): boolean {
  try {
    return window.top !== window && !window.top?.location.href;
  } catch {
    return true;
  }
}
