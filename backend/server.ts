/**
 * The composition root: who is made of what, and who closes whom.
 *
 *   server
 *   ├── http server             stops accepting first; with TLS another one that sends people to it
 *   ├── gateway                 closes its connections (sockets); they are not owners of their session
 *   ├── sessions → session      on end(): leaves its rooms. A session outlives its connection
 *   │               └── probe: a router with one transport that carries nothing, for half a minute
 *   ├── registry → room         on close(): closes its participants, then its routers
 *   │               └── participant → two transports → producers, consumers
 *   │               │             (mediasoup closes what hangs on a transport with it)
 *   │               ├── speakers: who speaks, by observers that end with the router
 *   │               └── recorder in the room → recordings → files. Ends with its room; what it has to write then is
 *   │                             waited for by the recorder
 *   ├── recorder                on close(): waits for the rooms' files, then parks its queue → processes that mix
 *   │   └── capture thread      → sockets, tracks → files. When it dies, the recordings in
 *   │                             it end, calls go on, and the next stream starts another
 *   ├── webhooks                on close(): tries once more what is still to be told
 *   └── worker pool → worker → WebRtcServer
 *                       └── routers, of rooms: closed by the room; with a dead worker they die by themselves, and
 *                           whoever was on them goes to another
 *
 * Owners are asked down by methods; what is owned tells up only by `closed`, `ended` and `died`. Every close() is
 * idempotent.
 */
import type { Server as HttpServer } from 'node:http';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { WcsError } from '../protocol/errors.ts';
import { trustedProxies } from './address.ts';
import { isOpen, workerCount, type Config } from './config.ts';
import { createAuth } from './auth/start.ts';
import { Access } from './http/access.ts';
import { createApp } from './http/app.ts';
import { packageFolders } from './http/folders.ts';
import { createListener, createRedirect, portOf } from './http/listener.ts';
import { createMetricsServer } from './http/metrics.ts';
import { isBuilt } from './http/pages.ts';
import { limitSockets, patience } from './http/protection.ts';
import { Limits } from './limits.ts';
import type { Log } from './log.ts';
import { announcedAddresses, offeredAddresses, reachOf } from './media/addresses.ts';
import { RoomRouters } from './media/room-routers.ts';
import { createWorkerPool, type WorkerPool } from './media/workers.ts';
import { Metrics, type Census, type MediaCounts, type MetricSources } from './metrics.ts';
import { RoomMembers } from './recording/room-member.ts';
import { startRecording, type Recording } from './recording/start.ts';
import { Registry } from './rooms/registry.ts';
import { Speakers } from './rooms/speakers.ts';
import { Gateway } from './signaling/gateway.ts';
import { createHandlers } from './signaling/handlers.ts';
import { Sessions } from './signaling/sessions.ts';
import { createWebhooks } from './webhooks/start.ts';

/** What exists just now. */
export interface Snapshot extends MediaCounts {
  sockets: number;
  sessions: number;
  rooms: number;
}

export interface Server {
  readonly port: number;
  /** Of the demo pages, as seen from this machine. */
  readonly url: string;
  /** Of `/metrics`. */
  readonly metricsUrl: string;
  /** Process ids of the media workers. */
  readonly workerPids: number[];
  snapshot(): Snapshot;
  /** Takes no new rooms, and resolves when those that there are have ended, or `signal` is aborted. */
  drain(signal: AbortSignal): Promise<void>;
  /** Stops accepting, tells the browsers, and closes everything. Idempotent. */
  close(): Promise<void>;
}

