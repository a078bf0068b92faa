import type { ShownSize } from '../media/shown-sizes.ts';

/** Sizes are told in steps of so many pixels: what changes less changes nothing of what is sent. */
const STEP = 40;

/** Watches how large a `<video>` is on the screen, and whether it can be seen at all (Intersection and Resize Observer). */
export class Sight {
  readonly #video: HTMLVideoElement;
  readonly #tell: (size: ShownSize | undefined) => void;
  readonly #over = new AbortController();
  readonly #intersections: IntersectionObserver;
  readonly #sizes: ResizeObserver;
  #intersects = true;
  #told: string | undefined;

  /** Undefined where nothing can be watched. */
  static watch(video: HTMLVideoElement, tell: (size: ShownSize | undefined) => void): Sight | undefined {
    if (typeof IntersectionObserver === 'undefined' || typeof ResizeObserver === 'undefined') return undefined;
    return new Sight(video, tell);
  }

  private constructor(video: HTMLVideoElement, tell: (size: ShownSize | undefined) => void) {
    this.#video = video;
    this.#tell = tell;
    this.#intersections = new IntersectionObserver((entries) => {
      this.#intersects = entries.at(-1)?.isIntersecting ?? true;
      this.#look();
    });
    this.#sizes = new ResizeObserver(() => this.#look());
    this.#intersections.observe(video);
    this.#sizes.observe(video);
    const { signal } = this.#over;
    video.ownerDocument.addEventListener('visibilitychange', () => this.#look(), { signal });
    for (const change of ['enterpictureinpicture', 'leavepictureinpicture'])
      video.addEventListener(change, () => this.#look(), { signal });
  }

  /** Idempotent. */
  close(): void {
    this.#over.abort();
    this.#intersections.disconnect();
    this.#sizes.disconnect();
  }

  #look(): void {
    const size = this.#size();
    const told = size ? `${size.width}x${size.height}` : '';
    if (told === this.#told || this.#over.signal.aborted) return;
    this.#told = told;
    this.#tell(size);
  }

  /** Undefined while nothing of it is seen. */
  #size(): ShownSize | undefined {
    const { ownerDocument, clientWidth, clientHeight } = this.#video;
    // In a window of its own it is seen whatever becomes of the page, and its size there is not told.
    if (this.#inWindow()) return { width: 640, height: 360 };
    if (ownerDocument.visibilityState === 'hidden' || !this.#intersects || !this.#video.isConnected) return undefined;
    const ratio = ownerDocument.defaultView?.devicePixelRatio ?? 1;
    if (clientWidth === 0 || clientHeight === 0) return undefined;
    return { width: steps(clientWidth * ratio), height: steps(clientHeight * ratio) };
  }

  #inWindow(): boolean {
    const root = this.#video.getRootNode() as Document | ShadowRoot;
    return root.pictureInPictureElement === this.#video;
  }
}

function steps(pixels: number): number {
  return Math.ceil(pixels / STEP) * STEP;
}
