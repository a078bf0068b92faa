import type { Meta } from '@storybook/web-components-vite';
import '../components/call/waiting-panel.ts';
import { showPart } from './part.ts';

export default {
  title: 'Parts/Waiting',
  component: 'wcs-waiting',
  render: showPart('wcs-waiting', { height: '24rem' }),
} satisfies Meta;

export const Waiting = { args: {} };
