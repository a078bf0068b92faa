/** What the specs of elements need besides a page: pictures without a camera, waiting, and looking into shadow roots. */

/** A stream of a moving picture and silence. */
export function fakeMedia({ audio = true, video = true } = {}): MediaStream {
  const media = new MediaStream();
  if (video) {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [160, 120];
    canvas.getContext('2d')?.fillRect(0, 0, 160, 120);
    for (const track of canvas.captureStream(5).getTracks()) media.addTrack(track);
  }
  if (audio) {
    const { stream } = new AudioContext().createMediaStreamDestination();
    for (const track of stream.getTracks()) media.addTrack(track);
  }
  return media;
}

/** Every element that a selector matches, through all shadow roots, in document order. */
export function deep<E extends HTMLElement = HTMLElement>(root: Element, selector: string): E[] {
  const found: E[] = [];
  const look = (node: ParentNode) => {
    for (const element of node.querySelectorAll<E>('*')) {
      if (element.matches(selector)) found.push(element);
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };
  if (root.shadowRoot) look(root.shadowRoot);
  look(root);
  return found;
}

/** Every element that has a part, through all shadow roots, in document order. */
export const parts = <E extends HTMLElement = HTMLElement>(root: Element, name: string): E[] =>
  deep<E>(root, `[part~="${name}"]`);

/** The one element that has a part. */
export function part<E extends HTMLElement = HTMLElement>(root: Element, name: string): E {
  const [element] = parts<E>(root, name);
  if (!element) throw new Error(`There is no part "${name}".`);
  return element;
}

export const texts = (root: Element, name: string): string[] =>
  parts(root, name).map((element) => element.textContent.replace(/\s+/g, ' ').trim());

/** The next event of a name. */
export function nextEvent<Name extends keyof HTMLElementEventMap>(
  target: HTMLElement,
  name: Name,
): Promise<HTMLElementEventMap[Name]> {
  return new Promise((resolve) => target.addEventListener(name, resolve, { once: true }));
}

/** Waits until something is true, and returns it. */
export async function until<T>(what: string, look: () => T | undefined | false | null, deadline = 5000): Promise<T> {
  const end = performance.now() + deadline;
  for (;;) {
    const seen = look();
    if (seen) return seen;
    if (performance.now() > end) throw new Error(`Not within ${deadline} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The code of the error that a promise rejects with; `resolved` when it does not. */
export function outcome(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'resolved',
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );
}

/** Types into a field as a person would. */
export function type(field: HTMLElement, text: string): void {
  (field as HTMLInputElement | HTMLTextAreaElement).value = text;
  field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
}
