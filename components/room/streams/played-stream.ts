import type { WcsError } from '../../../protocol/errors.ts';
import type { Muted } from '../../../protocol/model.ts';
import { ERROR_INFO, STREAM_EVENT_TYPE, STREAM_STATUS, STREAM_STATUS_INFO } from '../constants.ts';
import { Player } from './display.ts';
import type { Playback, RoomMedia } from '../media/media.ts';
import type { ShownSize } from '../media/shown-sizes.ts';
import { Sight } from './sight.ts';
import { directionStats, nativeStats } from './stats.ts';
import { Stream, failureInfo, type Inspection, type PlayOptions, type StatsOf } from './stream.ts';

export interface PlayedStreamOptions extends PlayOptions {
  display?: HTMLElement | null;
  /** What its publisher has switched off, at any time. */
  muted(): Muted;
  onOver(stream: PlayedStream): void;
}

/** The playing of somebody else's stream. The room gives it the media to come through, again whenever that was made anew. */
export class PlayedStream extends Stream {
  readonly #options: PlayedStreamOptions;
  readonly #mediaStream = new MediaStream();
  readonly #player: Player | undefined;
  #sight: Sight | undefined;
  #shown: ShownSize | undefined;
  #playback: Playback | undefined;
  #volume = 100;
  #silenced: boolean;

