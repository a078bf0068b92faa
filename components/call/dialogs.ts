import type { OwnMedia } from '../base/own/own-media.ts';

/** Opens the list of keyboard shortcuts. Its code may have to be loaded first; where that fails there is none. */
export async function openHelp(root: ParentNode, loadView: () => Promise<unknown>): Promise<void> {
  await Promise.allSettled([loadView(), import('../parts/help.ts')]);
  const help = root.querySelector('wcs-help');
  await help?.updateComplete;
  help?.show?.();
}

/** Opens the settings, when it is known what is plugged in. */
export async function openSettings(root: ParentNode, own: OwnMedia, loadView: () => Promise<unknown>): Promise<void> {
  const known = own.loadDevices().then((devices) => devices.look());
  await Promise.allSettled([loadView(), import('../parts/settings.ts'), known]);
  const settings = root.querySelector('wcs-settings');
  await settings?.updateComplete;
  settings?.show?.();
}
