import type { Intent } from '../../base/element/intent.ts';
import type { DeviceState } from '../../base/view.ts';

/** What buttons outside the page do: of headsets, keyboards, on the lock screen, in picture-in-picture. */
const INTENTS = {
  hangup: { do: 'leave' },
  togglemicrophone: { do: 'microphone' },
  togglecamera: { do: 'camera' },
} as const satisfies Record<string, Intent>;

/** By themselves browsers would pause everybody's sound at these. */
const IGNORED = ['play', 'pause', 'stop'];

/** Newer than the types: Media Session §5. */
interface CallSession {
  setActionHandler(action: string, handler: (() => void) | null): void;
  setMicrophoneActive?(active: boolean): void;
  setCameraActive?(active: boolean): void;
}

export interface CallMedia {
  /** What the system calls it. */
  title: string;
  microphone: DeviceState;
  camera: DeviceState;
}

/** Tells the system that there is a call, and does what its buttons ask for. */
export class MediaControls {
  /** A page has one media session: the last call that began has it. */
  static #shown: MediaControls | undefined;
  readonly #act: (intent: Intent) => void;
  #title: string | undefined;

  constructor(act: (intent: Intent) => void) {
    this.#act = act;
  }

  show({ title, microphone, camera }: CallMedia): void {
    if (!('mediaSession' in navigator)) return;
    if (title !== this.#title) this.#begin(title);
    const session: CallSession = navigator.mediaSession;
    session.setMicrophoneActive?.(microphone === 'on');
    session.setCameraActive?.(camera === 'on');
  }

  /** Idempotent. */
  hide(): void {
    if (this.#title === undefined) return;
    this.#title = undefined;
    if (MediaControls.#shown !== this) return;
    MediaControls.#shown = undefined;
    for (const action of [...Object.keys(INTENTS), ...IGNORED]) handle(action, null);
    navigator.mediaSession.metadata = null;
    navigator.mediaSession.playbackState = 'none';
  }

  #begin(title: string): void {
    this.#title = title;
    MediaControls.#shown = this;
    for (const [action, intent] of Object.entries(INTENTS)) handle(action, () => this.#act(intent));
    for (const action of IGNORED) handle(action, () => undefined);
    navigator.mediaSession.metadata = new MediaMetadata({ title, artist: location.hostname });
    navigator.mediaSession.playbackState = 'playing';
  }
}

function handle(action: string, handler: (() => void) | null): void {
  try {
    (navigator.mediaSession as CallSession).setActionHandler(action, handler);
  } catch {
    // A browser that does not know the button.
  }
}
