/** What somebody can do with a tile, for themselves: in the menu of the tile, in a conference with stand-ins for the others. */
import { expect, fixture, html } from '@open-wc/testing';
import '../../components/call/in-call.ts';
import '../../components/conference/conference.ts';
import type { WcsConference } from '../../components/conference/conference.ts';
import { isolate } from '../../components/parts/isolate.ts';
import type { WcsTile } from '../../components/parts/stage/tile.ts';
import { connectTo, fakeBackend, type FakeBackend, type FakeRoom, type FakeStream } from '../fakes/element-room.ts';
import { fakeMedia } from '../fakes/element-media.ts';
import { deep, part, parts, until } from './tools.ts';

async function conference(options: Omit<FakeBackend, 'sessions'> = {}) {
  const backend = fakeBackend({ others: [{ login: 'Bob', media: fakeMedia() }, { login: 'Carol' }], ...options });
  const box = await fixture<HTMLElement>(html`<div style="width: 900px; height: 600px"></div>`);
  box.innerHTML = '<wcs-conference username="Alice" room="team" no-prejoin no-chat no-invite></wcs-conference>';
  const element = box.firstElementChild as WcsConference;
  element.connect = connectTo(backend);
  await element.updateComplete;
  await element.join();
  await until('there are tiles', () => parts(element, 'tile').length > 2);
  const room = backend.sessions[0]!.rooms[0]!;
  await until('Bob is seen', () => tileOf(element, 'Bob').view?.video);
  return { element, room };
}

const tileOf = (element: Element, name: string) =>
  parts<WcsTile>(element, 'tile').find(({ view }) => view?.name === name)!;

async function open(element: WcsConference, name: string): Promise<HTMLElement> {
  part(tileOf(element, name), 'tile-button').click();
  return until('the menu is open', () => parts(element, 'tile-menu').find((menu) => menu.matches(':popover-open')));
}

const items = (menu: HTMLElement) => [...menu.querySelectorAll('button')];
const item = (menu: HTMLElement, text: string) => items(menu).find((one) => one.textContent.trim() === text);

function choose(menu: HTMLElement, text: string): void {
  const found = item(menu, text);
  if (!found)
    throw new Error(
      `"${text}" is not among ${items(menu)
        .map((one) => one.textContent.trim())
        .join(', ')}.`,
    );
  found.click();
}
const playing = (room: FakeRoom, login: string): FakeStream => room.playingOf(login)!;

