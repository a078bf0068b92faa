import type { Meta } from '@storybook/web-components-vite';
import '../components/call/in-call.ts';
import '../components/parts/settings.ts';
import type { SettingsView } from '../components/base/own/devices/device-view.ts';
import { person } from './pictures.ts';

interface StoryArgs {
  view: SettingsView;
  /** Nothing is captured. */
  off?: boolean;
  lang?: string;
}

export default {
  title: 'Parts/Settings',
  component: 'wcs-settings',
  render: ({ off = false, view: plain, lang = '' }: StoryArgs) => {
    const box = document.createElement('div');
    const element = document.createElement('wcs-settings');
    const media = off ? undefined : person('Alice');
    const [picture] = media?.getVideoTracks() ?? [];
    const [sound] = media?.getAudioTracks() ?? [];
    Object.assign(element, { lang, view: { ...plain, picture, sound } });
    box.append(element);
    setTimeout(() => {
      element.show();
      void element.updateComplete.then(() => (box.dataset.ready = ''));
    });
    return box;
  },
} satisfies Meta<StoryArgs>;

const device = (label: string) => ({ id: `id of ${label}`, label });

const view: SettingsView = {
  camera: { list: ['HD Pro Webcam C920 (046d:082d)', 'Document camera'].map(device), used: undefined },
  microphone: { list: ['Built-in microphone', 'Headset'].map(device), used: 'id of Headset' },
  speaker: { list: ['Built-in speakers', 'Headset'].map(device), used: undefined },
  sound: undefined,
  picture: undefined,
  mirrored: true,
  processing: { echoCancellation: true, noiseSuppression: true, autoGainControl: false },
};

export const Desktop = { args: { view } };
export const CameraOff = { args: { view, off: true } };
export const Phone = {
  args: {
    view: {
      ...view,
      camera: { list: ['camera2 1, facing front', 'camera2 0, facing back'].map(device), used: undefined },
      speaker: undefined,
      processing: {},
    },
  },
};
export const NothingThere = {
  args: {
    off: true,
    view: { ...view, camera: { list: [], used: undefined }, microphone: { list: [], used: undefined } },
  },
};
export const LongNames = {
  args: { view: { ...view, camera: { list: [device('A camera with a very long name '.repeat(4))], used: undefined } } },
};
export const German = { args: { view, lang: 'de' } };
