import * as v from 'valibot';
import type { Device } from '../../../room/capture/devices.ts';
import { PROCESSING } from './device-view.ts';
import type { DeviceKind, Processing } from './device-view.ts';

/** Where choices are kept, for all pages of the site. */
const KEY = 'wcs-devices';

const DeviceSchema = v.object({ id: v.string(), label: v.string() });
const ChoicesSchema = v.object({
  microphone: v.optional(DeviceSchema),
  camera: v.optional(DeviceSchema),
  speaker: v.optional(DeviceSchema),
  ...v.entriesFromList(PROCESSING, v.optional(v.boolean())),
});

/** Which devices somebody has chosen, and what the browser is to do to their voice: as in the last call on this site. */
export class Choices {
  readonly #storage: () => Storage;
  #chosen: v.InferOutput<typeof ChoicesSchema>;

  constructor(storage = () => localStorage) {
    this.#storage = storage;
    this.#chosen = this.#read();
  }

  /** Whether the browser is to do that; it does by itself. */
  processing(what: Processing): boolean {
    return this.#chosen[what] ?? true;
  }

  process(what: Processing, on: boolean): void {
    this.#chosen[what] = on;
    this.#write();
  }

  choose(kind: DeviceKind, { id, label }: Device): void {
    this.#chosen[kind] = { id, label };
    this.#write();
  }

  /** Whether a device of that kind was ever chosen. */
  has(kind: DeviceKind): boolean {
    return this.#chosen[kind] !== undefined;
  }

  /**
   * The chosen one among these, undefined when it is not there. Where a browser has made up new ids since (site data was
   * deleted, a private window), the one of the same name counts.
   */
  find(kind: DeviceKind, devices: readonly Device[]): Device | undefined {
    const chosen = this.#chosen[kind];
    if (!chosen) return undefined;
    const sameName = (device: Device) => device.label !== '' && device.label === chosen.label;
    return devices.find(({ id }) => id !== '' && id === chosen.id) ?? devices.find(sameName);
  }

  /** What to wish for when devices cannot be told apart yet. */
  id(kind: DeviceKind): string | undefined {
    return this.#chosen[kind]?.id || undefined;
  }

  // Storage may be refused (a sandboxed frame, third-party cookies off) or full: then choices last as long as the page.
  #read(): v.InferOutput<typeof ChoicesSchema> {
    try {
      const kept = v.safeParse(ChoicesSchema, JSON.parse(this.#storage().getItem(KEY) ?? '{}'));
      return kept.success ? kept.output : {};
    } catch {
      return {};
    }
  }

  #write(): void {
    try {
      this.#storage().setItem(KEY, JSON.stringify(this.#chosen));
    } catch {
      // Remembered for this page only.
    }
  }
}
