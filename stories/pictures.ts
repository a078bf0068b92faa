/** Pictures for stories: people in front of their cameras, a desktop, drawn on canvases. */
import { fakeMedia } from '../test/fakes/element-media.ts';

/** A camera with somebody in front of it; every name has its own colours. */
export function person(name: string, { width = 320, height = 240 } = {}): MediaStream {
  const hue = [...name].reduce((sum, letter) => sum + letter.codePointAt(0)! * 47, 0) % 360;
  return fakeMedia({
    width,
    height,
    draw(context) {
      const wall = context.createLinearGradient(0, 0, width, height);
      wall.addColorStop(0, `hsl(${hue} 35% 72%)`);
      wall.addColorStop(1, `hsl(${(hue + 40) % 360} 40% 42%)`);
      context.fillStyle = wall;
      context.fillRect(0, 0, width, height);
      context.fillStyle = `hsl(${(hue + 180) % 360} 30% 30%)`;
      ellipse(context, width / 2, height * 1.08, height * 0.42, height * 0.42);
      context.fillStyle = `hsl(28 40% ${45 + (hue % 35)}%)`;
      ellipse(context, width / 2, height * 0.43, height * 0.17, height * 0.22);
    },
  });
}

/** A screen with a document on it: lines as thin as text, so that cutting and blurring show. */
export function desktop(): MediaStream {
  const [width, height] = [1280, 720];
  return fakeMedia({
    audio: false,
    width,
    height,
    draw(context) {
      context.fillStyle = '#dfe5ec';
      context.fillRect(0, 0, width, height);
      context.fillStyle = '#ffffff';
      context.fillRect(200, 60, 880, 660);
      context.fillStyle = '#1d2430';
      context.font = '600 40px system-ui, sans-serif';
      context.fillText('Quarterly report', 260, 140);
      context.font = '20px system-ui, sans-serif';
      for (let line = 0; line < 14; line += 1)
        context.fillText(
          'The quick brown fox jumps over the lazy dog. '.repeat(2).slice(0, 78 - (line % 4) * 9),
          260,
          200 + line * 34,
        );
      context.strokeRect(0.5, 0.5, width - 1, height - 1);
    },
  });
}

function ellipse(context: CanvasRenderingContext2D, x: number, y: number, radiusX: number, radiusY: number): void {
  context.beginPath();
  context.ellipse(x, y, radiusX, radiusY, 0, 0, 2 * Math.PI);
  context.fill();
}
