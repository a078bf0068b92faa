/** Recording, as the element shows it and tells its page. */
import { expect, fixture, html } from '@open-wc/testing';
import { WcsConference } from '../../components/index.ts';
import type { RecordingState } from '../../protocol/model.ts';
import { connectTo, fakeBackend, type FakeBackend, type FakeRoom } from '../fakes/element-room.ts';
import { nextEvent, part, parts, until } from './tools.ts';

async function place(backend: FakeBackend, record = false): Promise<WcsConference> {
  const element = await fixture<WcsConference>(
    html`<wcs-conference
      room="team"
      username="Alice"
      no-prejoin
      server-url="wss://rooms.example.com:8443/ws"
      ?record=${record}
    ></wcs-conference>`,
  );
  element.connect = connectTo(backend);
  await element.updateComplete;
  expect(element).to.be.instanceOf(WcsConference);
  return element;
}

async function enter(recording: RecordingState): Promise<[WcsConference, FakeRoom]> {
  const backend = fakeBackend({ recording });
  const element = await place(backend);
  await element.join();
  await element.updateComplete;
  return [element, backend.sessions[0]!.rooms[0]!];
}

const badge = (element: WcsConference) => element.shadowRoot!.querySelector('.recording');

describe('recording in an element', () => {
  it('is told to the page with where to find it, and shown to everybody', async () => {
    const [element, room] = await enter('off');
    expect(badge(element)).to.equal(null);
    const told = nextEvent(element, 'wcs-recording');
    room.records('on');
    const url = 'https://rooms.example.com:8443/client/records/';
    expect((await told).detail).to.deep.equal({ state: 'on', url });
  });

  it('is told also to a page that comes when it is on', async () => {
    const element = await place(fakeBackend({ recording: 'on' }));
    const told = nextEvent(element, 'wcs-recording');
    await element.join();
    expect((await told).detail.state).to.equal('on');
    await until('the badge is there', () => badge(element));
    await expect(element).to.be.accessible();
  });

  it('is offered to whoever made the room, where the backend records', async () => {
    const [element] = await enter('off');
    expect(parts(element, 'record-control')).to.have.length(1);
    const [elsewhere] = await enter('unavailable');
    expect(parts(elsewhere, 'record-control')).to.have.length(0);
  });

  it('that could not begin with the room is said', async () => {
    const element = await place(fakeBackend({ recording: 'off' }), true);
    const told = nextEvent(element, 'wcs-error');
    await element.join();
    expect((await told).detail.code).to.equal('recording_failed');
    await until('it is said', () => /not being recorded/.test(part(element, 'error').textContent));
  });

  it('that stops by itself is said, and the call goes on', async () => {
    const [element, room] = await enter('on');
    const told = nextEvent(element, 'wcs-error');
    room.records('off', 'the disk was nearly full');
    expect((await told).detail).to.deep.equal({ code: 'recording_failed', message: 'the disk was nearly full' });
    expect(element.currentRoom).not.to.equal(undefined);
  });
});
