import { expect, fixture, html } from '@open-wc/testing';
import '../../components/call/in-call.ts';
import '../../components/conference/conference.ts';
import type { ChatLine, TileView } from '../../components/base/view.ts';
import type { WcsChat } from '../../components/parts/chat.ts';
import type { WcsControls } from '../../components/parts/controls.ts';
import type { WcsInvite } from '../../components/parts/invite.ts';
import type { WcsNotice } from '../../components/parts/notice.ts';
import type { WcsPrejoin } from '../../components/parts/prejoin.ts';
import type { WcsStage } from '../../components/parts/stage/stage.ts';
import type { WcsTile } from '../../components/parts/stage/tile.ts';
import { fakeMedia } from '../fakes/element-media.ts';
import { nextEvent, part, parts, type, until } from './tools.ts';

const intentOf = async (element: HTMLElement) => (await nextEvent(element, 'wcs-intent')).intent;

const tile = (view: Partial<TileView> = {}): TileView => ({
  id: 'Bob',
  kind: 'camera',
  name: 'Bob Dylan',
  own: false,
  media: undefined,
  video: false,
  audio: true,
  connected: true,
  ...view,
});

const line = (change: Partial<ChatLine> = {}): ChatLine => ({
  id: crypto.randomUUID(),
  kind: 'text',
  name: 'Bob',
  text: 'Hello',
  at: Date.UTC(2026, 10, 21, 9, 5),
  own: false,
  delivery: 'sent',
  ...change,
});

describe('<wcs-tile>', () => {
  it('passes the accessibility audit', async () => {
    const element = await fixture<WcsTile>(html`<wcs-tile .view=${tile({ audio: false })}></wcs-tile>`);
    await expect(element).to.be.accessible();
  });

  it('shows initials of any script, and of marks heaped on a letter only the letter', async () => {
    for (const [name, initials] of [
      ['Bob Dylan', 'BD'],
      ['алиса', 'А'],
      ['名前', '名'],
      ['👩‍👩‍👧 family', '👩‍👩‍👧F'],
      [`Z${'\u0300'.repeat(10_000)}`, 'Z'],
    ]) {
      const element = await fixture<WcsTile>(html`<wcs-tile .view=${tile({ name })}></wcs-tile>`);
      expect(element.shadowRoot?.querySelector('.avatar')?.textContent).to.equal(initials);
    }
  });

  it('mirrors one’s own camera and keeps it silent, but not a screen and nobody else', async () => {
    const media = fakeMedia();
    for (const [view, mirrored, muted] of [
      [{ own: true }, true, true],
      [{ own: false }, false, false],
      [{ own: true, kind: 'screen' }, false, true],
    ] as const) {
      const element = await fixture<WcsTile>(
        html`<wcs-tile .view=${tile({ ...view, media, video: true })}></wcs-tile>`,
      );
      const video = part<HTMLVideoElement>(element, 'tile-video');
      expect(video.classList.contains('mirrored')).to.equal(mirrored);
      expect(video.muted).to.equal(muted);
    }
  });

  it('lets go of what it plays when it is removed', async () => {
    const element = await fixture<WcsTile>(
      html`<wcs-tile .view=${tile({ media: fakeMedia(), video: true })}></wcs-tile>`,
    );
    const video = part<HTMLVideoElement>(element, 'tile-video');
    expect(video.srcObject).not.to.equal(null);
    element.remove();
    expect(video.srcObject).to.equal(null);
  });
});

describe('<wcs-stage>', () => {
  const stage = async (tiles: TileView[], width = '800px', height = '600px') => {
    const element = await fixture<WcsStage>(html`<wcs-stage .tiles=${tiles}></wcs-stage>`);
    Object.assign(element.style, { width, height });
    return element;
  };
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => tile({ id: `${index}`, name: `P ${index}` }));

  it('passes the accessibility audit', async () => {
    await expect(await stage([...many(3), tile({ id: 's', kind: 'screen' })])).to.be.accessible();
  });

  it('shows every tile inside its box', async () => {
    for (const count of [1, 2, 4, 9, 25]) {
      const element = await stage(many(count));
      const box = element.getBoundingClientRect();
      await until(`${count} tiles are placed`, () =>
        parts(element, 'tile').every((one) => {
          const { left, right, top, bottom, width } = one.getBoundingClientRect();
          return (
            width > 80 &&
            left >= box.left - 1 &&
            right <= box.right + 1 &&
            top >= box.top - 1 &&
            bottom <= box.bottom + 1
          );
        }),
      );
    }
  });

  it('scrolls, by keyboard too, when there are too many', async () => {
    const element = await stage(many(60), '300px', '300px');
    const scroller = await until('it scrolls', () =>
      element.shadowRoot?.querySelector<HTMLElement>('.scroll[tabindex="0"]'),
    );
    expect(scroller.scrollHeight).to.be.greaterThan(scroller.clientHeight);
  });

  it('keeps the tile, and its picture, of somebody whose neighbours come and go', async () => {
    const element = await stage(many(3));
    const [, second] = parts(element, 'tile');
    element.tiles = [...many(3).slice(1), tile({ id: 'new' })];
    await element.updateComplete;
    expect(parts(element, 'tile')[0]).to.equal(second);
  });
});

