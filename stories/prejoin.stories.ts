import type { Meta } from '@storybook/web-components-vite';
import '../components/index.ts';
import type { PrejoinView } from '../components/parts/prejoin.ts';
import { showPart } from './part.ts';

export default {
  title: 'Parts/Prejoin',
  component: 'wcs-prejoin',
  render: showPart('wcs-prejoin', { width: '32rem' }),
} satisfies Meta;

const prejoin = (view: Partial<PrejoinView> = {}) => ({
  args: {
    view: {
      username: '',
      room: 'team-meeting',
      record: false,
      offerRecord: true,
      joining: false,
      preview: { media: undefined, microphone: 'on', camera: 'off' },
      ...view,
    } satisfies PrejoinView,
  },
});

export const AsksForAName = prejoin();
export const NameKnown = prejoin({ username: 'Alice' });
export const Joining = prejoin({ username: 'Alice', joining: true });
export const WithoutDevices = prejoin({ preview: { media: undefined, microphone: 'missing', camera: 'missing' } });
export const OpeningDevices = prejoin({ preview: { media: undefined, microphone: 'busy', camera: 'busy' } });
export const WithoutPreview = prejoin({ preview: undefined, offerRecord: false });
export const LongNames = prejoin({ username: 'a'.repeat(64), room: 'a-very-long-room-name-'.repeat(5) });