describe('the menu of a tile', () => {
  it('passes the accessibility audit, and says whose it is', async () => {
    const { element } = await conference();
    const menu = await open(element, 'Bob');
    expect(menu.getAttribute('aria-label')).to.contain('Bob');
    await expect(element).to.be.accessible();
  });

  it('offers what can be done, and nothing that cannot', async () => {
    const { element } = await conference();
    const bob = await open(element, 'Bob');
    expect(bob.querySelector('input[type=range]')).not.to.equal(null);
    for (const text of ['Stop video', 'Connection details']) expect(item(bob, text), text).not.to.equal(undefined);
    const own = await open(element, 'Alice');
    await until('it is one’s own now', () => own.getAttribute('aria-label')?.includes('Alice'));
    expect(own.querySelector('input')).to.equal(null);
    expect(item(own, 'Stop video')).to.equal(undefined);
  });

  it('takes the focus in, goes on by the arrow keys, and gives it back on Escape without closing anything else', async () => {
    const { element } = await conference();
    const menu = await open(element, 'Bob');
    const focused = () => deep(element, ':focus').at(-1);
    await until('the first is focused', () => focused()?.matches('input'));
    items(menu)[0]!.focus();
    const press = (key: string) =>
      focused()!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }));
    press('ArrowDown');
    expect(focused()).to.equal(items(menu)[1]);
    press('ArrowUp');
    expect(focused()).to.equal(items(menu)[0]);
    menu.hidePopover();
    await until('the button has the focus again', () => focused()?.matches('[part=tile-button]'));
  });

  it('stays inside the window', async () => {
    const { element } = await conference();
    for (const name of ['Alice', 'Bob', 'Carol']) {
      const { left, top, right, bottom } = (await open(element, name)).getBoundingClientRect();
      expect(Math.min(left, top, innerWidth - right, innerHeight - bottom), name).to.be.at.least(0);
    }
  });

  it('makes somebody quieter, only here, and remembers it when they come back', async () => {
    const { element, room } = await conference();
    const slider = (await open(element, 'Bob')).querySelector('input')!;
    slider.value = '30';
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    const video = () => part<HTMLVideoElement>(tileOf(element, 'Bob'), 'tile-video');
    await until('Bob is quieter', () => Math.abs(video().volume - 0.3) < 0.01);
    expect(playing(room, 'Bob').volume).to.equal(30);
    room.leaves('Bob');
    await until('Bob is gone', () => !tileOf(element, 'Bob'));
    room.arrive('Bob');
    room.publishes('Bob', fakeMedia());
    await until(
      'Bob is back, and still quieter',
      () => tileOf(element, 'Bob') && Math.abs(video().volume - 0.3) < 0.01,
    );
  });

  it('stops somebody’s picture, says so in the tile, and shows it again', async () => {
    const { element, room } = await conference();
    choose(await open(element, 'Bob'), 'Stop video');
    const note = await until('the tile says why there is none', () => parts(tileOf(element, 'Bob'), 'tile-note')[0]);
    expect(note.textContent.trim()).to.equal('video stopped by you');
    expect(playing(room, 'Bob').shownIn).to.equal(undefined);
    expect(playing(room, 'Bob').shownSize).to.deep.equal({ width: 0, height: 0 });
    expect(part<HTMLVideoElement>(tileOf(element, 'Bob'), 'tile-video').muted).to.equal(false);
    await expect(element).to.be.accessible();
    choose(await open(element, 'Bob'), 'Show video');
    await until('the picture is back', () => tileOf(element, 'Bob').view?.video);
    expect(playing(room, 'Bob').shownIn).to.equal(part(tileOf(element, 'Bob'), 'tile-video'));
  });

  it('pins, and lets go', async () => {
    const { element } = await conference();
    const width = (name: string) => tileOf(element, name).getBoundingClientRect().width;
    choose(await open(element, 'Carol'), `Pin ${isolate('Carol')}`);
    await until('Carol is large', () => width('Carol') > 2 * width('Bob'));
    choose(await open(element, 'Carol'), `Unpin ${isolate('Carol')}`);
    await until('all are alike', () => Math.abs(width('Carol') - width('Bob')) < 1);
  });

  it('asks the browser for the whole screen, of the tile or of everything', async () => {
    const { element } = await conference();
    const asked: Element[] = [];
    const whole = tileOf(element, 'Bob');
    for (const one of [whole, element])
      one.requestFullscreen = function (this: Element) {
        asked.push(this);
        return Promise.reject(new TypeError('Not in this test.'));
      };
    choose(await open(element, 'Bob'), 'Full screen');
    part(element, 'full-screen-button').click();
    expect(asked).to.deep.equal([whole, element]);
  });

  it('asks for a window of its own for a picture, and for the main one from the top bar', async () => {
    const { element } = await conference();
    const asked: string[] = [];
    for (const name of ['Bob', 'Alice'])
      part<HTMLVideoElement>(tileOf(element, name), 'tile-video').requestPictureInPicture = () => {
        asked.push(name);
        return Promise.reject(new TypeError('Not in this test.'));
      };
    choose(await open(element, 'Bob'), 'Picture in picture');
    part(element, 'picture-in-picture-button').click();
    expect(asked).to.deep.equal(['Bob', 'Bob']);
    const video = part<HTMLVideoElement>(tileOf(element, 'Bob'), 'tile-video');
    await until('the browser’s own button for it stays away', () => video.disablePictureInPicture);
  });

  it('closes when its tile is gone', async () => {
    const { element, room } = await conference();
    const menu = await open(element, 'Bob');
    room.leaves('Bob');
    await until('it is closed', () => !menu.matches(':popover-open'));
  });
});

