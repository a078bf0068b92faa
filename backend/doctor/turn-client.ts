import { createSocket } from 'node:dgram';
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import {
  ATTRIBUTE,
  METHOD,
  TRANSPORT_UDP,
  decodeReply,
  encodeRequest,
  errorNumber,
  ipv4Address,
  type StunReply,
} from './stun.ts';

/** Milliseconds that a TURN server has for each answer. */
const ANSWER_TIMEOUT = 5_000;

/** Milliseconds between two sendings of one request over UDP, which may lose it. */
const REPEAT_INTERVAL = 700;

export interface TurnAddress {
  host: string;
  port: number;
  transport: 'udp' | 'tcp' | 'tls';
}

/** The way to a TURN server: sends a request, and resolves with its reply. */
interface Wire {
  ask(request: Buffer): Promise<StunReply>;
  close(): void;
}

/** What `turn:host:port?transport=tcp` says, with the defaults of RFC 7065 §3.2. */
export function parseTurnUrl(url: string): TurnAddress {
  const [, scheme = '', host = '', port, transport] =
    /^(turns?):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=(udp|tcp))?$/i.exec(url) ?? [];
  const isSecure = scheme.toLowerCase() === 'turns';
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: Number(port ?? (isSecure ? 5349 : 3478)),
    transport: isSecure ? 'tls' : transport?.toLowerCase() === 'tcp' ? 'tcp' : 'udp',
  };
}

/**
 * Asks a TURN server for a relay, as a browser would, and gives it back.
 *
 * @returns the address that the server saw this machine under, and that of the relay, as far as they are IPv4.
 * @throws Error in words for people.
 */
export async function tryRelay(
  url: string,
  { username, credential }: { username: string; credential: string },
): Promise<{ seenAs: string | undefined; relay: string | undefined }> {
  const address = parseTurnUrl(url);
  const wire = address.transport === 'udp' ? await udpWire(address) : await streamWire(address);
  try {
    const wanted = [ATTRIBUTE.requestedTransport, TRANSPORT_UDP] as const;
    const challenge = await wire.ask(encodeRequest(METHOD.allocate, [wanted]));
    const realm = challenge.attributes.get(ATTRIBUTE.realm);
    const nonce = challenge.attributes.get(ATTRIBUTE.nonce);
    if (!realm || !nonce) throw new Error('it does not ask for credentials: use-auth-secret is not set there');
    const signer = { username, password: credential, realm: realm.toString() };
    const signed = (method: number, ...more: (readonly [number, Buffer])[]) => {
      const own = [ATTRIBUTE.username, Buffer.from(username)] as const;
      const attributes = [...more, own, [ATTRIBUTE.realm, realm] as const, [ATTRIBUTE.nonce, nonce] as const];
      return encodeRequest(method, attributes, signer);
    };
    const reply = await wire.ask(signed(METHOD.allocate, wanted));
    if (reply.isError) throw new Error(refusal(errorNumber(reply)));
    await wire.ask(signed(METHOD.refresh, [ATTRIBUTE.lifetime, Buffer.alloc(4)]));
    return {
      seenAs: ipv4Address(reply.attributes.get(ATTRIBUTE.mappedAddress)),
      relay: ipv4Address(reply.attributes.get(ATTRIBUTE.relayedAddress)),
    };
  } finally {
    wire.close();
  }
}

function refusal(code: number): string {
  if (code === 401)
    return 'it refuses the credentials: turn_secret is not its static-auth-secret, or the clocks differ';
  if (code === 486) return 'it has no relay left for this user (user-quota)';
  if (code === 508) return 'it has no relay left (total-quota, or its range of ports)';
  return `it refuses with the code ${code}`;
}

async function udpWire({ host, port }: TurnAddress): Promise<Wire> {
  const family = host.includes(':') ? 'udp6' : 'udp4';
  const socket = createSocket(family);
  return {
    ask: (request) =>
      answer(request, (take, fail) => {
        const send = () => socket.send(request, port, host, (error) => error && fail(error));
        const repeat = setInterval(send, REPEAT_INTERVAL);
        socket.on('message', take);
        socket.on('error', fail);
        send();
        return () => {
          clearInterval(repeat);
          socket.removeAllListeners();
        };
      }),
    close: () => socket.close(),
  };
}

/** Over TCP and TLS a STUN message ends where its header says (RFC 8656 §2.1). */
async function streamWire({ host, port, transport }: TurnAddress): Promise<Wire> {
  const socket =
    transport === 'tls' ? connectTls({ host, port, servername: isIP(host) ? '' : host }) : connectTcp({ host, port });
  return {
    ask: (request) =>
      answer(request, (take, fail) => {
        let received = Buffer.alloc(0);
        socket.on('data', (data: Buffer) => {
          received = Buffer.concat([received, data]);
          take(received);
        });
        socket.on('error', fail);
        socket.on('close', () => fail(new Error('it closes the connection')));
        socket.write(request);
        return () => {
          socket.removeAllListeners('data').removeAllListeners('error').removeAllListeners('close');
          // Whatever fails later is nobody's concern any more.
          socket.on('error', () => undefined);
        };
      }),
    close: () => void socket.destroy(),
  };
}

function answer(
  request: Buffer,
  listen: (take: (data: Buffer) => void, fail: (error: Error) => void) => () => void,
): Promise<StunReply> {
  return new Promise((resolve, reject) => {
    const settle = (then: () => void) => {
      clearTimeout(timer);
      stop();
      then();
    };
    const timer = setTimeout(() => settle(() => reject(new Error('it does not answer'))), ANSWER_TIMEOUT);
    const stop = listen(
      (data) => {
        const reply = decodeReply(data, request);
        if (reply) settle(() => resolve(reply));
      },
      (error) => settle(() => reject(error)),
    );
  });
}
