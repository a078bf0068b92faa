/** Addresses that settings and files name, to which something is sent by HTTP. */

export function isWebAddress(text: string): boolean {
  return ['http:', 'https:'].includes(URL.parse(text)?.protocol ?? '');
}

/** Whether there is a name or a password in it: fetch refuses that, and says it in the reason. */
export function hasCredentials(text: string): boolean {
  const { username = '', password = '' } = URL.parse(text) ?? {};
  return username !== '' || password !== '';
}
