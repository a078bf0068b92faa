import type { WcsError } from '../../../../protocol/errors.ts';
import type { Dictionary } from '../../../locales/dictionary.ts';
import type { Intent } from '../../element/intent.ts';

export type DeviceKind = 'microphone' | 'camera' | 'speaker';

/** What browsers can do to a voice (Media Capture and Streams §4.3.8), under their names. */
export const PROCESSING = ['echoCancellation', 'noiseSuppression', 'autoGainControl'] as const;

export type Processing = (typeof PROCESSING)[number];

/** A device as somebody picks it. */
export interface ShownDevice {
  id: string;
  /** Empty until the user has allowed a device of that kind. */
  label: string;
}

/** Devices of a kind, and which of them is in use. */
export interface ShownDevices {
  list: readonly ShownDevice[];
  used: string | undefined;
}

/** What the settings show. */
export interface SettingsView extends Record<'microphone' | 'camera', ShownDevices> {
  /** Undefined where the browser lets nobody choose. */
  speaker: ShownDevices | undefined;
  /** What is captured of the microphone, and of the camera. */
  sound: MediaStreamTrack | undefined;
  picture: MediaStreamTrack | undefined;
  /** Whether the picture is shown as in a mirror: not that of a camera on the back. */
  mirrored: boolean;
  /** What the browser can do to a voice, and whether it does. */
  processing: Partial<Record<Processing, boolean>>;
}

/** What somebody wants of their devices. */
export type DeviceRequest =
  | { choose: DeviceKind; id: string }
  | { process: Processing; on: boolean }
  /** The camera on the other side of a phone. */
  | { flip: true }
  /** Opens what is missing, or was taken away by another program. */
  | { reopen: readonly ('audio' | 'video')[] }
  | { dismiss: NoteKind };

export type NoteKind = 'replaced' | 'found' | 'refused' | 'mutedSpeech' | 'interrupted';

/** Something to tell about one's own devices, until it is dismissed or over. */
export interface DeviceNote {
  kind: NoteKind;
  term: keyof Dictionary;
  /** What the text is to be filled with: a name, or why something failed; without either it has no gap. */
  what?: string;
  error?: WcsError;
  icon?: 'microphone-off';
  action?: { term: keyof Dictionary; intent: Intent };
}
