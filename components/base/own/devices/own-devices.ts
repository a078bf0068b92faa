import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { WcsError } from '../../../../protocol/errors.ts';
import { capture, openCamera } from '../../../room/capture/capture.ts';
import type { CaptureResult } from '../../../room/capture/capture.ts';
import type { AudioConstraints, VideoConstraints } from '../../../room/capture/constraints.ts';
import type { OwnMedia } from '../own-media.ts';
import { CameraLimits } from './camera-limits.ts';
import { Choices } from './choices.ts';
import { DeviceNotes } from './device-notes.ts';
import { PROCESSING } from './device-view.ts';
import type { DeviceKind, DeviceNote, DeviceRequest, Processing, SettingsView, ShownDevice } from './device-view.ts';
import { Interruptions } from './interruptions.ts';
import type { MutedSpeech } from './muted-speech.ts';
import { Outputs } from './outputs.ts';
import { permissionHint } from './permission-hint.ts';
import { Plugged } from './plugged.ts';
import type { Change } from './plugged.ts';

type Kind = 'audio' | 'video';
type Wish = AudioConstraints & VideoConstraints;

const DEVICE = { audio: 'microphone', video: 'camera' } as const satisfies Record<Kind, DeviceKind>;
const KIND = { microphone: 'audio', camera: 'video' } as const;

/**
 * The devices of this computer, for one's own microphone, camera and speaker: which there are, which somebody has chosen,
 * and what happens to them in the course of a call.
 */
export class OwnDevices implements ReactiveController {
  readonly outputs = new Outputs();
  readonly #own: OwnMedia;
  readonly #host: ReactiveControllerHost;
  readonly #choices = new Choices();
  readonly #limits: CameraLimits;
  readonly #notes: DeviceNotes;
  readonly #plugged = new Plugged((change) => void this.#follow(change));
  readonly #interruptions: Interruptions;
  #mutedSpeech: MutedSpeech | undefined;
  #queue: Promise<void> = Promise.resolve();
  /** Milliseconds that the last opening took: whoever is asked takes their time. */
  #openedIn = Infinity;
  /** One swap is going on: that the system ends the other track is no news. */
  #swapping: Kind | undefined;

