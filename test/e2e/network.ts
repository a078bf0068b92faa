/** Networks as strict as those of some offices: a TURN server, and a network namespace with a firewall around a browser. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHROMIUM, until } from './browsers.ts';

const has = (command: string, flag: string) => spawnSync(command, [flag], { stdio: 'ignore' }).error === undefined;

/** Why tests with a TURN server cannot run here, else false. */
export const withoutTurn = has('turnserver', '--version') ? false : 'coturn is not installed';

/** Why tests with a firewall cannot run here, else false. */
export const withoutFirewall =
  process.getuid?.() !== 0 || !has('ip', '-V') || !has('nft', '-v') ? 'needs root, iproute2 and nftables' : false;

/** An address of this machine that is not its loopback, if it has one: coturn relays to no other. */
export function outsideAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}

export interface Turn {
  /** Address and port, `192.0.2.2:3478`; both for UDP and for TCP. */
  readonly host: string;
  close(): Promise<void>;
}

/** Runs coturn with a shared secret on a free port of `address`. */
export async function startTurn(address: string, secret: string): Promise<Turn> {
  const folder = await mkdtemp(join(tmpdir(), 'wcs-turn-'));
  const port = await freePort(address);
  const child = spawn(
    'turnserver',
    [
      ...['-n', '--no-cli', '--no-tls', '--no-dtls', '--log-file', 'stdout', '--simple-log', '--realm', 'test'],
      ...['--use-auth-secret', '--static-auth-secret', secret, '--listening-ip', address, '--relay-ip', address],
      ...['--listening-port', String(port), '--pidfile', join(folder, 'pid'), '--userdb', join(folder, 'db')],
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  const exited = once(child, 'exit');
  await until('coturn listens', () => answers(address, port));
  return {
    host: `${address}:${port}`,
    async close() {
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A network namespace with one wire to this machine and a firewall. */
export class Office {
  /** Of this machine, as seen from inside. */
  readonly outside: string;
  /** A program that runs Chromium inside. */
  readonly chromium: string;
  readonly #name: string;
  readonly #net: string;
  readonly #folder: string;
  #host = 2;

  static async build(): Promise<Office> {
    const folder = await mkdtemp(join(tmpdir(), 'wcs-office-'));
    const office = new Office(folder);
    await writeFile(office.chromium, `#!/bin/sh\nexec ip netns exec ${office.#name} ${CHROMIUM} "$@"\n`);
    await chmod(office.chromium, 0o755);
    return office;
  }

  /** Of the machine inside, just now. */
  get inside(): string {
    return `${this.#net}.${this.#host}`;
  }

  private constructor(folder: string) {
    this.#folder = folder;
    this.chromium = join(folder, 'chromium');
    // Names of interfaces have 15 letters at most.
    this.#name = `wcs${process.pid}`;
    const net = `10.${200 + (process.pid % 50)}.${process.pid % 250}`;
    this.#net = net;
    this.outside = `${net}.1`;
    const name = this.#name;
    ip(`netns add ${name}`);
    ip(`link add ${name}a type veth peer name ${name}b netns ${name}`);
    ip(`addr add ${this.outside}/24 dev ${name}a`);
    ip(`link set ${name}a up`);
    ip(`-n ${name} addr add ${this.inside}/24 dev ${name}b`);
    ip(`-n ${name} link set ${name}b up`);
    ip(`-n ${name} link set lo up`);
  }

  /** Lets nothing out of the office but what one of the rules accepts, in nft's words: `tcp dport 8080`. */
  allow(...rules: string[]): void {
    const accepted = ['oif lo', ...rules].map((rule) => `add rule inet wcs out ${rule} accept`);
    const chain = 'add chain inet wcs out { type filter hook output priority 0; policy drop; }';
    this.#nft([chain, ...accepted]);
  }

  /**
   * Drops sound and picture that leave, or arrive at, these ports, and nothing else: in RTP and RTCP the first two bits are 10,
   * in what keeps the path alive 00 (RFC 7983 §7).
   */
  dropMedia(direction: 'leaving' | 'arriving', ports: readonly string[]): void {
    const [hook, side] = direction === 'leaving' ? ['output', 'sport'] : ['input', 'dport'];
    const chain = `add chain inet wcs media { type filter hook ${hook} priority 0; policy accept; }`;
    const rule = `add rule inet wcs media udp ${side} { ${ports.join(', ')} } @th,64,2 2 drop`;
    this.#nft([chain, rule]);
  }

  /** Takes the address away and gives another one, as from Wi-Fi to a mobile network. */
  move(): void {
    const wire = `${this.#name}b`;
    ip(`-n ${this.#name} addr flush dev ${wire}`);
    this.#host += 1;
    ip(`-n ${this.#name} addr add ${this.inside}/24 dev ${wire}`);
  }

  /** In the place of all rules that there were. */
  #nft(commands: readonly string[]): void {
    const script = ['add table inet wcs', 'delete table inet wcs', 'add table inet wcs', ...commands].join('\n');
    execFileSync('ip', ['netns', 'exec', this.#name, 'nft', '-f', '-'], { input: script });
  }

  async close(): Promise<void> {
    ip(`netns del ${this.#name}`);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function ip(command: string): void {
  execFileSync('ip', command.split(' '));
}

async function answers(address: string, port: number): Promise<boolean> {
  const socket = connect(port, address);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function freePort(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
