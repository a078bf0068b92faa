/** The devices of a computer, for elements: cameras, microphones and speakers that a test plugs in and out. */
import { fakeMedia } from './element-media.ts';

type Kind = 'audioinput' | 'videoinput' | 'audiooutput';

interface PluggedDevice {
  kind: Kind;
  id: string;
  label: string;
  facingMode?: 'user' | 'environment';
}

const KIND_OF = { audio: 'audioinput', video: 'videoinput' } as const;

export class PluggedDevices {
  devices: PluggedDevice[];
  /** Why nothing can be opened; while it is set. */
  refusal: { name: string; message?: string } | undefined;
  /** What was asked for, in order. */
  readonly asked: MediaStreamConstraints[] = [];
  /** What was opened, and not given back. */
  readonly open = new Map<MediaStreamTrack, PluggedDevice>();
  /** Whether a device can be opened once only, as on many phones. */
  onlyOneCamera = false;
  readonly #before = new Map<string, unknown>();
  #loudness = 0;
  #talking: ReturnType<typeof setTimeout> | undefined;
  readonly #gains: GainNode[] = [];
  readonly #audio = new AudioContext();

  constructor(...devices: PluggedDevice[]) {
    this.devices = devices;
    const { mediaDevices } = navigator;
    const fakes = {
      enumerateDevices: async () => this.devices.map(({ id, ...device }) => ({ ...device, deviceId: id, groupId: '' })),
      getUserMedia: (constraints: MediaStreamConstraints) => this.#getUserMedia(constraints),
    };
    for (const name of Object.keys(fakes)) this.#before.set(name, Object.getOwnPropertyDescriptor(mediaDevices, name));
    Object.assign(mediaDevices, fakes);
  }

  /** Gives the browser's own devices back. */
  remove(): void {
    for (const name of this.#before.keys()) Reflect.deleteProperty(navigator.mediaDevices, name);
    for (const [name, property] of this.#before)
      if (property) Object.defineProperty(navigator.mediaDevices, name, property as PropertyDescriptor);
    for (const track of this.open.keys()) track.stop();
    clearTimeout(this.#talking);
    void this.#audio.close();
  }

  /** Ids of what is captured just now. */
  get inUse(): string[] {
    return [...this.open].filter(([track]) => track.readyState === 'live').map(([, { id }]) => id);
  }

  plugIn(device: PluggedDevice): void {
    this.devices = [...this.devices, device];
    this.#tell();
  }

  /** What captures from it ends, as browsers do it. */
  plugOut(id: string): void {
    this.devices = this.devices.filter((device) => device.id !== id);
    for (const [track, device] of this.open) if (device.id === id) this.end(track);
    this.#tell();
  }

  /** Ends a track as the system does: the page is told. */
  end(track: MediaStreamTrack): void {
    track.stop();
    track.dispatchEvent(new Event('ended'));
  }

  /** Another program takes the device of this track, or gives it back. */
  hold(track: MediaStreamTrack, held: boolean): void {
    Object.defineProperty(track, 'muted', { configurable: true, get: () => held });
    track.dispatchEvent(new Event(held ? 'mute' : 'unmute'));
  }

  /** Somebody speaks into all microphones, word by word, until `loudness` is set. */
  speak(): void {
    let word = false;
    const talk = () => {
      word = !word;
      this.#hear(word ? 0.5 : 0);
      this.#talking = setTimeout(talk, word ? 350 : 150);
    };
    talk();
  }

  /** What all microphones hear, from 0 to 1. */
  set loudness(loudness: number) {
    clearTimeout(this.#talking);
    this.#hear(loudness);
  }

  #hear(loudness: number): void {
    this.#loudness = loudness;
    for (const gain of this.#gains) gain.gain.value = loudness;
  }

  #tell(): void {
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  }

  async #getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    this.asked.push(constraints);
    await Promise.resolve();
    if (this.refusal) throw new DOMException(this.refusal.message ?? 'Refused', this.refusal.name);
    const media = new MediaStream();
    for (const kind of ['audio', 'video'] as const) {
      if (constraints[kind]) media.addTrack(this.#capture(KIND_OF[kind], constraints[kind]));
    }
    return media;
  }

  #capture(kind: Kind, wish: boolean | MediaTrackConstraints): MediaStreamTrack {
    const device = this.#pick(kind, wish === true || !wish ? {} : wish);
    if (this.onlyOneCamera && kind === 'videoinput' && this.inUse.some((id) => this.#find(id)?.kind === kind))
      throw new DOMException('In use', 'NotReadableError');
    const track = kind === 'videoinput' ? fakeMedia({ audio: false }).getVideoTracks()[0]! : this.#microphone();
    const { id: deviceId, facingMode } = device;
    Object.defineProperty(track, 'label', { value: device.label });
    track.getSettings = () => ({ deviceId, ...(facingMode ? { facingMode } : {}) });
    this.open.set(track, device);
    return track;
  }

  #pick(kind: Kind, { deviceId, facingMode }: MediaTrackConstraints): PluggedDevice {
    const all = this.devices.filter((device) => device.kind === kind);
    const { exact, ideal } = (deviceId ?? {}) as ConstrainDOMStringParameters;
    const { exact: facing } = (facingMode ?? {}) as ConstrainDOMStringParameters;
    const must = all.filter((device) => (!exact || device.id === exact) && (!facing || device.facingMode === facing));
    const picked = must.find(({ id }) => id === ideal) ?? must[0];
    if (!picked) throw new DOMException('None', exact || facing ? 'OverconstrainedError' : 'NotFoundError');
    return picked;
  }

  #find(id: string): PluggedDevice | undefined {
    return this.devices.find((device) => device.id === id);
  }

  #microphone(): MediaStreamTrack {
    const [hum, gain] = [this.#audio.createOscillator(), this.#audio.createGain()];
    const out = this.#audio.createMediaStreamDestination();
    gain.gain.value = this.#loudness;
    hum.connect(gain).connect(out);
    hum.start();
    this.#gains.push(gain);
    return out.stream.getAudioTracks()[0]!;
  }
}
