import type { RtpPacket } from './rtp.ts';

/**
 * Milliseconds that a missing packet is waited for. A retransmission takes one round trip and is asked for again and
 * again; nobody watches a recording live, so waiting costs only memory.
 */
const WAIT = 500;

/** Packets held at most while one is missing: a second of 8 Mbit/s. */
const HELD_MAX = 1024;

/** A sequence number that far off is no late packet: the sender has begun anew (RFC 3550 appendix A.1). */
const JUMP = 3000;

/** `lost`: packets are missing right before this one. */
type Deliver = (packet: RtpPacket, lost: boolean) => void;

/**
 * Puts packets in order of their sequence numbers, drops those that come twice, and gives up on lost ones in time.
 * Those that must wait are copied.
 */
export class PacketOrder {
  readonly #deliver: Deliver;
  readonly #held = new Map<number, RtpPacket>();
  #next: number | undefined;
  #strange: number | undefined;
  #lost = 0;

  constructor(deliver: Deliver) {
    this.#deliver = deliver;
  }

  push(packet: RtpPacket): void {
    const { sequence } = packet;
    this.#next ??= sequence;
    const ahead = distance(this.#next, sequence);
    if (Math.abs(ahead) > JUMP) {
      this.#pushStrange(packet);
      return;
    }
    this.#strange = undefined;
    if (ahead < 0) return;
    if (ahead === 0) {
      this.#pass(packet, false);
      this.#drain();
      return;
    }
    this.#held.set(sequence, { ...packet, payload: Buffer.from(packet.payload) });
    this.#giveUp(packet.arrivedAt);
  }

  /** Packets that were given up. */
  get lost(): number {
    return this.#lost;
  }

  /** Delivers what is still held: nothing more will come. */
  flush(): void {
    this.#giveUp(Infinity);
  }

  #pass(packet: RtpPacket, lost: boolean): void {
    this.#next = (packet.sequence + 1) & 0xffff;
    this.#deliver(packet, lost);
  }

  #drain(): void {
    for (;;) {
      const packet = this.#held.size > 0 ? this.#held.get(this.#next!) : undefined;
      if (!packet) return;
      this.#held.delete(packet.sequence);
      this.#pass(packet, false);
    }
  }

  /** Skips gaps for as long as the oldest packet behind one has waited long enough, or too many wait. */
  #giveUp(now: number): void {
    while (this.#held.size > 0) {
      const [oldest] = this.#held.values();
      if (this.#held.size <= HELD_MAX && now - oldest!.arrivedAt < WAIT) return;
      const nearest = [...this.#held.keys()].reduce((a, b) =>
        distance(this.#next!, a) <= distance(this.#next!, b) ? a : b,
      );
      const packet = this.#held.get(nearest)!;
      this.#lost += distance(this.#next!, nearest);
      this.#held.delete(nearest);
      this.#pass(packet, true);
      this.#drain();
    }
  }

  /** One such packet may be an error; two in a row are a sender that has begun anew. */
  #pushStrange(packet: RtpPacket): void {
    if (this.#strange !== packet.sequence) {
      this.#strange = (packet.sequence + 1) & 0xffff;
      return;
    }
    this.#strange = undefined;
    this.flush();
    this.#pass(packet, true);
  }
}

/** How far `to` is after `from`, -32768 to 32767. */
function distance(from: number, to: number): number {
  return ((to - from) << 16) >> 16;
}
