import debug from 'debug';
import type { types } from 'mediasoup-client';
import { WcsError } from '../../../protocol/errors.ts';
import type { IceServer, TransportOptions } from '../../../protocol/rtp.ts';
import type { Ask } from './media.ts';
import { PathWatch, type Silence } from './path-watch.ts';

const log = debug('wcs:transport');

/** Milliseconds that a path may be interrupted before it is looked for anew: browsers tell late as it is. */
const GRACE = 500;

/** Milliseconds that a restart has to bring the path back, and one that looks for a path that never was. */
const RESTART_TIMEOUT = 4_000;
const FIRST_TIMEOUT = 8_000;

/** Restarts in a row, after which only new transports can help, or nothing. */
const MAX_RESTARTS = 3;

export interface MediaTransportOptions {
  device: types.Device;
  direction: 'send' | 'receive';
  options: TransportOptions;
  /** Of the backend; those of the page come before them. */
  iceServers: IceServer[] | undefined;
  rtc: RTCConfiguration;
  room: string;
  ask: Ask;
  /** Whether something goes over it just now, so that something must be coming back. */
  inUse(): boolean;
  /** The path is gone and is being looked for, or is back. */
  onPath(works: boolean): void;
  /** There is no path for the media, and none could be found; `worked`: there was one before. */
  onBroken(error: WcsError, worked: boolean): void;
}

/**
 * One mediasoup-client transport that connects itself, notices when nothing comes any more, and mends its path (ICE restart,
 * RFC 8445 §9).
 */
export class MediaTransport {
  readonly transport: types.Transport;
  readonly #options: MediaTransportOptions;
  readonly #watch: PathWatch;
  #restarts = 0;
  #worked = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The backend has said that nothing arrives there. */
  #unheard = false;
  /** Bytes of media that the backend had sent when none came here. */
  #sentInSilence: number | undefined;

  constructor(options: MediaTransportOptions) {
    this.#options = options;
    const { device, direction, rtc } = options;
    const { iceTransportPolicy } = rtc;
    const iceServers = this.#servers(options.iceServers);
    const settings = { ...options.options, iceServers, iceTransportPolicy, additionalSettings: { ...rtc, iceServers } };
    this.transport = direction === 'send' ? device.createSendTransport(settings) : device.createRecvTransport(settings);
    this.transport.on('connect', ({ dtlsParameters }, callback) => {
      // The backend takes requests in order, so what follows need not wait for the answer: one round trip less.
      this.#connect(dtlsParameters);
      callback();
    });
    this.transport.on('connectionstatechange', (state) => this.#follow(state));
    this.#watch = new PathWatch({
      getStats: () => this.transport.getStats(),
      expects: {
        path: () => this.#worked && !this.transport.closed && options.inUse(),
        media: () => direction === 'receive',
      },
      onSilence: (silence, times) => this.#silent(silence, times),
    });
  }

  /** There is reason to doubt the path: the network may be another one. */
  look(): void {
    this.#watch.hurry();
    // What was said meanwhile may have been missed; what still holds is said again.
    this.#unheard = false;
  }

  /** The backend says whether anything arrives there of what we send. */
  heard(arrives: boolean): void {
    this.#unheard = !arrives;
    if (arrives && this.#restarts > 0 && this.#works) return this.#mended();
    // A restart that is under way has its own time.
    if (this.#isDeaf && !this.#timer) this.#restartIn(0);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#watch.close();
    this.transport.close();
  }

  get #works(): boolean {
    return this.#pathLives && !this.#isDeaf;
  }

  get #pathLives(): boolean {
    return this.transport.connectionState === 'connected' && this.#watch.hears;
  }

  /** Whether the other end hears nothing of what we do send; of somebody who sends nothing there is nothing to hear. */
  get #isDeaf(): boolean {
    return this.#unheard && this.#watch.speaks;
  }

  #servers(own: IceServer[] = []): RTCIceServer[] {
    return [...(this.#options.rtc.iceServers ?? []), ...own];
  }

  #connect(dtlsParameters: types.DtlsParameters): void {
    const { ask, room, onBroken } = this.#options;
    const data = { room, transport: this.transport.id, dtlsParameters };
    ask('connectTransport', data, { repeat: true }).catch((error: WcsError) => {
      if (!this.transport.closed) onBroken(error, this.#worked);
    });
  }

  #follow(state: types.ConnectionState): void {
    log('%s %s', this.#options.direction, state);
    if (state === 'connected' && !this.#isDeaf) this.#mended();
    if (state === 'disconnected') this.#restartIn(GRACE);
    if (state === 'failed') this.#restartIn(0);
  }

  #mended(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#restarts = 0;
    this.#worked = true;
    this.#options.onPath(true);
  }

  #silent(silence: Silence, times: number): void {
    log('%s: no %s', this.#options.direction, silence);
    // Nothing to see for long is mostly as it should be: asked about less and less often.
    if (silence === 'media') {
      if (Number.isInteger(Math.log2(times))) void this.#starve(times === 1);
      return;
    }
    // A restart that is under way has its own time.
    if (!this.#timer) this.#restartIn(0);
  }

  #restartIn(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#restart(), delay);
  }

  async #restart(): Promise<void> {
    const { onBroken, onPath } = this.#options;
    if (this.transport.closed) return;
    if (this.#works) return this.#mended();
    onPath(false);
    // A path that lives and carries nothing is as good as none.
    if (this.#restarts === MAX_RESTARTS || (this.#restarts > 0 && this.#pathLives)) {
      const message = 'No way for sound and picture to the server: a firewall may block it.';
      onBroken(new WcsError('connection_lost', message), this.#worked);
      return;
    }
    this.#restarts += 1;
    try {
      await this.#restartIce();
    } catch (error) {
      log('restart: %o', error);
    }
    if (!this.transport.closed) this.#restartIn(this.#worked ? RESTART_TIMEOUT : FIRST_TIMEOUT);
  }

  /**
   * The path lives, and no media comes over it. That is as it should be where nobody sends any, a picture that stands still
   * for example: so the backend says how much it has sent, and when that grows while nothing comes, new transports must help.
   */
  async #starve(first: boolean): Promise<void> {
    const before = first ? undefined : this.#sentInSilence;
    try {
      this.#sentInSilence = await this.#restartIce();
    } catch (error) {
      log('starving: %o', error);
      return;
    }
    if (this.transport.closed || this.#watch.hears || before === undefined || this.#sentInSilence <= before) return;
    this.#options.onPath(false);
    this.#options.onBroken(new WcsError('connection_lost', 'Sound and picture do not arrive.'), true);
  }

  /** Answers how many bytes of media the backend has sent over it. */
  async #restartIce(): Promise<number> {
    const { ask, room } = this.#options;
    const reply = await ask('restartIce', { room, transport: this.transport.id }, { repeat: true });
    const { iceParameters, iceServers, sent } = reply;
    if (this.transport.closed) return sent;
    if (iceServers) await this.transport.updateIceServers({ iceServers: this.#servers(iceServers) });
    await this.transport.restartIce({ iceParameters });
    return sent;
  }
}
