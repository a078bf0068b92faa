/**
 * The `<video>` elements that the room API makes for pages: children of the page's own element, with the stream's id.
 * Nothing here touches the DOM before a page has given an element of it.
 */

/** Ends the id of a preview that no stream uses at the moment, kept for the next one. */
const CACHED = '-LOCAL_CACHED_VIDEO';

/** The preview of one's own capture: without sound, since one would hear oneself. */
export function showPreview(display: HTMLElement, id: string, mediaStream: MediaStream): HTMLVideoElement {
  const video = createVideo(display, id);
  video.muted = true;
  video.srcObject = mediaStream;
  // Without sound nothing is refused; the play of an element that is taken away meanwhile is of no interest.
  video.play().catch(() => undefined);
  return video;
}

/** Keeps a preview and its capture for the next stream. */
export function cachePreview(video: HTMLVideoElement): void {
  video.id = `${video.id}${CACHED}`;
}

/** Gives the kept preview in `display` to the stream `id`, if it has, live, what is wanted; else lets go of it. */
export function reusePreview(
  display: HTMLElement,
  id: string,
  { audio, video }: { audio?: unknown; video?: unknown },
): HTMLVideoElement | undefined {
  const preview = keptPreview(display);
  if (!preview) return undefined;
  const tracks = capturedBy(preview).getTracks();
  const live = (kind: string) => tracks.some((track) => track.kind === kind && track.readyState === 'live');
  if ((audio && !live('audio')) || (video && !live('video')) || !(live('audio') || live('video'))) {
    releasePreview(display);
    return undefined;
  }
  preview.id = id;
  return preview;
}

/** Takes a kept preview away and switches its devices off. Answers whether there was one. */
export function releasePreview(display: HTMLElement): boolean {
  const video = keptPreview(display);
  if (!video) return false;
  for (const track of capturedBy(video).getTracks()) track.stop();
  removeVideo(video);
  return true;
}

/** What a preview shows. */
export function capturedBy(video: HTMLVideoElement): MediaStream {
  return video.srcObject as MediaStream;
}

export function removeVideo(video: HTMLVideoElement): void {
  video.srcObject = null;
  video.remove();
}

export interface PlayerOptions {
  display: HTMLElement;
  id: string;
  mediaStream: MediaStream;
  /** Start with sound, as soon as the browser allows it. */
  sound: boolean;
  controls: boolean;
  /** The page's own element, to use instead of a new one. */
  video?: HTMLVideoElement;
  /** The browser refused to start the sound (HTML §4.8.11.8, autoplay), or has let it through now. */
  onSound(blocked: boolean): void;
}

/** A `<video>` that plays what is received. */
export class Player {
  readonly #options: PlayerOptions;
  readonly #video: HTMLVideoElement;
  readonly #closed = new AbortController();
  #blocked = false;

  constructor(options: PlayerOptions) {
    this.#options = options;
    const { display, id, mediaStream, controls, sound, video } = options;
    this.#video = video ?? createVideo(display, id);
    if (video) video.id = id;
    if (controls) this.#video.controls = true;
    this.#video.muted = !sound;
    this.#video.srcObject = mediaStream;
  }

  get muted(): boolean {
    return this.#video.muted;
  }

  /** 0 to 100. */
  get volume(): number {
    return Math.round(this.#video.volume * 100);
  }

  set volume(volume: number) {
    this.#video.volume = volume / 100;
  }

  get video(): HTMLVideoElement {
    return this.#video;
  }

  /** Plays, silently if it must be; then with sound from the user's first touch of the page on. */
  async start(): Promise<void> {
    try {
      await this.#video.play();
    } catch (error) {
      if ((error as Error).name !== 'NotAllowedError' || this.#video.muted) return;
      this.#video.muted = true;
      this.#block();
      await this.#video.play().catch(() => undefined);
    }
  }

  mute(): void {
    this.#video.muted = true;
  }

  /** Lets the sound through; from inside a click the browser always allows it. */
  unmute(): void {
    this.#video.muted = false;
    void this.start().then(() => this.#unblock());
  }

  /** Idempotent. */
  close(): void {
    this.#closed.abort();
    if (this.#options.video) this.#video.srcObject = null;
    else removeVideo(this.#video);
  }

  #block(): void {
    if (this.#blocked) return;
    this.#blocked = true;
    this.#options.onSound(true);
    const retry = () => {
      if (this.#blocked) this.unmute();
    };
    for (const gesture of ['pointerup', 'keydown']) {
      this.#video.ownerDocument.addEventListener(gesture, retry, { signal: this.#closed.signal });
    }
  }

  #unblock(): void {
    if (!this.#blocked || this.#video.muted) return;
    this.#blocked = false;
    this.#options.onSound(false);
  }
}

/** The preview in `display` that no stream uses. */
function keptPreview(display: HTMLElement): HTMLVideoElement | undefined {
  return [...display.querySelectorAll('video')].find(({ id }) => id.endsWith(CACHED));
}

function createVideo(display: HTMLElement, id: string): HTMLVideoElement {
  const video = display.ownerDocument.createElement('video');
  video.id = id;
  video.playsInline = true;
  video.autoplay = true;
  // Pages written for WCS size the element around it.
  video.style.width = '100%';
  video.style.height = '100%';
  display.append(video);
  return video;
}
