/** Pictures and sound for elements, without a camera: whatever is drawn, and silence. */

export interface FakeMediaOptions {
  audio?: boolean;
  video?: boolean;
  /** CSS pixels. */
  width?: number;
  height?: number;
  /** Draws the picture; black without it. */
  draw?: (context: CanvasRenderingContext2D, width: number, height: number) => void;
}

/** Milliseconds between two frames. A canvas on which nobody draws gives none, and whoever comes later sees nothing. */
const FRAME_INTERVAL = 200;

/** Browsers have only so many of these for a page. */
let audioContext: AudioContext | undefined;

/** A stream of a still picture and of silence. */
export function fakeMedia(options: FakeMediaOptions = {}): MediaStream {
  const media = new MediaStream();
  if (options.video !== false) for (const track of picture(options)) media.addTrack(track);
  if (options.audio !== false) {
    audioContext ??= new AudioContext();
    const { stream } = audioContext.createMediaStreamDestination();
    for (const track of stream.getTracks()) media.addTrack(track);
  }
  return media;
}

function picture({ width = 160, height = 120, draw }: FakeMediaOptions): MediaStreamTrack[] {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser cannot draw.');
  const frame = () => {
    context.fillRect(0, 0, width, height);
    draw?.(context, width, height);
  };
  frame();
  const tracks = canvas.captureStream(1000 / FRAME_INTERVAL).getTracks();
  const timer = setInterval(() => {
    frame();
    if (tracks.every((track) => track.readyState === 'ended')) clearInterval(timer);
  }, FRAME_INTERVAL);
  return tracks;
}
