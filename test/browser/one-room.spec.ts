import { expect, fixture, html } from '@open-wc/testing';
import type { GatheringElement } from '../../components/base/gathering-element.ts';
import '../../components/index.ts';
import { connectTo, fakeBackend, type FakeBackend, type FakeRoom } from '../fakes/element-room.ts';
import { fakeMedia } from '../fakes/element-media.ts';
import { nextEvent, outcome, part, parts, texts, until } from './tools.ts';

const { mediaDevices } = navigator;
const getDisplayMedia = mediaDevices.getDisplayMedia.bind(mediaDevices);
const warn = console.warn;

/** Elements in boxes of 800 by 600, on a fake backend; `markup` has elements with the ids that are asked for. */
async function place(
  markup: string,
  backend = fakeBackend(),
): Promise<[(id: string) => GatheringElement, FakeBackend]> {
  const box = await fixture<HTMLElement>(html`<div></div>`);
  Object.assign(box.style, { display: 'grid', gridAutoRows: '600px', width: '800px' });
  box.innerHTML = markup;
  const elements = [...box.querySelectorAll<GatheringElement>('[id]')];
  for (const element of elements) element.connect = connectTo(backend);
  await Promise.all(elements.map((element) => element.updateComplete));
  return [(id) => elements.find((element) => element.id === id)!, backend];
}

const CONFERENCE = '<wcs-conference id="conf" room="team" username="Alice" no-prejoin no-chat></wcs-conference>';
const SCREENS = '<wcs-screen-share id="screens" for="conf" no-prejoin></wcs-screen-share>';
const NESTED = CONFERENCE.replace('></', '><wcs-screen-share id="screens"></wcs-screen-share></');

const withBob = () => fakeBackend({ others: [{ login: 'Bob', media: fakeMedia() }] });
const firstRoom = (backend: FakeBackend): FakeRoom => backend.sessions[0]!.rooms[0]!;

