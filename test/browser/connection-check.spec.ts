import { expect, fixture, html } from '@open-wc/testing';
import '../../components/call/connection-check.ts';
import type { WcsConnectionCheck } from '../../components/parts/connection-check.ts';
import { WcsError } from '../../protocol/errors.ts';

describe('<wcs-connection-check>', () => {
  const shown = async (view: WcsConnectionCheck['view']) => {
    const element = await fixture<WcsConnectionCheck>(
      html`<wcs-connection-check lang="en" .view=${view}></wcs-connection-check>`,
    );
    await expect(element).to.be.accessible();
    return element.shadowRoot!;
  };
  const found = { roundTrip: 12, error: undefined, udp: 'open', tcp: 'open', relay: 'absent' } as const;
  const again = () => undefined;
  const words = (root: ShadowRoot) => root.querySelector('[role=status]')!.textContent;

  it('says that it tests, then what it has found, to screen readers too', async () => {
    expect(words(await shown({ found: undefined, again }))).to.contain('Testing');
    expect(words(await shown({ found, again }))).to.contain('fine');
  });

  it('says what to do where UDP is blocked, and where everything is', async () => {
    expect(words(await shown({ found: { ...found, udp: 'blocked' }, again }))).to.contain('VPN');
    const blocked = { ...found, udp: 'blocked', tcp: 'blocked', relay: 'blocked' } as const;
    expect(words(await shown({ found: blocked, again }))).to.contain('whoever runs your network');
  });

  it('says why it could not test', async () => {
    const error = new WcsError('unauthorized', 'This server asks for a token.');
    const nothing = { ...found, roundTrip: undefined, error, udp: 'absent', tcp: 'absent' } as const;
    expect(words(await shown({ found: nothing, again }))).to.contain('Ask whoever invited you for a new link');
  });

  it('names each way with its state, and tests again', async () => {
    let asked = 0;
    const root = await shown({ found: { ...found, udp: 'blocked' }, again: () => (asked += 1) });
    root.querySelector('summary')!.click();
    const rows = [...root.querySelectorAll('dt')].map(
      (name) => `${name.textContent.trim()}: ${name.nextElementSibling!.textContent.trim()}`,
    );
    expect(rows).to.deep.equal([
      'Server: answers after 12 ms',
      'Direct (UDP): blocked',
      'Direct (TCP): open',
      'Relay server (TURN): not offered',
    ]);
    root.querySelector<HTMLElement>('[part=check-button]')!.click();
    expect(asked).to.equal(1);
  });
});
