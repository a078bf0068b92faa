import { WcsError } from '../../../protocol/errors.ts';
import type { Muted, Stream as StreamState, StreamKind } from '../../../protocol/model.ts';
import { capture } from '../capture/capture.ts';
import { openOther } from '../capture/switching.ts';
import { codecOptions, isScreen, limited, sizeOf, videoEncodings } from '../capture/constraints.ts';
import { ERROR_INFO, STREAM_EVENT_TYPE, STREAM_STATUS } from '../constants.ts';
import { cachePreview, capturedBy, removeVideo, reusePreview, showPreview } from './display.ts';
import type { PublishMedia, Published, RoomMedia } from '../media/media.ts';
import { Outgoing } from './outgoing.ts';
import { OwnMute } from './own-mute.ts';
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
  #constraints: MediaConstraints;
  readonly #captured: Promise<MediaStream>;
  /** Tracks that we opened, and therefore stop. */
  readonly #opened = new Set<MediaStreamTrack>();
  readonly #outgoing: Outgoing;
  readonly #mute: OwnMute;
  #mediaStream: MediaStream | undefined;
  #preview: HTMLVideoElement | undefined;
  #media: RoomMedia | undefined;
  #attempt = new AbortController();
  #published: Published | undefined;
  #moving: ReturnType<typeof setTimeout> | undefined;
  #recordName: string | undefined;
  /** How many sizes of the picture somebody wants; all until the backend says. */
  #wanted = Infinity;

  constructor(name: string, options: OwnStreamOptions) {
    super(name);
    this.#options = options;
    this.#constraints = options.constraints ?? { audio: true, video: true };
    this.kind = isScreen(this.#constraints.video) || options.name === SCREEN_SUFFIX ? 'screen' : 'camera';
    this.#mute = new OwnMute({
      muted: options.muted,
      picture: this.kind === 'camera',
      apply: () => this.#applyMuted(),
      tell: (muted) => (this.#published && !this.over ? this.#media?.mute(this.name(), muted) : undefined),
    });
    this.#outgoing = new Outgoing(options.process, (error) => this.tell(STREAM_EVENT_TYPE.PROCESSOR_FAILED, error));
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
    this.#mute.set('audio', true);
  }

  unmuteAudio(): void {
    this.#mute.set('audio', false);
  }

  isAudioMuted(): boolean {
    return this.#mute.now.audio || !this.#track('audio');
  }

  muteVideo(): void {
    this.#mute.set('video', true);
  }

  unmuteVideo(): void {
    this.#mute.set('video', false);
  }

  isVideoMuted(): boolean {
    return this.#mute.now.video || !this.#track('video');
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
    await this.#captured;
    const kind = track.kind as 'audio' | 'video';
    const old = this.#outgoing.raw[kind];
    if (old === track) return;
    await this.#send(track);
    if (old && this.#opened.delete(old)) old.stop();
  }

  switchCam(deviceId?: string): Promise<string> {
    return this.#switch('video', deviceId, ERROR_INFO.CAN_NOT_SWITCH_CAM);
  }

  switchMic(deviceId?: string): Promise<string> {
    return this.#switch('audio', deviceId, ERROR_INFO.CAN_NOT_SWITCH_MIC);
  }

  // One does not hear one's own stream, so that there is nothing to put out.
  setAudioOutputId(): Promise<void> {
    return Promise.resolve();
  }

  setMicrophoneGain(volume: number): void {
    const again = this.#outgoing.setGain(Math.min(Math.max(volume, 0), 100) / 100);
    // It fails only when the stream is over.
    if (again) this.#send(again).catch(() => undefined);
  }

  async limitVideo(kilobits?: number): Promise<void> {
    this.#constraints = { ...this.#constraints, video: limited(this.#constraints.video, kilobits) };
    await this.#published?.layers?.limit(kilobits);
    this.#remeasure();
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
   * Compares with what the backend has after the connection came back. Returns what a moderator has muted meanwhile.
   *
   * @internal
   */
  reconcile(state: StreamState | undefined): Muted {
    if (!state && this.#published && this.#media) this.start(this.#media);
    return state ? this.#mute.reconcile(state.muted) : { audio: false, video: false };
  }

  /**
   * A moderator mutes it, of a screen only the sound. What is `held` stays muted, whatever the page asks for.
   *
   * @internal
   */
  silence(what: Muted, held: Muted): void {
    this.#mute.silence(what, held);
  }

  /**
   * Sends so many sizes of the picture, from the smallest on: nobody wants the others.
   *
   * @internal
   */
  want(sizes: number): void {
    this.#wanted = sizes;
    this.#published?.layers?.want(sizes);
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
    const raw = brought ? new MediaStream(brought.getTracks()) : (kept ?? (await capture(this.#constraints)));
    if (!brought) for (const track of raw.getTracks()) this.#opened.add(track);
    const stream = await this.#outgoing.take(raw);
    this.#mediaStream = stream;
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
      const { video } = this.#constraints;
      this.#mute.forget();
      const published = await media.publish(this.#description(mediaStream, signal));
      if (signal.aborted) return published.close();
      this.#published = published;
      published.layers?.want(this.#wanted);
      const { video: now } = this.#constraints;
      if (typeof now === 'object' && now !== video) void published.layers?.limit(now.maxBitrate);
    } catch (error) {
      if (!signal.aborted) this.#refused(error as WcsError);
      return;
    }
    clearTimeout(this.#moving);
    this.#mute.tell();
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
      muted: () => this.#mute.publish(),
      signal,
    };
  }

  async #switch(kind: 'audio' | 'video', deviceId: string | undefined, refusal: string): Promise<string> {
    await this.#captured;
    const { [kind]: current } = this.#outgoing.raw;
    if (this.over || this.kind === 'screen' || !current) throw new Error(refusal);
    const track = await openOther(kind, current, this.#constraints[kind], deviceId).catch((cause: unknown) => {
      throw new Error(refusal, { cause });
    });
    this.#opened.add(track);
    await this.replaceTrack(track).finally(() => this.over && track.stop());
    return track.getSettings().deviceId ?? deviceId ?? '';
  }

  /** Sends what is made of a captured track, instead of what was sent. */
  async #send(raw: MediaStreamTrack): Promise<void> {
    const mediaStream = await this.#captured;
    const kind = raw.kind as 'audio' | 'video';
    const sent = await this.#outgoing.make(raw);
    if (this.over) {
      this.#outgoing.drop(sent);
      throw new WcsError('aborted', 'The stream is over.');
    }
    const old = this.#track(kind);
    sent.enabled = !this.#mute.now[kind];
    const producer = this.#published?.producers[kind];
    if (producer) await producer.replaceTrack({ track: sent });
    if (old) mediaStream.removeTrack(old);
    mediaStream.addTrack(sent);
    this.#outgoing.raw[kind] = raw;
    if (old && old !== sent) this.#outgoing.drop(old);
    if (!producer) this.#again();
    else if (kind === 'video') this.#remeasure();
  }

  #remeasure(): void {
    if (this.#published?.layers?.remeasure() === false) this.#again();
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

  /** Publishes once more under the same name: a track of a new kind has come, or a picture that needs other layers. */
  #again(): void {
    void this.#media?.unpublish(this.name());
    if (this.#media) this.start(this.#media);
  }

  #applyMuted(): void {
    for (const track of this.#mediaStream?.getTracks() ?? []) {
      track.enabled = !this.#mute.now[track.kind as 'audio' | 'video'];
    }
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
    this.#outgoing.close();
    if (preview && cache && this.#outgoing.isRaw && this.#opened.size > 0) {
      cachePreview(preview);
      return;
    }
    if (preview) removeVideo(preview);
    for (const track of this.#opened) track.stop();
    this.#opened.clear();
  }
}