describe('<wcs-controls>', () => {
  const controls = (view: Partial<WcsControls['view']> = {}) =>
    fixture<WcsControls>(
      html`<wcs-controls
        .view=${{ microphone: 'on', camera: 'off', publishing: 'on', sharing: 'off', chat: { open: false, unread: 3 }, ...view }}
      ></wcs-controls>`,
    );

  it('passes the accessibility audit', async () => {
    await expect(await controls()).to.be.accessible();
    await expect(await controls({ microphone: 'missing', camera: 'busy', publishing: 'off' })).to.be.accessible();
  });

  it('says what is on, and asks to switch it', async () => {
    const element = await controls();
    expect(part(element, 'microphone-button').getAttribute('aria-pressed')).to.equal('true');
    expect(part(element, 'camera-button').getAttribute('aria-pressed')).to.equal('false');
    for (const [name, intent] of [
      ['microphone-button', { do: 'microphone' }],
      ['camera-button', { do: 'camera' }],
      ['publish-button', { do: 'publish' }],
      ['share-button', { do: 'share' }],
      ['chat-button', { do: 'chat', open: true }],
      ['leave-button', { do: 'leave' }],
    ] as const) {
      const asked = intentOf(element);
      part(element, name).click();
      expect(await asked).to.deep.equal(intent);
    }
  });

  it('waits while a device is being opened, without losing the focus', async () => {
    const element = await controls();
    part(element, 'camera-button').focus();
    element.view = { ...element.view, camera: 'busy' };
    await element.updateComplete;
    element.addEventListener('wcs-intent', () => expect.fail('asked although busy'));
    part(element, 'camera-button').click();
    expect(element.shadowRoot?.activeElement).to.equal(part(element, 'camera-button'));
  });

  it('has buttons that are large enough to hit', async () => {
    for (const button of (await controls()).shadowRoot?.querySelectorAll('button') ?? [])
      expect(button.getBoundingClientRect().width).to.be.at.least(40);
  });

  it('takes icons of the page', async () => {
    const element = await fixture<WcsControls>(html`<wcs-controls><b slot="icon-leave">bye</b></wcs-controls>`);
    const slot = part(element, 'leave-button').querySelector('slot');
    expect(slot?.assignedElements()[0]?.textContent).to.equal('bye');
  });
});

