import type { Meta } from '@storybook/web-components-vite';
import '../components/call/in-call.ts';
import { showPart } from './part.ts';

export default {
  title: 'Parts/Invite',
  component: 'wcs-invite',
  render: showPart('wcs-invite', { width: '28rem' }),
} satisfies Meta;

export const Link = { args: { url: 'https://rooms.example.org/conference.html?roomName=team-meeting' } };
export const LongLink = { args: { url: `https://rooms.example.org/?roomName=${'team'.repeat(60)}` } };
