import { listDevices } from '../../../room/capture/devices.ts';
import type { Device, Devices } from '../../../room/capture/devices.ts';

/** What was plugged in just now. */
export interface Change {
  added: Record<'microphone' | 'camera', readonly Device[]>;
}

const KINDS = ['audio', 'video'] as const;

/** What is plugged into this computer, from moment to moment. */
export class Plugged {
  devices: Devices = { microphones: [], cameras: [], speakers: [] };
  readonly #changed: (change: Change) => void;
  #over: AbortController | undefined;

  /** `changed` is told whenever something is plugged in or out. */
  constructor(changed: (change: Change) => void) {
    this.#changed = changed;
  }

  /** Watches until `stop()`; `allowed` is told of permissions that are given meanwhile, in the browser's own interface. */
  start(allowed: (kind: (typeof KINDS)[number]) => void): void {
    if (this.#over) return;
    const { signal } = (this.#over = new AbortController());
    const devices = globalThis.navigator?.mediaDevices as MediaDevices | undefined;
    devices?.addEventListener?.('devicechange', () => void this.#compare(signal), { signal });
    for (const kind of KINDS) void watchPermission(kind, () => allowed(kind), signal);
  }

  stop(): void {
    this.#over?.abort();
    this.#over = undefined;
  }

  /** Looks now. Where the browser refuses, nothing is known to be plugged in. */
  async look(): Promise<void> {
    const before = this.devices;
    this.devices = await listDevices().catch(() => before);
  }

  async #compare(signal: AbortSignal): Promise<void> {
    const before = this.devices;
    await this.look();
    if (signal.aborted) return;
    const { microphones, cameras } = this.devices;
    this.#changed({
      added: { microphone: newIn(microphones, before.microphones), camera: newIn(cameras, before.cameras) },
    });
  }
}

/** Chromium's entries for whatever the system uses are no devices of their own; without a permission nobody can tell them apart. */
function newIn(now: readonly Device[], before: readonly Device[]): Device[] {
  const known = new Set(before.map(({ id }) => id));
  if (known.has('')) return [];
  return now.filter(({ id }) => !known.has(id) && !['', 'default', 'communications'].includes(id));
}

async function watchPermission(kind: 'audio' | 'video', allowed: () => void, signal: AbortSignal): Promise<void> {
  try {
    const name = (kind === 'audio' ? 'microphone' : 'camera') as PermissionName;
    const status = await navigator.permissions.query({ name });
    status.addEventListener('change', () => status.state === 'granted' && allowed(), { signal });
  } catch {
    // Not every browser tells; there the button is pressed again.
  }
}
