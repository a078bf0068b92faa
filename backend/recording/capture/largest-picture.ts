import type { types } from 'mediasoup';

/** Milliseconds after the first sender report before which mediasoup cannot tell yet how the clocks of two sizes differ. */
const SETTLING = 1_900;

/** By consumer: when its sender first reported, and whether an answer is awaited. */
const watched = new WeakMap<types.Consumer, { since: number; asking: boolean }>();

/**
 * Has mediasoup look again whether a larger picture of simulcast can be sent; to be called at each sender report. By itself it
 * does so only at the first one of each size (3.27.1, where nothing estimates the bandwidth), which may be one report too
 * early for what it needs, and then stays with the smaller one for good. It looks again when another size is preferred.
 */
export async function lookForLargest(consumer: types.Consumer): Promise<void> {
  const { type, currentLayers, score } = consumer;
  if (type !== 'simulcast') return;
  const now = performance.now();
  const watch = watched.get(consumer) ?? { since: now, asking: false };
  watched.set(consumer, watch);
  const largest = score.producerScores.findLastIndex((one) => one > 0);
  const current = currentLayers?.spatialLayer;
  if (current === undefined || current >= largest || watch.asking || now - watch.since < SETTLING) return;
  watch.asking = true;
  try {
    await consumer.setPreferredLayers({ spatialLayer: current });
    await consumer.setPreferredLayers({ spatialLayer: score.producerScores.length - 1 });
  } catch {
    // It has closed meanwhile.
  } finally {
    watch.asking = false;
  }
}
