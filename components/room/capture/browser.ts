/**
 * Which browser this is, for pages written for WCS that ask. Nothing of ours depends on it: a browser is asked for what
 * it can do, not for its name.
 */
export const Browser = {
  isIE: () => /Trident|MSIE/.test(agent()),
  isFirefox: () => /Firefox|FxiOS/.test(agent()),
  isChrome: () =>
    /Chrome|CriOS/.test(agent()) && !Browser.isEdge() && !Browser.isOpera() && !Browser.isSamsungBrowser(),
  /** The Edge of Windows 10, gone since 2020. */
  isEdge: () => /Edge\//.test(agent()),
  isChromiumEdge: () => /Edg(?:A|iOS)?\//.test(agent()),
  isOpera: () => /OPR\/|Opera/.test(agent()),
  isSamsungBrowser: () => /SamsungBrowser/.test(agent()),
  isAndroid: () => /Android/.test(agent()),
  isAndroidFirefox: () => Browser.isAndroid() && Browser.isFirefox(),
  /** Also an iPad that shows pages like a Mac. */
  isiOS: () => /iPad|iPhone|iPod/.test(agent()) || (/Macintosh/.test(agent()) && navigator.maxTouchPoints > 1),
  isSafari: () => /Safari/.test(agent()) && !/Chrome|CriOS|FxiOS|EdgiOS|Android/.test(agent()),
  /** Safari's engine, whatever the browser around it, with access to devices. */
  isSafariWebRTC: () => (Browser.isSafari() || Browser.isiOS()) && 'mediaDevices' in navigator,
  /** The number after the browser's name, undefined where there is none. */
  version: () => {
    const [, version] =
      /(?:Firefox|FxiOS|OPR|SamsungBrowser|Edg\w*|Chrome|CriOS|Version)\/([\d.]+)/.exec(agent()) ?? [];
    return version;
  },
};

function agent(): string {
  return globalThis.navigator?.userAgent ?? '';
}
