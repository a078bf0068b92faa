import { expect, fixture, html } from '@open-wc/testing';
import { WcsError } from '../../protocol/errors.ts';
import { WcsConference } from '../../components/index.ts';
import { connectTo, fakeBackend, type FakeBackend, type FakeRoom, type FakeStream } from '../fakes/element-room.ts';
import { fakeMedia } from '../fakes/element-media.ts';
import { nextEvent, outcome, part, parts, texts, type, until } from './tools.ts';

const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);

/** The element in a box of 1000 by 700, on a fake backend. */
async function place(backend: FakeBackend, attributes = 'no-prejoin'): Promise<WcsConference> {
  const box = await fixture<HTMLElement>(html`<div></div>`);
  Object.assign(box.style, { width: '1000px', height: '700px' });
  box.innerHTML = `<wcs-conference room="team" ${attributes}></wcs-conference>`;
  const element = box.firstElementChild as WcsConference;
  element.connect = connectTo(backend);
  await element.updateComplete;
  return element;
}

/** In the room as Alice. */
async function enter(backend = fakeBackend(), attributes = 'no-prejoin'): Promise<[WcsConference, FakeRoom]> {
  const element = await place(backend, `${attributes} username="Alice"`);
  await element.join();
  await element.updateComplete;
  return [element, backend.sessions[0]!.rooms[0]!];
}

const own = (element: WcsConference) =>
  until('something is published', () => element.currentRoom?.getStreams()[0]) as unknown as Promise<FakeStream>;

const lines = (element: WcsConference) => texts(element, 'chat-line').map((line) => line.replace(/^[\d:]+ [AP]M /, ''));

