import type { IncomingMessage } from 'node:http';
import proxyaddr from 'proxy-addr';

/** Whether the proxy at that address is believed when it says for whom it asks. */
export type TrustProxy = (address: string) => boolean;

/**
 * Reads the setting `trust_proxy`: addresses, networks (10.0.0.0/8) and names of such (loopback, linklocal, uniquelocal).
 * Throws TypeError for anything else.
 */
export function trustedProxies(list: readonly string[]): TrustProxy {
  const trusts = proxyaddr.compile([...list]);
  return (address) => trusts(address, 0);
}

/**
 * The address that a request comes from: the socket's, or the last one in X-Forwarded-For that is not a trusted proxy's.
 * What stands before that in the header may be made up by whoever asks.
 */
export function clientAddress(request: IncomingMessage, trust: TrustProxy): string {
  // A socket that is gone already has no address any more; all of those together are one client.
  return request.socket.remoteAddress === undefined ? '' : proxyaddr(request, trust);
}

/**
 * What counts as one client where addresses are counted: an IPv4 address, or the 64-bit network of an IPv6 address, which
 * is the least that one subscriber gets (RFC 6177) and changes its lower half as it likes (RFC 8981).
 */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  const host = plain.includes(':') ? URL.parse(`http://[${plain}]`)?.hostname : undefined;
  if (!host) return plain.slice(0, 64);
  const [before = '', after] = host.slice(1, -1).split('::');
  const [head, tail] = [before, after ?? ''].map((part) => (part === '' ? [] : part.split(':'))) as [
    string[],
    string[],
  ];
  const zeros = after === undefined ? [] : Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(':')}::/64`;
}
