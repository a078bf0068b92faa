import type { CallTexts } from './dictionary.ts';

/** The English texts for somebody who waits to be let in. */
export const enWaiting = {
  waitTitle: 'Waiting until somebody lets you in',
  waitHint: 'The people inside know that you are here. Stay on this page.',
  cancel: 'Cancel',
} satisfies Partial<CallTexts>;
