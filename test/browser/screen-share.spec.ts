import { expect, fixture, html } from '@open-wc/testing';
import '../../components/screen-share/screen-share.ts';
import type { WcsScreenShare } from '../../components/screen-share/screen-share.ts';
import { connectTo, fakeBackend, type FakeRoom, type FakeStream } from './fake-room.ts';
import { fakeMedia, nextEvent, outcome, part, parts, texts, until } from './tools.ts';

const { mediaDevices } = navigator;
const getDisplayMedia = mediaDevices.getDisplayMedia.bind(mediaDevices);

async function enter(others: string[] = [], attributes = ''): Promise<[WcsScreenShare, FakeRoom]> {
  const backend = fakeBackend({ others: others.map((login) => ({ login, media: fakeMedia() })) });
  const box = await fixture<HTMLElement>(html`<div></div>`);
  Object.assign(box.style, { width: '1000px', height: '700px' });
  box.innerHTML = `<wcs-screen-share room="team" username="Alice" no-prejoin no-chat ${attributes}></wcs-screen-share>`;
  const element = box.firstElementChild as WcsScreenShare;
  element.connect = connectTo(backend);
  await element.updateComplete;
  await element.join();
  await until('everybody has a place', () => parts(element, 'tile').length === others.length + 1);
  return [element, backend.sessions[0]!.rooms[0]!];
}

const ownScreen = (element: WcsScreenShare) =>
  until('a screen is published', () =>
    element.currentRoom?.getStreams().find((stream) => !stream.mediaStream?.getAudioTracks().length),
  ) as unknown as Promise<FakeStream>;

/** What the browser's picker gives: a picture of this shape, and with `sound` a sound that it says this about. */
function pick(sound?: MediaTrackSettings & { restrictOwnAudio?: boolean }): MediaStream {
  const media = fakeMedia({ audio: sound !== undefined });
  for (const track of media.getAudioTracks()) track.getSettings = () => sound!;
  mediaDevices.getDisplayMedia = () => Promise.resolve(media);
  return media;
}

const width = (element: Element) => element.getBoundingClientRect().width;

