import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';
import type { types } from 'mediasoup';

/** Own addresses that media is offered on at most; browsers try every one, and each costs two sockets per worker. */
const ADDRESSES_MAX = 16;

export interface ListenOptions {
  /** Address or host name at which browsers reach this machine; empty: its own addresses are offered. */
  announcedAddress: string;
  /** UDP and TCP port; 0: any free one. */
  port: number;
}

/**
 * Where one worker takes media: UDP and TCP on each of the machine's own addresses, each bound by itself, because a
 * socket on 0.0.0.0 answers from whichever address the kernel picks and browsers refuse such an answer. Behind NAT
 * there is only one way in, so there 0.0.0.0 is right.
 */
export function listenInfos({ announcedAddress, port }: ListenOptions): types.TransportListenInfo[] {
  const ends = announcedAddress
    ? [{ ip: '0.0.0.0', announcedAddress }]
    : ownAddresses(networkInterfaces()).map((ip) => ({ ip }));
  return ends.flatMap((end) => [
    { ...end, port, protocol: 'udp' as const },
    { ...end, port, protocol: 'tcp' as const },
  ]);
}

/**
 * IPv4 before IPv6, loopback last. Link-local IPv6 addresses are left out: they mean nothing without a zone, and
 * candidates carry none (RFC 8445 §5.1.1.1).
 */
export function ownAddresses(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string[] {
  const all = Object.values(interfaces).flatMap((list) => list ?? []);
  const usable = all.filter(({ address, family }) => family === 'IPv4' || !/^fe[89ab]/i.test(address));
  const rank = ({ internal, family }: NetworkInterfaceInfo) => (internal ? 2 : 0) + (family === 'IPv4' ? 0 : 1);
  const sorted = usable.sort((a, b) => rank(a) - rank(b)).map(({ address }) => address);
  const loopback = usable.filter(({ internal }) => internal).map(({ address }) => address);
  // However many addresses a container host has, loopback stays among the offered ones.
  const outside = sorted.filter((address) => !loopback.includes(address));
  return [...new Set([...outside.slice(0, ADDRESSES_MAX - loopback.length), ...loopback])];
}
