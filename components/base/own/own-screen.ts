import type { ReactiveControllerHost } from 'lit';
import { WcsError } from '../../../protocol/errors.ts';
import type { Room } from '../../room/room.ts';
import type { Stream } from '../../room/streams/stream.ts';
import { followStream, stopTracks } from './follow-stream.ts';
import { loadRoom } from '../load-room.ts';
import type { TileView } from '../view.ts';

/** What is captured at most: frames per second, pixels. */
export interface ShareLimits {
  frameRate: number;
  width: number;
  height: number;
}

/** Whether this device can share a screen at all: phones and tablets cannot. */
export function canShare(): boolean {
  return typeof navigator !== 'undefined' && typeof navigator.mediaDevices?.getDisplayMedia === 'function';
}

/** One's own screen: lets it be picked, publishes it as a stream of its own, gives it back. */
export class OwnScreen {
  /** The published screen, until it is over. */
  published: Stream | undefined;
  /** Whether its sound was left out because the others would have heard themselves in it. */
  soundLeftOut = false;

  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #report: (error: WcsError) => void;
  #picking = false;
  /** Grows with every release: what is picked for an earlier one is closed again. */
  #era = 0;

  /** `report` is told of streams that fail. */
  constructor(host: ReactiveControllerHost & HTMLElement, report: (error: WcsError) => void) {
    this.#host = host;
    this.#report = report;
  }

  state(): 'on' | 'off' | 'busy' {
    if (this.#picking) return 'busy';
    return this.published ? 'on' : 'off';
  }

  tile(name: string, connected: boolean): TileView | undefined {
    if (!this.published) return undefined;
    const media = this.published.mediaStream;
    return { id: 'own-screen', kind: 'screen', name, own: true, connected, media, video: true, audio: false };
  }

  /**
   * Shares a screen, unless one is shared already.
   *
   * @throws WcsError device_denied (also when the picker was closed), device_failed, share_unsupported.
   */
  async share(room: Room, limits: ShareLimits): Promise<void> {
    if (this.published || this.#picking) return;
    if (!canShare()) throw new WcsError('share_unsupported', 'This device cannot share its screen: use a computer.');
    const era = this.#era;
    this.#setPicking(true);
    try {
      const { openScreen } = await loadRoom();
      const { mediaStream, soundLeftOut } = await openScreen({ audio: true, video: atMost(limits) });
      // They may have left while the picker was open.
      if (era !== this.#era) return stopTracks(mediaStream);
      this.soundLeftOut = soundLeftOut;
      this.#publish(room, mediaStream);
    } finally {
      this.#setPicking(false);
    }
  }

  stop(): void {
    this.published?.stop();
  }

  /** Why the sound was left out has been read. */
  dismissSilence(): void {
    this.soundLeftOut = false;
    this.#host.requestUpdate();
  }

  /** Gives the screen back: on leaving, on removal. */
  release(): void {
    this.#era += 1;
    this.stop();
  }

  #publish(room: Room, mediaStream: MediaStream): void {
    const stream = room.publish({
      mediaStream,
      name: 'screenShare',
      videoContentHint: 'detail',
      constraints: { audio: { stereo: true }, video: { type: 'screen' } },
    });
    this.published = followStream(stream, {
      host: this.#host,
      report: this.#report,
      over: () => {
        this.published = undefined;
        this.soundLeftOut = false;
        stopTracks(mediaStream);
      },
    });
    // The browser's own "stop sharing". It may also have been pressed before anybody could listen.
    const [picture] = mediaStream.getVideoTracks();
    picture?.addEventListener('ended', () => stream.stop());
    if (picture?.readyState === 'ended') stream.stop();
  }

  #setPicking(picking: boolean): void {
    this.#picking = picking;
    this.#host.requestUpdate();
  }
}

function atMost({ frameRate, width, height }: ShareLimits) {
  return { frameRate: { max: frameRate }, width: { max: width }, height: { max: height } };
}
