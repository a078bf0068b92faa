import type { ReactiveControllerHost } from 'lit';
import { WcsError } from '../../../protocol/errors.ts';
import type { Stream } from '../../room/streams/stream.ts';
import { tell } from '../events.ts';

interface Followers {
  /** The element: told the page about the stream, and shows it anew. */
  host: ReactiveControllerHost & HTMLElement;
  /** Called when the stream is over, before anybody is told. */
  over: () => void;
  /** Called when it failed. */
  report: (error: WcsError) => void;
}

/** Tells the page of an own stream's beginning and end. Returns the stream. */
export function followStream(stream: Stream, { host, over, report }: Followers): Stream {
  stream.on('PUBLISHING', () => {
    tell(host, 'wcs-stream-publish', { stream });
    host.requestUpdate();
  });
  const end = () => {
    over();
    tell(host, 'wcs-stream-unpublish', { stream });
    host.requestUpdate();
  };
  stream.on('UNPUBLISHED', end);
  stream.on('FAILED', () => {
    end();
    report(stream.getError() ?? new WcsError('internal', stream.getErrorInfo() || stream.getInfo()));
  });
  return stream;
}

export function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
