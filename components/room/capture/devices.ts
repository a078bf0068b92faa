/** A device of this computer. */
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
export async function listDevices(): Promise<Devices> {
  const devices = globalThis.navigator?.mediaDevices as MediaDevices | undefined;
  const all = (await devices?.enumerateDevices()) ?? [];
  const of = (kind: MediaDeviceKind) =>
    all.filter((each) => each.kind === kind).map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { microphones: of('audioinput'), cameras: of('videoinput'), speakers: of('audiooutput') };
}
