/** A page with the real element in a room of the query's many people, whose pictures stand still so that showing them takes nothing. */
import '../../components/index.ts';
import type { WcsConference } from '../../components/conference/conference.ts';
import { connectTo, fakeBackend, type FakeRoom } from './element-room.ts';

export interface CrowdPage {
  /** Somebody has the word, the next one at each call, or the same goes on. */
  speak(who: 'next' | 'same'): void;
}

const query = new URLSearchParams(location.search);
const people = Number(query.get('people'));
const layout = query.get('layout') as WcsConference['layout'];

/** One frame, and never another one. */
function stillPicture(): MediaStream {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
  canvas.getContext('2d')!.fillRect(0, 0, 320, 180);
  return canvas.captureStream(0);
}

navigator.mediaDevices.getUserMedia = () => {
  const { stream } = new AudioContext().createMediaStreamDestination();
  return Promise.resolve(new MediaStream([...stillPicture().getTracks(), ...stream.getTracks()]));
};
const others = Array.from({ length: people - 1 }, (_, n) => ({ login: `Person ${n + 1}`, media: stillPicture() }));
const entered = new Promise<FakeRoom>((resolve) => {
  const element: WcsConference = document.createElement('wcs-conference');
  element.style.height = '100vh';
  Object.assign(element, {
    layout,
    room: 'crowd',
    username: 'Me',
    connect: connectTo(fakeBackend({ others, entered: resolve })),
  });
  element.toggleAttribute('no-prejoin', true);
  document.body.append(element);
  void element.updateComplete.then(() => element.join());
});
const room = await entered;
let speaker = 0;
const page: CrowdPage = {
  speak(who) {
    if (who === 'next') speaker = (speaker + 7) % others.length;
    room.speaks(others[speaker]!.login);
  },
};
Object.assign(globalThis, { crowd: page });