describe('several elements in one room', () => {
  afterEach(() => {
    mediaDevices.getDisplayMedia = getDisplayMedia;
    console.warn = warn;
  });

  for (const [how, markup] of [
    ['pointed at by for', CONFERENCE + SCREENS],
    ['pointed at by for, before the other one is there', SCREENS + CONFERENCE],
    ['inside the other one', NESTED],
    [
      'deep inside the other one',
      NESTED.replace('<wcs-screen', '<div><wcs-screen').replace('-share></w', '-share></div></w'),
    ],
  ] as const) {
    it(`are one participant: ${how}`, async () => {
      const [by, backend] = await place(markup, withBob());
      await by('conf').join();
      expect(backend.sessions).to.have.length(1);
      expect(by('screens').session).to.equal(by('conf').session);
      expect(by('screens').currentRoom).to.equal(by('conf').currentRoom);
      expect(by('screens').participants).to.have.length(1);
      expect(by('screens').status).to.equal('ESTABLISHED');
      expect(by('screens').roomName).to.equal('team');
      expect(by('screens').inviteUrl).to.equal(by('conf').inviteUrl);
    });
  }

  it('pass the accessibility audit, before and after joining', async () => {
    const [by, backend] = await place(CONFERENCE + SCREENS, withBob());
    await expect(by('screens')).to.be.accessible();
    await by('conf').join();
    firstRoom(backend).shares('Bob', fakeMedia());
    await until('the screen is there', () => parts(by('screens'), 'screen').length === 1);
    await expect(by('screens')).to.be.accessible();
    await expect(by('conf')).to.be.accessible();
  });

  it('divide what there is to see: screens here, cameras there', async () => {
    const [by, backend] = await place(CONFERENCE + SCREENS, withBob());
    expect(by('screens').shadowRoot!.textContent).to.contain('once you have joined');
    expect(parts(by('screens'), 'join-button')).to.have.length(0);
    await by('conf').join();
    const room = firstRoom(backend);
    room.shares('Bob', fakeMedia());
    mediaDevices.getDisplayMedia = () => Promise.resolve(fakeMedia({ audio: false }));
    await until('the button is there', () => parts(by('screens'), 'share-button').length === 1);
    part(by('screens'), 'share-button').click();
    await until('both screens are there', () => parts(by('screens'), 'tile').length === 2);
    expect(texts(by('screens'), 'tile-name')).to.have.members(['Your screen', 'Bob’s screen']);
    expect(texts(by('conf'), 'tile-name')).to.deep.equal(['Alice (you)', 'Bob']);
    await until('two streams are published', () => room.getStreams().length === 2);
    for (const name of ['chat', 'leave-button', 'microphone-button', 'invite-button', 'status'])
      expect(parts(by('screens'), name), name).to.have.length(0);
    expect(parts(by('conf'), 'share-button')).to.have.length(0);
  });

  it('lets the conference show everything again when the other one goes', async () => {
    const [by, backend] = await place(CONFERENCE + SCREENS, withBob());
    await by('conf').join();
    firstRoom(backend).shares('Bob', fakeMedia());
    await until('the screen is there', () => parts(by('screens'), 'screen').length === 1);
    by('screens').remove();
    await until('it is in the conference', () => parts(by('conf'), 'screen').length === 1);
    expect(firstRoom(backend).left).to.equal(false);
    expect(parts(by('conf'), 'share-button')).to.have.length(1);
  });

  it('can be the other way round: cameras beside a screen', async () => {
    const [by, backend] = await place(
      `<wcs-screen-share id="screens" room="team" username="Alice" no-prejoin no-chat></wcs-screen-share>
       <wcs-video-chat id="cameras" for="screens"></wcs-video-chat>`,
      withBob(),
    );
    await by('screens').join();
    firstRoom(backend).shares('Bob', fakeMedia());
    await until('cameras', () => parts(by('cameras'), 'tile').length === 2);
    await until('a screen', () => parts(by('screens'), 'tile').length === 1);
    expect(parts(by('screens'), 'leave-button')).to.have.length(1);
    expect(parts(by('cameras'), 'leave-button')).to.have.length(0);
  });

  it('play every sound once', async () => {
    const [by] = await place(`${CONFERENCE}<wcs-conference id="copy" for="conf"></wcs-conference>`, withBob());
    await by('conf').join();
    const bobIn = (id: string) =>
      until(`Bob in ${id}`, () =>
        parts<HTMLVideoElement>(by(id), 'tile-video').find(
          (video) => video.srcObject && !video.classList.contains('mirrored'),
        ),
      );
    expect((await bobIn('conf')).muted).to.equal(false);
    expect((await bobIn('copy')).muted).to.equal(true);
  });

  it('pass on what is asked of one of them', async () => {
    const [by] = await place(CONFERENCE + SCREENS, withBob());
    const joined = nextEvent(by('conf'), 'wcs-join');
    await by('screens').join();
    await joined;
    await until('it is published', () => by('conf').currentRoom?.getStreams().length);
    await by('screens').toggleMicrophone(false);
    await by('conf').updateComplete;
    expect(part(by('conf'), 'microphone-button').getAttribute('aria-pressed')).to.equal('false');
    await by('screens').leave();
    expect(by('conf').status).to.equal('DISCONNECTED');
    expect(by('screens').session).to.equal(undefined);
  });

  it('join once when both are asked', async () => {
    const [by, backend] = await place(CONFERENCE + SCREENS);
    const both = await Promise.all([outcome(by('conf').join()), outcome(by('screens').join())]);
    expect(both).to.deep.equal(['resolved', 'already_joined']);
    expect(backend.sessions).to.have.length(1);
  });

  it('wait for an element that is not there, and say so in the console', async () => {
    const warnings: string[] = [];
    console.warn = (text: string) => warnings.push(text);
    const [by] = await place(
      '<wcs-screen-share id="screens" for="nobody" username="Alice" auto-join></wcs-screen-share>',
    );
    expect(await outcome(by('screens').join())).to.equal('invalid');
    expect(by('screens').session).to.equal(undefined);
    await until('it is said', () => warnings.some((text) => /for="nobody": takes the id/.test(text)));
  });

  it('do not follow one another in a circle', async () => {
    const [by] = await place(
      '<wcs-conference id="a" for="b" no-prejoin></wcs-conference><wcs-conference id="b" for="a" no-prejoin></wcs-conference>',
    );
    expect(await outcome(by('a').join())).to.equal('invalid');
  });

  it('stay in the call when the page moves them', async () => {
    const [by, backend] = await place(CONFERENCE + SCREENS, withBob());
    await by('conf').join();
    const room = firstRoom(backend);
    const other = await fixture<HTMLElement>(html`<div></div>`);
    other.append(by('conf'), by('screens'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(room.left).to.equal(false);
    expect(by('screens').session).to.equal(by('conf').session);
    other.append(by('conf'));
    by('conf').append(by('screens'));
    by('screens').removeAttribute('for');
    await by('screens').updateComplete;
    expect(by('screens').session).to.equal(by('conf').session);
    const left = nextEvent(by('conf'), 'wcs-leave');
    by('conf').remove();
    await left;
    expect(room.left).to.equal(true);
  });
});
