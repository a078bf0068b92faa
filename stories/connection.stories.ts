import type { Meta } from '@storybook/web-components-vite';
import type { ConnectionDetails } from '../components/base/view.ts';
import '../components/call/in-call.ts';
import '../components/parts/stage/connection.ts';

interface Connection {
  details?: ConnectionDetails | undefined;
  lang?: string;
}

function show({ details, lang = '' }: Connection): HTMLElement {
  const box = document.createElement('div');
  Object.assign(box.style, { width: '24rem', maxWidth: '100%', height: '30rem', padding: '1rem' });
  const panel = document.createElement('wcs-connection');
  const view = { id: 'Bob', kind: 'camera', name: 'Bob Dylan', own: false, media: undefined, connected: true } as const;
  panel.lang = lang;
  panel.tile = { ...view, video: true, audio: true };
  panel.measure = async () => details;
  box.append(panel);
  void panel.updateComplete.then(() => {
    panel.show(box);
    setTimeout(() => (box.dataset.ready = ''), 50);
  });
  return box;
}

export default {
  title: 'Parts/Connection',
  component: 'wcs-connection',
  render: show,
} satisfies Meta;

const details: ConnectionDetails = {
  direction: 'received',
  quality: 'good',
  roundTrip: 42,
  picture: {
    codec: 'VP8',
    bitrate: 1_480,
    loss: 0.002,
    jitter: 11,
    score: 10,
    width: 1280,
    height: 720,
    frameRate: 30,
    size: { count: 3, current: 3, wanted: 3 },
    rate: { count: 3, current: 3, wanted: 3 },
  },
  sound: { codec: 'opus', bitrate: 38, loss: 0, jitter: 4, score: 10 },
};

const story = (args: Connection) => ({ args });

export const Good = story({ details });
export const Poor = story({
  details: {
    ...details,
    quality: 'poor',
    roundTrip: 380,
    picture: {
      ...details.picture!,
      loss: 0.06,
      width: 320,
      height: 180,
      frameRate: 12,
      size: { count: 3, current: 1, wanted: 3 },
    },
  },
});
export const Lost = story({ details: { ...details, quality: 'lost', picture: undefined } });
export const Oneself = story({
  details: { ...details, direction: 'sent', quality: undefined, roundTrip: 18 },
});
export const Nothing = story({});
export const German = story({ details, lang: 'de' });