describe('<wcs-chat>', () => {
  const chat = async (lines: ChatLine[]) => {
    const element = await fixture<WcsChat>(html`<wcs-chat .lines=${lines}></wcs-chat>`);
    Object.assign(element.style, { width: '300px', height: '300px' });
    return element;
  };
  const press = (element: WcsChat, options: KeyboardEventInit) => {
    const event = new KeyboardEvent('keydown', { cancelable: true, ...options });
    part(element, 'chat-input').dispatchEvent(event);
    return event;
  };

  it('passes the accessibility audit', async () => {
    await expect(
      await chat([line(), line({ kind: 'joined' }), line({ own: true, delivery: 'failed' })]),
    ).to.be.accessible();
    await expect(await chat([])).to.be.accessible();
  });

  it('sends with Enter, and empties the field', async () => {
    const element = await chat([]);
    type(part(element, 'chat-input'), 'Hi');
    const asked = intentOf(element);
    press(element, { key: 'Enter' });
    expect(await asked).to.deep.equal({ do: 'send', text: 'Hi' });
    await element.updateComplete;
    expect(part<HTMLTextAreaElement>(element, 'chat-input').value).to.equal('');
  });

  it('does not send with Shift+Enter, while composing, or nothing', async () => {
    const element = await chat([]);
    element.addEventListener('wcs-intent', () => expect.fail('sent'));
    press(element, { key: 'Enter' });
    type(part(element, 'chat-input'), '   ');
    press(element, { key: 'Enter' });
    type(part(element, 'chat-input'), '日本');
    expect(press(element, { key: 'Enter', shiftKey: true }).defaultPrevented).to.equal(false);
    expect(press(element, { key: 'Enter', isComposing: true }).defaultPrevented).to.equal(false);
  });

  it('follows what comes only while its end is shown', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => line({ text: `line ${index}` }));
    const element = await chat(lines);
    const log = part(element, 'chat-log');
    element.lines = [...lines, line()];
    await element.updateComplete;
    const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 2;
    // The box got its size after the first lines were there.
    log.scrollTop = log.scrollHeight;
    element.lines = [...element.lines, line()];
    await element.updateComplete;
    expect(atEnd()).to.equal(true);
    log.scrollTop = 20;
    element.lines = [...element.lines, line()];
    await element.updateComplete;
    expect(log.scrollTop).to.equal(20);
    element.lines = [...element.lines, line({ own: true })];
    await element.updateComplete;
    expect(atEnd()).to.equal(true);
  });

  it('shows hostile text as text, inside its box', async () => {
    const element = await chat([
      line({ text: '<script>alert(1)</script><img src=x>', name: '<b>Bob</b>' }),
      line({ text: `Z${'\u0300'.repeat(10_000)}` }),
      line({ text: 'x'.repeat(2000) }),
      line({ text: '\u202eright to left' }),
    ]);
    const log = part(element, 'chat-log');
    expect(log.querySelector('script, img, b')).to.equal(null);
    expect(log.scrollWidth).to.be.at.most(log.clientWidth);
  });
});

describe('<wcs-prejoin>', () => {
  const prejoin = (view: Partial<WcsPrejoin['view']> = {}) =>
    fixture<WcsPrejoin>(
      html`<wcs-prejoin
        .view=${{ username: '', room: 'team', record: false, offerRecord: true, joining: false, ...view }}
      ></wcs-prejoin>`,
    );

  it('passes the accessibility audit', async () => {
    await expect(await prejoin({ preview: { media: undefined, microphone: 'on', camera: 'off' } })).to.be.accessible();
    const element = await prejoin();
    element.askForName();
    await element.updateComplete;
    await expect(element).to.be.accessible();
  });

  it('asks to join with the name, and to record when that is ticked', async () => {
    const element = await prejoin();
    type(part(element, 'username-input'), 'Alice');
    part(element, 'record-control').querySelector('input')?.click();
    const asked = intentOf(element);
    part(element, 'join-button').click();
    expect(await asked).to.deep.equal({ do: 'join', name: 'Alice', record: true });
  });

  it('refuses a name of more than 64 characters in words', async () => {
    const element = await prejoin();
    type(part(element, 'username-input'), 'a'.repeat(65));
    part(element, 'join-button').click();
    await until('it says so', () => /64/.test(element.shadowRoot?.querySelector('[role=alert]')?.textContent ?? ''));
  });

  it('does not join twice', async () => {
    const element = await prejoin({ username: 'Alice', joining: true });
    element.addEventListener('wcs-intent', () => expect.fail('asked although joining'));
    part(element, 'join-button').click();
  });
});

describe('<wcs-invite>', () => {
  it('passes the accessibility audit', async () => {
    await expect(
      await fixture<WcsInvite>(html`<wcs-invite url="https://example.org/?roomName=a"></wcs-invite>`),
    ).to.be.accessible();
  });

  it('copies the link, or marks it where that is not allowed', async () => {
    const element = await fixture<WcsInvite>(html`<wcs-invite url="https://example.org/?roomName=a%20b"></wcs-invite>`);
    const { clipboard } = navigator;
    const copied: string[] = [];
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: { writeText: async (text: string) => void copied.push(text) },
    });
    part(element, 'copy-button').click();
    await until('it says so', () => /Copied/.test(part(element, 'copy-button').textContent));
    expect(copied).to.deep.equal(['https://example.org/?roomName=a%20b']);
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: undefined });
    part(element, 'copy-button').click();
    await until('it says how', () => /Ctrl\+C/.test(element.shadowRoot?.textContent ?? ''));
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard });
  });
});

describe('<wcs-notice>', () => {
  it('passes the accessibility audit', async () => {
    const action = { label: 'Start sound', intent: { do: 'sound' } as const };
    await expect(
      await fixture<WcsNotice>(html`<wcs-notice .action=${action} .dismiss=${() => undefined}>Text</wcs-notice>`),
    ).to.be.accessible();
  });
});
