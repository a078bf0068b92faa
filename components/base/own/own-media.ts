import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { WcsError } from '../../../protocol/errors.ts';
import type { CaptureResult } from '../../room/capture/capture.ts';
import type { VideoConstraints } from '../../room/capture/constraints.ts';
import type { Room } from '../../room/room.ts';
import type { Stream } from '../../room/streams/stream.ts';
import { tell } from '../events.ts';
import { blackTrack } from './black-track.ts';
import type { OwnDevices } from './devices/own-devices.ts';
import type { DeviceRequest } from './devices/device-view.ts';
import { followStream, stopTracks } from './follow-stream.ts';
import { loadRoom } from '../load-room.ts';
import type { DeviceState, TileView } from '../view.ts';
import { cameraWish, type VideoLimits } from './video-limits.ts';

type Kind = 'audio' | 'video';

const KINDS = ['audio', 'video'] as const;

/**
 * One's own microphone and camera: opens them, shows them, publishes them, gives them back. A camera that is
 * switched off is closed, so that its light goes out; a microphone stays open and silent, so that it is there at once.
 */
export class OwnMedia implements ReactiveController {
  /** What the user wants to be on. */
  readonly wanted: Record<Kind, boolean> = { audio: true, video: true };
  /** What is open. The same object for good, so that a `<video>` keeps showing it. */
  readonly media: MediaStream | undefined = typeof MediaStream === 'undefined' ? undefined : new MediaStream();
  /** Why something that is wanted is not there. */
  readonly problems: Partial<Record<Kind, WcsError>> = {};
  /** The published camera stream, until it is over. */
  published: Stream | undefined;
  /** Which devices there are, and which were chosen: there as soon as something was opened, or asked of them. */
  devices: OwnDevices | undefined;

  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #report: (error: WcsError) => void;
  readonly #opening = new Set<Kind>();
  #room: Room | undefined;
  /** Whether devices are in use, for a preview or for publishing; otherwise switching only says what is wanted. */
  #live = false;
  /** Grows with every release: what is opened for an earlier one is closed again. */
  #era = 0;
  #queue: Promise<void> = Promise.resolve();

  readonly #limits: () => VideoLimits;

  /** `report` is told of streams that fail. */
  constructor(
    host: ReactiveControllerHost & HTMLElement,
    { report, limits }: { report: (error: WcsError) => void; limits: () => VideoLimits },
  ) {
    this.#host = host;
    this.#report = report;
    this.#limits = limits;
    host.addController(this);
  }

  hostConnected(): void {}

