import { WcsError } from '../../../protocol/errors.ts';
import type { Muted, Size, Stream as StreamState, StreamKind } from '../../../protocol/model.ts';
import { capture } from '../capture/capture.ts';
import { codecOptions, isScreen, videoEncodings } from '../capture/constraints.ts';
import { STREAM_STATUS } from '../constants.ts';
import { cachePreview, capturedBy, removeVideo, reusePreview, showPreview } from './display.ts';
import type { PublishMedia, Published, RoomMedia } from '../media/media.ts';
import { directionStats, nativeStats } from './stats.ts';
import { Stream, failureInfo, type MediaConstraints, type PublishOptions, type StatsOf } from './stream.ts';

export interface OwnStreamOptions extends PublishOptions {
  onOver(stream: OwnStream): void;
}

/** The suffix that screens have by convention. */
const SCREEN_SUFFIX = 'screenShare';

/** Milliseconds for which a room may be between two media workers before a stream is given up. */
const MOVE_TIMEOUT = 20_000;

/** A stream that we publish. The room gives it the media to go through, again whenever that was made anew. */
export class OwnStream extends Stream {
  readonly kind: StreamKind;
  readonly #options: OwnStreamOptions;
  readonly #constraints: MediaConstraints;
  readonly #captured: Promise<MediaStream>;
  /** Tracks that we opened, and therefore stop. */
  readonly #opened = new Set<MediaStreamTrack>();
  readonly #muted: Muted;
  #mediaStream: MediaStream | undefined;
  #preview: HTMLVideoElement | undefined;
  #media: RoomMedia | undefined;
  #attempt = new AbortController();
  #published: Published | undefined;
  #told: Muted | undefined;
  #moving: ReturnType<typeof setTimeout> | undefined;
  #recordName: string | undefined;
  /** How many layers of the picture somebody wants; all until the backend says. */
  #wanted = Infinity;