describe('<wcs-screen-share>', () => {
  afterEach(() => {
    mediaDevices.getDisplayMedia = getDisplayMedia;
  });

  it('passes the accessibility audit while nobody shares, one shares, and both share', async () => {
    const [element, room] = await enter(['Bob']);
    await expect(element).to.be.accessible();
    room.shares('Bob', fakeMedia());
    await until('Bob’s screen', () => parts(element, 'screen').length === 1);
    await expect(element).to.be.accessible();
    pick();
    await element.toggleScreenShare();
    await until('both', () => parts(element, 'screen').length === 2);
    await expect(element).to.be.accessible();
  });

  it('makes a room for two', async () => {
    const [, room] = await enter();
    expect(room.options.capacity).to.equal(2);
  });

  it('keeps the place of a screen while there is none', async () => {
    const [element] = await enter(['Bob']);
    await until('it says so', () =>
      /Nobody is sharing/.test(element.shadowRoot!.querySelector('.empty-screen')!.textContent),
    );
    const place = element.shadowRoot!.querySelector('.empty-screen')!;
    for (const tile of parts(element, 'tile')) expect(width(tile)).to.be.lessThan(width(place) / 2);
  });

  it('shares by the button, within the limits, and stops by it', async () => {
    const asked: DisplayMediaStreamOptions[] = [];
    const media = fakeMedia({ audio: false });
    mediaDevices.getDisplayMedia = (options) => {
      asked.push(options!);
      return Promise.resolve(media);
    };
    const [element] = await enter(['Bob'], 'share-width="1920" share-height="1080" share-frame-rate="5"');
    const button = part(element, 'share-button');
    expect(button.textContent).to.contain('Share screen');
    button.click();
    await ownScreen(element);
    expect(asked[0]!.video).to.deep.equal({ width: { max: 1920 }, height: { max: 1080 }, frameRate: { max: 5 } });
    await until('it is large', () => width(part(element, 'screen')) > 600);
    expect(texts(element, 'tile-name')[0]).to.equal('Your screen');
    await until('it can be stopped', () => button.textContent.includes('Stop sharing'));
    button.click();
    await until('it is gone', () => parts(element, 'screen').length === 0);
    expect(media.getVideoTracks()[0]!.readyState).to.equal('ended');
  });

  it('shares 1280 by 720 at 30 frames per second when the page says nothing, or nonsense', async () => {
    for (const attributes of ['', 'share-width="wide" share-height="-1" share-frame-rate="0"']) {
      const [element] = await enter([], attributes);
      const { shareWidth, shareHeight, shareFrameRate } = element;
      expect([shareWidth, shareHeight, shareFrameRate]).to.deep.equal([1280, 720, 30]);
    }
  });

  it('tells the browser that what is shown is to be read', async () => {
    const [element, room] = await enter();
    const { publish } = room;
    let hint: string | undefined;
    room.publish = (options) => {
      hint = options?.videoContentHint;
      return publish.call(room, options);
    };
    pick();
    await element.toggleScreenShare(true);
    expect(hint).to.equal('detail');
  });

  it('shows the whole of a screen, and the other one’s larger than one’s own', async () => {
    const [element, room] = await enter(['Bob']);
    pick();
    await element.toggleScreenShare(true);
    room.shares('Bob', fakeMedia());
    await until('both are there', () => parts(element, 'screen').length === 2);
    const [own, bobs] = await until('Bob’s is large', () => {
      const [first, second] = parts(element, 'screen');
      return width(second!) > 600 && [first!, second!];
    });
    await until('one’s own is small', () => width(own) < width(bobs) / 2);
    for (const screen of [own, bobs]) {
      const video = screen.shadowRoot!.querySelector('video')!;
      expect(getComputedStyle(video).objectFit).to.equal('contain');
    }
  });

  it('stops when the browser says that sharing was stopped', async () => {
    const media = pick();
    const [element] = await enter();
    await element.toggleScreenShare(true);
    const screen = await ownScreen(element);
    const over = nextEvent(element, 'wcs-stream-unpublish');
    media.getVideoTracks()[0]!.dispatchEvent(new Event('ended'));
    await over;
    expect(screen.status()).to.equal('UNPUBLISHED');
    await until('it is gone', () => parts(element, 'screen').length === 0);
    expect(part(element, 'share-button').getAttribute('aria-label')).to.equal('Share screen');
  });

  it('stays as it was when the picker is closed', async () => {
    const [element] = await enter();
    mediaDevices.getDisplayMedia = () => Promise.reject(new DOMException('closed', 'NotAllowedError'));
    expect(await outcome(element.toggleScreenShare(true))).to.equal('resolved');
    expect(parts(element, 'error')).to.have.length(0);
    expect(part(element, 'share-button').getAttribute('aria-busy')).to.equal(null);
  });

  it('gives the screen back when one has left while the picker was open', async () => {
    let give: (media: MediaStream) => void = () => undefined;
    mediaDevices.getDisplayMedia = () => new Promise((resolve) => (give = resolve));
    const [element] = await enter();
    const sharing = element.toggleScreenShare(true);
    await until('it is busy', () => part(element, 'share-button').getAttribute('aria-busy') === 'true');
    await element.leave();
    const media = fakeMedia();
    give(media);
    await sharing;
    expect(media.getTracks().every(({ readyState }) => readyState === 'ended')).to.equal(true);
  });

  it('leaves out sound in which the others would hear themselves, and says so until it is read', async () => {
    const [element] = await enter();
    const media = pick({ restrictOwnAudio: false });
    await element.toggleScreenShare(true);
    const notice = await until('it is said', () =>
      parts(element, 'notice').find((one) => /without its sound/.test(one.textContent)),
    );
    expect(media.getAudioTracks()).to.have.length(0);
    notice.shadowRoot!.querySelector('button')!.click();
    await until('it is gone', () => !parts(element, 'notice').some((one) => /without its sound/.test(one.textContent)));
  });

  it('takes sound along that the browser keeps the others’ voices out of', async () => {
    const [element] = await enter();
    const media = pick({ restrictOwnAudio: true });
    await element.toggleScreenShare(true);
    expect(media.getAudioTracks()).to.have.length(1);
    expect(texts(element, 'notice').some((text) => /without its sound/.test(text))).to.equal(false);
  });

  it('explains on a phone why it cannot share', async () => {
    Object.defineProperty(mediaDevices, 'getDisplayMedia', { value: undefined, configurable: true, writable: true });
    const [element] = await enter(['Bob']);
    expect(part(element, 'share-button').title).to.match(/cannot share its screen/);
    expect(element.shadowRoot!.querySelector('.empty-screen')!.textContent).to.match(/cannot share its screen/);
    part(element, 'share-button').click();
    await until('it is said', () => /cannot share its screen/.test(texts(element, 'error').join()));
  });

  it('asks to join first', async () => {
    const element = await fixture<WcsScreenShare>(html`<wcs-screen-share no-prejoin></wcs-screen-share>`);
    expect(await outcome(element.toggleScreenShare(true))).to.equal('not_joined');
  });
});
