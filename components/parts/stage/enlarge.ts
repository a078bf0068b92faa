/** A tile on the whole screen (Fullscreen API) and its picture in a window of its own (Picture-in-Picture API), where the browser can. */

/** `impossible`: this browser, or this page, cannot. */
export type Enlarged = 'on' | 'off' | 'impossible';

/** What only an iPhone has: its own full screen, for videos alone. */
type IPhoneVideo = HTMLVideoElement & { webkitEnterFullscreen?: () => void };

/** Whether `element`, or on an iPhone the video in it, can be on the whole screen, and is. */
export function fullScreenOf(element: Element, video?: HTMLVideoElement | null): Enlarged {
  const root = element.getRootNode() as Document | ShadowRoot;
  if (element.ownerDocument.fullscreenEnabled) return root.fullscreenElement === element ? 'on' : 'off';
  return video && (video as IPhoneVideo).webkitEnterFullscreen ? 'off' : 'impossible';
}

/** To be called in a click. What the browser refuses stays as it is. */
export function toggleFullScreen(element: Element, video?: HTMLVideoElement | null): void {
  const { ownerDocument } = element;
  if (!ownerDocument.fullscreenEnabled) return (video as IPhoneVideo | undefined)?.webkitEnterFullscreen?.();
  const isOn = fullScreenOf(element) === 'on';
  (isOn ? ownerDocument.exitFullscreen() : element.requestFullscreen()).catch(() => undefined);
}

export function windowOf(video: HTMLVideoElement | null): Enlarged {
  if (!video?.requestPictureInPicture || !video.ownerDocument.pictureInPictureEnabled) return 'impossible';
  const root = video.getRootNode() as Document | ShadowRoot;
  return root.pictureInPictureElement === video ? 'on' : 'off';
}

/** To be called in a click. The browser's own button for it, which would lie over every picture, stays away. */
export async function toggleWindow(video: HTMLVideoElement): Promise<void> {
  try {
    if (windowOf(video) === 'on') return await video.ownerDocument.exitPictureInPicture();
    video.disablePictureInPicture = false;
    video.addEventListener('leavepictureinpicture', () => (video.disablePictureInPicture = true), { once: true });
    await video.requestPictureInPicture();
  } catch {
    video.disablePictureInPicture = true;
  }
}
