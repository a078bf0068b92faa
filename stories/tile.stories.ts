import type { Meta } from '@storybook/web-components-vite';
import type { TileView } from '../components/base/view.ts';
import '../components/call/in-call.ts';
import { desktop, person } from './pictures.ts';
import type { WcsTile } from '../components/parts/stage/tile.ts';
import { showPart } from './part.ts';

const show = showPart<WcsTile>('wcs-tile', { width: '30rem', height: '20rem' });

export default {
  title: 'Parts/Tile',
  component: 'wcs-tile',
  render: show,
} satisfies Meta;

const tile = (view: Partial<TileView> = {}) => ({
  args: {
    view: {
      id: 'Bob',
      kind: 'camera',
      name: 'Bob Dylan',
      own: false,
      media: undefined,
      video: false,
      audio: true,
      connected: true,
      ...view,
    } satisfies TileView,
    options: true,
    pinnable: true,
  },
});

/** Drawn when it is shown, so that a page that only lists the stories draws nothing. */
export const Picture = { render: () => show(tile({ media: person('Bob'), video: true }).args) };
export const CameraOff = tile();
export const MicrophoneOff = tile({ audio: false });
export const Oneself = tile({ own: true });
export const Reconnecting = tile({ connected: false });
export const Speaking = { render: () => show(tile({ media: person('Bob'), video: true, speaking: true }).args) };
export const PoorConnection = tile({ quality: 'poor' });
export const PictureWaits = tile({ video: true, quality: 'poor', starved: true });
export const PictureStopped = tile({ stopped: true });
export const LongName = tile({
  name: 'Maximiliane-Friederike von und zu Hohenzollern-Sigmaringen-Wertheim',
  audio: false,
});
export const RightToLeftName = tile({ name: 'محمد علي \u202Eabc' });
export const HeapedMarks = tile({ name: `Z${'\u0300'.repeat(500)}` });
export const Screen = { render: () => show(tile({ kind: 'screen', media: desktop(), video: true }).args) };
