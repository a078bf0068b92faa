import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';
import type { types } from 'mediasoup';

/** Own addresses that media is offered on at most; browsers try every one, and each costs two sockets per worker. */
const ADDRESSES_MAX = 16;

export interface ListenOptions {
  /** IP addresses at which browsers reach this machine, one of a family at most; none: its own are offered. */
  announced: readonly string[];
  /** UDP and TCP port; 0: any free one. */
  port: number;
}

/**
 * Where one worker takes media: UDP and TCP on each of the machine's own addresses, each bound by itself, because a
 * socket on 0.0.0.0 answers from whichever address the kernel picks and browsers refuse such an answer. Behind NAT
 * there is only one way in, so there 0.0.0.0 (and :: for IPv6) is right.
 */
export function listenInfos({ announced, port }: ListenOptions): types.TransportListenInfo[] {
  const ends =
    announced.length > 0
      ? announced.map((address) =>
          isIP(address) === 6
            ? { ip: '::', announcedAddress: address, flags: { ipv6Only: true } }
            : { ip: '0.0.0.0', announcedAddress: address },
        )
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

/**
 * The setting `announced_address` as IP addresses. Names are looked up here and now: not every browser looks up those in
 * candidates.
 *
 * @throws Error in words for people.
 */
export async function announcedAddresses(given: readonly string[]): Promise<string[]> {
  const addresses = await Promise.all(given.map(async (name) => (isIP(name) ? name : await resolve(name))));
  for (const family of [4, 6]) {
    const same = addresses.filter((address) => isIP(address) === family);
    if (same.length > 1)
      throw new Error(`announced_address may have one IPv${family} address at most, not ${same.join(' and ')}`);
  }
  return addresses;
}

/** The addresses that browsers are told, the best first. */
export function offeredAddresses(announced: readonly string[]): string[] {
  return announced.length > 0 ? [...announced] : ownAddresses(networkInterfaces());
}

/** Who can reach an address: everybody, those in the same network, or this machine itself. */
export type Reach = 'public' | 'private' | 'loopback';

export function reachOf(address: string): Reach {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (LOOPBACK.check(address, family)) return 'loopback';
  return PRIVATE.check(address, family) ? 'private' : 'public';
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');

/** What is not routed on the Internet (the registries of RFC 6890), as far as machines have such addresses. */
const PRIVATE = new BlockList();
for (const [net, bits] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
] as const)
  PRIVATE.addSubnet(net, bits);
for (const [net, bits] of [
  ['fc00::', 7],
  ['fe80::', 10],
  ['2001:db8::', 32],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv6');

async function resolve(name: string): Promise<string> {
  try {
    return (await lookup(name, { order: 'ipv4first' })).address;
  } catch (cause) {
    throw new Error(`announced_address ${name} has no address in the DNS`, { cause });
  }
}