  constructor(name: string, options: OwnStreamOptions) {
    super(name);
    this.#options = options;
    this.#constraints = options.constraints ?? { audio: true, video: true };
    this.kind = isScreen(this.#constraints.video) || options.name === SCREEN_SUFFIX ? 'screen' : 'camera';
    this.#muted = { audio: options.muted?.audio ?? false, video: options.muted?.video ?? false };
    this.#captured = this.#open();
    // Before there is a room to publish in, too, a camera that does not open ends the stream.
    this.#captured.catch((error: WcsError) => this.fail(error));
  }

  published(): boolean {
    return true;
  }

  get mediaStream(): MediaStream | undefined {
    return this.#mediaStream;
  }

  stop(): void {
    this.end();
  }

  override getRecordInfo(): string | undefined {
    return this.#recordName;
  }

  muteAudio(): void {
    this.#mute('audio', true);
  }

  unmuteAudio(): void {
    this.#mute('audio', false);
  }

  isAudioMuted(): boolean {
    return this.#muted.audio || !this.#track('audio');
  }

  muteVideo(): void {
    this.#mute('video', true);
  }

  unmuteVideo(): void {
    this.#mute('video', false);
  }

  isVideoMuted(): boolean {
    return this.#muted.video || !this.#track('video');
  }

  getAudioState(): { muted: boolean } {
    return { muted: this.isAudioMuted() };
  }

  getVideoState(): { muted: boolean } {
    return { muted: this.isVideoMuted() };
  }

  // One's own picture comes from one's own camera, not from the backend.
  showIn(): void {}

  show(): void {}

  // One does not hear one's own stream.
  setVolume(): void {}

  getVolume(): number {
    return -1;
  }

  muteRemoteAudio(): void {}

  unmuteRemoteAudio(): void {}

  isRemoteAudioMuted(): boolean {
    return true;
  }

  async getStats<N extends boolean = false>(callback?: (stats: StatsOf<N>) => void, native?: N): Promise<StatsOf<N>> {
    const producers = Object.values(this.#published?.producers ?? {});
    const stats = native ? await nativeStats(producers) : { outboundStream: await directionStats(producers) };
    callback?.(stats as StatsOf<N>);
    return stats as StatsOf<N>;
  }

  async replaceTrack(track: MediaStreamTrack): Promise<void> {
    const mediaStream = await this.#captured;
    if (this.over) throw new WcsError('aborted', 'The stream is over.');
    const kind = track.kind as 'audio' | 'video';
    const old = this.#track(kind);
    if (old === track) return;
    track.enabled = !this.#muted[kind];
    const producer = this.#published?.producers[kind];
    if (producer) await producer.replaceTrack({ track });
    if (old) mediaStream.removeTrack(old);
    mediaStream.addTrack(track);
    if (old && this.#opened.delete(old)) old.stop();
    if (!producer && this.#media) this.#again(this.#media);
  }

  /**
   * Publishes through this media; whatever went through an earlier one is gone.
   *
   * @internal
   */
  start(media: RoomMedia): void {
    if (this.over) return;
    this.#forget();
    this.#wanted = Infinity;
    this.#media = media;
    if (this.status() === STREAM_STATUS.NEW) this.setStatus(STREAM_STATUS.PENDING);
    void this.#publish(media, this.#attempt.signal);
  }

  /**
   * Compares with what the backend has after the connection came back.
   *
   * @internal
   */
  reconcile(state: StreamState | undefined): void {
    if (!this.#published || !this.#media) return;
    if (!state) this.start(this.#media);
    else if (state.muted.audio !== this.#muted.audio || state.muted.video !== this.#muted.video) this.#tellMuted();
  }

  /**
   * Sends so many layers of the picture, from the smallest on: nobody wants the others.
   *
   * @internal
   */
  want(layers: number): void {
    this.#wanted = layers;
    void this.#sendWanted();
  }

  /**
   * Ends it. One that is recorded tells UNPUBLISHED when the name of its file is known, which is `recordName` or comes
   * from the backend.
   *
   * @internal
   */
  end(recordName?: Promise<string | undefined>): void {
    if (this.over) return;
    const named = this.#end();
    this.setStatus(STREAM_STATUS.UNPUBLISHED);
    if (this.#options.record) void this.#tellRecorded(recordName ?? named);
    else this.tellStatus();
  }

  /** @internal */
  fail(error: WcsError, info = failureInfo(error)): void {
    if (this.over) return;
    void this.#end();
    this.setStatus(STREAM_STATUS.FAILED, { info, error });
    this.tellStatus();
  }

  async #open(): Promise<MediaStream> {
    const { display, mediaStream, cacheLocalResources } = this.#options;
    const brought = mediaStream ?? this.#constraints.customStream;
    // The capture that an earlier stream, or the page, has left there.
    if (display && !brought && this.kind === 'camera') {
      this.#preview = reusePreview(display, this.id(), this.#options.constraints ?? {});
    }
    const kept = this.#preview && capturedBy(this.#preview);
    this.#mediaStream = brought ? new MediaStream(brought.getTracks()) : (kept ?? (await capture(this.#constraints)));
    const stream = this.#mediaStream;
    if (!brought) for (const track of stream.getTracks()) this.#opened.add(track);
    if (display) this.#preview ??= showPreview(display, this.id(), stream);
    if (this.over) this.#release(cacheLocalResources);
    this.#applyMuted();
    this.#watchScreen();
    return stream;
  }

  async #publish(media: RoomMedia, signal: AbortSignal): Promise<void> {
    try {
      const mediaStream = await this.#captured;
      if (signal.aborted) return;
      this.#told = undefined;
      const published = await media.publish(this.#description(mediaStream, signal));
      if (signal.aborted) return published.close();
      this.#published = published;
      if (this.#wanted !== Infinity) void this.#sendWanted();
    } catch (error) {
      if (!signal.aborted) this.#refused(error as WcsError);
      return;
    }
    clearTimeout(this.#moving);
    this.#tellMuted();
    if (this.status() === STREAM_STATUS.PUBLISHING) return;
    this.setStatus(STREAM_STATUS.PUBLISHING);
    this.emit(STREAM_STATUS.PUBLISHING, this);
  }

  #description(mediaStream: MediaStream, signal: AbortSignal): PublishMedia {
    const { record = false, stripCodecs = '', videoContentHint } = this.#options;
    const { audio, video } = this.#constraints;
    const [microphone] = mediaStream.getAudioTracks();
    const [camera] = mediaStream.getVideoTracks();
    const options = codecOptions(audio, video);
    if (camera && videoContentHint) camera.contentHint = videoContentHint;
    return {
      name: this.name(),
      kind: this.kind,
      record,
      size: camera && sizeOf(camera),
      audio: microphone && { track: microphone, codecOptions: options },
      video: camera && { track: camera, codecOptions: options, encodings: videoEncodings(video, camera) },
      strip: stripCodecs
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean),
      muted: () => (this.#told = { ...this.#muted }),
      signal,
    };
  }

  async #sendWanted(): Promise<void> {
    const sender = this.#published?.producers.video?.rtpSender;
    if (!sender) return;
    const parameters = sender.getParameters();
    const active = parameters.encodings.map((_, layer) => layer < this.#wanted);
    if (parameters.encodings.every((encoding, layer) => encoding.active === active[layer])) return;
    parameters.encodings.forEach((encoding, layer) => (encoding.active = active[layer] ?? true));
    // It fails only when the sending is over, or was set anew in between: then that has been done by the later call.
    await sender.setParameters(parameters).catch(() => undefined);
  }

  #refused(error: WcsError): void {
    // The room is between two media workers: new media, or its end, is about to be told.
    if (error.code === 'media_unavailable' || error.code === 'transport_unknown') {
      this.#moving ??= setTimeout(() => this.fail(error), MOVE_TIMEOUT);
      return;
    }
    if (error.code === 'aborted' && this.#media?.closed) return;
    this.fail(error);
  }

  /** Publishes once more under the same name: a track of a new kind has come. */
  #again(media: RoomMedia): void {
    void media.unpublish(this.name());
    this.start(media);
  }

  #mute(kind: 'audio' | 'video', muted: boolean): void {
    this.#muted[kind] = muted;
    this.#applyMuted();
    this.#tellMuted();
  }

  #applyMuted(): void {
    for (const track of this.#mediaStream?.getTracks() ?? []) {
      track.enabled = !this.#muted[track.kind as 'audio' | 'video'];
    }
  }

  #tellMuted(): void {
    const { audio, video } = this.#muted;
    if (!this.#published || this.over || (this.#told?.audio === audio && this.#told.video === video)) return;
    this.#told = { audio, video };
    this.#media?.mute(this.name(), this.#told);
  }

  #track(kind: 'audio' | 'video'): MediaStreamTrack | undefined {
    return this.#mediaStream?.getTracks().find((track) => track.kind === kind);
  }

  /** The browser's own "stop sharing" ends the stream. */
  #watchScreen(): void {
    if (this.kind === 'screen') this.#track('video')?.addEventListener('ended', () => this.stop());
  }

  #forget(): void {
    this.#attempt.abort();
    this.#attempt = new AbortController();
    this.#published?.close();
    this.#published = undefined;
  }

  #end(): Promise<string | undefined> {
    clearTimeout(this.#moving);
    this.#forget();
    const named = this.#media?.unpublish(this.name()) ?? Promise.resolve(undefined);
    this.#release(this.#options.cacheLocalResources);
    this.#options.onOver(this);
    return named;
  }

  async #tellRecorded(recordName: Promise<string | undefined>): Promise<void> {
    this.#recordName = await recordName;
    this.tellStatus();
  }

  #release(cache = true): void {
    const preview = this.#preview;
    this.#preview = undefined;
    if (preview && cache && this.#opened.size > 0) {
      cachePreview(preview);
      return;
    }
    if (preview) removeVideo(preview);
    for (const track of this.#opened) track.stop();
    this.#opened.clear();
  }
}

/** What a track is captured at, where the browser says so. */
function sizeOf(track: MediaStreamTrack): Size | undefined {
  const { width, height } = track.getSettings();
  return width && height ? { width, height } : undefined;
}
