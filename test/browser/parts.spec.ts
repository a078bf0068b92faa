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
      ['Dr. Anna Schmidt (Sales)', 'DS'],
      ['(„?!“)', '('],
      [`Z${'\u0300'.repeat(10_000)}`, 'Z'],
    ]) {
      const element = await fixture<WcsTile>(html`<wcs-tile .view=${tile({ name })}></wcs-tile>`);
      expect(element.shadowRoot?.querySelector('.avatar')?.textContent).to.equal(initials);
    }
  });

  it('mirrors one’s own camera and keeps it silent, but not a screen and nobody else', async () => {
    const media = fakeMedia();
    for (const [view, mirrored, muted] of [
      [{ own: true, mirrored: true }, true, true],
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

  it('turns pages when there are too many, and goes on playing those on the others', async () => {
    const element = await stage(many(60), '300px', '300px');
    element.layout = 'grid';
    const shown = () => parts(element, 'tile').filter((one) => getComputedStyle(one).display !== 'none');
    const pager = await until('there are pages', () => parts(element, 'pager')[0]);
    await expect(element).to.be.accessible();
    expect(parts(element, 'tile').length).to.equal(60);
    const [first] = shown();
    const [previous, next] = [...pager.querySelectorAll('button')];
    expect(previous?.disabled).to.equal(true);
    next?.click();
    await until('others are shown', () => shown()[0] !== first);
    expect(pager.querySelector('[role="status"]')?.textContent).to.match(/2 \/ \d+/);
    element.tiles = many(3);
    await until('all fit again', () => parts(element, 'pager').length === 0 && shown().length === 3);
  });

  it('makes large who is pinned, for oneself, until they are let go', async () => {
    const element = await stage(many(4));
    const area = (index: number) => {
      const { width, height } = parts(element, 'tile')[index]!.getBoundingClientRect();
      return width * height;
    };
    await until('all are alike', () => area(0) > 0 && Math.abs(area(0) - area(2)) < 1);
    parts(element, 'pin-button')[2]!.click();
    await until('the third is large', () => area(2) > 3 * area(0));
    expect(parts(element, 'pin-button')[2]!.getAttribute('aria-pressed')).to.equal('true');
    await expect(element).to.be.accessible();
    parts(element, 'pin-button')[2]!.click();
    await until('all are alike again', () => Math.abs(area(0) - area(2)) < 1);
  });

  it('follows who speaks where the layout says so, but not oneself', async () => {
    const tiles = [tile({ id: 'own', own: true }), ...many(3)];
    const element = await stage(tiles);
    element.layout = 'speaker';
    const isLarge = (index: number) => {
      const boxes = parts(element, 'tile').map((one) => one.getBoundingClientRect().width);
      return boxes[index] === Math.max(...boxes) && boxes.filter((width) => width === boxes[index]).length === 1;
    };
    await until('somebody else is large', () => isLarge(1));
    element.tiles = tiles.map((one, index) => ({ ...one, speaking: index === 3 }));
    await until('who speaks is', () => isLarge(3));
    element.tiles = tiles.map((one, index) => ({ ...one, speaking: index === 0 }));
    await element.updateComplete;
    expect(isLarge(3)).to.equal(true);
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

  it('makes web addresses links that tell their target nothing, and nothing else', async () => {
    const element = await chat([
      line({
        text: 'See https://example.com/a_(b)?c=1. And (http://example.org/x), javascript:alert(1) data:text/html,x',
      }),
      line({ text: 'https://bank.example@evil.example/ https:// https://b\u00fccher.example/\u202ecod.exe' }),
    ]);
    const links = [...part(element, 'chat-log').querySelectorAll('a')];
    expect(links.map((link) => link.getAttribute('href'))).to.deep.equal([
      'https://example.com/a_(b)?c=1',
      'http://example.org/x',
      'https://xn--bcher-kva.example/',
    ]);
    for (const link of links) {
      expect(link.rel).to.equal('noopener noreferrer nofollow');
      expect(link.target).to.equal('_blank');
      expect(link.dir).to.equal('ltr');
    }
    expect(links[2]?.title).to.equal('https://xn--bcher-kva.example/');
    expect(part(element, 'chat-log').textContent).to.contain('See https://example.com/a_(b)?c=1. And (');
    await expect(element).to.be.accessible();
  });

  it('writes to one person, marks what is private, and never sends it to everybody when they leave', async () => {
    const element = await chat([
      line({ text: 'psst', to: 'Alice' }),
      line({ text: 'yes?', own: true, name: 'Alice', to: 'Bob', delivery: 'failed' }),
    ]);
    expect(parts(element, 'chat-line').map((one) => one.querySelector('.whom')?.textContent)).to.deep.equal([
      'private to you',
      'Private to Bob',
    ]);
    expect(element.shadowRoot?.querySelector('[part=chat-recipient]')).to.equal(null);
    element.people = ['Bob', 'Eve'];
    await element.updateComplete;
    const choice = part<HTMLSelectElement>(element, 'chat-recipient');
    choice.value = 'Bob';
    choice.dispatchEvent(new Event('change'));
    element.people = ['Eve'];
    await element.updateComplete;
    expect(choice.value).to.equal('Bob');
    type(part(element, 'chat-input'), 'Still you');
    const asked = intentOf(element);
    press(element, { key: 'Enter' });
    expect(await asked).to.deep.equal({ do: 'send', text: 'Still you', to: 'Bob' });
    await expect(element).to.be.accessible();
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
