import type { Meta } from '@storybook/web-components-vite';
import '../components/index.ts';
import { showPart } from './part.ts';

export default {
  title: 'Parts/Notice',
  component: 'wcs-notice',
  render: showPart('wcs-notice', { width: '36rem' }),
} satisfies Meta;

const dismiss = () => undefined;

export const Information = {
  args: {
    text: 'Your browser keeps the sound back until you click.',
    icon: 'sound',
    action: { label: 'Start the sound', intent: { do: 'sound' } },
  },
};
export const Warning = { args: { tone: 'warning', text: 'Nobody can see you: no camera was found.', dismiss } };
export const Problem = { args: { tone: 'error', text: 'The room is full.', dismiss } };
export const LongText = {
  args: { tone: 'error', text: 'Something went wrong, and it takes long to say what. '.repeat(8), dismiss },
};
export const SpeakingMuted = {
  args: {
    text: 'You are speaking, but your microphone is off: nobody hears you.',
    icon: 'microphone-off',
    action: { label: 'Turn on microphone', intent: { do: 'microphone' } },
    dismiss,
  },
};
export const PluggedIn = {
  args: {
    text: 'A microphone was plugged in: “Headset”.',
    action: { label: 'Use it', intent: { do: 'device', ask: { choose: 'microphone', id: '1' } } },
    dismiss,
  },
};
