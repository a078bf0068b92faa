import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Intent } from '../../base/element/intent.ts';
import { KeyboardRoom } from './keyboard-room.ts';
import { MediaControls } from './media-session.ts';
import type { CallMedia } from './media-session.ts';
import { WakeLock } from './wake-lock.ts';

interface Options {
  /** What there is to know of the call; undefined outside one. */
  call: () => CallMedia | undefined;
  act: (intent: Intent) => void;
  frame: () => HTMLElement | null;
}

/** What a call asks of the device that it is on, from joining to leaving: screen, keyboard, headset buttons. */
export class CallAids implements ReactiveController {
  static readonly #accompanied = new WeakSet<ReactiveControllerHost>();
  readonly #options: Options;
  readonly #wakeLock = new WakeLock();
  readonly #controls: MediaControls;
  readonly #keyboard: KeyboardRoom;

  /** Does so for this element from now on; once. */
  static accompany(host: ReactiveControllerHost, options: Options): void {
    if (this.#accompanied.has(host)) return;
    this.#accompanied.add(host);
    host.addController(new CallAids(options));
  }

  private constructor(options: Options) {
    this.#options = options;
    this.#controls = new MediaControls(options.act);
    this.#keyboard = new KeyboardRoom(options.frame);
  }

  hostConnected(): void {
    this.hostUpdated();
  }

  hostUpdated(): void {
    const call = this.#options.call();
    if (!call || !this.#options.frame()?.isConnected) return this.#rest();
    this.#wakeLock.hold();
    this.#keyboard.start();
    this.#controls.show(call);
  }

  hostDisconnected(): void {
    this.#rest();
  }

  #rest(): void {
    this.#wakeLock.release();
    this.#keyboard.stop();
    this.#controls.hide();
  }
}