  /** How a device button should look. */
  state(kind: Kind): DeviceState {
    if (this.#opening.has(kind)) return 'busy';
    if (this.problems[kind]) return 'missing';
    if (!this.wanted[kind]) return 'off';
    // Wanted and not open yet: it will be, as soon as something is shown or published.
    return 'on';
  }

  /** What one sees of one's own devices before joining. */
  get preview() {
    const [microphone, camera, sound] = [this.state('audio'), this.state('video'), this.track('audio')];
    return { media: this.media, microphone, camera, sound, mirrored: this.mirrored };
  }

  publishing(): 'on' | 'off' | 'busy' {
    if (!this.published) return 'off';
    return this.published.status() === 'PUBLISHING' ? 'on' : 'busy';
  }

  tile(name: string, connected: boolean, speaking: boolean): TileView {
    const video = this.wanted.video && this.track('video') !== undefined;
    const audio = this.wanted.audio && this.track('audio') !== undefined;
    const { media, mirrored } = this;
    return { id: 'own', kind: 'camera', name, own: true, mirrored, connected, speaking, media, video, audio };
  }

  /** What is captured of a kind, muted or not. */
  track(kind: Kind): MediaStreamTrack | undefined {
    return kind === 'audio' ? this.media?.getAudioTracks()[0] : this.media?.getVideoTracks()[0];
  }

  /** Whether a moderator keeps it off. */
  isHeld(kind: Kind): boolean {
    return this.#room?.held()[kind] === true;
  }

  /** Whether one sees oneself as in a mirror: not through a camera on the back. */
  get mirrored(): boolean {
    return this.track('video')?.getSettings().facingMode !== 'environment';
  }

  /** What the camera is asked for, whichever it is. */
  get cameraWish(): VideoConstraints {
    return cameraWish(this.#limits());
  }

  /** Does what somebody wants of the devices. Never rejects. */
  async ask(request: DeviceRequest): Promise<void> {
    const devices = await this.loadDevices().catch(() => undefined);
    await devices?.do(request);
  }

  /** Somebody else is heard through this. */
  async playsIn(player: HTMLMediaElement): Promise<void> {
    const devices = await this.loadDevices().catch(() => undefined);
    devices?.outputs.add(player);
  }

  /** @throws WcsError server_unreachable. */
  async loadDevices(): Promise<OwnDevices> {
    const { OwnDevices } = await loadRoom();
    return (this.devices ??= new OwnDevices(this, this.#host));
  }

  /**
   * Opens what is neither open nor known not to work: the camera if it is wanted, the microphone in any case. Never
   * rejects: what did not work is in `problems`.
   */
  open(kinds: readonly Kind[] = KINDS): Promise<void> {
    this.#live = true;
    const era = this.#era;
    const opened = this.#queue.then(() => this.#open(kinds, era));
    this.#queue = opened;
    return opened;
  }

  /** Publishes microphone and camera into a room; without either nothing is published, and it can be added later. */
  async publish(room: Room): Promise<void> {
    this.#room = room;
    const era = this.#era;
    await this.open();
    if (era !== this.#era || this.published || !this.media || this.media.getTracks().length === 0) return;
    const muted = { audio: !this.wanted.audio, video: !this.wanted.video };
    const constraints = { audio: true, video: this.cameraWish };
    this.published = followStream(room.publish({ mediaStream: this.media, muted, constraints }), {
      host: this.#host,
      report: this.#report,
      over: () => (this.published = undefined),
    });
    this.#host.requestUpdate();
  }

  /** Stops publishing and closes microphone and camera. */
  unpublish(): void {
    this.published?.stop();
    this.#close();
  }

  /** Switches microphone or camera, opening it when it is not there. */
  async toggle(kind: Kind, on = !this.wanted[kind] || this.problems[kind] !== undefined): Promise<void> {
    if (this.#opening.has(kind)) return;
    this.wanted[kind] = on;
    if (on) await this.#switchOn(kind);
    else this.#switchOff(kind);
    this.#host.requestUpdate();
  }

  /** Gives everything back: on leaving, on removal. */
  release(): void {
    this.#room = undefined;
    this.unpublish();
  }

  async #open(kinds: readonly Kind[], era: number): Promise<void> {
    const missing = kinds.filter(
      (kind) => (kind === 'audio' || this.wanted.video) && !this.track(kind) && !this.problems[kind],
    );
    if (era !== this.#era || missing.length === 0 || !this.media) return;
    for (const kind of missing) this.#opening.add(kind);
    this.#host.requestUpdate();
    const { mediaStream, problems } = await this.#openCamera({
      audio: missing.includes('audio'),
      video: missing.includes('video'),
    });
    for (const kind of missing) this.#opening.delete(kind);
    this.#host.requestUpdate();
    if (era !== this.#era) return stopTracks(mediaStream);
    for (const kind of missing) {
      const [track] = kind === 'audio' ? mediaStream.getAudioTracks() : mediaStream.getVideoTracks();
      // Two problems come in the order in which the two were asked for.
      if (track) this.#adopt(kind, track);
      else this.#lack(kind, (kind === 'video' ? problems.at(-1) : problems[0]) ?? missingDevice());
    }
  }

  async #openCamera(wanted: { audio: boolean; video: boolean }): Promise<CaptureResult> {
    try {
      const devices = await this.loadDevices();
      return await devices.open(wanted);
    } catch (error) {
      return { mediaStream: new MediaStream(), problems: [error as WcsError] };
    }
  }

  #adopt(kind: Kind, track: MediaStreamTrack): void {
    delete this.problems[kind];
    track.enabled = this.wanted[kind];
    this.media?.addTrack(track);
    track.addEventListener('ended', () => this.devices?.expects(kind) || void this.lose(kind, track));
    this.devices?.watch(track);
  }

  /** Captures with another track from now on; everybody goes on seeing and hearing. */
  async use(kind: Kind, track: MediaStreamTrack): Promise<void> {
    const old = this.track(kind);
    if (old) this.media?.removeTrack(old);
    this.#adopt(kind, track);
    await this.#send(track);
    old?.stop();
    this.#host.requestUpdate();
  }

  /** A device was unplugged, or taken away by the system: another one takes its place, if there is one. */
  async lose(kind: Kind, track: MediaStreamTrack): Promise<void> {
    if (this.track(kind) !== track) return;
    this.media?.removeTrack(track);
    const era = this.#era;
    await this.open([kind]);
    const other = this.track(kind);
    if (era !== this.#era) return;
    if (other) {
      await this.#send(other);
      this.devices?.replaced(kind, other);
    } else if (this.problems[kind]) {
      this.#mute(kind, true);
      this.#withdraw(track);
    }
  }

  /** It fails only when the stream is over. */
  async #send(track: MediaStreamTrack): Promise<void> {
    await this.published?.replaceTrack(track).catch(() => undefined);
  }

  /** One goes on without it; the page is told, the element shows it as long as it is so. */
  #lack(kind: Kind, problem: WcsError): void {
    this.problems[kind] = problem;
    tell(this.#host, 'wcs-error', { code: problem.code, message: problem.message });
    this.#host.requestUpdate();
  }

  async #switchOn(kind: Kind): Promise<void> {
    if (!this.#live) return;
    const open = this.track(kind);
    if (open) {
      open.enabled = true;
      return this.#mute(kind, false);
    }
    delete this.problems[kind];
    await this.open([kind]);
    const track = this.track(kind);
    if (!track) return;
    // Meanwhile they may have changed their mind.
    if (!this.wanted[kind]) return this.#switchOff(kind);
    if (!this.published) return this.#room ? this.publish(this.#room) : undefined;
    await this.#send(track);
    this.#mute(kind, false);
  }

  #switchOff(kind: Kind): void {
    delete this.problems[kind];
    this.#mute(kind, true);
    const track = this.track(kind);
    if (!track) return;
    track.enabled = false;
    if (kind === 'audio') return;
    this.#withdraw(track);
    track.stop();
  }

  /** Takes a camera out of the picture, and out of what is published: a live track has to stand in for it there. */
  #withdraw(track: MediaStreamTrack): void {
    this.media?.removeTrack(track);
    const black = track.kind === 'video' && this.published ? blackTrack() : undefined;
    if (black) void this.#send(black);
  }

  #mute(kind: Kind, muted: boolean): void {
    if (!this.published) return;
    if (kind === 'audio') {
      if (muted) this.published.muteAudio();
      else this.published.unmuteAudio();
    } else if (muted) this.published.muteVideo();
    else this.published.unmuteVideo();
  }

  #close(): void {
    this.#era += 1;
    this.#live = false;
    this.devices?.rest();
    for (const track of this.media?.getTracks() ?? []) {
      this.media?.removeTrack(track);
      track.stop();
    }
    for (const kind of KINDS) delete this.problems[kind];
    this.#opening.clear();
    this.#host.requestUpdate();
  }
}

function missingDevice(): WcsError {
  return new WcsError('device_missing', 'No device was found.');
}
