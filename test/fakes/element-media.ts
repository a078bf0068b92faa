/** Pictures and sound for elements, without a camera: a colour that moves, and silence. */

export interface FakeMediaOptions {
  audio?: boolean;
  video?: boolean;
  /** CSS pixels. */
  width?: number;
  height?: number;
  /** A CSS colour, so that one picture can be told from another. */
  color?: string;
  /** What is written in it. */
  text?: string;
}

/** A stream of a picture that is drawn again five times a second, and of silence. */
export function fakeMedia(options: FakeMediaOptions = {}): MediaStream {
  const media = new MediaStream();
  if (options.video !== false) for (const track of picture(options)) media.addTrack(track);
  if (options.audio !== false) {
    const { stream } = new AudioContext().createMediaStreamDestination();
    for (const track of stream.getTracks()) media.addTrack(track);
  }
  return media;
}

function picture({ width = 160, height = 120, color = 'black', text = '' }: FakeMediaOptions): MediaStreamTrack[] {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser cannot draw.');
  const draw = () => {
    context.fillStyle = color;
    context.fillRect(0, 0, width, height);
    context.fillStyle = 'white';
    context.textAlign = 'center';
    context.font = `${height / 8}px system-ui, sans-serif`;
    context.fillText(text, width / 2, height / 2);
  };
  draw();
  const tracks = canvas.captureStream(5).getTracks();
  // A canvas that nobody draws on gives no further frame, and whoever comes later sees nothing.
  const timer = setInterval(() => {
    draw();
    if (tracks.every((track) => track.readyState === 'ended')) clearInterval(timer);
  }, 200);
  return tracks;
}
