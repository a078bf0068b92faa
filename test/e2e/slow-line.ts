/** A bad line between a page and the backend's media: narrow, slow and lossy, for UDP, without rights of an administrator. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import type { Tab } from './browsers.ts';

export interface Line {
  /** Kilobits per second, each way; what does not fit into the queue is lost. */
  kilobits: number;
  /** 0 to 1. */
  loss: number;
  /** Milliseconds, each way. */
  delay: number;
}

/** Milliseconds of traffic that the line keeps before it drops. */
const QUEUE = 400;
/** Of IP and UDP, which the line carries, too. */
const HEADERS = 28;

/** Passes packets on as the line would: one after the other, late, and some of them not. */
class Pipe {
  readonly #line: Line;
  /** When the last packet will have gone through. */
  #free = 0;
  /** The same packets are lost each time (Park and Miller's generator). */
  #seed = 1;

  constructor(line: Line) {
    this.#line = line;
  }

  pass(packet: Buffer, deliver: (packet: Buffer) => void): void {
    const { kilobits, loss, delay } = this.#line;
    const now = performance.now();
    const begins = Math.max(now, this.#free);
    this.#seed = (this.#seed * 48_271) % 2_147_483_647;
    if (begins - now > QUEUE || this.#seed / 2_147_483_647 < loss) return;
    this.#free = begins + ((packet.length + HEADERS) * 8) / kilobits;
    setTimeout(() => deliver(packet), this.#free - now + delay);
  }
}

/** A relay in front of one UDP port of the backend. */
export class SlowLine {
  readonly #line: Line;
  readonly #server: Socket;
  readonly #target: { address: string; port: number };
  /** By the browser's address and port: its way to the backend. */
  readonly #ways = new Map<string, { socket: Socket; up: Pipe }>();
  readonly #down: Pipe;

  /** `port` is where the backend's media is; the relay listens on another one of the same address. */
  static async open(port: number, line: Line): Promise<SlowLine> {
    const address = ownAddress();
    const slow = new SlowLine({ address, port }, line);
    slow.#server.bind(0, address);
    await once(slow.#server, 'listening');
    return slow;
  }

  private constructor(target: { address: string; port: number }, line: Line) {
    this.#target = target;
    this.#line = line;
    this.#down = new Pipe(line);
    this.#server = createSocket('udp4');
    this.#server.on('message', (packet, { address, port }) => {
      const { socket, up } = this.#way(address, port);
      up.pass(packet, (late) => send(socket, late, this.#target));
    });
  }

  /** Makes a page use the line, before it connects: of all candidates of the backend (RFC 8839) it learns only the relay. */
  async lead(tab: Tab): Promise<void> {
    const { address, port } = this.#server.address();
    await tab.run((relay) => {
      const { prototype } = RTCPeerConnection;
      const original: (this: RTCPeerConnection, description: RTCSessionDescriptionInit) => Promise<void> =
        prototype.setRemoteDescription;
      prototype.setRemoteDescription = function (description: RTCSessionDescriptionInit) {
        const candidate = `a=candidate:relay 1 udp 1076302079 ${relay} typ host`;
        const lines = (description.sdp ?? '').split('\r\n').filter((line) => !line.startsWith('a=candidate:'));
        const sdp = lines.flatMap((line) => (line.startsWith('a=ice-pwd:') ? [line, candidate] : [line])).join('\r\n');
        return original.call(this, { type: description.type, sdp });
      };
    }, `${address} ${port}`);
  }

  close(): void {
    this.#server.close();
    for (const { socket } of this.#ways.values()) socket.close();
    this.#ways.clear();
  }

  #way(address: string, port: number): { socket: Socket; up: Pipe } {
    const key = `${address} ${port}`;
    const known = this.#ways.get(key);
    if (known) return known;
    const socket = createSocket('udp4');
    socket.on('message', (packet) => this.#down.pass(packet, (late) => send(this.#server, late, { address, port })));
    const way = { socket, up: new Pipe(this.#line) };
    this.#ways.set(key, way);
    return way;
  }
}

/** What is still on its way when the line is closed is lost. */
function send(socket: Socket, packet: Buffer, { address, port }: { address: string; port: number }): void {
  try {
    socket.send(packet, port, address);
  } catch {
    // Closed.
  }
}

/** An address of this machine, not its loopback where it has another one: the backend's media is on all of them. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}
