import type { Meta } from '@storybook/web-components-vite';
import '../components/call/in-call.ts';
import type { ControlsView } from '../components/parts/control-buttons.ts';
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
      hand: { place: undefined },
      reactions: true,
      people: { open: false, count: 5, waiting: 0 },
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
export const HandUp = controls({ hand: { place: 2 } });
export const PeopleOpen = controls({ people: { open: true, count: 12, waiting: 0 } });
export const SomebodyWaits = controls({ people: { open: false, count: 12, waiting: 1 } });
export const MutedForGood = controls({ microphone: 'held', camera: 'held' });
export const Narrow = {
  ...controls({ chat: { open: false, unread: 3 }, people: { open: false, count: 12, waiting: 1 } }),
  render: showPart('wcs-controls', { width: '260px' }),
};
export const DevicesOnly = controls({
  sharing: undefined,
  hand: undefined,
  reactions: false,
  people: undefined,
  chat: undefined,
});
