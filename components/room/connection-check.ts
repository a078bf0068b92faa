import { WcsError } from '../../protocol/errors.ts';
import type { Reply } from '../../protocol/messages.ts';
import { Connection } from './signaling/connection.ts';
import { socketUrl, type ConnectOptions } from './session.ts';

/** Milliseconds that a way has to show itself: one that is blocked gives no answer. */
const WAY_TIMEOUT = 6_000;

/** `absent`: the backend does not offer it, or this browser knows no WebRTC. */
export type WayState = 'open' | 'blocked' | 'absent';

/** What a test of the connection has found. */
export interface ConnectionCheck {
  /** Milliseconds that a question to the backend takes; undefined: it was not reached, or lets us not in, as `error` says. */
  roundTrip: number | undefined;
  error: WcsError | undefined;
  /** Straight to the backend: the best way for sound and picture. */
  udp: WayState;
  /** Straight to the backend, where no UDP gets through. */
  tcp: WayState;
  /** By a TURN server of the backend, where nothing else gets through. */
  relay: WayState;
}

type Probe = Reply<'probe'>;
type Transport = Probe['transport'];

/**
 * Tries the connection to the backend as a meeting would use it, without entering a room: signs in, and looks which ways for sound
 * and picture are open. Takes some seconds where one is not. Never rejects.
 */
export async function checkConnection(options: ConnectOptions): Promise<ConnectionCheck> {
  const nothing = { udp: 'absent', tcp: 'absent', relay: 'absent' } as const;
  let connection: Connection | undefined;
  try {
    connection = await signIn(options);
    const { roundTrip, probe } = await ask(connection);
    if (!('RTCPeerConnection' in globalThis)) {
      const error = new WcsError('browser_unsupported', 'This browser cannot send or receive sound and picture.');
      return { roundTrip, error, ...nothing };
    }
    return { roundTrip, error: undefined, ...(await tryWays(probe, options.mediaOptions)) };
  } catch (cause) {
    const error = cause instanceof WcsError ? cause : new WcsError('internal', String(cause), { cause });
    return { roundTrip: undefined, error, ...nothing };
  } finally {
    connection?.close();
  }
}

function signIn({ urlServer, username = '', token }: ConnectOptions): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const connection: Connection = new Connection({
      url: socketUrl(urlServer),
      login: username,
      token,
      reconnectTimeout: 0,
      onOpen: () => undefined,
      onUp: () => resolve(connection),
      onAway: () => undefined,
      onEvent: () => undefined,
      onEnd: reject,
    });
  });
}

async function ask(connection: Connection): Promise<{ roundTrip: number; probe: Probe }> {
  const from = performance.now();
  await connection.request('ping', {});
  const roundTrip = Math.round(performance.now() - from);
  return { roundTrip, probe: await connection.request('probe', {}) };
}

async function tryWays({ transport, iceServers = [] }: Probe, rtc: RTCConfiguration = {}) {
  const by = (protocol: 'udp' | 'tcp') =>
    transport.iceCandidates.filter((candidate) => candidate.protocol === protocol);
  const servers = [...(rtc.iceServers ?? []), ...iceServers];
  const direct = { ...rtc, iceServers: [] };
  const relayed: RTCConfiguration = { ...rtc, iceServers: servers, iceTransportPolicy: 'relay' };
  const [udp, tcp, relay] = await Promise.all([
    tryWay(by('udp'), transport, direct),
    tryWay(by('tcp'), transport, direct),
    tryWay(servers.length > 0 ? transport.iceCandidates : [], transport, relayed),
  ]);
  return { udp, tcp, relay };
}

/** Whether the checks of ICE get through to one of `candidates`; encryption and media are not needed to know. */
async function tryWay(
  candidates: Transport['iceCandidates'],
  transport: Transport,
  rtc: RTCConfiguration,
): Promise<WayState> {
  if (candidates.length === 0) return 'absent';
  const peer = new RTCPeerConnection(rtc);
  try {
    peer.createDataChannel('check');
    await peer.setLocalDescription();
    await peer.setRemoteDescription({ type: 'answer', sdp: answer(transport, candidates) });
    return (await isConnected(peer)) ? 'open' : 'blocked';
  } catch {
    return 'blocked';
  } finally {
    peer.close();
  }
}

function isConnected(peer: RTCPeerConnection): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), WAY_TIMEOUT);
    const look = () => {
      const { iceConnectionState: state } = peer;
      if (state === 'new' || state === 'checking' || state === 'disconnected') return;
      clearTimeout(timer);
      resolve(state === 'connected' || state === 'completed');
    };
    peer.addEventListener('iceconnectionstatechange', look);
    look();
  });
}

/** The backend's half of a peer connection with one data channel (RFC 8841), of which only ICE will be used. */
function answer({ iceParameters, dtlsParameters }: Transport, candidates: Transport['iceCandidates']): string {
  const { algorithm, value } = dtlsParameters.fingerprints.find((one) => one.algorithm === 'sha-256')!;
  const candidate = (one: Transport['iceCandidates'][number]) =>
    `a=candidate:${one.foundation} 1 ${one.protocol} ${one.priority} ${one.address} ${one.port} typ ${one.type}` +
    (one.tcpType ? ` tcptype ${one.tcpType}` : '');
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    'a=ice-lite',
    'a=group:BUNDLE 0',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    'a=mid:0',
    `a=ice-ufrag:${iceParameters.usernameFragment}`,
    `a=ice-pwd:${iceParameters.password}`,
    `a=fingerprint:${algorithm} ${value}`,
    'a=setup:passive',
    'a=sctp-port:5000',
    ...candidates.map(candidate),
    'a=end-of-candidates',
  ];
  return `${lines.join('\r\n')}\r\n`;
}
