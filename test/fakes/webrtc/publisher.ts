/** Somebody who sends a camera in three sizes and a microphone, as Chromium with our elements does; only that it sends noise. */
import type { RtpParameters } from '../../../protocol/rtp.ts';
import { opus, vp8 } from '../rtp.ts';
import { FPS, KEY_FRAME_INTERVAL, LEVEL_EXTENSION_ID, PacketSource, type RtpPacket } from './packets.ts';
import type { FakeTransport } from './transport.ts';

export const SIZE = { width: 1280, height: 720 };

/** From the smallest to the largest; bits per second. */
const LAYERS = [158_000, 634_000, 2_534_000].map((bitrate, layer, { length }) => {
  const scale = 2 ** (length - 1 - layer);
  return { bitrate, size: { width: SIZE.width / scale, height: SIZE.height / scale } };
});

/** Milliseconds between two packets of sound: of somebody who speaks, and of a silence (RFC 7587 §3.1.3). */
const SOUND_INTERVAL = 20;
const SILENCE_INTERVAL = 400;
const REPORT_INTERVAL = 1_000;

/** What a microphone sends: a voice, a room that is not quite quiet, or, with discontinuous transmission, nearly nothing. */
export type Sound = 'voice' | 'noise' | 'silence';

const SOUNDS: Record<Sound, { level: number; bytes: number; interval: number }> = {
  voice: { level: -25, bytes: 80, interval: SOUND_INTERVAL },
  noise: { level: -70, bytes: 60, interval: SOUND_INTERVAL },
  silence: { level: -127, bytes: 3, interval: SILENCE_INTERVAL },
};

export class FakePublisher {
  readonly audio: RtpParameters = {
    ...opus(),
    headerExtensions: [{ uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level', id: LEVEL_EXTENSION_ID }],
  };

  readonly video: RtpParameters = {
    ...vp8(),
    encodings: LAYERS.map(() => ({ ssrc: vp8().encodings![0]!.ssrc!, scalabilityMode: 'L1T3' })),
  };

  sound: Sound = 'silence';
  /** How many layers it sends, from the smallest on. */
  layers = LAYERS.length;
  /** How many of its packets are lost on the way, 0 to 1. */
  loss = 0;
  sent = 0;

  readonly #transport: FakeTransport;
  readonly #microphone: PacketSource;
  readonly #camera: PacketSource[];
  /** When each is due next, in milliseconds. */
  #due: { sound: number; frame: number; report: number };

  /** Begins at `at`, in milliseconds of a clock that does not jump. */
  constructor(transport: FakeTransport, at: number) {
    this.#transport = transport;
    this.#microphone = source(this.audio, 0);
    this.#camera = LAYERS.map((_, layer) => source(this.video, layer));
    this.#due = { sound: at, frame: at, report: at + REPORT_INTERVAL / 4 };
  }

  /**
   * Sends all that is due, but for what no camera would send after such a pause. That is left out from key frame to key
   * frame: if all who have paused went on with one, these would not go through together.
   */
  send(now: number): void {
    for (const what of ['sound', 'frame', 'report'] as const)
      this.#due[what] += Math.max(0, Math.floor((now - this.#due[what]) / KEY_FRAME_INTERVAL)) * KEY_FRAME_INTERVAL;
    const { level, bytes, interval } = SOUNDS[this.sound];
    // Whoever begins to speak does not wait until the silence is over.
    this.#due.sound = Math.min(this.#due.sound, now + interval);
    for (; this.#due.sound <= now; this.#due.sound += interval)
      this.#rtp(this.#microphone.sound(this.#due.sound, { level, bytes }));
    for (; this.#due.frame <= now; this.#due.frame += 1000 / FPS)
      for (const [layer, camera] of this.#camera.slice(0, this.layers).entries())
        for (const packet of camera.frame(this.#due.frame, LAYERS[layer]!)) this.#rtp(packet);
    if (this.#due.report > now) return;
    this.#due.report += REPORT_INTERVAL;
    for (const track of [this.#microphone, ...this.#camera.slice(0, this.layers)])
      this.#transport.rtcp(track.senderReport(performance.timeOrigin + now));
  }

  #rtp({ data, headerBytes }: RtpPacket): void {
    this.sent += 1;
    if (Math.random() >= this.loss) this.#transport.rtp(data, headerBytes);
  }
}

function source({ codecs, encodings }: RtpParameters, layer: number): PacketSource {
  return new PacketSource({ ssrc: encodings![layer]!.ssrc!, payloadType: codecs[0]!.payloadType });
}
