import type { Meta } from '@storybook/web-components-vite';
import '../components/call/in-call.ts';
import type { ControlsView } from '../components/parts/controls.ts';
import { showPart } from './part.ts';

export default {
  title: 'Parts/Controls',
  component: 'wcs-controls',
  render: showPart('wcs-controls'),
} satisfies Meta;

const controls = (view: Partial<ControlsView> = {}) => ({
  args: {
    view: {
      microphone: 'on',
      camera: 'on',
      publishing: 'on',
      sharing: 'off',
      chat: { open: false, unread: 0 },
      ...view,
    } satisfies ControlsView,
  },
});

export const Everything = controls();
export const SwitchedOff = controls({ microphone: 'off', camera: 'off', publishing: 'off' });
export const WithoutDevices = controls({ microphone: 'missing', camera: 'missing', publishing: 'off' });
export const Busy = controls({ microphone: 'busy', camera: 'busy', publishing: 'busy', sharing: 'busy' });
export const Sharing = controls({ sharing: 'on' });
export const ChatOpen = controls({ chat: { open: true, unread: 0 } });
export const UnreadMessages = controls({ chat: { open: false, unread: 42 } });
export const DevicesOnly = controls({ sharing: undefined, chat: undefined });
