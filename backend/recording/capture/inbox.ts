import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';

const LOOPBACK = '127.0.0.1';

/** Bytes for packets that wait; the kernel gives as much of that as it is allowed to (net.core.rmem_max). */
const RECEIVE_BUFFER = 2 * 1024 * 1024;

/** Bytes of a datagram at most. */
const PACKET_MAX = 65_536;

/** Packets that are taken at once at most, so that whoever takes them gets to other things. */
const BATCH = 2000;

/** `packet` is overwritten by the next one. */
type Take = (packet: Buffer) => void;

/**
 * A UDP port of loopback whose packets wait in the kernel until they are taken.
 *
 * Node hands over each datagram by an event, with memory of its own and the sender's address as text, which costs four
 * times as much as reading it. So where the system tells which file descriptor the socket has (Linux), the
 * packets are read from that; elsewhere the events have to do.
 */
export class Inbox {
  readonly #socket: Socket;
  readonly #descriptor: number | undefined;
  /** What came by events. */
  #arrived: Buffer[] = [];
  #more = false;
  readonly #memory = Buffer.allocUnsafeSlow(PACKET_MAX);

  static async open(): Promise<Inbox> {
    const socket = createSocket('udp4');
    socket.bind(0, LOOPBACK);
    await once(socket, 'listening');
    socket.setRecvBufferSize(RECEIVE_BUFFER);
    return new Inbox(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#descriptor = descriptorOf(socket.address().port);
    // Some come this way on Linux too: those that arrive while the event loop turns.
    socket.on('message', (packet) => this.#arrived.push(packet));
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Bytes that may wait, as the kernel counts them. */
  get capacity(): number {
    return this.#socket.getRecvBufferSize();
  }

  /** Whether more may wait than was handed over last; the event loop has to turn before it can be taken. */
  get more(): boolean {
    return this.#more;
  }

  /** Hands over packets that wait, in the order in which they came, and returns how many that were. */
  take(each: Take): number {
    const arrived = this.#arrived;
    if (arrived.length > 0) this.#arrived = [];
    for (const packet of arrived) each(packet);
    let count = arrived.length;
    this.#more = this.#descriptor === undefined && count > 0;
    if (this.#descriptor === undefined) return count;
    for (; count < BATCH; count += 1) {
      const packet = this.#read(this.#descriptor);
      if (!packet) return count;
      each(packet);
    }
    this.#more = true;
    return count;
  }

  close(): void {
    this.#socket.close();
  }

  #read(descriptor: number): Buffer | undefined {
    const { stackTraceLimit } = Error;
    // That nothing waits any longer is told by an error; most of what one costs is to find out where it comes from.
    Error.stackTraceLimit = 0;
    try {
      return this.#memory.subarray(0, readSync(descriptor, this.#memory, 0, PACKET_MAX, null));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
      throw error;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }
}

/** File descriptor of this process's socket at a UDP port of loopback (proc(5), /proc/net/udp). */
function descriptorOf(port: number): number | undefined {
  try {
    const address = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    const lines = readFileSync('/proc/self/net/udp', 'utf8').split('\n');
    const inode = lines.map((line) => line.trim().split(/\s+/)).find((fields) => fields[1] === address)?.[9];
    const name = `socket:[${inode}]`;
    return readdirSync('/proc/self/fd')
      .map(Number)
      .find((descriptor) => link(descriptor) === name);
  } catch {
    return undefined;
  }
}

/** What a descriptor stands for; undefined when it has been closed meanwhile. */
function link(descriptor: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return undefined;
  }
}
