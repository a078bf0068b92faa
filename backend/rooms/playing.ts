import type { types } from 'mediasoup';
import type { EventData, Reply } from '../../protocol/messages.ts';
import type { Quality, Size } from '../../protocol/model.ts';
import { mediaError } from '../media/router.ts';
import { layerFor } from './layers.ts';
import type { PublishedStream } from './stream.ts';

/** mediasoup's scores are 0 to 10, for what of a stream arrives in time; below this one sees or hears the loss. */
const GOOD_FROM = 7;

/** Of pictures that compete for a viewer's bandwidth: a screen first, then the larger before the smaller (1 to 255). */
const SCREEN_PRIORITY = 255;
const CAMERA_PRIORITY = 200;

type Report = EventData<'quality'>['streams'][number];

/** Milliseconds without any layer after which the bandwidth is taken for too small: switching takes less. */
const STARVED_AFTER = 900;

/** One stream as one participant plays it: a consumer per track, of a picture no more than is shown. */
export class Playing {
  readonly consumers: readonly types.Consumer[];
  readonly #stream: PublishedStream;
  readonly #video: types.Consumer | undefined;
  readonly #onQuality: () => void;
  #resumed = false;
  #inSight = true;
  /** Since when the bandwidth carries no layer. */
  #starvedSince: number | undefined;
  #told: Report;

  /** `onQuality` is called when there may be something new in `takeQuality`. */
  constructor(stream: PublishedStream, consumers: readonly types.Consumer[], onQuality: () => void) {
    this.#stream = stream;
    this.consumers = consumers;
    this.#video = consumers.find(({ kind }) => kind === 'video');
    this.#told = { stream: stream.name, quality: 'good', video: true };
    this.#onQuality = onQuality;
    for (const consumer of consumers) consumer.on('score', onQuality);
    for (const producer of stream.producers) producer.on('score', onQuality);
    this.#video?.on('layerschange', (layers) => {
      this.#starvedSince = layers ? undefined : Date.now();
      onQuality();
    });
    if (this.#video) stream.demand?.set(this, Infinity);
  }

  /** Lets media flow, as far as it is in sight. Throws WcsError `media_unavailable`. */
  async resume(): Promise<void> {
    this.#resumed = true;
    await Promise.all(
      this.consumers
        .filter((consumer) => this.#inSight || consumer !== this.#video)
        .map((consumer) => unlessClosed(consumer, consumer.resume())),
    );
  }

  /** Sends the picture no larger than these pixels of the screen need, or not at all. */
  async show(shown: Size): Promise<void> {
    const video = this.#video;
    if (!video || video.closed) return;
    const layer = layerFor(this.#stream.layers, shown);
    this.#inSight = layer >= 0;
    this.#stream.demand?.set(this, layer + 1);
    await unlessClosed(video, this.#inSight ? this.#showLayer(video, layer) : video.pause());
  }

  /** How it reaches the viewer just now. */
  inspect(): Reply<'inspect'> {
    const tracks = this.consumers.map(({ kind, score, producerId }) => {
      const sourceScore = Math.min(score.producerScore, this.#scoreAtSource(producerId));
      return { kind, score: score.score, sourceScore };
    });
    const video = this.#video;
    if (!video || video.type === 'simple') return { tracks };
    const { currentLayers, preferredLayers } = video;
    const { count } = this.#stream.layers;
    const rates = temporalLayers(video);
    const wants = (layer: number | undefined, all: number) => (this.#inSight ? (layer ?? all - 1) + 1 : 0);
    const flows = !video.paused && !video.producerPaused && currentLayers !== undefined;
    return {
      tracks,
      layers: {
        spatial: {
          count,
          current: flows ? currentLayers.spatialLayer + 1 : 0,
          wanted: wants(preferredLayers?.spatialLayer, count),
        },
        temporal: {
          count: rates,
          current: flows ? (currentLayers.temporalLayer ?? 0) + 1 : 0,
          wanted: wants(preferredLayers?.temporalLayer, rates),
        },
      },
    };
  }

  /** What is to be told, when it is not what was told last. */
  takeQuality(): Report | undefined {
    const { quality, video } = this.#quality;
    if (quality === this.#told.quality && video === this.#told.video) return undefined;
    return (this.#told = { stream: this.#stream.name, quality, video });
  }

  /** Idempotent. */
  close(): void {
    this.#stream.demand?.delete(this);
    for (const producer of this.#stream.producers) producer.off('score', this.#onQuality);
    for (const consumer of this.consumers) consumer.close();
  }

  async #showLayer(video: types.Consumer, spatialLayer: number): Promise<void> {
    const { count } = this.#stream.layers;
    const priority = this.#stream.isScreen
      ? SCREEN_PRIORITY
      : Math.ceil((CAMERA_PRIORITY * (spatialLayer + 1)) / count);
    if (video.priority !== priority) await video.setPriority(priority);
    if (video.type !== 'simple' && video.preferredLayers?.spatialLayer !== spatialLayer)
      await video.setPreferredLayers({ spatialLayer });
    if (this.#resumed && this.#inSight) await video.resume();
  }

  /** What arrives from the publisher: of a stream that is piped here, the consumer knows only how the pipe does. */
  #scoreAtSource(id: string): number {
    const scores = this.#stream.producers.find((producer) => producer.id === id)?.score ?? [];
    return scores.length === 0 ? 10 : Math.max(...scores.map(({ score }) => score));
  }

  get #quality(): { quality: Quality; video: boolean } {
    const flowing = this.consumers.filter(({ paused, producerPaused }) => !paused && !producerPaused);
    const score = Math.min(
      10,
      ...flowing.map(({ score, producerId }) =>
        Math.min(score.score, score.producerScore, this.#scoreAtSource(producerId)),
      ),
    );
    const video = this.#video;
    const starved =
      video !== undefined && flowing.includes(video) && Date.now() - (this.#starvedSince ?? Infinity) >= STARVED_AFTER;
    return { quality: score >= GOOD_FROM ? 'good' : score > 0 ? 'poor' : 'lost', video: !starved };
  }
}

/** How many layers of frame rate there are in each layer of size (W3C WebRTC SVC §6: `L3T3`). */
function temporalLayers({ rtpParameters }: types.Consumer): number {
  const [, count = '1'] = /T(\d)/.exec(rtpParameters.encodings?.[0]?.scalabilityMode ?? '') ?? [];
  return Number(count);
}

/** A consumer can go at any time, with its producer; that is no failure of this request. */
async function unlessClosed(consumer: types.Consumer, change: Promise<void>): Promise<void> {
  await change.catch((cause: unknown) => {
    if (!consumer.closed) throw mediaError(cause, { gone: false });
  });
}
