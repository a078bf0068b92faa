/**
 * RTP time on the recording's clock (RFC 3550 §6.4.1).
 *
 * Sender reports tie the RTP clocks of a stream's sound and picture to one clock of the sender; how far that one is
 * from ours is told by the packets that came with the least delay. The sender reports that mediasoup itself sends tell
 * when packets reached it, not when they were sampled, so the sender's own are taken, from the producer's `sr` trace.
 * Without them each track goes by its own least delayed packets.
 *
 * What is written first is timed by the first packet's arrival. What that was wrong by is known some seconds later and
 * is left to be added to the whole track (`shift`); what changes after that, because no two crystals tick alike, is
 * followed so slowly that nobody hears it.
 */

/** Milliseconds over which the least delayed packet is looked for, in steps. */
const STEP = 1000;
const STEPS = 10;

/** Milliseconds after the first packet of a track at which its shift is settled, with and without sender reports. */
const SETTLED_WITH_REPORT = 6000;
const SETTLED_WITHOUT = 10_000;

/** Milliseconds by which the clock is moved per step at most: a thousand parts per million, ten times a bad crystal. */
const SLEW = 1;

/** Milliseconds that packets may come too early, or a sender's clock be set by, before what is known is given up. */
const JUMP = 400;

/**
 * Milliseconds by which every packet of a whole step must be late for the sender's RTP clock to have stood still. A
 * network that has stalled delivers faster afterwards, until packets are in time again.
 */
const STOOD_STILL = 1000;

/** Milliseconds that the first packets of a track may have been on their way longer than later ones. */
const FIRST_DELAY_MAX = 5000;

/** The smallest value of the last seconds. */
class WindowMin {
  #steps: { at: number; min: number }[] = [];

  add(value: number, at: number): void {
    const last = this.#steps.at(-1);
    if (last && at - last.at < STEP) {
      if (value < last.min) last.min = value;
      return;
    }
    this.#steps.push({ at, min: value });
    if (this.#steps.length > STEPS) this.#steps.shift();
  }

  /** Infinity when nothing was added. */
  get min(): number {
    let min = Infinity;
    for (const step of this.#steps) if (step.min < min) min = step.min;
    return min;
  }

  clear(): void {
    this.#steps = [];
  }
}

/** What the tracks of one stream share: the distance of their sender's clock to ours. */
export class StreamClock {
  /** Arrival minus sender's time, milliseconds. */
  readonly offset = new WindowMin();

  /** `rate`: RTP clock, Hz. */
  track(rate: number): TrackClock {
    return new TrackClock(this, rate);
  }
}

export class TrackClock {
  readonly #stream: StreamClock;
  readonly #rate: number;
  readonly #delay = new WindowMin();
  #extended: number | undefined;
  /** What RTP time 0 is on the recording's clock, as written so far, milliseconds. */
  #base = 0;
  #shift = 0;
  /** What RTP time 0 is on the sender's clock, milliseconds; by the last sender report. */
  #senderBase: number | undefined;
  #startedAt = 0;
  #steppedAt = 0;
  #arrivedAt = 0;
  #stepMin = Infinity;
  #settled = false;

  constructor(stream: StreamClock, rate: number) {
    this.#stream = stream;
    this.#rate = rate;
  }

  /** Milliseconds to add to every time of this track that was given out. */
  get shift(): number {
    return this.#shift;
  }

  /** Takes note of a packet; `timestamp` is its RTP time, 32 bits, `at` its arrival in milliseconds. */
  arrived(timestamp: number, at: number): void {
    if (this.#extended === undefined) this.#start(timestamp, at);
    const base = at - this.#media(timestamp);
    const late = base - (this.#base + this.#shift);
    // Nothing arrives before it was sent, though the first packets may have been held up.
    if (-late > (this.#settled ? JUMP : FIRST_DELAY_MAX)) this.#restart(base);
    if (at - this.#arrivedAt > STEP) this.#beginStep(at);
    this.#arrivedAt = at;
    if (base < this.#stepMin) this.#stepMin = base;
    this.#delay.add(base, at);
    if (this.#senderBase !== undefined) this.#stream.offset.add(base - this.#senderBase, at);
    if (at - this.#steppedAt >= STEP) this.#step(at);
  }

  /** Takes note of a sender report: `timestamp` is what the RTP clock showed at `senderTime`, milliseconds. */
  report(timestamp: number, senderTime: number): void {
    if (this.#extended === undefined) return;
    const senderBase = senderTime - this.#media(timestamp);
    const before = this.#senderBase;
    // The sender has set its clock: what was learned about it is void.
    if (before !== undefined && Math.abs(senderBase - before) > JUMP) this.#stream.offset.clear();
    this.#senderBase = senderBase;
    this.#stream.offset.add(this.#delay.min - senderBase, this.#arrivedAt);
  }

  /** The recording's time of what was sampled at `timestamp`, milliseconds; `shift` is still to be added. */
  timeOf(timestamp: number): number {
    return this.#base + this.#media(timestamp);
  }

  /** Brings `shift` up to date: nothing more will come. */
  close(): void {
    if (this.#extended !== undefined && !this.#settled) this.#shift = this.#target() - this.#base;
    this.#settled = true;
  }

  #start(timestamp: number, at: number): void {
    this.#extended = timestamp;
    this.#base = at - (timestamp / this.#rate) * 1000;
    this.#startedAt = this.#steppedAt = this.#arrivedAt = at;
  }

  #beginStep(at: number): void {
    this.#steppedAt = at;
    this.#stepMin = Infinity;
  }

  /** The RTP clock has jumped, or stood still: go by arrival again. */
  #restart(base: number): void {
    this.#delay.clear();
    this.#delay.add(base, this.#arrivedAt);
    this.#senderBase = undefined;
    this.#base = base - this.#shift;
  }

  #step(at: number): void {
    if (this.#stepMin - (this.#base + this.#shift) > STOOD_STILL) this.#restart(this.#stepMin);
    this.#beginStep(at);
    const error = this.#target() - (this.#base + this.#shift);
    if (this.#settled) {
      this.#base += Math.max(-SLEW, Math.min(SLEW, error));
      return;
    }
    this.#shift += error;
    const age = at - this.#startedAt;
    this.#settled = age >= (this.#senderBase === undefined ? SETTLED_WITHOUT : SETTLED_WITH_REPORT);
  }

  /** What RTP time 0 is on the recording's clock, as well as is known now. */
  #target(): number {
    const shared = (this.#senderBase ?? Infinity) + this.#stream.offset.min;
    return Number.isFinite(shared) ? shared : this.#delay.min;
  }

  /** Milliseconds of RTP time since RTP time 0, with wraps counted. */
  #media(timestamp: number): number {
    this.#extended = this.#extended! + ((timestamp - this.#extended!) | 0);
    return (this.#extended / this.#rate) * 1000;
  }
}
