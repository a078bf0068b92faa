/**
 * A browser's end of one transport, as far as packets need it that go out: ICE, DTLS by the program openssl, SRTP. The
 * backend and its worker see no difference; what comes in is thrown away.
 */
import { execFileSync, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DtlsParameters, TransportOptions } from '../../../protocol/rtp.ts';
import { bindingRequest, isBindingSuccess } from './ice.ts';
import { KEYING_BYTES, SrtpSender } from './srtp.ts';

/** Milliseconds between two signs that we are still there (RFC 7675 §5.1). */
const CONSENT_INTERVAL = 5_000;
const DEADLINE = 20_000;

/** One for everybody: making one takes longer than using it. */
const identity = makeIdentity();

/** What the backend is told of our end. */
export const OWN_DTLS: DtlsParameters = {
  role: 'client',
  fingerprints: [{ algorithm: 'sha-256', value: identity.fingerprint }],
};

export class FakeTransport {
  readonly #socket: Socket;
  readonly #remote: { ip: string; port: number };
  readonly #timer: NodeJS.Timeout;
  #srtp: SrtpSender | undefined;

  /** The backend must be told `OWN_DTLS` beside it, before or meanwhile. */
  static async connect(options: TransportOptions): Promise<FakeTransport> {
    const candidate = options.iceCandidates.find(({ protocol, ip }) => protocol === 'udp' && ip === '127.0.0.1');
    if (!candidate) throw new Error('The backend is not on 127.0.0.1.');
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const transport = new FakeTransport(socket, { ip: candidate.ip, port: candidate.port }, options);
    await transport.#handshake(options);
    return transport;
  }

  private constructor(socket: Socket, remote: { ip: string; port: number }, { iceParameters }: TransportOptions) {
    this.#socket = socket;
    this.#remote = remote;
    this.#timer = setInterval(() => this.#send(bindingRequest(iceParameters)), CONSENT_INTERVAL);
  }

  rtp(packet: Buffer, headerBytes: number): void {
    this.#send(this.#srtp!.rtp(packet, headerBytes));
  }

  rtcp(packet: Buffer): void {
    this.#send(this.#srtp!.rtcp(packet));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#socket.close();
  }

  #send(data: Buffer): void {
    this.#socket.send(data, this.#remote.port, this.#remote.ip);
  }

  async #handshake({ iceParameters }: TransportOptions): Promise<void> {
    const heard = new Promise<void>((resolve) => {
      const hear = (data: Buffer) => {
        if (!isBindingSuccess(data)) return;
        this.#socket.off('message', hear);
        resolve();
      };
      this.#socket.on('message', hear);
    });
    this.#send(bindingRequest(iceParameters));
    await within('the backend answers', heard);
    const inner = createSocket('udp4');
    inner.bind(0, '127.0.0.1');
    await once(inner, 'listening');
    let client: RemoteInfo | undefined;
    inner.on('message', (data, from) => {
      client = from;
      this.#send(data);
    });
    const toClient = (data: Buffer) => {
      // DTLS, not STUN nor SRTP (RFC 7983 §7).
      if (client && data[0]! >= 20 && data[0]! <= 63) inner.send(data, client.port, client.address);
    };
    this.#socket.on('message', toClient);
    try {
      this.#srtp = new SrtpSender(await keyingMaterial(inner.address().port));
    } finally {
      this.#socket.off('message', toClient);
      inner.close();
    }
  }
}

/** Shakes hands with whatever is behind a port of this machine. */
async function keyingMaterial(port: number): Promise<Buffer> {
  const args = ['s_client', '-dtls1_2', '-connect', `127.0.0.1:${port}`, '-mtu', '1200'];
  const own = ['-cert', identity.certificate, '-key', identity.key];
  const wanted = ['-use_srtp', 'SRTP_AEAD_AES_128_GCM', '-keymatexport', 'EXTRACTOR-dtls_srtp'];
  const child = spawn('openssl', [...args, ...own, ...wanted, '-keymatexportlen', String(KEYING_BYTES)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let said = '';
  const found = new Promise<Buffer>((resolve, reject) => {
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString();
      const [, material] = /Keying material: ([0-9A-F]+)\r?\n/.exec(said) ?? [];
      if (material) resolve(Buffer.from(material, 'hex'));
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`openssl has failed: ${said.slice(-500)}`)));
  });
  try {
    return await within('DTLS is up', found);
  } finally {
    // At once: a proper end would tell the backend that the transport has ended.
    child.kill('SIGKILL');
  }
}

function within<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Not within ${DEADLINE} ms: ${what}`)), DEADLINE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function makeIdentity(): { certificate: string; key: string; fingerprint: string } {
  const folder = mkdtempSync(join(tmpdir(), 'wcs-dtls-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=fake'];
  execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  return { certificate, key, fingerprint: new X509Certificate(readFileSync(certificate)).fingerprint256 };
}