/** Starts the backend. Rejects, with nothing left running, when a port is taken or a worker cannot start. */
export async function createServer(config: Config, log: Log): Promise<Server> {
  const announced = await announcedAddresses(config.announced_address);
  warnOfReach(config, announced, log);
  const tls = config.tls_cert ? { cert: config.tls_cert, key: config.tls_key } : undefined;
  const http = createListener(tls, patience(config), log);
  const metrics = new Metrics();
  const pool = await createWorkerPool({
    count: workerCount(config),
    rtcPort: config.rtc_port,
    announced,
    turn: { urls: config.turn_urls, secret: config.turn_secret, lifetime: config.turn_lifetime },
    log,
  });
  const sessions = new Sessions({
    resumeTimeout: config.session_resume_timeout,
    maxRooms: config.limit_rooms_per_session,
    log,
  });
  const limits = new Limits(config);
  const trustProxy = trustedProxies(config.trust_proxy);
  limitSockets(http, { config, limits, trustProxy, metrics });
  const { routerCapabilities } = pool;
  const webhooks = createWebhooks(config, log);
  const recording = await startRecording({
    config,
    onStarted: (timeline, id) => webhooks?.recordingStarted(timeline, id),
    onFinished(timeline, id) {
      metrics.recordingFinished(timeline.state === 'done' ? 'done' : 'failed');
      webhooks?.recordingFinished(timeline, id);
    },
    log,
  });
  const recorders =
    recording && new RoomMembers({ recorder: recording.recorder, rtpCapabilities: routerCapabilities, log });
  const registry = new Registry({
    openRouters: () =>
      RoomRouters.open({
        peoplePerRouter: config.room_worker_participants,
        createRouter: () => pool.createRouter(),
        createRouterBeside: (others) => pool.createRouterBeside(others),
      }),
    maxParticipants: config.room_max_participants,
    idleTimeout: config.room_idle_timeout,
    chatHistory: config.chat_history,
    voices: config.room_voices,
    limits: { streams: config.limit_streams_per_participant, bitrate: config.max_incoming_bitrate },
    attend: (room) => [
      new Speakers(room, log),
      ...(webhooks ? [webhooks.attend(room)] : []),
      ...(recorders ? [recorders.attend(room)] : []),
    ],
    log,
  });
  const census = (): Census => ({ sockets: gateway.size, sessions: sessions.size, ...registry.census() });
  let closing: Promise<void> | undefined;
  const folders = packageFolders();
  const app = createApp({
    folders,
    isReady: () => pool.ready && !registry.draining && !closing,
    allowedOrigins: config.allowed_origins,
    access: new Access({ access: config.records_access, adminToken: config.admin_token }),
    rooms: { registry, census },
    recording: recording && {
      recordings: recording.recorder,
      recordRoom: async (name, on) => {
        const room = await registry.find(name);
        const member = room && recorders?.in(room);
        if (!member) throw new WcsError('room_unknown', 'There is no such room just now.');
        await (on ? member.start() : member.stop());
        return room.recording === 'on' ? 'on' : 'off';
      },
    },
    trustProxy,
    limits,
    metrics,
    servesMetrics: config.metrics_port === undefined,
    endsTls: tls !== undefined,
    log,
  });
  http.on('request', app);
  const metricsHttp = config.metrics_port === undefined ? undefined : createMetricsServer(metrics);
  const redirect =
    tls && config.http_redirect_port > 0 ? createRedirect(() => portOf(http), patience(config)) : undefined;
  const gateway = new Gateway({
    server: http,
    handlers: createHandlers({
      sessions,
      registry,
      auth: createAuth(config, log),
      recorders,
      routerCapabilities,
      createRouter: () => pool.createRouter(),
      limits,
      metrics,
    }),
    allowedOrigins: config.allowed_origins,
    allowNoOrigin: config.allow_no_origin,
    trustProxy,
    limits,
    metrics,
    log,
  });
  metrics.observe(metricSources({ census, registry, recording, pool }));
  const others = [metricsHttp, redirect].filter((server) => server !== undefined);
  const close = () => (closing ??= closeAll({ http, others, gateway, sessions, registry, recording, webhooks, pool }));

  try {
    await listen(http, config, 'settings host and port');
    const { host, metrics_host, metrics_port = 0, http_redirect_port } = config;
    if (metricsHttp)
      await listen(metricsHttp, { host: metrics_host, port: metrics_port }, 'settings metrics_host and metrics_port');
    if (redirect) await listen(redirect, { host, port: http_redirect_port }, 'settings host and http_redirect_port');
  } catch (error) {
    await close();
    throw error;
  }
  const port = portOf(http);
  const url = `${tls ? 'https' : 'http'}://${shownHost(config.host)}:${port}`;
  const metricsUrl = metricsHttp
    ? `http://${shownHost(config.metrics_host)}:${portOf(metricsHttp)}/metrics`
    : `${url}/metrics`;
  log.info({ url, metricsUrl, port, pid: process.pid }, 'listening');
  if (isOpen(config))
    log.warn('open to everybody: whoever reaches this backend enters any room under any name (set token_secret)');
  if (!(await isBuilt(folders))) log.warn('dist/wcs.js is not built: run "npm run build" for the demo pages to work');

  return {
    port,
    url,
    metricsUrl,
    get workerPids() {
      return pool.pids;
    },
    drain: (signal) => registry.drain(signal),
    snapshot: () => ({ sockets: gateway.size, sessions: sessions.size, rooms: registry.size, ...pool.counts() }),
    close,
  };
}

/** Says so when nobody outside this network will see or hear anything. */
function warnOfReach({ host, turn_urls }: Config, announced: readonly string[], log: Log): void {
  const addresses = offeredAddresses(announced);
  const isLocal = isIP(host) && reachOf(host) === 'loopback';
  if (isLocal || turn_urls.length > 0 || addresses.some((address) => reachOf(address) === 'public')) return;
  log.warn(
    { addresses },
    'media is offered on private addresses only: people outside this network need the setting announced_address',
  );
}

async function listen(
  http: HttpServer,
  { host, port }: { host: string; port: number },
  settings: string,
): Promise<void> {
  http.listen({ host, port });
  try {
    await once(http, 'listening');
  } catch (cause) {
    throw new Error(`cannot listen on ${host}:${port} (${settings})`, { cause });
  }
}

interface Parts {
  http: HttpServer;
  /** Of metrics, and the one that sends people to HTTPS. */
  others: HttpServer[];
  gateway: Gateway;
  sessions: Sessions;
  registry: Registry;
  recording: Recording | undefined;
  webhooks: ReturnType<typeof createWebhooks>;
  pool: WorkerPool;
}

/** Where the metrics find what there is. */
function metricSources({
  census,
  registry,
  recording,
  pool,
}: Pick<MetricSources, 'census'> & Pick<Parts, 'registry' | 'recording' | 'pool'>): MetricSources {
  return {
    census,
    media: () => pool.counts(),
    workerDeaths: () => pool.deaths,
    workers: () => pool.usage(),
    traffic: () => pool.traffic(),
    recordings: () => recording?.recorder.counts(),
    draining: () => registry.draining,
  };
}

async function closeAll(parts: Parts): Promise<void> {
  const { http, others, gateway, sessions, registry, recording, webhooks, pool } = parts;
  const servers = [http, ...others];
  const stopped = servers.map((server) => (server.listening ? once(server, 'close') : Promise.resolve()));
  for (const server of servers) server.close();
  recording?.recorder.suspend();
  // The browsers are told first, and waited for last: Ctrl-C reaches the workers too, and rooms that are closed by then
  // do not look for another one.
  const disconnected = gateway.close();
  sessions.close();
  await registry.close();
  await recording?.close();
  await webhooks?.close();
  pool.close();
  await disconnected;
  for (const server of servers) server.closeAllConnections();
  await Promise.all(stopped);
}

/** A host that a person on this machine can open: the wildcard addresses are none. */
function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
