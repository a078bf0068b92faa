/** What a browser knows of the network beside the rest (W3C Network Information API, where there is one). */
interface Surroundings {
  navigator?: { connection?: EventTarget };
  document?: EventTarget & { visibilityState?: string };
  addEventListener?: EventTarget['addEventListener'];
  removeEventListener?: EventTarget['removeEventListener'];
}

/**
 * Calls `look` when what used to work may not work any more: the network is another one or is back, the page was frozen or
 * hidden, the machine has slept. Most of the time nothing has changed, so looking must be cheap. Returns what ends it.
 */
export function watchNetwork(look: () => void): () => void {
  const { navigator, document, ...page } = surroundings();
  const seen = () => document?.visibilityState !== 'hidden' && look();
  navigator?.connection?.addEventListener?.('change', look);
  document?.addEventListener?.('resume', look);
  document?.addEventListener?.('visibilitychange', seen);
  page.addEventListener?.('online', look);
  return () => {
    navigator?.connection?.removeEventListener?.('change', look);
    document?.removeEventListener?.('resume', look);
    document?.removeEventListener?.('visibilitychange', seen);
    page.removeEventListener?.('online', look);
  };
}

function surroundings(): Surroundings {
  const { navigator, document, addEventListener, removeEventListener } = globalThis as Surroundings;
  return {
    navigator,
    document,
    addEventListener: addEventListener?.bind(globalThis),
    removeEventListener: removeEventListener?.bind(globalThis),
  };
}
