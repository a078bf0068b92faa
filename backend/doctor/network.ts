import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, isIP } from 'node:net';
import { workerCount, type Config } from '../config.ts';
import { announcedAddresses, listenInfos, offeredAddresses, reachOf } from '../media/addresses.ts';
import { iceServers } from '../media/turn.ts';
import { about, type Finding } from './finding.ts';
import { tryRelay } from './turn-client.ts';

/** Milliseconds that a program on this machine has for an answer. */
const LOCAL_TIMEOUT = 2_000;

/** Whether the ports of the settings can be had, or are held by a backend that runs already. */
export async function checkPorts(config: Config): Promise<Finding[]> {
  const { good, bad } = about('ports');
  if (config.port !== 0 && (await answersHealth(config)))
    return [good(`A backend runs on port ${config.port} already; its ports are its own.`), opened(config)];
  const findings: Finding[] = [];
  const trouble = await tcpTrouble(config.host, config.port);
  if (trouble)
    findings.push(bad(`Port ${config.port} on ${config.host} cannot be had (${trouble}).`, advice(trouble, 'port')));
  else findings.push(good(`Port ${config.port} on ${config.host} is free for pages and signaling.`));
  const announced = await announcedAddresses(config.announced_address).catch(() => []);
  for (const port of mediaPorts(config)) {
    for (const { ip, protocol } of listenInfos({ announced, port })) {
      const found = protocol === 'udp' ? await udpTrouble(ip, port) : await tcpTrouble(ip, port);
      if (!found) continue;
      const text = `Port ${port} (${protocol.toUpperCase()}) on ${ip}, for media, cannot be had (${found}).`;
      findings.push(bad(text, advice(found, 'rtc_port')));
    }
  }
  return [...findings, opened(config)];
}

/** Which addresses browsers are told, and who can reach them. */
export async function checkAddresses(config: Config): Promise<Finding[]> {
  const { good, warning, bad } = about('addresses');
  let announced: string[];
  try {
    announced = await announcedAddresses(config.announced_address);
  } catch (error) {
    return [bad(`${(error as Error).message}.`, 'Put the name into the DNS, or write the IP address.')];
  }
  const offered = offeredAddresses(announced);
  const shown = offered.filter((address) => reachOf(address) !== 'loopback');
  const list = shown.length > 0 ? shown.join(', ') : 'only loopback';
  if (shown.some((address) => reachOf(address) === 'public'))
    return [good(`Browsers are told these addresses for media: ${list}.`)];
  const isNamed = announced.length > 0;
  return [
    warning(
      `Browsers are told these addresses for media: ${list}. Nobody outside this network can reach ${shown.length === 1 ? 'it' : 'them'}.`,
      isNamed
        ? 'If people elsewhere shall join, announced_address must be the public address of this machine or of its router.'
        : 'If people elsewhere shall join, set announced_address to the public address of this machine or of its router, and pass the ports on to this machine there.',
    ),
  ];
}

/** Whether each TURN server gives a relay for the credentials that participants would get. */
export async function checkTurn(config: Config): Promise<Finding[]> {
  const { good, warning, bad } = about('turn');
  const turn = { urls: config.turn_urls, secret: config.turn_secret, lifetime: config.turn_lifetime };
  const [server] = iceServers(turn, 'doctor');
  if (!server)
    return [
      warning(
        'There is no TURN server: people behind firewalls that let only web traffic out cannot join.',
        'Run coturn and set turn_urls and turn_secret, if such people shall join (deploy/README.md).',
      ),
    ];
  const { username = '', credential = '' } = server;
  return await Promise.all(
    server.urls.map(async (url) => {
      try {
        const { relay, seenAs } = await tryRelay(url, { username, credential });
        const seen = seenAs && reachOf(seenAs) === 'public' ? `; it sees this machine as ${seenAs}` : '';
        return good(`${url} accepts the credentials and gives a relay${relay ? ` on ${relay}` : ''}${seen}.`);
      } catch (error) {
        return bad(
          `${url} cannot be used: ${(error as Error).message}.`,
          'Check that coturn runs there with use-auth-secret, that static-auth-secret is turn_secret, and that no firewall keeps its ports closed.',
        );
      }
    }),
  );
}

/** The ports that must be open from outside, for the firewall. */
function opened(config: Config): Finding {
  const [first, last] = [mediaPorts(config)[0], mediaPorts(config).at(-1)];
  const { good, warning } = about('ports');
  if (first === undefined)
    return warning('Media goes over any free ports.', 'Set rtc_port, so that a firewall can let them through.');
  const media = first === last ? `${first}` : `${first} to ${last}`;
  return good(`A firewall must let in TCP ${config.port}, and UDP and TCP ${media}.`);
}

function mediaPorts(config: Config): number[] {
  if (config.rtc_port === 0) return [];
  return Array.from({ length: workerCount(config) }, (_, index) => config.rtc_port + index);
}

function advice(trouble: string, setting: string): string {
  return trouble === 'EACCES'
    ? `Ports below 1024 are not for every user: take another ${setting}, or give the service CAP_NET_BIND_SERVICE.`
    : `End the program that has it (ss -tulpn shows which), or take another ${setting}.`;
}

async function tcpTrouble(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

async function udpTrouble(address: string, port: number): Promise<string | undefined> {
  const socket = createSocket(isIP(address) === 6 ? { type: 'udp6', ipv6Only: true } : { type: 'udp4' });
  try {
    socket.bind({ address, port, exclusive: true });
    await once(socket, 'listening');
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    socket.close();
  }
}

/** Whether something on this machine answers as a backend does; TLS or not, a program that listens is enough to ask. */
async function answersHealth({ host, port, tls_cert }: Config): Promise<boolean> {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  if (tls_cert) return await accepts(name.replace(/^\[|\]$/g, ''), port);
  try {
    const answer = await fetch(`http://${name}:${port}/healthz`, { signal: AbortSignal.timeout(LOCAL_TIMEOUT) });
    return answer.ok && ((await answer.json()) as { ok?: unknown }).ok === true;
  } catch {
    return false;
  }
}

async function accepts(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port, timeout: LOCAL_TIMEOUT });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