describe('the details of a connection', () => {
  const report = (at: number) =>
    new Map<string, object>([
      [
        'V',
        {
          id: 'V',
          type: 'inbound-rtp',
          kind: 'video',
          timestamp: 1000 * at,
          bytesReceived: 62_500 * at,
          packetsReceived: 95 * at,
          packetsLost: 5 * at,
          framesDecoded: 25 * at,
          frameWidth: 640,
          frameHeight: 360,
          jitter: 0.012,
          codecId: 'C',
        },
      ],
      [
        'A',
        {
          id: 'A',
          type: 'inbound-rtp',
          kind: 'audio',
          timestamp: 1000 * at,
          bytesReceived: 4_000 * at,
          packetsReceived: 50 * at,
          packetsLost: 0,
          jitter: 0.003,
          codecId: 'O',
        },
      ],
      ['C', { id: 'C', type: 'codec', mimeType: 'video/VP8' }],
      ['O', { id: 'O', type: 'codec', mimeType: 'audio/opus' }],
      ['P', { id: 'P', type: 'candidate-pair', state: 'succeeded', nominated: true, currentRoundTripTime: 0.042 }],
    ]);
  const layers = { spatial: { count: 3, current: 2, wanted: 3 }, temporal: { count: 3, current: 3, wanted: 3 } };

  it('show what goes on, each second anew, until they are closed', async () => {
    const { element, room } = await conference();
    let looks = 0;
    Object.assign(playing(room, 'Bob'), {
      getStats: async () => report((looks += 1)),
      inspect: async () => ({ tracks: [{ kind: 'video', score: 9, sourceScore: 10 }], layers }),
    });
    room.reaches('Bob', { quality: 'poor', video: true });
    choose(await open(element, 'Bob'), 'Connection details');
    const panel = await until('the panel is there', () => parts(element, 'connection')[0]);
    const line = (label: string, nth = 0) =>
      [...panel.querySelectorAll('dt')].filter((one) => one.textContent === label)[nth]?.nextElementSibling
        ?.textContent;
    await until('numbers of two looks are there', () => line('Bitrate'));
    const seen = [
      'Quality',
      'Round trip',
      'Resolution',
      'Frame rate',
      'Size layer',
      'Frame rate layer',
      'Bitrate',
      'Packet loss',
      'Jitter',
      'Codec',
    ].map((label) => line(label));
    expect(seen).to.deep.equal([
      'Poor',
      '42 ms',
      '640 × 360',
      '25 fps',
      '2 / 3 (wanted: 3)',
      '3 / 3',
      '500 kb/s',
      '5%',
      '12 ms',
      'VP8',
    ]);
    expect([line('Bitrate', 1), line('Packet loss', 1), line('Codec', 1)]).to.deep.equal(['32 kb/s', '0%', 'opus']);
    await expect(element).to.be.accessible();
    panel.querySelector('button')!.click();
    await until('it is closed', () => parts(element, 'connection').length === 0);
    const before = looks;
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(looks).to.equal(before);
    expect(deep(element, ':focus').at(-1)).to.equal(part(tileOf(element, 'Bob'), 'tile-button'));
  });

  it('say so when there is nothing to measure', async () => {
    const { element } = await conference();
    choose(await open(element, 'Carol'), 'Connection details');
    const panel = await until('the panel is there', () => parts(element, 'connection')[0]);
    await until('it says so', () => panel.textContent.includes('No sound or picture is flowing.'));
  });
});

