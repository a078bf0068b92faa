import type { StorybookConfig } from '@storybook/web-components-vite';
import { makeManifest } from '../scripts/manifest.mjs';

/** What stories import as `virtual:manifest`: the elements' manifest, made anew whenever Storybook starts. */
const manifest = {
  name: 'elements-manifest',
  resolveId: (id: string) => (id === 'virtual:manifest' ? `\0${id}` : undefined),
  load: (id: string) => (id === '\0virtual:manifest' ? `export default ${JSON.stringify(makeManifest())}` : undefined),
};

const config: StorybookConfig = {
  framework: '@storybook/web-components-vite',
  stories: ['../stories/*.mdx', '../stories/*.stories.ts'],
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y'],
  core: {
    disableTelemetry: true,
    enableCrashReports: false,
    disableWhatsNewNotifications: true,
  },
  viteFinal: (vite) => ({ ...vite, plugins: [...(vite.plugins ?? []), manifest] }),
};

export default config;
