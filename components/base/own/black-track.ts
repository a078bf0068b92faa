/** A picture that needs no camera, and of which nothing is seen: it is sent only while the video is muted. */
export function blackTrack(): MediaStreamTrack | undefined {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [320, 240];
  canvas.getContext('2d')?.fillRect(0, 0, canvas.width, canvas.height);
  return canvas.captureStream(1).getVideoTracks()[0];
}
