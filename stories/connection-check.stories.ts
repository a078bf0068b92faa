import type { Meta } from '@storybook/web-components-vite';
import '../components/call/connection-check.ts';
import type { ConnectionFound } from '../components/parts/connection-check.ts';
import { WcsError } from '../protocol/errors.ts';
import { showPart } from './part.ts';

export default {
  title: 'Parts/Connection check',
  component: 'wcs-connection-check',
  render: showPart('wcs-connection-check', { width: '26rem' }),
} satisfies Meta;

const found = (what: Partial<ConnectionFound> | undefined) => ({
  args: {
    view: {
      found: what && { roundTrip: 34, error: undefined, udp: 'open', tcp: 'open', relay: 'absent', ...what },
      again: () => undefined,
    },
  },
});

export const Running = found(undefined);
export const Good = found({});
export const ByDetour = found({ udp: 'blocked', relay: 'open' });
export const Blocked = found({ udp: 'blocked', tcp: 'blocked' });
export const NoServer = found({
  roundTrip: undefined,
  error: new WcsError('server_unreachable', 'The server does not answer.'),
  udp: 'absent',
  tcp: 'absent',
});
