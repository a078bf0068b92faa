import type { types } from 'mediasoup';
import type { EventData, Reply } from '../../protocol/messages.ts';
import type { Quality, Size } from '../../protocol/model.ts';
import { mediaError } from '../media/router.ts';
import { sizeFor } from './layers.ts';
import { Relief } from './relief.ts';
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
  /** What of each track arrives in time, by producer: here, and from its publisher. Asking mediasoup copies all it knows. */
  readonly #scores = new Map<string, { here: number; source: number }>();
  readonly #unwatch: (() => void)[] = [];
  readonly #audio: types.Consumer | undefined;
  /** Of the picture, where the line does not carry it. */
  readonly #relief: Relief | undefined;
  #resumed = false;
  /** Pixels in which the picture is shown; undefined until the viewer says, which counts for its largest size. */
  #shown: Size | undefined;
  /** Whether the sound is among those that are sent. */
  #heard = true;
  /** Since when the bandwidth carries no layer. */
  #starvedSince: number | undefined;
  #told: Report;

  /** `onQuality` is called when there may be something new in `takeQuality`. */
  constructor(stream: PublishedStream, consumers: readonly types.Consumer[], onQuality: () => void) {
    this.#stream = stream;
    this.consumers = consumers;
    this.#video = consumers.find(({ kind }) => kind === 'video');
    this.#audio = consumers.find(({ kind }) => kind === 'audio');
    this.#told = { stream: stream.name, quality: 'good', video: true };
    this.#onQuality = onQuality;
    for (const consumer of consumers) this.#watchScores(consumer);
    this.#video?.on('layerschange', (layers) => {
      this.#starvedSince = layers ? undefined : Date.now();
      onQuality();
    });
    stream.on('rerouted', this.#askForKeyFrame);
    this.#relief = this.#video && new Relief(this.#video, () => this.#relieve());
    if (!this.#video) return;
    stream.demand?.set(this, Infinity);
    stream.on('resized', this.#follow);
  }

  /** What was asked for on a way that had broken was never heard. */
  readonly #askForKeyFrame = (): void => {
    const video = this.#video;
    if (video && !video.paused) void video.requestKeyFrame().catch(() => undefined);
  };

  /** Lets media flow, as far as it is in sight. Throws WcsError `media_unavailable`. */
  async resume(): Promise<void> {
    this.#resumed = true;
    const wanted = { audio: this.#heard, video: this.#flows };
    await Promise.all(
      this.consumers.filter(({ kind }) => wanted[kind]).map((consumer) => unlessClosed(consumer, consumer.resume())),
    );
  }

  /** Whose sound it is, and whether it is switched on. */
  get sound(): { id: string; on: boolean } | undefined {
    const audio = this.#audio;
    return audio && { id: audio.producerId, on: !audio.producerPaused };
  }

  /** Sends the sound, or not. */
  async hear(heard: boolean): Promise<void> {
    const audio = this.#audio;
    if (!audio || audio.closed || heard === this.#heard) return;
    this.#heard = heard;
    if (this.#resumed) await unlessClosed(audio, heard ? audio.resume() : audio.pause());
  }

  /** Sends the picture no larger than these pixels of the screen need, or not at all. */
  async show(shown: Size): Promise<void> {
    const video = this.#video;
    if (!video || video.closed) return;
    const wasInSight = this.#inSight;
    this.#shown = shown;
    if (this.#inSight && !wasInSight) this.#flowsAgain();
    await this.#showSize(video);
  }

  /** Whether the picture is missing, but not yet for so long that it is said: look again. */
  get settling(): boolean {
    return Date.now() - (this.#starvedSince ?? -Infinity) < STARVED_AFTER;
  }

  /** How it reaches the viewer just now. */
  inspect(): Reply<'inspect'> {
    const tracks = this.consumers.map(({ kind, score, producerId }) => {
      const sourceScore = Math.min(score.producerScore, this.#scores.get(producerId)?.source ?? 10);
      return { kind, score: score.score, sourceScore };
    });
    const video = this.#video;
    if (!video || video.type === 'simple') return { tracks };
    const { currentLayers, preferredLayers } = video;
    const { placement, layers } = this.#stream;
    const { count } = layers;
    const rates = temporalLayers(video);
    const wants = (layer: number | undefined, all: number) => (this.#inSight ? (layer ?? all - 1) + 1 : 0);
    const flows = !video.paused && !video.producerPaused && currentLayers !== undefined;
    return {
      tracks,
      layers: {
        spatial: {
          count,
          current: flows ? placement.sizeIn(currentLayers.spatialLayer) + 1 : 0,
          wanted: wants(this.#size, count),
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
    this.#stream.off('rerouted', this.#askForKeyFrame);
    this.#stream.off('resized', this.#follow);
    for (const unwatch of this.#unwatch) unwatch();
    for (const consumer of this.consumers) consumer.close();
  }

  get #inSight(): boolean {
    return this.#size !== -1;
  }

  /** Whether the picture is to be sent now. */
  get #flows(): boolean {
    return this.#resumed && this.#inSight && !this.#relief?.resting;
  }

  /** Which size of the picture is shown, 0 the smallest, -1 none; undefined: the largest. */
  get #size(): number | undefined {
    return this.#shown && sizeFor(this.#stream.layers, this.#shown);
  }

  /** Its picture comes in other layers, or is larger or smaller than before. */
  readonly #follow = (): void => {
    const video = this.#video;
    if (video && !video.closed) void this.#showSize(video).catch(() => undefined);
  };

  async #showSize(video: types.Consumer): Promise<void> {
    const size = this.#size;
    if (size === undefined) return;
    this.#stream.demand?.set(this, size + 1);
    await unlessClosed(video, size >= 0 ? this.#sendSize(video, size) : video.pause());
  }

  async #sendSize(video: types.Consumer, size: number): Promise<void> {
    const { count } = this.#stream.layers;
    const priority = this.#stream.isScreen ? SCREEN_PRIORITY : Math.ceil((CAMERA_PRIORITY * (size + 1)) / count);
    if (video.priority !== priority) await video.setPriority(priority);
    await this.#prefer(video, size);
    if (this.#flows) await video.resume();
  }

  /** The line needs a rest from the picture, or has had one. */
  #relieve(): void {
    const video = this.#video;
    if (!video || video.closed) return;
    void unlessClosed(video, this.#flows ? video.resume() : video.pause()).catch(() => undefined);
    this.#onQuality();
  }

  async #prefer(video: types.Consumer, size: number): Promise<void> {
    const spatialLayer = this.#stream.placement.layerOf(size);
    if (video.type !== 'simple' && video.preferredLayers?.spatialLayer !== spatialLayer)
      await video.setPreferredLayers({ spatialLayer });
  }

  #watchScores(consumer: types.Consumer): void {
    const { producerId } = consumer;
    const scores = { here: scoreOf(consumer.score), source: 10 };
    this.#scores.set(producerId, scores);
    consumer.on('score', (score) => {
      scores.here = scoreOf(score);
      this.#onQuality();
    });
    consumer.on('producerpause', this.#onQuality);
    consumer.on('producerresume', () => this.#flowsAgain());
    // Of a stream that is piped here, the consumer knows only how the pipe does.
    const producer = this.#stream.producers.find(({ id }) => id === producerId);
    if (!producer) return;
    const onSource = (all: types.ProducerScore[]) => {
      scores.source = bestOf(all);
      this.#onQuality();
    };
    scores.source = bestOf(producer.score);
    producer.on('score', onSource);
    this.#unwatch.push(() => producer.off('score', onSource));
  }

  /** Whatever was missing while it was paused was not for want of bandwidth. */
  #flowsAgain(): void {
    if (this.#starvedSince !== undefined) this.#starvedSince = Date.now();
    this.#onQuality();
  }

  get #quality(): { quality: Quality; video: boolean } {
    const flowing = this.consumers.filter(({ paused, producerPaused }) => !paused && !producerPaused);
    const scores = flowing.map(({ producerId }) => this.#scores.get(producerId));
    const score = Math.min(10, ...scores.flatMap((one) => (one ? [one.here, one.source] : [])));
    const video = this.#video;
    const starved =
      video !== undefined && flowing.includes(video) && Date.now() - (this.#starvedSince ?? Infinity) >= STARVED_AFTER;
    const resting = this.#relief?.resting && this.#inSight;
    const quality = resting ? 'poor' : score >= GOOD_FROM ? 'good' : score > 0 ? 'poor' : 'lost';
    return { quality, video: !starved && !resting };
  }
}

function scoreOf({ score, producerScore }: types.ConsumerScore): number {
  return Math.min(score, producerScore);
}

/** Of all layers; there are none before the first packet. */
function bestOf(scores: types.ProducerScore[]): number {
  return scores.length === 0 ? 10 : Math.max(...scores.map(({ score }) => score));
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