  constructor(own: OwnMedia, host: ReactiveControllerHost) {
    this.#own = own;
    this.#host = host;
    this.#limits = new CameraLimits(own);
    this.#notes = new DeviceNotes(() => host.requestUpdate());
    this.#interruptions = new Interruptions(
      own,
      (kind) => this.#reopen(kind),
      (kinds) => this.#tellInterrupted(kinds),
    );
    host.addController(this);
  }

  hostUpdate(): void {
    this.#limits.look();
    const { published, wanted } = this.#own;
    if (wanted.audio) this.#notes.drop('mutedSpeech');
    const isMuted = published && !wanted.audio && this.#own.track('audio');
    if (isMuted && !this.#mutedSpeech) this.#listen().catch(() => undefined);
    this.#mutedSpeech?.follow(isMuted || undefined);
  }

  /** What to tell about them just now. */
  get notes(): readonly DeviceNote[] {
    return this.#notes.all.map((note) =>
      note.kind === 'mutedSpeech' && this.#own.isHeld('audio') ? held(note) : note,
    );
  }

  /** Whether there is a camera on the other side. */
  get canFlip(): boolean {
    const facing = this.#own.track('video')?.getSettings().facingMode;
    return facing !== undefined && this.#plugged.devices.cameras.length > 1;
  }

  /** Where to allow what was denied. */
  hint(problem: WcsError): ReturnType<typeof permissionHint> | undefined {
    if (problem.code !== 'device_denied') return undefined;
    const device = this.#own.problems.audio === problem ? 'microphone' : 'camera';
    return permissionHint(problem, { device, after: this.#openedIn });
  }

  get view(): SettingsView {
    const { cameras, microphones, speakers } = this.#plugged.devices;
    const [sound, picture] = [this.#own.track('audio'), this.#own.track('video')];
    return {
      microphone: { list: microphones, used: this.#used('microphone') },
      camera: { list: cameras, used: this.#used('camera') },
      speaker: Outputs.canChoose && speakers.length > 0 ? { list: speakers, used: this.#used('speaker') } : undefined,
      sound,
      picture,
      mirrored: this.#own.mirrored,
      processing: this.#processing,
    };
  }

  /** Opens what is wanted, the chosen devices if they are there and work. Never rejects. */
  async open({ audio, video }: Record<Kind, boolean>): Promise<CaptureResult> {
    const isChosen = (audio && this.#choices.has('microphone')) || (video && this.#choices.has('camera'));
    if (isChosen) await this.#plugged.look();
    const began = performance.now();
    let result = await openCamera({
      audio: audio && { ...this.#voice, ...this.#wish('microphone') },
      video: video && { ...this.#own.cameraWish, ...this.#wish('camera') },
    });
    if (isChosen && result.problems.some(({ code }) => code !== 'device_denied')) {
      for (const track of result.mediaStream.getTracks()) track.stop();
      result = await openCamera({ audio: audio && this.#voice, video: video && this.#own.cameraWish });
    }
    this.#openedIn = performance.now() - began;
    this.#begin();
    return result;
  }

  /** Nothing is captured any more. */
  rest(): void {
    this.#plugged.stop();
    this.#interruptions.stop();
    this.#mutedSpeech?.follow(undefined);
    this.#notes.clear();
  }

  watch(track: MediaStreamTrack): void {
    this.#interruptions.watch(track);
  }

  /** Whether a device that ends is about to be replaced anyway. */
  expects(kind: Kind): boolean {
    return this.#swapping === kind;
  }

  /** Another device has taken the place of one that is gone. */
  replaced(kind: Kind, { label }: MediaStreamTrack): void {
    if (label) this.#notes.replaced(kind, label);
  }

  /** Does what somebody wants, one after the other. What goes wrong is in the notes. */
  do(request: DeviceRequest): Promise<void> {
    const done = this.#queue.then(() => this.#do(request)).catch((error: WcsError) => this.#notes.refused(error));
    this.#queue = done.finally(() => this.#host.requestUpdate());
    return this.#queue;
  }

  /** Takes part in what goes on with the devices, also where nothing is captured. */
  async look(): Promise<void> {
    await this.#plugged.look();
    this.#direct();
    this.#host.requestUpdate();
  }

  async #do(request: DeviceRequest): Promise<void> {
    if ('choose' in request) return this.#choose(request.choose, request.id);
    if ('process' in request) return this.#process(request.process, request.on);
    if ('flip' in request) return this.#flip();
    if ('dismiss' in request) return this.#notes.drop(request.dismiss);
    for (const kind of request.reopen) await this.#reopen(kind);
  }

  async #choose(kind: DeviceKind, id: string): Promise<void> {
    const device = this.#list(kind).find((one) => one.id === id);
    if (!device) return;
    this.#notes.clear();
    this.#choices.choose(kind, device);
    if (kind === 'speaker') return this.#direct();
    if (this.#own.problems[KIND[kind]]) return this.#own.toggle(KIND[kind], true);
    await this.#swap(KIND[kind], (old) => this.#openBeside(KIND[kind], { deviceId: id }, old));
  }

  async #process(what: Processing, on: boolean): Promise<void> {
    this.#choices.process(what, on);
    await this.#swap('audio', (old) => this.#capture('audio', sameDevice(old)));
  }

  async #flip(): Promise<void> {
    const facing = this.#own.track('video')?.getSettings().facingMode;
    const other = { facingMode: { exact: facing === 'environment' ? 'user' : 'environment' } };
    await this.#swap('video', (old) => this.#openBeside('video', other, old));
  }

  async #reopen(kind: Kind): Promise<void> {
    this.#notes.drop('interrupted');
    if (this.#own.problems[kind] || !this.#own.track(kind)) return this.#own.toggle(kind, true);
    await this.#swap(kind, (old) => this.#capture(kind, sameDevice(old)));
  }

  /** Captures otherwise, while everybody goes on seeing and hearing. What is off is only remembered. */
  async #swap(kind: Kind, open: (old: MediaStreamTrack) => Promise<MediaStreamTrack>): Promise<void> {
    const old = this.#own.track(kind);
    if (!old) return;
    this.#swapping = kind;
    try {
      const track = await open(old);
      // Switched off, or released, meanwhile.
      if (this.#own.track(kind) === old) await this.#own.use(kind, track);
      else track.stop();
    } finally {
      this.#swapping = undefined;
      if (old.readyState === 'ended') void this.#own.lose(kind, old);
    }
  }

  /** Many phones open one camera at a time: then the old one goes first. */
  async #openBeside(kind: Kind, wish: Wish, old: MediaStreamTrack): Promise<MediaStreamTrack> {
    try {
      return await this.#capture(kind, wish);
    } catch (error) {
      if ((error as WcsError).code !== 'device_busy') throw error;
      old.stop();
      return this.#capture(kind, wish);
    }
  }

  async #capture(kind: Kind, wish: Wish): Promise<MediaStreamTrack> {
    const stream = await capture({ [kind]: { ...(kind === 'audio' ? this.#voice : this.#own.cameraWish), ...wish } });
    return stream.getTracks()[0] as MediaStreamTrack;
  }

  async #follow({ added }: Change): Promise<void> {
    this.#direct();
    for (const kind of ['audio', 'video'] as const) {
      const device = DEVICE[kind];
      const track = this.#own.track(kind);
      const [newcomer] = added[device];
      const isGone = track && this.#isGone(track, device);
      if (isGone) await this.#own.lose(kind, track);
      else if (newcomer && this.#own.problems[kind]?.code === 'device_missing') await this.#own.toggle(kind, true);
      else if (newcomer && track)
        await this.#welcome(device, added[device], track).catch((error: WcsError) => this.#notes.refused(error));
    }
    this.#host.requestUpdate();
  }

  /** The chosen one is used at once, another one is offered. */
  async #welcome(
    device: 'microphone' | 'camera',
    added: readonly ShownDevice[],
    track: MediaStreamTrack,
  ): Promise<void> {
    const chosen = this.#choices.find(device, added);
    const newcomer = chosen ?? added[0];
    if (!newcomer || newcomer.label === track.label) return;
    if (!chosen) return this.#notes.found(device, newcomer);
    this.#notes.drop('replaced');
    await this.#swap(KIND[device], () => this.#capture(KIND[device], { deviceId: chosen.id }));
  }

  /** Not every browser tells it of the track. */
  #isGone(track: MediaStreamTrack, device: 'microphone' | 'camera'): boolean {
    const { deviceId } = track.getSettings();
    const list = this.#list(device);
    return Boolean(deviceId) && list.some(({ id }) => id !== '') && !list.some(({ id }) => id === deviceId);
  }

  /** Its code comes when somebody is muted for the first time; where that fails nobody is told. */
  async #listen(): Promise<void> {
    const { MutedSpeech } = await import('./muted-speech.ts');
    this.#mutedSpeech ??= new MutedSpeech(() => this.#notes.mutedSpeech());
    this.#host.requestUpdate();
  }

  #begin(): void {
    this.#plugged.start((kind) => {
      if (this.#own.problems[kind]?.code === 'device_denied') void this.#own.toggle(kind, true);
    });
    this.#interruptions.start();
    void this.look();
  }

  #tellInterrupted(kinds: Kind[]): void {
    this.#notes.interrupted(kinds);
    this.outputs.goOn();
    this.#host.requestUpdate();
  }

  #list(kind: DeviceKind): readonly ShownDevice[] {
    const { cameras, microphones, speakers } = this.#plugged.devices;
    return { camera: cameras, microphone: microphones, speaker: speakers }[kind];
  }

  #used(kind: DeviceKind): string | undefined {
    const track = kind === 'speaker' ? undefined : this.#own.track(KIND[kind]);
    return track?.getSettings().deviceId ?? this.#choices.find(kind, this.#list(kind))?.id;
  }

  /** One that is there is asked for by its id: of a mere wish Chromium makes little where another device fits the size better. */
  #wish(kind: 'microphone' | 'camera'): { deviceId?: ConstrainDOMString } {
    const found = this.#choices.find(kind, this.#list(kind));
    if (found?.id) return { deviceId: found.id };
    const id = this.#choices.id(kind);
    return id === undefined ? {} : { deviceId: { ideal: id } };
  }

  #direct(): void {
    this.outputs.use(this.#choices.find('speaker', this.#list('speaker'))?.id ?? '');
  }

  get #processing(): Partial<Record<Processing, boolean>> {
    const supported = navigator.mediaDevices?.getSupportedConstraints?.() ?? {};
    const offered = PROCESSING.filter((what) => supported[what]);
    return Object.fromEntries(offered.map((what) => [what, this.#choices.processing(what)]));
  }

  /** Only what somebody has switched off is asked for: by itself a browser does what suits the device. */
  get #voice(): Partial<Record<Processing, boolean>> {
    const off = PROCESSING.filter((what) => !this.#choices.processing(what));
    return Object.fromEntries(off.map((what) => [what, false]));
  }
}

/** Switching it on would be refused. */
function held(note: DeviceNote): DeviceNote {
  return { ...note, action: undefined };
}

function sameDevice(track: MediaStreamTrack): Wish {
  const { deviceId } = track.getSettings();
  return deviceId === undefined ? {} : { deviceId };
}
