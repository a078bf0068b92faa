/** One part of the interface in a box: data in by property, nothing behind it. */
import type { WcsElement } from '../components/base/element/element.ts';

export interface Box {
  /** CSS length. */
  width?: string;
  height?: string;
}

/** A story of `<tag>` with these properties, which its controls can change. */
export function showPart<E extends WcsElement>(tag: string, { width = 'auto', height = 'auto' }: Box = {}) {
  return (args: Partial<E> & { text?: string }): HTMLElement => {
    const box = document.createElement('div');
    Object.assign(box.style, { boxSizing: 'border-box', width, height, maxWidth: '100%', padding: '1rem' });
    const element = document.createElement(tag) as E;
    const { text = '', ...properties } = args;
    element.textContent = text;
    Object.assign(element, properties);
    if (height !== 'auto') element.style.height = '100%';
    box.append(element);
    void element.updateComplete.then(() => setTimeout(() => (box.dataset.ready = ''), 50));
    return box;
  };
}
