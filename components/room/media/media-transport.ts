import debug from 'debug';
import type { types } from 'mediasoup-client';
import { WcsError } from '../../../protocol/errors.ts';
import type { IceServer, TransportOptions } from '../../../protocol/rtp.ts';
import type { Ask } from './media.ts';

const log = debug('wcs:transport');

/** Milliseconds that a path may be interrupted before it is looked for anew: most interruptions pass by themselves. */
const GRACE = 2_000;

/** Milliseconds that a restart has to bring the path back. */
const RESTART_TIMEOUT = 8_000;

/** Restarts in a row, after which the path is taken for blocked. */
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
  /** There is no path for the media, and none could be found; `worked`: there was one before. */
  onBroken(error: WcsError, worked: boolean): void;
}

/** One mediasoup-client transport that connects itself and mends its path (ICE restart, RFC 8445 §9). */
export class MediaTransport {
  readonly transport: types.Transport;
  readonly #options: MediaTransportOptions;
  #restarts = 0;
  #worked = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

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
    this.transport.on('connectionstatechange', (state) => this.#watch(state));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.transport.close();
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

  #watch(state: types.ConnectionState): void {
    log('%s %s', this.#options.direction, state);
    if (state === 'connected') {
      clearTimeout(this.#timer);
      this.#restarts = 0;
      this.#worked = true;
    }
    if (state === 'disconnected') this.#restartIn(GRACE);
    if (state === 'failed') this.#restartIn(0);
  }

  #restartIn(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#restart(), delay);
  }

  async #restart(): Promise<void> {
    const { ask, room, onBroken } = this.#options;
    if (this.transport.closed || this.transport.connectionState === 'connected') return;
    if (this.#restarts === MAX_RESTARTS) {
      const message = 'No way for sound and picture to the server: a firewall may block it.';
      onBroken(new WcsError('connection_lost', message), this.#worked);
      return;
    }
    this.#restarts += 1;
    try {
      const reply = await ask('restartIce', { room, transport: this.transport.id }, { repeat: true });
      if (this.transport.closed) return;
      const { iceParameters, iceServers } = reply;
      if (iceServers) await this.transport.updateIceServers({ iceServers: this.#servers(iceServers) });
      await this.transport.restartIce({ iceParameters });
    } catch (error) {
      log('restart: %o', error);
    }
    if (!this.transport.closed) this.#restartIn(RESTART_TIMEOUT);
  }
}
