import type { DeviceState } from '../base/view.ts';
import type { Dictionary } from '../locales/dictionary.ts';

/** What a device's button does, by the device's state: the key of the words for it. */
export const DEVICE_HINTS = {
  microphone: {
    on: 'microphoneOff',
    off: 'microphoneOn',
    busy: 'microphoneOn',
    missing: 'microphoneAdd',
    held: 'microphoneHeld',
  },
  camera: { on: 'cameraOff', off: 'cameraOn', busy: 'cameraOn', missing: 'cameraAdd', held: 'cameraHeld' },
} as const satisfies Record<string, Record<DeviceState, keyof Dictionary>>;
