/** What a `<video>` can be given. For one without tracks it would wait for ever, and the page's `load` event with it. */
export function playable(media: MediaStream | undefined): MediaStream | null {
  return media?.getTracks().length ? media : null;
}
