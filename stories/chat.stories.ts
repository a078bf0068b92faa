import type { Meta } from '@storybook/web-components-vite';
import type { ChatLine } from '../components/base/view.ts';
import '../components/call/in-call.ts';
import { showPart } from './part.ts';

export default {
  title: 'Parts/Chat',
  component: 'wcs-chat',
  render: showPart('wcs-chat', { width: '24rem', height: '32rem' }),
} satisfies Meta;

const line = (change: Partial<ChatLine>, index: number): ChatLine => ({
  id: String(index),
  kind: 'text',
  name: 'Bob',
  text: '',
  at: Date.UTC(2026, 10, 21, 9, 5 + index),
  own: false,
  delivery: 'sent',
  ...change,
});

const log = (...lines: Partial<ChatLine>[]) => ({ args: { lines: lines.map(line) } });

export const Empty = log();
export const Conversation = log(
  { kind: 'people', name: 'Bob, Claire' },
  { text: 'Hello, everybody' },
  { name: 'Alice', own: true, text: 'Good morning 👋🏽' },
  { kind: 'joined', name: 'Eve' },
  { name: 'Eve', text: 'مرحبا' },
  { kind: 'left', name: 'Claire' },
  { kind: 'lost', name: 'Bob' },
);
export const OnTheWay = log({ name: 'Alice', own: true, text: 'Can you hear me?', delivery: 'sending' });
export const Failed = log({ name: 'Alice', own: true, text: 'Can you hear me?', delivery: 'failed' });
export const Markup = log({ text: '<img src=x onerror=alert(1)> & \u202Eabc\u202C \u200B\u200B' });
export const LongWords = log({ text: `https://example.org/${'a'.repeat(300)}` }, { text: 'ß'.repeat(2000) });
export const ManyLines = log(...Array.from({ length: 60 }, (_, index) => ({ text: `Line ${index + 1}` })));
