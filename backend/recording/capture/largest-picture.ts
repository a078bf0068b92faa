import type { types } from 'mediasoup';

const looking = new WeakSet<types.Consumer>();

/**
 * Has mediasoup look again whether a larger picture of simulcast can be sent. By itself it does so only at the first sender
 * report of each size (3.27.1, where nothing estimates the bandwidth), which may be one report too early for what it needs,
 * and then stays with the smaller one for good. It looks again when another size is preferred.
 */
export async function lookForLargest(consumer: types.Consumer): Promise<void> {
  const { type, currentLayers, score } = consumer;
  const largest = score.producerScores.findLastIndex((one) => one > 0);
  const current = currentLayers?.spatialLayer;
  if (type !== 'simulcast' || current === undefined || current >= largest || looking.has(consumer)) return;
  looking.add(consumer);
  try {
    await consumer.setPreferredLayers({ spatialLayer: current });
    await consumer.setPreferredLayers({ spatialLayer: score.producerScores.length - 1 });
  } catch {
    // It has closed meanwhile.
  } finally {
    looking.delete(consumer);
  }
}
