import { setCustomElementsManifest } from '@storybook/web-components-vite';
import type { Preview } from '@storybook/web-components-vite';
import manifest from 'virtual:manifest';

setCustomElementsManifest(manifest);

const toolbar = (title: string, icon: 'mirror' | 'transfer' | 'globe', items: string[]) => ({
  description: title,
  toolbar: { title, icon, dynamicTitle: true, items },
});

const preview: Preview = {
  tags: ['autodocs'],
  globalTypes: {
    theme: toolbar('Theme', 'mirror', ['automatic', 'light', 'dark']),
    direction: toolbar('Direction', 'transfer', ['ltr', 'rtl']),
    language: toolbar('Language', 'globe', ['en', 'ru', 'de', 'es', 'fr']),
  },
  initialGlobals: { theme: 'automatic', direction: 'ltr', language: 'en' },
  parameters: {
    layout: 'fullscreen',
    controls: { expanded: true },
    backgrounds: { disable: true },
    a11y: { test: 'error' },
  },
  decorators: [
    (story, { globals }) => {
      const page = document.documentElement;
      page.style.colorScheme = globals.theme === 'automatic' ? 'light dark' : String(globals.theme);
      page.dir = String(globals.direction);
      page.lang = String(globals.language);
      return story();
    },
  ],
};

export default preview;
