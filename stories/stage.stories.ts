import type { Meta } from '@storybook/web-components-vite';
import type { TileView } from '../components/base/view.ts';
import '../components/call/in-call.ts';
import { showPart } from './part.ts';

export default {
  title: 'Parts/Stage',
  component: 'wcs-stage',
  render: showPart('wcs-stage', { width: '100%', height: '36rem' }),
} satisfies Meta;

const tiles = (cameras: number, screens = 0) => ({
  args: {
    tiles: Array.from({ length: screens + cameras }, (_, index): TileView => ({
      id: String(index),
      kind: index < screens ? 'screen' : 'camera',
      name: `Person ${index + 1 - screens}`,
      own: index === screens,
      media: undefined,
      video: false,
      audio: index % 3 !== 1,
      connected: true,
    })),
  },
});

export const One = tiles(1);
export const Two = tiles(2);
export const Four = tiles(4);
export const Nine = tiles(9);
export const TwentyFive = tiles(25);
export const Screen = tiles(3, 1);
export const TwoScreens = tiles(3, 2);
