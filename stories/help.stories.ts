import type { Meta } from '@storybook/web-components-vite';
import '../components/parts/help.ts';

export default {
  title: 'Parts/Help',
  component: 'wcs-help',
  render: (args) => {
    const box = document.createElement('div');
    const element = document.createElement('wcs-help');
    Object.assign(element, args);
    box.append(element);
    setTimeout(() => {
      element.show();
      box.dataset.ready = '';
    });
    return box;
  },
} satisfies Meta;

export const Shortcuts = {};
export const Russian = { args: { lang: 'ru' } };
