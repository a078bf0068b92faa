export interface Device {
  id: string;
  /** Empty until the user has allowed a device of that kind. */
  label: string;
}

export interface Devices {
  microphones: Device[];
  cameras: Device[];
  speakers: Device[];
}

/** What is plugged in now. Empty lists where the browser gives no access to devices. */
export function listDevices(): Promise<Devices> {
  throw new Error('not implemented');
}

/** Calls `listener` when something is plugged in or pulled out, until the returned function is called. */
export function watchDevices(listener: () => void): () => void {
  throw new Error(`not implemented ${listener}`);
}