describe('sound only', () => {
  const camera = (room: FakeRoom) => room.getStreams()[0] as unknown as FakeStream;

  it('receives no picture and sends none, shows names, and offers no camera and no screen', async () => {
    const { element, room } = await conference();
    await until('one is seen oneself', () => tileOf(element, 'Alice').view?.video);
    element.audioOnly = true;
    await until('nobody is seen', () => parts<WcsTile>(element, 'tile').every(({ view }) => !view?.video));
    expect(element.hasAttribute('audio-only')).to.equal(true);
    expect(playing(room, 'Bob').shownSize).to.deep.equal({ width: 0, height: 0 });
    expect(camera(room).muted).to.deep.equal({ audio: false, video: true });
    for (const name of ['camera-button', 'share-button']) expect(parts(element, name), name).to.deep.equal([]);
    expect(parts(element, 'tile-note')).to.deep.equal([]);
    await element.toggleCamera(true);
    expect(tileOf(element, 'Alice').view?.video).to.equal(false);
    room.arrive('Dave');
    room.publishes('Dave', fakeMedia());
    await until('whoever comes is not seen either', () => playing(room, 'Dave').shownSize?.width === 0);
    await until('he is counted', () => part(element, 'people-button').textContent.includes('4'));
    await expect(element).to.be.accessible();
    element.removeAttribute('audio-only');
    await until(
      'everybody is seen again',
      () => tileOf(element, 'Alice').view?.video && tileOf(element, 'Bob').view?.video,
    );
    expect(playing(room, 'Bob').shownIn).to.equal(part(tileOf(element, 'Bob'), 'tile-video'));
    expect(camera(room).muted.video).to.equal(false);
  });

  it('asks before joining for the microphone alone', async () => {
    const box = await fixture<HTMLElement>(html`<div style="width: 700px; height: 500px"></div>`);
    box.innerHTML = '<wcs-conference room="team" audio-only></wcs-conference>';
    const element = box.firstElementChild as WcsConference;
    const preview = await until('there is a preview', () => parts(element, 'preview')[0]);
    await until('the microphone is open', () => part(element, 'microphone-button').getAttribute('aria-busy') === null);
    expect(preview.textContent.trim()).to.equal('Sound only, without video');
    expect(parts(element, 'camera-button')).to.deep.equal([]);
    await expect(element).to.be.accessible();
  });
});

describe('the own camera', () => {
  it('is asked for no more than the page allows', async () => {
    const { mediaDevices } = navigator;
    const original = mediaDevices.getUserMedia.bind(mediaDevices);
    const asked: MediaStreamConstraints[] = [];
    mediaDevices.getUserMedia = (constraints = {}) => {
      asked.push(constraints);
      return Promise.resolve(fakeMedia());
    };
    try {
      const box = await fixture<HTMLElement>(html`<div style="width: 700px; height: 500px"></div>`);
      box.innerHTML = '<wcs-conference room="team" max-video-height="360"></wcs-conference>';
      const first = await until('the camera is asked for', () => asked[0]);
      const { width, height } = first.video as MediaTrackConstraints;
      expect([width, height]).to.deep.equal([
        { ideal: 640, max: 640 },
        { ideal: 360, max: 360 },
      ]);
    } finally {
      mediaDevices.getUserMedia = original;
    }
  });
});

describe('an order and a layout of the page', () => {
  const box = (element: Element, name: string) => {
    const stage = part(element, 'stage').getBoundingClientRect();
    const { left, top, width, height } = tileOf(element, name).getBoundingClientRect();
    return [left - stage.left, top - stage.top, width, height].map(Math.round);
  };

  it('decide where tiles stand', async () => {
    const { element } = await conference();
    element.tileOrder = (a, b) => b.username.localeCompare(a.username);
    await until('Carol comes first and Alice last', () => {
      const [alice, bob, carol] = ['Alice', 'Bob', 'Carol'].map((name) => box(element, name));
      const at = (one: number[] | undefined) => one![1]! * 10_000 + one![0]!;
      return at(carol) < at(bob) && at(bob) < at(alice);
    });
    element.tileLayout = (tiles, { width }) =>
      tiles.map(({ username, own }) =>
        own ? null : { x: username === 'Bob' ? 10 : width - 110, y: 20, width: 100, height: 50 },
      );
    await until('Bob is where the page wants him', () => box(element, 'Bob').join() === '10,20,100,50');
    expect(getComputedStyle(tileOf(element, 'Alice')).display).to.equal('none');
    element.tileLayout = undefined;
    await until('the element lays them out itself', () => box(element, 'Alice')[2]! > 200);
  });

  it('that do not work are told of once, and everybody is seen all the same', async () => {
    const { warn } = console;
    const warned: string[] = [];
    console.warn = (...words: unknown[]) => void warned.push(words.join(' '));
    try {
      const { element, room } = await conference();
      element.tileOrder = () => NaN;
      element.tileLayout = () => {
        throw new Error('Oops');
      };
      await element.updateComplete;
      room.speaks('Bob');
      await until('Bob speaks', () => parts(element, 'speaking').length === 1);
      element.tileLayout = () => undefined;
      await until('all are seen', () => ['Alice', 'Bob', 'Carol'].every((name) => box(element, name)[2]! > 200));
      expect(warned.filter((words) => words.startsWith('tile')).sort()).to.have.length(2);
    } finally {
      console.warn = warn;
    }
  });
});
