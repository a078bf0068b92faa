import type { Meta } from '@storybook/web-components-vite';
import '../components/index.ts';
import { sceneArgTypes, sceneArgs, showElement } from './scene.ts';
import type { Scene, SceneArgs } from './scene.ts';
import type { SceneStory } from './scenes.ts';

export default {
  title: 'Theming/Looks',
  component: 'wcs-conference',
  render: showElement('wcs-conference'),
  args: sceneArgs,
  argTypes: sceneArgTypes,
  tags: ['!autodocs'],
} satisfies Meta<SceneArgs>;

const look = (css: string, scene: Scene = {}): SceneStory => ({
  args: { people: 4 },
  parameters: { scene: { height: '34rem', css, ...scene } },
});

/** A palette of one's own: five tokens. */
export const Palette = look(`
  wcs-conference {
    color-scheme: light;
    --wcs-accent: #8a3324;
    --wcs-background: #f6efe4;
    --wcs-surface: #fffaf1;
    --wcs-surface-2: #efe3d0;
    --wcs-text: #33261d;
    --wcs-text-muted: #6a5646;
    --wcs-border: #e0d0b8;
    --wcs-font: Georgia, serif;
  }`);

/** Square, dense and dark, for a wall. */
export const Wall = look(`
  wcs-conference {
    color-scheme: dark;
    --wcs-radius: 0;
    --wcs-gap: 2px;
    --wcs-background: #000000;
    --wcs-controls-background: #000000;
    --wcs-shadow: none;
    --wcs-font-size: 0.8125rem;
  }
  wcs-conference::part(tile-name) { text-transform: uppercase; letter-spacing: 0.06em; }`);

/** Parts: what no token reaches. */
export const Parts = look(`
  wcs-conference::part(tile) { outline: 3px solid #0b6e4f; outline-offset: -3px; }
  wcs-conference::part(leave-button) { border-radius: 0.5rem; background: #5a0f2e; color: #ffffff; }
  wcs-conference::part(status), wcs-conference::part(publish-button) { display: none; }`);

/** Slots: a logo, a button of the page's own, an icon of its own. */
export const Slots = look(
  `.help { min-height: 2.5rem; border: 0; border-radius: 99em; padding: 0 1rem; font: inherit; background: #f4d35e; color: #241c00; }`,
  {
    content: `
      <strong slot="logo">Acme</strong>
      <button slot="controls-end" class="help" type="button">Help</button>
      <svg slot="icon-leave" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true"><path d="M9 4H5v16h4M14 8l5 4-5 4M19 12H9"/></svg>`,
  },
);
