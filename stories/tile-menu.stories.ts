import type { Meta } from '@storybook/web-components-vite';
import '../components/call/in-call.ts';
import '../components/parts/stage/tile-menu.ts';
import type { TileMenuView, WcsTileMenu } from '../components/parts/stage/tile-menu.ts';

type Menu = Partial<TileMenuView> & { lang?: string };

/** The menu beside a button, as in a tile. */
function show({ lang = '', ...args }: Menu): HTMLElement {
  const box = document.createElement('div');
  Object.assign(box.style, { width: '24rem', maxWidth: '100%', height: '22rem', padding: '1rem' });
  const button = Object.assign(document.createElement('button'), { textContent: '…' });
  button.setAttribute('aria-label', 'Options');
  const menu: WcsTileMenu = document.createElement('wcs-tile-menu');
  menu.lang = lang;
  box.append(button, menu);
  const usual = { pinnable: true, pinned: false, fullScreen: 'off', pictureInPicture: 'off', details: true } as const;
  const view = { id: 'Bob', kind: 'camera', name: 'Bob Dylan', own: false, media: undefined, connected: true } as const;
  const open = () => menu.show(button, { ...usual, view: { ...view, video: true, audio: true, volume: 70 }, ...args });
  void menu.updateComplete.then(() => {
    open();
    setTimeout(() => (box.dataset.ready = ''), 50);
  });
  return box;
}

export default {
  title: 'Parts/Tile menu',
  component: 'wcs-tile-menu',
  render: show,
} satisfies Meta;

const story = (args: Menu = {}) => ({ args });

export const OfSomebody = story();
export const Stopped = story({
  view: {
    id: 'Bob',
    kind: 'camera',
    name: 'Maximiliane-Friederike von und zu Hohenzollern-Sigmaringen-Wertheim',
    own: false,
    media: undefined,
    connected: true,
    video: false,
    audio: true,
    stopped: true,
    volume: 0,
  },
});
export const Everything = story({ pinned: true, fullScreen: 'on', pictureInPicture: 'on' });
export const Russian = story({ lang: 'ru' });