describe('<wcs-conference>', () => {
  afterEach(() => {
    navigator.mediaDevices.getUserMedia = getUserMedia;
  });

  it('passes the accessibility audit before joining', async () => {
    const element = await place(fakeBackend(), '');
    await expect(element).to.be.accessible();
  });

  it('passes the accessibility audit in a room with people, chat and an error', async () => {
    const [element, room] = await enter(
      fakeBackend({ others: [{ login: 'Bob', media: fakeMedia() }, { login: 'Eve' }] }),
    );
    room.says('Bob', 'Hello');
    await outcome(element.startRecording());
    await element.updateComplete;
    await expect(element).to.be.accessible();
  });

  describe('before joining', () => {
    it('asks for a name, and joins with it', async () => {
      const backend = fakeBackend();
      const element = await place(backend);
      const joined = nextEvent(element, 'wcs-join');
      type(part(element, 'username-input'), '  Alice ');
      part(element, 'join-button').click();
      expect((await joined).detail).to.deep.equal({ room: 'team', username: 'Alice' });
      expect(backend.sessions[0]?.options.username).to.equal('Alice');
    });

    it('says so when the name is missing', async () => {
      const element = await place(fakeBackend());
      part(element, 'join-button').click();
      await until('the problem is shown', () => /enter your name/i.test(part(element, 'form').textContent));
      expect(await outcome(element.join())).to.equal('invalid');
    });

    it('does not ask for a name that the page gives', async () => {
      const element = await place(fakeBackend(), 'username="Алиса"');
      expect(parts(element, 'username-input')).to.have.length(0);
      expect(part(element, 'form').textContent).to.contain('Алиса');
    });

    it('shows the camera, and not with no-prejoin', async () => {
      const element = await place(fakeBackend(), '');
      const video = await until('there is a preview', () => part(element, 'preview').querySelector('video'));
      await until('it plays', () => (video.srcObject as MediaStream | null)?.getVideoTracks().length);
      expect(parts(await place(fakeBackend()), 'preview')).to.have.length(0);
    });

    it('joins by itself with auto-join, once the name is known', async () => {
      const backend = fakeBackend();
      const element = await place(backend, 'auto-join');
      expect(backend.sessions).to.have.length(0);
      const joined = nextEvent(element, 'wcs-join');
      element.username = 'Alice';
      await joined;
    });

    it('makes one room name per element when nobody has named one', async () => {
      const element = await fixture<WcsConference>(html`<wcs-conference no-prejoin></wcs-conference>`);
      expect(element.roomName).to.match(/^room-[0-9a-f]{6}$/);
      expect(element.roomName).to.equal(element.roomName);
      expect(new URL(element.inviteUrl).searchParams.get('roomName')).to.equal(element.roomName);
    });

    it('passes capacity, token and the wish to record on to the backend', async () => {
      const backend = fakeBackend();
      const element = await place(backend, 'username="Alice" max-participants="3" record token="secret"');
      const told = nextEvent(element, 'wcs-error');
      await element.join();
      expect(backend.sessions[0]?.rooms[0]?.options).to.deep.equal({ name: 'team', record: true, capacity: 3 });
      expect(backend.sessions[0]?.options.token).to.equal('secret');
      expect((await told).detail.code).to.equal('recording_unavailable');
      await until('and says it', () => /not recorded/.test(part(element, 'error').textContent));
    });
  });

  describe('in the room', () => {
    it('shows everybody, with name, picture and what they have switched off', async () => {
      const backend = fakeBackend({ others: [{ login: 'Bob', media: fakeMedia() }, { login: 'Eve' }] });
      const [element, room] = await enter(backend);
      await until('three tiles', () => parts(element, 'tile').length === 3);
      expect(texts(element, 'tile-name')).to.deep.equal(['Alice (you)', 'Bob', 'Eve']);
      const bob = await until('Bob', () => parts(element, 'tile')[1]);
      const frame = () => bob.shadowRoot!.querySelector('[role=group]')!;
      await until('Bob has a picture', () => !frame().classList.contains('without-picture'));

      room.mutes('Bob', 'video', true);
      room.mutes('Bob', 'audio', true);
      await until('Bob has none', () => frame().classList.contains('without-picture'));
      expect(frame().getAttribute('aria-label')).to.equal('Bob, microphone off');
      expect(frame().querySelector('.avatar')?.textContent).to.equal('B');

      room.connection('Bob', false);
      await until('Bob reconnects', () => /reconnecting/i.test(frame().textContent));

      room.leaves('Eve');
      await until('two tiles', () => parts(element, 'tile').length === 2);
      room.arrive('Zoë');
      await until('three again', () => parts(element, 'tile').length === 3);
    });

    it('publishes microphone and camera, stops, and publishes again', async () => {
      const [element] = await enter();
      const stream = await own(element);
      expect(stream.mediaStream?.getTracks()).to.have.length(2);
      await until('the status says so', () => texts(element, 'status')[0] === 'ESTABLISHED · PUBLISHING');
      part(element, 'publish-button').click();
      await until('it is over', () => texts(element, 'status')[0] === 'ESTABLISHED · UNPUBLISHED');
      part(element, 'publish-button').click();
      await until('it is there again', () => texts(element, 'status')[0] === 'ESTABLISHED · PUBLISHING');
    });

    it('starts with what is switched off, and switches it on', async () => {
      const [element] = await enter(fakeBackend(), 'no-prejoin muted camera-off');
      const stream = await own(element);
      expect(part(element, 'microphone-button').getAttribute('aria-pressed')).to.equal('false');
      expect(stream.mediaStream?.getVideoTracks()).to.have.length(0);
      part(element, 'microphone-button').click();
      await until('the microphone is on', () => !stream.muted.audio);
      part(element, 'camera-button').click();
      await until('the camera is added', () => stream.replaced.length === 1);
      expect(part(element, 'camera-button').getAttribute('aria-pressed')).to.equal('true');
    });

    it('closes the camera when it is switched off', async () => {
      const [element] = await enter();
      const stream = await own(element);
      const [camera] = stream.mediaStream!.getVideoTracks();
      await element.toggleCamera(false);
      expect(stream.muted.video).to.equal(true);
      expect(camera?.readyState).to.equal('ended');
      await element.toggleCamera(true);
      expect(stream.muted.video).to.equal(false);
      expect(stream.replaced.at(-1)?.readyState).to.equal('live');
    });

    it('joins without devices that are denied, says so, and adds them later', async () => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
      const [element] = await enter();
      await until('it says so', () => /without a camera and a microphone/.test(texts(element, 'notice').join()));
      expect(element.currentRoom?.getStreams()).to.have.length(0);
      navigator.mediaDevices.getUserMedia = getUserMedia;
      part(element, 'microphone-button').click();
      const stream = await own(element);
      expect(stream.mediaStream?.getAudioTracks()).to.have.length(1);
    });

    it('writes and reads the chat: text as text, with names, comings and goings', async () => {
      const [element, room] = await enter(fakeBackend({ others: [{ login: 'Bob' }] }));
      const told = nextEvent(element, 'wcs-message');
      room.says('Bob', '<img src=x onerror=alert(1)> مرحبا 👋🏽');
      expect((await told).detail.from).to.equal('Bob');
      room.arrive('Eve');
      room.leaves('Eve', 'lost');
      type(part(element, 'chat-input'), 'Привет');
      part(element, 'chat-input').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', cancelable: true }));
      await until('it is sent', () => room.messages[0] === 'Привет');
      await until('and shown', () => lines(element).length === 5);
      const shown = texts(element, 'chat-line').join('\n');
      expect(shown).to.contain('In the room: Bob');
      expect(shown).to.contain('<img src=x onerror=alert(1)> مرحبا 👋🏽');
      expect(shown).to.contain('Eve joined');
      expect(shown).to.contain('Eve lost the connection');
      expect(shown).to.match(/Alice .*Привет/);
      expect(parts(element, 'chat-line').some((line) => line.querySelector('img'))).to.equal(false);
    });

    it('keeps a line that could not be sent, and sends it again', async () => {
      const backend = fakeBackend({ mute: new WcsError('connection_lost', 'lost') });
      const [element, room] = await enter(backend);
      expect(await outcome(element.sendMessage('Hello'))).to.equal('connection_lost');
      const again = await until('there is a note', () => parts(element, 'chat-line').at(-1)?.querySelector('button'));
      expect(parts(element, 'chat-line').at(-1)?.textContent).to.contain('Not sent');
      backend.mute = undefined;
      again.click();
      await until('it is sent', () => room.messages[0] === 'Hello');
      await until('the note is gone', () => !parts(element, 'chat-line').at(-1)?.querySelector('button'));
    });

    it('counts what is unread while the chat is closed', async () => {
      const [element, room] = await enter(fakeBackend({ others: [{ login: 'Bob' }] }));
      element.toggleChat(false);
      room.says('Bob', 'one');
      room.says('Bob', 'two');
      await until('two', () => part(element, 'chat-button').getAttribute('aria-label') === 'Chat, 2 new messages');
      part(element, 'chat-button').click();
      await until('none', () => part(element, 'chat-button').getAttribute('aria-label') === 'Chat');
      expect(part(element, 'chat').hidden).to.equal(false);
    });

    it('shows the invite link to somebody who is alone', async () => {
      const [element, room] = await enter();
      const link = await until('the link', () => parts<HTMLAnchorElement>(element, 'invite-link')[0]);
      expect(link.href).to.equal(element.inviteUrl);
      expect(new URL(link.href).searchParams.get('roomName')).to.equal('team');
      room.arrive('Bob');
      await until('it goes when somebody comes', () => parts(element, 'invite').length === 0);
      part(element, 'invite-button').click();
      await until('it comes back', () => parts(element, 'invite').length === 1);
    });

    it('leaves out what the page does not want', async () => {
      const [element] = await enter(fakeBackend(), 'no-prejoin no-chat no-invite no-screen-share');
      for (const name of ['chat', 'chat-button', 'invite', 'invite-button', 'share-button'])
        expect(parts(element, name), name).to.have.length(0);
    });

    it('exports the parts that it shows', async () => {
      const [element] = await enter(fakeBackend({ others: [{ login: 'Bob', media: fakeMedia() }] }));
      await until('Bob is there', () => parts(element, 'tile').length === 2);
      const exported = [...element.shadowRoot!.querySelectorAll('*')].flatMap((inner) => [
        ...inner.part,
        ...(inner.getAttribute('exportparts') ?? '').split(/,\s*/),
      ]);
      const named = new Set<string>();
      for (const host of [element, ...element.shadowRoot!.querySelectorAll('*')])
        for (const inner of host.shadowRoot?.querySelectorAll('[part]') ?? [])
          for (const name of inner.part) named.add(name);
      expect([...named].filter((name) => !exported.includes(name))).to.deep.equal([]);
    });

    it('speaks Russian, and changes its language while it is shown', async () => {
      const [element] = await enter(fakeBackend(), 'no-prejoin lang="ru"');
      expect(part(element, 'leave-button').getAttribute('aria-label')).to.equal('Выйти');
      element.lang = 'en';
      await until('English', () => part(element, 'leave-button').getAttribute('aria-label') === 'Leave');
    });
  });

  describe('leaving', () => {
    it('leaves the room, gives the camera back and ends the session', async () => {
      const [element, room] = await enter();
      const stream = await own(element);
      const left = nextEvent(element, 'wcs-leave');
      part(element, 'leave-button').click();
      expect((await left).detail).to.deep.equal({ reason: 'left' });
      expect(room.left).to.equal(true);
      expect(element.status).to.equal('DISCONNECTED');
      expect(element.session).to.equal(undefined);
      expect(stream.mediaStream?.getTracks().every(({ readyState }) => readyState === 'ended')).to.equal(true);
      await until('one can join again', () => parts(element, 'join-button').length === 1);
    });

    it('stays when the page says so', async () => {
      const [element, room] = await enter();
      element.addEventListener('wcs-before-leave', (event) => event.preventDefault(), { once: true });
      await element.leave();
      expect(room.left).to.equal(false);
      await element.leave();
      expect(room.left).to.equal(true);
    });

    it('joins again at once, many times', async () => {
      const backend = fakeBackend();
      const element = await place(backend, 'no-prejoin username="Alice"');
      for (let round = 0; round < 20; round++) {
        await element.join();
        void element.leave();
      }
      await element.join();
      expect(backend.sessions.filter((session) => session.status() === 'ESTABLISHED')).to.have.length(1);
    });

    it('stays in the room when the element is moved, and leaves when it is removed', async () => {
      const [element, room] = await enter();
      const other = await fixture<HTMLElement>(html`<div></div>`);
      other.append(element);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(room.left).to.equal(false);
      expect(element.status).to.equal('ESTABLISHED');
      const left = nextEvent(element, 'wcs-leave');
      element.remove();
      expect((await left).detail).to.deep.equal({ reason: 'removed' });
      expect(room.left).to.equal(true);
    });
  });

  describe('when things go wrong', () => {
    for (const [code, words] of [
      ['login_taken', /already has this name/],
      ['room_full', /full/],
    ] as const) {
      it(`says that ${code}, and lets try again`, async () => {
        const backend = fakeBackend({ refused: new WcsError(code, 'refused') });
        const element = await place(backend, 'no-prejoin username="Alice"');
        const told = nextEvent(element, 'wcs-error');
        expect(await outcome(element.join())).to.equal(code);
        expect((await told).detail.code).to.equal(code);
        await until('it is shown', () => words.test(part(element, 'error').textContent));
        backend.refused = undefined;
        expect(await outcome(element.join())).to.equal('resolved');
        await until('the error is gone', () => parts(element, 'error').length === 0);
      });
    }

    it('says that the server cannot be reached', async () => {
      const backend = fakeBackend({ unreachable: new WcsError('server_unreachable', 'no') });
      const element = await place(backend, 'no-prejoin username="Alice"');
      expect(await outcome(element.join())).to.equal('server_unreachable');
      expect(element.status).to.equal('FAILED');
      await until('it is shown', () => /cannot be reached/.test(part(element, 'error').textContent));
    });

    it('asks the server that the script came from when server-url is no address', async () => {
      const backend = fakeBackend();
      const element = await place(backend, 'no-prejoin username="Alice" server-url="http://"');
      expect(await outcome(element.join())).to.equal('resolved');
      expect(backend.sessions[0]?.options.urlServer).to.match(/^ws:.*\/ws$/);
    });

    it('settles a second join, and a join that is left or removed meanwhile; nobody stays in the room', async () => {
      const backend = fakeBackend({ held: new Promise(() => undefined) });
      const element = await place(backend, 'no-prejoin username="Alice"');
      const first = outcome(element.join());
      expect(await outcome(element.join())).to.equal('already_joined');
      await element.leave();
      expect(await first).to.equal('aborted');
      const third = outcome(element.join());
      await until('it is joining', () => backend.sessions.at(-1)?.rooms.length);
      element.remove();
      expect(await third).to.equal('aborted');
      expect(backend.sessions.map((session) => session.status())).to.deep.equal(['DISCONNECTED', 'DISCONNECTED']);
    });

    it('shows that the connection is being restored, and that it was lost', async () => {
      const backend = fakeBackend();
      const [element] = await enter(backend);
      backend.sessions[0]!.become('RECONNECTING');
      await until('it is shown', () => /being restored/.test(texts(element, 'notice').join()));
      expect(element.status).to.equal('RECONNECTING');
      const left = nextEvent(element, 'wcs-leave');
      backend.sessions[0]!.become('FAILED', new WcsError('connection_lost', 'lost'));
      expect((await left).detail).to.deep.equal({ reason: 'disconnected' });
      await until('it is said', () => /connection was lost/.test(part(element, 'error').textContent));
    });

    it('says that one has joined from elsewhere', async () => {
      const [element, room] = await enter();
      const left = nextEvent(element, 'wcs-leave');
      room.ends('replaced');
      expect((await left).detail).to.deep.equal({ reason: 'replaced' });
      await until('it is said', () => /another tab/.test(part(element, 'error').textContent));
    });

    it('offers to start the sound that the browser holds back', async () => {
      const play = HTMLMediaElement.prototype.play;
      HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
        return this.muted ? play.call(this) : Promise.reject(new DOMException('no', 'NotAllowedError'));
      };
      try {
        const [element] = await enter(fakeBackend({ others: [{ login: 'Bob', media: fakeMedia() }] }));
        const notice = await until('the button', () =>
          parts(element, 'notice').find((one) => /holding back/.test(one.textContent)),
        );
        HTMLMediaElement.prototype.play = play;
        notice.shadowRoot!.querySelector('button')!.click();
        await until('it is heard', () => parts<HTMLVideoElement>(element, 'tile-video').at(-1)?.muted === false);
        expect(parts(element, 'notice').filter((one) => /holding back/.test(one.textContent))).to.have.length(0);
      } finally {
        HTMLMediaElement.prototype.play = play;
      }
    });
  });

  it('lives beside another one', async () => {
    const [alice] = await enter();
    const [bob] = await enter();
    expect(alice.session).not.to.equal(bob.session);
    expect(customElements.get('wcs-conference')).to.equal(WcsConference);
  });
});