  constructor(name: string, options: PlayedStreamOptions) {
    super(name);
    this.#options = options;
    const { display, remoteVideo, useControls = false, unmutePlayOnStart = true } = options;
    const target = display ?? remoteVideo?.parentElement;
    this.#silenced = !unmutePlayOnStart;
    this.#player = target
      ? new Player({
          display: target,
          id: this.id(),
          mediaStream: this.#mediaStream,
          sound: unmutePlayOnStart,
          controls: useControls,
          video: remoteVideo,
          onSound: (blocked) => this.tell(blocked ? STREAM_EVENT_TYPE.SOUND_BLOCKED : STREAM_EVENT_TYPE.SOUND_STARTED),
        })
      : undefined;
    // A page may do with its `<video>` what is not seen, so it goes on getting the smallest picture there is.
    if (this.#player && options.adaptive !== false) this.#watch(this.#player.video, { width: 1, height: 1 });
    this.setStatus(STREAM_STATUS.PENDING);
    this.tellStatus();
  }

  published(): boolean {
    return false;
  }

  get mediaStream(): MediaStream {
    return this.#mediaStream;
  }

  stop(): void {
    this.end('');
  }

  showIn(video: HTMLVideoElement | undefined): void {
    this.#watch(video, { width: 0, height: 0 });
  }

  show(size: ShownSize): void {
    this.#shown = size;
    this.#playback?.show(size);
  }

  // A viewer cannot switch off what somebody else sends.
  muteAudio(): void {}

  unmuteAudio(): void {}

  isAudioMuted(): boolean {
    return true;
  }

  muteVideo(): void {}

  unmuteVideo(): void {}

  isVideoMuted(): boolean {
    return true;
  }

  getAudioState(): { muted: boolean } {
    return { muted: this.#options.muted().audio };
  }

  getVideoState(): { muted: boolean } {
    return { muted: this.#options.muted().video };
  }

  setVolume(volume: number): void {
    this.#volume = Math.min(Math.max(volume, 0), 100);
    if (this.#player) this.#player.volume = this.#volume;
  }

  getVolume(): number {
    if (this.#mediaStream.getAudioTracks().length === 0) return -1;
    return this.#player ? this.#player.volume : this.#volume;
  }

  muteRemoteAudio(): void {
    this.#silenced = true;
    this.#player?.mute();
    if (!this.#player) this.#enableSound();
  }

  unmuteRemoteAudio(): void {
    this.#silenced = false;
    this.#player?.unmute();
    if (!this.#player) this.#enableSound();
  }

  isRemoteAudioMuted(): boolean {
    if (this.#mediaStream.getAudioTracks().length === 0) return true;
    return this.#player ? this.#player.muted : this.#silenced;
  }

  switchCam(): Promise<string> {
    return Promise.reject(new Error(ERROR_INFO.CAN_NOT_SWITCH_CAM));
  }

  switchMic(): Promise<string> {
    return Promise.reject(new Error(ERROR_INFO.CAN_NOT_SWITCH_MIC));
  }

  setMicrophoneGain(): void {}

  async limitVideo(): Promise<void> {}

  async setAudioOutputId(id: string): Promise<void> {
    await this.#player?.video.setSinkId?.(id);
  }

  override videoResolution(): { width: number; height: number } {
    const settings = this.#mediaStream.getVideoTracks()[0]?.getSettings();
    const { videoWidth, videoHeight } = this.#player?.video ?? { videoWidth: 0, videoHeight: 0 };
    return { width: videoWidth || settings?.width || 0, height: videoHeight || settings?.height || 0 };
  }

  override fullScreen(): void {
    const video: Partial<HTMLVideoElement & { webkitEnterFullscreen(): void }> | undefined = this.#player?.video;
    // An iPhone knows only its own way, for videos.
    if (video?.requestFullscreen) video.requestFullscreen().catch(() => undefined);
    else video?.webkitEnterFullscreen?.();
  }

  async getStats<N extends boolean = false>(callback?: (stats: StatsOf<N>) => void, native?: N): Promise<StatsOf<N>> {
    const consumers = this.status() === STREAM_STATUS.PLAYING ? ((await this.#playback?.consumers) ?? []) : [];
    const stats = native ? await nativeStats(consumers) : { inboundStream: await directionStats(consumers) };
    callback?.(stats as StatsOf<N>);
    return stats as StatsOf<N>;
  }

  override async inspect(): Promise<Inspection | undefined> {
    if (this.status() !== STREAM_STATUS.PLAYING) return undefined;
    // It may just have ended, or the connection is lost: then there is nothing to tell.
    return this.#playback?.inspect().catch(() => undefined);
  }

  replaceTrack(): Promise<void> {
    return Promise.reject(new Error('Only a stream of one’s own has tracks to replace.'));
  }

  /**
   * Plays through this media; whatever came through an earlier one is gone.
   *
   * @internal
   */
  start(media: RoomMedia): void {
    if (this.over) return;
    this.#playback?.stop();
    const playback = media.play(this.name());
    this.#playback = playback;
    if (this.#shown) playback.show(this.#shown);
    playback.consumers.then(
      (consumers) =>
        this.#received(
          playback,
          consumers.map(({ track }) => track),
        ),
      (error: WcsError) => this.#refused(playback, media, error),
    );
  }

  /**
   * Its publisher has switched something off or on.
   *
   * @internal
   */
  tellMuted(kind: 'audio' | 'video', muted: boolean): void {
    const { AUDIO_MUTED, AUDIO_UNMUTED, VIDEO_MUTED, VIDEO_UNMUTED } = STREAM_EVENT_TYPE;
    const [off, on] = kind === 'audio' ? [AUDIO_MUTED, AUDIO_UNMUTED] : [VIDEO_MUTED, VIDEO_UNMUTED];
    this.tell(muted ? off : on);
  }

  /**
   * Stops it.
   *
   * @internal
   */
  end(info: string = STREAM_STATUS_INFO.STOPPED_BY_PUBLISHER_STOP): void {
    if (this.over) return;
    this.setStatus(STREAM_STATUS.STOPPED, { info });
    this.#close();
  }

  /** @internal */
  fail(error: WcsError, info = failureInfo(error)): void {
    if (this.over) return;
    this.setStatus(STREAM_STATUS.FAILED, { info, error });
    this.#close();
  }

  #watch(video: HTMLVideoElement | undefined, outOfSight: ShownSize): void {
    if (this.over) return;
    this.#sight?.close();
    this.#sight = video && Sight.watch(video, (size) => this.show(size ?? outOfSight));
  }

  #received(playback: Playback, tracks: MediaStreamTrack[]): void {
    if (playback !== this.#playback || this.over) return;
    for (const track of this.#mediaStream.getTracks()) this.#mediaStream.removeTrack(track);
    for (const track of tracks) this.#mediaStream.addTrack(track);
    if (!this.#player) this.#enableSound();
    void this.#player?.start();
    if (this.status() === STREAM_STATUS.PLAYING) return;
    this.setStatus(STREAM_STATUS.PLAYING);
    this.emit(STREAM_STATUS.PLAYING, this);
  }

  #refused(playback: Playback, media: RoomMedia, error: WcsError): void {
    if (playback !== this.#playback || this.over || media.closed) return;
    // It has ended, or its publisher has not brought it back yet after a loss: whichever it is, is about to be told.
    const about = ['stream_unknown', 'media_unavailable', 'transport_unknown'];
    if (!about.includes(error.code)) this.fail(error);
  }

  #enableSound(): void {
    for (const track of this.#mediaStream.getAudioTracks()) track.enabled = !this.#silenced;
  }

  #close(): void {
    this.#playback?.stop();
    this.#playback = undefined;
    this.#sight?.close();
    this.#player?.close();
    this.#options.onOver(this);
    this.tellStatus();
  }
}
